"""Changes that people ask for, in short."""

from typing import Any

from chat.directory import GENERAL
from wire.changes import Delete, Edit, PinMessage, React, UpdateChannel
from wire.polls import ClosePoll, Vote

THUMB = "👍"
HEART = "❤️"


def edit(message: str, body: str, *mentions: str) -> Edit:
    return Edit("e", message, body, mentions)


def delete(message: str) -> Delete:
    return Delete("d", message)


def react(message: str, emoji: str = THUMB, *, on: bool = True) -> React:
    return React("r", message, emoji, on)


def pin(message: str, *, on: bool = True, channel: str | None = None) -> PinMessage:
    return PinMessage("p", message, on, channel)


def poll(message: str, *options: str, channel: str = GENERAL, **more: Any) -> dict[str, Any]:
    question = {"question": "where to?", "options": list(options) or ["in", "out"], **more}
    return {"type": "poll.create", "ref": "q", "id": message, "channel": channel, **question}


def vote(message: str, *options: int, channel: str | None = None) -> Vote:
    return Vote("v", message, options, channel)


def close_poll(message: str, channel: str | None = None) -> ClosePoll:
    return ClosePoll("c", message, channel)


def update(channel: str, **changes: Any) -> UpdateChannel:
    return UpdateChannel("u", channel, changes)
