"""One spelling for each emoji, as the key of a reaction; keyboards leave characters out or add them."""

import re
import unicodedata
from collections.abc import Mapping

# Characters that Unicode shows as text unless U+FE0F follows: Emoji without Emoji_Presentation.
# tests/text/test_emoji.py compares this with the package emojibase-data, which has each emoji as Unicode writes it.
_TEXT_STYLE = frozenset(
    "©®‼⁉™ℹ↔↕↖↗↘↙↩↪⌨⏏⏭⏮⏯⏱⏲⏸⏹⏺Ⓜ▪▫▶◀◻◼☀☁☂☃☄☎☑☘☝☠☢☣☦☪☮☯☸☹☺"
    "♀♂♟♠♣♥♦♨♻♾⚒⚔⚕⚖⚗⚙⚛⚜⚠⚧⚰⚱⛈⛏⛑⛓⛩⛰⛱⛴⛷⛸⛹✂✈✉✌✍✏✒✔✖✝✡✳✴❄❇❣❤"
    "➡⤴⤵⬅⬆⬇〰〽㊗㊙🅰🅱🅾🅿🈂🈷🌡🌤🌥🌦🌧🌨🌩🌪🌫🌬🌶🍽🎖🎗🎙🎚🎛🎞🎟🏋🏌🏍🏎🏔🏕🏖🏗🏘🏙🏚🏛🏜🏝🏞"
    "🏟🏳🏵🏷🐿👁📽🕉🕊🕯🕰🕳🕴🕵🕶🕷🕸🕹🖇🖊🖋🖌🖍🖐🖥🖨🖱🖲🖼🗂🗃🗄🗑🗒🗓🗜🗝🗞🗡🗣🗨🗯🗳🗺🛋🛍🛎🛏🛠🛡"
    "🛢🛣🛤🛥🛩🛰🛳"
)
_KEYCAP = "\N{COMBINING ENCLOSING KEYCAP}"
_KEYCAP_BASES = frozenset("0123456789#*")
_SKIN_TONES = frozenset("\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
_JOINER = "\N{ZERO WIDTH JOINER}"
_EMOJI_STYLE = "\N{VARIATION SELECTOR-16}"
_BLACK_FLAG = "\U0001f3f4"
_SELECTORS = re.compile("[\u034f\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_TAGS = re.compile("[\U000e0020-\U000e007f]")
_LETTER_EMOJI = "\N{INFORMATION SOURCE}\N{VARIATION SELECTOR-16}"  # the one emoji that Unicode counts as a letter
_EMOJI_FORMAT = re.compile("[\u200d\u20e3\ufe0f\U000e0020-\U000e007f]")


def is_emoji(text: str) -> bool:
    """Whether it is only symbols: some to see, some beyond ASCII, and no letter, space or control character."""
    return text == _LETTER_EMOJI or (
        any(map(_is_symbol, text)) and not text.isascii() and not any(map(_is_plain, text))
    )


def normal_emoji(text: str) -> str:
    """The fully-qualified form (UTS #51, 1.4.5) of an emoji; another symbol loses only its invisible characters."""
    bare = _SELECTORS.sub("", unicodedata.normalize("NFC", text))
    if not bare.startswith(_BLACK_FLAG):  # tags turn a black flag into a region's; elsewhere they are unseen
        bare = _TAGS.sub("", bare)
    joined = _JOINER.join(part for part in bare.split(_JOINER) if part)
    return "".join(
        character + _EMOJI_STYLE if _wants_style(character, following) else character
        for character, following in zip(joined, joined[1:] + " ", strict=False)
    )


def merged(reactions: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Reactions by normal emoji: several stored spellings of one emoji become one key."""
    together: dict[str, dict[str, None]] = {}
    for emoji, members in reactions.items():
        together.setdefault(normal_emoji(emoji), {}).update(dict.fromkeys(members))
    return {emoji: list(members) for emoji, members in together.items()}


def _wants_style(character: str, following: str) -> bool:
    if character in _KEYCAP_BASES:
        return following == _KEYCAP
    return character in _TEXT_STYLE and following not in _SKIN_TONES


def _is_symbol(character: str) -> bool:
    return unicodedata.category(character)[0] in "SP" or character == _KEYCAP or _is_coming_emoji(character)


def _is_coming_emoji(character: str) -> bool:
    """Whether only the sender's system knows it yet: these places are kept for emoji (UTS #51, 1.4.1)."""
    is_kept_free = "\U0001f000" <= character <= "\U0001faff" or "\U0001fc00" <= character <= "\U0001fffd"
    return is_kept_free and unicodedata.category(character) == "Cn"


def _is_plain(character: str) -> bool:
    # Of the format characters, which can turn the text around them, emoji need joiners and the tags of some flags.
    # Of the marks, which could be piled up, they need two.
    is_unneeded = unicodedata.category(character) in ("Cc", "Cf", "Mn", "Mc", "Me") and not _EMOJI_FORMAT.match(
        character
    )
    return is_unneeded or character.isspace() or character.isalpha()
