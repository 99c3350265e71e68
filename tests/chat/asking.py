"""Changes that people ask for, in short."""

from typing import Any

from wire.changes import Delete, Edit, PinMessage, React, UpdateChannel

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


def update(channel: str, **changes: Any) -> UpdateChannel:
    return UpdateChannel("u", channel, changes)
