"""The normal form in which texts are compared: without case, accents and other spellings of the same characters.

It is NFKC with case folding, and without combining marks: ё is е, é is e, ß is ss, and Ａ is a. It is made character
by character: a part of a text has a part of its normal form, and it is known where each character is from.
Spaces of any kind and number are one space; what is drawn as nothing is left out.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from limits import FOLDS_KEPT
from text.names import is_unseen

RULES = f"1 {unicodedata.unidata_version}"
"""Changes with every change of the normal form or of the signatures that are made from it."""

# Korean syllables may be typed in parts, and are one character in all other texts (Unicode, section 3.12).
_PARTS = re.compile("[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|[\uac00-\ud7a3][\u11a8-\u11c2]")
_KOREAN = ("\u3131", "\u318e"), ("\uac00", "\ud7a3")  # letters and syllables that NFKD would take apart
# Scripts that are written without spaces between words, and Korean, whose words take endings of one syllable.
_SPACELESS = (
    "\u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\u19e0-\u19ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b"
    "\u3041-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\ua9e0-\ua9ff"
    "\uaa60-\uaa7f\uac00-\ud7ff\uf900-\ufaff\U00016fe0-\U0001b2ff\U0001f200-\U0001f2ff\U00020000-\U0003ffff"
)
_WORDS = re.compile("\\S+")
LETTERS = re.compile(f"[^\\W{_SPACELESS}]+")
"""A run of letters and digits of scripts that put spaces between words."""
SINGLES = re.compile(f"[^\\w ]|[{_SPACELESS}]")
"""Every other character but the space."""


@dataclass(frozen=True, slots=True)
class Traced:
    """A normal form, and for each of its characters where it begins and ends in the original text (code points)."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


class _Folds(dict[int, str]):
    """The normal forms of characters, for `str.translate`; each is worked out when it first occurs."""

    def __missing__(self, code: int) -> str:
        if len(self) >= FOLDS_KEPT:
            self.clear()
        self[code] = folded = _fold(chr(code))
        return folded


def normal(text: str) -> str:
    """The normal form of a text."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(_PARTS.sub(_composed, text).translate(_folds()).split())


def traced(text: str) -> Traced:
    """The normal form, and where it comes from. Marks that follow a character belong to it."""
    folds = _folds()
    odd = {each for each in set(text) if len(folds[ord(each)]) != 1}  # characters that become several, or none
    if not odd and len(whole := normal(text)) == len(text):  # nearly always: each character is where it was
        return Traced(whole, range(len(text)), range(1, len(text) + 1))
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in _WORDS.finditer(text):
        word = found.group()
        if odd.isdisjoint(word) and _PARTS.search(word) is None:
            folded, at = word.translate(folds), found.start()
            own_starts: Sequence[int] = range(at, at + len(word))
            own_ends: Sequence[int] = range(at + 1, at + len(word) + 1)
        else:
            folded, own_starts, own_ends = _traced_word(word, found.start())
        if folded:
            if words:
                starts.append(ends[-1])
                ends.append(own_starts[0])
            words.append(folded)
            starts += own_starts
            ends += own_ends
    return Traced(" ".join(words), starts, ends)


def is_letter(character: str) -> bool:
    """Whether a character of a normal form stands in words that have spaces between them."""
    return LETTERS.match(character) is not None


@cache
def _folds() -> _Folds:
    return _Folds()


def _fold(character: str) -> str:
    if character.isspace():
        return " "
    if is_unseen(character):
        return ""
    if any(first <= character <= last for first, last in _KOREAN):
        return character
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    kept = "".join([each for each in folded if not unicodedata.combining(each) and not is_unseen(each)])
    # A few signs are spaces with an accent, or whole phrases; they stay as they are.
    return character if " " in kept else kept


def _composed(parts: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", parts.group())


def _traced_word(word: str, at: int) -> tuple[str, list[int], list[int]]:
    """The normal form of a word that begins at a place, character by character, with the places of each."""
    folds = _folds()
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, piece in _pieces(word):
        folded = piece.translate(folds)
        if not folded and ends:
            ends[-1] = at + end
        for each in folded:
            characters.append(each)
            starts.append(at + start)
            ends.append(at + end)
    return "".join(characters), starts, ends


def _pieces(text: str) -> list[tuple[int, int, str]]:
    """The characters of a text with their places; a Korean syllable in parts is one."""
    pieces = []
    place = 0
    for parts in _PARTS.finditer(text):
        pieces += [(at, at + 1, text[at]) for at in range(place, parts.start())]
        pieces.append((parts.start(), parts.end(), _composed(parts)))
        place = parts.end()
    return pieces + [(at, at + 1, text[at]) for at in range(place, len(text))]
