"""Words that are like the one somebody typed: with one typo, or with another Russian or Ukrainian ending.

A word is similar if it begins like the typed one but for one letter that is wrong, missing, too much, or swapped with
its neighbour; or if it begins with the same stem of Cyrillic letters. Phrases, short words and numbers are exact.
"""

import re
from collections.abc import Iterable, Iterator

from search.grams import rows_of, rows_of_grams
from search.normal import LETTERS, traced
from search.query import Span, Term, original
from search.segment import Segment

_SHORTEST = 5  # letters of a word that may have a typo: in shorter ones a letter makes another word
_SHORTEST_STEM = 4
_LONG = 9  # from here on three letters may be an ending, otherwise two
_ENDING = 3  # letters that a similar word may be longer than the typed one
_CYRILLIC = re.compile("[\u0430-\u045f\u0460-\u052f]+")
_DIGIT = re.compile("\\d")


class Similar:
    """One term, and what is similar to it."""

    def __init__(self, term: Term) -> None:
        text = term.text
        may_differ = not term.is_exact and LETTERS.fullmatch(text) is not None and _DIGIT.search(text) is None
        self._term = term
        self._typed = text if may_differ and len(text) >= _SHORTEST else ""
        self._stem = _stem(self._typed)
        self._rows = sorted(term.rows())
        self._stem_rows = sorted(rows_of(self._stem)) if self._stem else []
        self._grams = [sorted(rows_of_grams([gram])) for gram in _grams(self._typed)]
        self._swapped = [(place, sorted(rows_of(word))) for place, word in _swapped(self._typed)]

    @property
    def is_wider(self) -> bool:
        """Whether anything but the term itself is found."""
        return bool(self._typed)

    @property
    def work(self) -> int:
        """About how many rows of a segment `candidates` combines."""
        return len(self._rows) + len(self._stem_rows) + 4 * len(self._grams)

    def candidates(self, segment: Segment, columns: int) -> int:
        """The messages among `columns` that may have the term, or something similar."""
        found = segment.with_rows(self._rows, columns)
        if self._stem:
            found |= segment.with_rows(self._stem_rows, columns)
        return found | self._with_typo(segment, columns) if self._typed else found

    def _with_typo(self, segment: Segment, columns: int) -> int:
        """The messages that have all grams of the typed word but those that one typo touches, whatever it is.

        A letter that is wrong or too much touches three grams, and one that is missing before it two of these. So at
        each place the grams before and behind are needed; all of these are combined in two runs through the word.
        """
        grams = [segment.with_rows(rows, columns) for rows in self._grams]
        before, behind = [columns], [columns]  # with the first grams, and with the last ones, by their number
        for first, last in zip(grams, reversed(grams), strict=True):
            before.append(before[-1] & first)
            behind.append(behind[-1] & last)
        count, found = len(grams), 0
        for place in range(1, len(self._typed) + 1):
            found |= before[max(place - 2, 0)] & behind[max(count - place - 1, 0)]
        for place, rows in self._swapped:
            left = before[max(place - 2, 0)] & behind[max(count - place - 2, 0)] & ~found
            if left:
                found |= segment.with_rows(rows, left)
        return found

    def places(self, text: str) -> Iterator[Span]:
        """Where a normal form has the term, or something similar."""
        yield from self._term.places(text)
        if self._typed:
            first, second = self._typed[0], self._typed[1]
            for found in LETTERS.finditer(text):
                word = found.group()
                # Whatever the typo is, one of the first two letters stands in one of the first two places.
                if first in word[:2] or second in word[:2]:
                    length = self._length(word)
                    if length:
                        yield found.start(), length

    def is_in(self, text: str) -> bool:
        """Whether a normal form has it."""
        return next(self.places(text), None) is not None

    def _length(self, word: str) -> int:
        """How many letters of a word are similar to the term; 0 if none are."""
        if self._stem and word.startswith(self._stem) and len(word) <= len(self._typed) + _ENDING:
            return len(word)
        return _length_with_typo(self._typed, word)


def spans(terms: Iterable[Similar], body: str) -> list[Span]:
    """Where a text has the terms or something similar, in code points of the text as it was written."""
    found = traced(body)
    return original(found, [place for term in terms for place in term.places(found.text)])


def _length_with_typo(typed: str, word: str) -> int:
    """How many letters of a word are `typed` with at most one typo; 0 if it does not begin so."""
    size = len(typed)
    if len(word) < size - 1:
        return 0
    same = next((at for at in range(min(size, len(word))) if typed[at] != word[at]), min(size, len(word)))
    rest, behind = typed[same + 1 :], word[same + 1 :]
    if same == size:
        return size
    is_last = same == size - 1 and len(word) > size  # otherwise every word that begins like this one would be similar
    if same < len(word) and behind.startswith(rest) and not is_last:  # one letter is another
        return size
    if behind.startswith(typed[same:]) and same < len(word):  # one is missing
        return size + 1
    if word[same:].startswith(rest) and not is_last:  # one is too much
        return size - 1
    is_swapped = typed[same + 1 : same + 2] + typed[same] == word[same : same + 2]
    return size if is_swapped and word[same + 2 :].startswith(typed[same + 2 :]) else 0


def _grams(word: str) -> list[str]:
    """The grams of a word in their order, with the mark before it."""
    marked = f" {word}" if word else ""
    return [marked[at : at + 3] for at in range(len(marked) - 2)]


def _swapped(word: str) -> list[tuple[int, str]]:
    """The word with two neighbours swapped, for each place (from 1) where that makes another one."""
    return [
        (at + 1, word[:at] + word[at + 1] + word[at] + word[at + 2 :])
        for at in range(len(word) - 1)
        if word[at] != word[at + 1]
    ]


def _stem(word: str) -> str:
    if not word or _CYRILLIC.fullmatch(word) is None:
        return ""
    ending = 3 if len(word) >= _LONG else 2
    return word[: max(_SHORTEST_STEM, len(word) - ending)]
