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
    found: set[str] = set()
    for run in LETTERS.finditer(text):
        marked = _MARK + run.group() if begins_word or run.start() else run.group()
        found.update([marked[at : at + _GRAM] for at in range(len(marked) - _GRAM + 1)])
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
