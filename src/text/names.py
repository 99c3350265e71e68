"""Names: how one is stored, when two are the same, and when people could take one for the other.

The rule for what counts as empty is here too; messages, topics and names share it (docs/protocol.md, "Names"). All of
this follows from properties of Unicode, so new characters need no change here. tests/vectors/names.json holds this
module and the client to the same answers.
"""

import re
import unicodedata
from functools import cache

from encoding import is_text
from errors import Malformed, TooLarge
from limits import MAX_MARKS_IN_A_ROW
from text.confusables import GROUPS

# The characters that String.prototype.trim removes (ECMA-262, "WhiteSpace" and "LineTerminator"), so that browser and
# room agree on a text. Python's strip() also removes U+001C-1F and U+0085, which we treat as control characters.
_TRIMMED = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
# Control characters, line and paragraph separators, and characters that reorder the text around them: a name must not
# be able to reverse the line it stands in.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
# Default_Ignorable_Code_Point of Unicode 17, with the unassigned ones: systems draw nothing for them, now or later.
_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_BLANK = "\u2800\U0001d159\U00013441\U00013442\U00016fe4"  # drawn as nothing: Braille blank, null notehead, fillers
_STRETCHING = {0x0640: None, 0x07FA: None}  # Arabic and N'Ko strokes that only make a word longer
_UNSEEN = re.compile(f"[{_IGNORABLE}{_BLANK}]")
_PLAIN = re.compile("[!-~]")
# The signs that people put before a name to address somebody or something. They are not part of the name.
_SIGNS = re.compile("^[@#\uff20\uff03\ufe6b\ufe5f\\s]+")
# A character decomposes into at most this many code points, so a text of more than limit times this is too long anyway.
_LONGEST_DECOMPOSITION = 4


def is_empty(text: str) -> bool:
    """Whether nothing of a text is visible: spaces, control and format characters, marks without a letter."""
    return _PLAIN.search(text) is None and not any(map(_is_visible, text))


def is_unseen(character: str) -> bool:
    """Whether nothing is drawn for a character: format characters, fillers, variation selectors."""
    return _UNSEEN.match(character) is not None or unicodedata.category(character) == "Cf"


def clean_name(text: str, *, limit: int, what: str) -> str:
    """A name as it is stored and shown: NFC, without invisible characters, with one space between words.

    Args:
        text: as somebody typed it, perhaps with the sign that addresses it ("@Anna", "#general").
        limit: code points that the cleaned name may have.
        what: the name of this text in a refusal, as the start of a sentence: "The name".
    Raises:
        Malformed: nothing of it is visible, or it holds control characters, bidirectional marks and overrides,
            line or paragraph separators, characters without a meaning of their own (unassigned, private, lone
            surrogates), or more marks on a letter than any language writes.
        TooLarge: more than `limit` code points.
    """
    name = _normalised(_without_unseen(_one_line(text, what)), limit=limit, what=what)
    name = _SIGNS.sub("", " ".join(name.split()))
    if len(name) > limit:
        raise TooLarge(what, limit=limit)
    if any(unicodedata.category(character) in ("Cn", "Co") for character in name):
        raise Malformed(f"{what} must not hold characters that mean nothing.")
    _check_marks(name, what)
    if is_empty(name):
        raise Malformed(f"{what} is empty.")
    return name


def clean_line(text: str, *, limit: int, what: str) -> str:
    """A line that describes something, a topic or title: NFC and trimmed, otherwise as typed; "" for an empty one.

    Raises:
        Malformed: it holds characters that reverse or break its line, or too many marks on a letter.
        TooLarge: more than `limit` code points.
    """
    line = _normalised(_one_line(text, what), limit=limit, what=what).strip(_TRIMMED)
    if len(line) > limit:
        raise TooLarge(what, limit=limit)
    if is_empty(line):
        return ""
    _check_marks(line, what)
    return line


def folded(name: str) -> str:
    """A form that is equal for two names that are the same: NFKC and case folding, without invisible characters.

    For comparing only, never for showing. Takes any name, also one that was stored under older rules.
    """
    caseless = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", _without_unseen(name)).casefold())
    return _SIGNS.sub("", " ".join(unicodedata.normalize("NFKC", _without_unseen(caseless)).split()))


def looks(name: str) -> frozenset[str]:
    """The looks of a name; people could take two names for each other if they share one.

    They are the skeletons (UTS #39, section 4) of the name as written ("lan" is like "Ian") and in lower case ("Max" is
    like "max"); spaces make no difference. Scripts may be mixed: all that counts is what people could take it for.
    """
    written = _skeleton(_skeleton(_without_unseen(name)).casefold())
    return frozenset({"".join(written.split()), "".join(_skeleton(folded(name)).split())})


def looks_of_person(name: str) -> frozenset[str]:
    """Like `looks`, but ignores punctuation and symbols at both ends.

    In a sentence "Anna." is Anna; and "Anna \u2713" would look like an Anna whom somebody has verified.
    """
    return looks(_without_ends(name) or name)


def _one_line(text: str, what: str) -> str:
    if not is_text(text):
        raise Malformed(f"{what} is not valid Unicode.")
    line = text.strip(_TRIMMED)
    if _FORBIDDEN.search(line):
        raise Malformed(f"{what} must not hold control or text-direction characters.")
    return line


def _normalised(text: str, *, limit: int, what: str) -> str:
    if len(text) > limit * _LONGEST_DECOMPOSITION:  # first, as normalising takes quadratic time in the worst case
        raise TooLarge(what, limit=limit)
    return unicodedata.normalize("NFC", text)


def _check_marks(text: str, what: str) -> None:
    """Refuse marks without a letter, and more of them on one than any language writes (UTS #39, section 5.4)."""
    run = MAX_MARKS_IN_A_ROW  # no mark is allowed yet, as there is no letter
    for character in "" if text.isascii() else _UNSEEN.sub("", text):
        if unicodedata.category(character) not in ("Mn", "Me"):
            run = MAX_MARKS_IN_A_ROW if character.isspace() else 0
        elif run < MAX_MARKS_IN_A_ROW:
            run += 1
        else:
            raise Malformed(f"{what} has marks without a letter, or too many on one.")


def _is_visible(character: str) -> bool:
    # A character that is unassigned here may be an emoji that the sender's system already knows.
    category = unicodedata.category(character)
    if category == "Cn" and (ord(character) & 0xFFFE == 0xFFFE or "\ufdd0" <= character <= "\ufdef"):
        return False  # a noncharacter, which Unicode will never assign
    return (category[0] in "LNPS" or category in ("Cn", "Co")) and not _UNSEEN.match(character)


def _without_unseen(text: str) -> str:
    if text.isascii():
        return text
    return "".join(character for character in _UNSEEN.sub("", text) if unicodedata.category(character) != "Cf")


def _skeleton(text: str) -> str:
    # The table omits what compatibility forms give by themselves, so it is applied before and after them.
    table = _prototypes()
    once = unicodedata.normalize("NFD", text.translate(_STRETCHING)).translate(table)
    return unicodedata.normalize("NFD", unicodedata.normalize("NFKD", once).translate(table))


@cache
def _prototypes() -> dict[int, str]:
    """The table of look-alikes, made at the first comparison: in most wakes of a room nobody asks for a new name."""
    return {ord(source): target for target, sources in GROUPS for source in sources}


def _without_ends(name: str) -> str:
    seen = _without_unseen(name)
    inner = [place for place, character in enumerate(seen) if not _is_decoration(character)]
    return seen[inner[0] : inner[-1] + 1] if inner else ""


def _is_decoration(character: str) -> bool:
    """Whether a character neither is nor looks like a letter, a digit or a mark; some letters look like apostrophes."""
    if unicodedata.category(character)[0] == "M":
        return False
    return not any(unicodedata.category(each)[0] in "LN" for each in _skeleton(character))
