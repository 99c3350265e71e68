"""What is sealed of a message: its text, whom it mentions, what it answers, its reactions."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from encoding import compact_json
from sealing.keyring import Header, Keyring, Sealed
from storage.headers import message_header
from storage.messages import Message
from text.emoji import merged

ANSWERED = "answered"
"""Sealed with a reply and shown to nobody: who wrote what it answers, which may be gone when the reply is deleted."""


def notified(texts: Mapping[str, Any], author: str) -> set[str]:
    """The members whom a message with these texts mentions or answers, without its author."""
    answered = {texts[ANSWERED]} if ANSWERED in texts else set()
    return ({*texts.get("mentions", ())} | answered) - {author}


def texts_json(texts: Mapping[str, Any]) -> str:
    """The texts as one JSON object, to be sealed."""
    if len(texts) == 1:  # nearly always; the encoder takes a fifth of the time for a mere string
        return f'{{"body":{compact_json(texts["body"])}}}'
    return compact_json(texts)


def shown(texts: Mapping[str, Any]) -> dict[str, Any]:
    """What people see of a message's texts."""
    return {name: text for name, text in texts.items() if name != ANSWERED}


async def sealed_texts(page: Sequence[Message], keyring: Keyring) -> list[dict[str, Any] | None]:
    """All that is sealed of messages' texts; None for one that is deleted or does not open."""
    return await _opened([(message.sealed, message_header("message", message)) for message in page], keyring)


async def message_texts(page: Sequence[Message], keyring: Keyring) -> list[dict[str, Any] | None]:
    """What people see of messages: body, mentions, reply; None for one that is deleted or does not open."""
    opened = await sealed_texts(page, keyring)
    for texts in opened:
        if texts is not None:
            texts.pop(ANSWERED, None)
    return opened


async def message_reactions(page: Sequence[Message], keyring: Keyring) -> list[dict[str, Any] | None]:
    """The members by emoji; None for a message that nobody has reacted to, or whose reactions do not open."""
    found = await _opened([(message.reactions, message_header("reactions", message)) for message in page], keyring)
    return [None if each is None else merged(each) for each in found]


async def _opened(items: Sequence[tuple[Sealed | None, Header]], keyring: Keyring) -> list[dict[str, Any] | None]:
    """JSON objects that were sealed, in order; None for one that is not there or does not open."""
    present = [(sealed, header) for sealed, header in items if sealed is not None]
    plaintexts = iter(await keyring.open(present))
    opened = [None if sealed is None else next(plaintexts) for sealed, _ in items]
    return [None if plaintext is None else json.loads(plaintext) for plaintext in opened]
