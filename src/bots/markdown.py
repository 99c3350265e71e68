"""Writes the chat's dialect (docs/dialect.md): links, strong words, quotes. Texts of other tools stand as they are."""

import re
from collections.abc import Iterable

from limits import MAX_BODY_CHARACTERS

_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>\"\x00-\x1f]{1,2000}\Z", re.IGNORECASE)
_UNSAFE = {"(": "%28", ")": "%29", "[": "%5B", "]": "%5D", "`": "%60", "*": "%2A", "\\": "%5C"}
_ELLIPSIS = "…"


def link(words: str, address: str) -> str:
    """Words that lead to an address; the words alone if it is none that a chat follows."""
    address = address.strip().replace(" ", "%20")
    if not _ADDRESS.match(address):
        return words
    words = words.strip()
    if not words:
        return address
    if words.count("[") != words.count("]"):  # only whole pairs may stand in a link
        words = words.replace("[", "(").replace("]", ")")
    return f"[{words}]({''.join(_UNSAFE.get(each, each) for each in address)})"


def strong(words: str) -> str:
    """Words that stand out, at the beginning of a line or behind a space."""
    words = words.strip()
    return words if not words or "**" in words else f"**{words}**"


def code(words: str) -> str:
    """The name of a branch, a commit and the like."""
    return f"`{words}`" if words and "`" not in words else words


def quote(words: str) -> str:
    """A text of somebody else, with each line marked."""
    return "\n".join(f"> {each}" for each in words.split("\n") if each.strip())


def item(words: str) -> str:
    """An item of a list; further lines belong to it."""
    return "- " + words.replace("\n", "\n  ")


def lines(parts: Iterable[str]) -> str:
    """Lines under each other, without the empty ones, up to about the length of a message."""
    taken, length = [], 0
    for part in parts:
        if not part.strip():
            continue
        taken.append(part)
        length += len(part) + 1
        if length > MAX_BODY_CHARACTERS:
            break
    return "\n".join(taken)


def cut(words: str, limit: int) -> str:
    """A text of at most `limit` characters, with "…" where some are missing."""
    return words if len(words) <= limit else words[: limit - 1].rstrip() + _ELLIPSIS
