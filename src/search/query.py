"""What is searched for: words and phrases, and where a text has them.

Every word and phrase must occur. A word stands anywhere in a text if it has three characters or one that is no letter
of a script with spaces; a shorter one begins a word. A phrase in quotes is exact: words as a whole, in this order.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from limits import MAX_MATCHES
from search.grams import rows_of
from search.normal import LETTERS, Traced, is_letter, normal, traced

_SHORT = 2
_QUOTES = '"\u201c\u201d\u201e\u201f\u00ab\u00bb'  # telephones replace straight ones
_PIECE = re.compile(f"[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?P<end>[{_QUOTES}]?)|(?P<word>[^ ]+)")

Span = tuple[int, int]
"""Where something begins and how long it is."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase in its normal form."""

    text: str
    begins_word: bool = False
    ends_word: bool = False

    def places(self, text: str) -> Iterator[Span]:
        """Where a normal form has it."""
        at = text.find(self.text)
        while at >= 0:
            if self._fits(text, at):
                yield at, len(self.text)
            at = text.find(self.text, at + 1)

    def is_in(self, text: str) -> bool:
        """Whether a normal form has it."""
        return next(self.places(text), None) is not None

    @property
    def is_exact(self) -> bool:
        """Whether it is a phrase, which nothing else is similar to."""
        return " " in self.text or self.ends_word or len(self.text) <= _SHORT

    def rows(self) -> frozenset[int]:
        """The rows of a signature that a text with this term has."""
        return rows_of(self.text, begins_word=self.begins_word)

    def _fits(self, text: str, at: int) -> bool:
        end = at + len(self.text)
        if self.begins_word and at > 0 and is_letter(text[at]) and is_letter(text[at - 1]):
            return False
        return not (self.ends_word and end < len(text) and is_letter(text[end - 1]) and is_letter(text[end]))


def parse(query: str) -> tuple[Term, ...]:
    """The words and phrases of a query, each once; none if nothing in it can be searched for."""
    terms: dict[Term, None] = {}
    for piece in _PIECE.finditer(normal(query)):
        word, phrase = piece["word"], (piece["phrase"] or "").strip()
        if word:
            terms[_word(word)] = None
        elif phrase:  # without an end it is still being typed
            terms[Term(phrase, begins_word=True, ends_word=bool(piece["end"]))] = None
    return tuple(terms)


def has_all(terms: Iterable[Term], text: str) -> bool:
    """Whether a normal form has every term."""
    return all(term.is_in(text) for term in terms)


def spans(terms: Iterable[Term], body: str) -> list[Span]:
    """Where a text has the terms, in code points of the text as it was written."""
    found = traced(body)
    return original(found, [place for term in terms for place in term.places(found.text)])


def original(found: Traced, places: Iterable[Span]) -> list[Span]:
    """Places of a normal form as places of its original: in order, joined where they touch, at most MAX_MATCHES."""
    joined: list[list[int]] = []
    for start, end in sorted((found.starts[at], found.ends[at + length - 1]) for at, length in places):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    return [(start, end - start) for start, end in joined[:MAX_MATCHES]]


def _word(text: str) -> Term:
    is_short = len(text) <= _SHORT and LETTERS.fullmatch(text) is not None
    return Term(text, begins_word=is_short)
