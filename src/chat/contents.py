"""The sealed contents of a message: its text, the members it mentions, the message it answers, its reactions."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from encoding import compact_json
from sealing.keyring import Header, Keyring, Sealed
from storage.headers import message_header
from storage.messages import Message, NewMessage
from text.emoji import merged

ANSWERED = "answered"
"""Sealed with a reply and shown to nobody: the author of the answered message, which may be gone by then."""
POLL = "poll"
"""The question and the options of a message that is a poll."""
VOTES = "votes"
"""In a poll as people see it: the options that each member chose."""


def message_event(message: Message | NewMessage) -> dict[str, Any]:
    """The `message` event without what is sealed of the message."""
    return {
        "seq": message.seq,
        "kind": "message",
        "id": message.id,
        "channel": message.channel,
        "author": message.author,
        "sent_at": message.sent_at,
    }


def notified(texts: Mapping[str, Any], author: str) -> set[str]:
    """The members whom a message with these texts mentions or answers, without its author."""
    answered = {texts[ANSWERED]} if ANSWERED in texts else set()
    return ({*texts.get("mentions", ())} | answered) - {author}


def texts_json(texts: Mapping[str, Any]) -> str:
    """The texts as one JSON object for sealing."""
    if len(texts) == 1:  # nearly always; the encoder takes a fifth of the time for a plain string
        return f'{{"body":{compact_json(texts["body"])}}}'
    return compact_json(texts)


def shown(texts: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a message's texts that people see."""
    return {name: text for name, text in texts.items() if name != ANSWERED}


async def sealed_texts(page: Sequence[Message], keyring: Keyring) -> list[dict[str, Any] | None]:
    """The unsealed texts of messages, complete; None for a message that is deleted or does not open."""
    return await _opened([(message.sealed, message_header("message", message)) for message in page], keyring)


async def message_texts(page: Sequence[Message], keyring: Keyring) -> list[dict[str, Any] | None]:
    """The texts that people see: body, mentions, reply; None for a message that is deleted or does not open."""
    opened = await sealed_texts(page, keyring)
    for texts in opened:
        if texts is not None:
            texts.pop(ANSWERED, None)
    return opened


async def message_reactions(page: Sequence[Message], keyring: Keyring) -> list[dict[str, Any] | None]:
    """The members by emoji; None for a message without reactions, or whose reactions do not open."""
    found = await _opened([(message.reactions, message_header("reactions", message)) for message in page], keyring)
    return [None if each is None else merged(each) for each in found]


async def message_votes(page: Sequence[Message], keyring: Keyring) -> list[dict[str, Any] | None]:
    """What has become of polls; None for a message in which nobody has voted, or whose votes do not open."""
    return await _opened([(message.votes, message_header("votes", message)) for message in page], keyring)


async def with_votes(
    page: Sequence[Message], texts: Sequence[Mapping[str, Any] | None], keyring: Keyring
) -> Sequence[Mapping[str, Any] | None]:
    """The texts of messages, those of polls with `votes`, and with `closed_at` and `closed_by` if they are closed.

    A poll whose votes do not open has none of these.
    """
    polls = [place for place, said in enumerate(texts) if said is not None and POLL in said]
    if not polls:
        return texts
    given = [page[place] for place in polls]
    opened = await message_votes(given, keyring)
    shown = list(texts)
    for place, message, known in zip(polls, given, opened, strict=True):
        said = texts[place] or {}
        shown[place] = {**said, POLL: {**said[POLL], **({VOTES: {}} if message.votes is None else known or {})}}
    return shown


async def _opened(items: Sequence[tuple[Sealed | None, Header]], keyring: Keyring) -> list[dict[str, Any] | None]:
    """Unsealed JSON objects, in order; None for one that does not exist or does not open."""
    present = [(sealed, header) for sealed, header in items if sealed is not None]
    plaintexts = iter(await keyring.open(present))
    opened = [None if sealed is None else next(plaintexts) for sealed, _ in items]
    return [None if plaintext is None else json.loads(plaintext) for plaintext in opened]
