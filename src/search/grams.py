"""Grams: the short pieces by which a text is looked up, and the rows of a signature that they stand for.

Words of scripts with spaces give all runs of three letters, with a mark before the word. All other characters (Chinese,
Japanese, Korean, Thai, emoji, punctuation) stand alone and in pairs with their neighbours. What a text contains has its
grams among the text's; so a message without one of them cannot contain it.
"""

from collections.abc import Iterable
from zlib import crc32

from limits import SIGNATURE_ROWS
from search.normal import LETTERS, SINGLES

_MARK = " "  # before a word; no gram spans two words
_GRAM = 3


def grams(text: str, *, begins_word: bool = True) -> set[str]:
    """The grams of a normal form.

    Args:
        begins_word: whether the text begins where a word does; otherwise it may stand anywhere in one.
    """
    found = grams_outside_words(text)
    for run in LETTERS.finditer(text):
        found |= grams_of_word(run.group(), begins=begins_word or run.start() > 0)
    return found


def words(text: str) -> list[str]:
    """The words of a normal form."""
    found: list[str] = LETTERS.findall(text)
    return found


def grams_of_word(word: str, *, begins: bool = True) -> set[str]:
    """The grams of a word, or of the rest of one that does not begin here."""
    marked = _MARK + word if begins else word
    return {marked[at : at + _GRAM] for at in range(len(marked) - _GRAM + 1)}


def grams_outside_words(text: str) -> set[str]:
    """The grams of a normal form that do not lie in its words."""
    found: set[str] = set()
    for single in SINGLES.finditer(text):
        at = single.start()
        found.add(text[at])
        found.update([pair for pair in (text[max(at - 1, 0) : at + 1], text[at : at + 2]) if " " not in pair])
    return found


def rows_of(text: str, *, begins_word: bool = True) -> frozenset[int]:
    """The rows of a signature, 0 to SIGNATURE_ROWS - 1, that the grams of a normal form stand for."""
    return rows_of_grams(grams(text, begins_word=begins_word))


def rows_of_grams(found: Iterable[str]) -> frozenset[int]:
    """The rows that grams stand for: two for each, as a word of three letters is one gram."""
    digests = [crc32(gram.encode()) for gram in found]
    return frozenset(
        [digest % SIGNATURE_ROWS for digest in digests]
        + [digest // SIGNATURE_ROWS % SIGNATURE_ROWS for digest in digests]
    )
