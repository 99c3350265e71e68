"""The frame that brings messages from elsewhere into a channel, with the names of their authors.

Every refusal names the place in the frame. docs/protocol.md, "Import", describes the fields.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from errors import ChatError, Malformed, TooLarge
from limits import MAX_EMOJI_CHARACTERS, MAX_EMOJIS, MAX_IMPORTED, MAX_IMPORTED_PEOPLE, MAX_REACTIONS, MAX_SAFE_INTEGER
from wire import fields
from wire.fields import Fields
from wire.files import File, read_files

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Imported:
    """A message from elsewhere. One that was deleted there has no author, text, reactions or files.

    When that one was sent nobody may know. The clean-up goes by `sent_at`, from the oldest on, and stops at the first
    young message: so whoever knows about when it was says so, lest it keeps what stands behind it.
    """

    id: str
    author: str
    sent_at: int
    body: str = ""
    reply_to: str | None = None
    mentions: tuple[str, ...] = ()
    edited_at: int | None = None
    deleted_at: int | None = None
    reactions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: tuple[File, ...] = ()
    shown_as: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def _read(cls, given: Fields) -> "Imported":
        message_id = fields.uuid(given, "id")
        if given.get("deleted_at") is not None:
            deleted_at = _time(given, "deleted_at")
            sent_at = deleted_at if given.get("sent_at") is None else _time(given, "sent_at")
            return cls(message_id, "", sent_at, deleted_at=deleted_at)
        files = read_files(given) if "files" in given else ()
        return cls(
            message_id,
            fields.identifier(given, "author"),
            _time(given, "sent_at"),
            fields.caption(given) if files else fields.body(given),
            fields.reply_to(given),
            fields.mentions(given),
            None if given.get("edited_at") is None else _time(given, "edited_at"),
            None,
            _reactions(given),
            files,
            _shown_as(given),
        )


@dataclass(frozen=True, slots=True)
class Filled:
    """The files of a message from elsewhere."""

    id: str
    channel: str
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Import:
    """Messages from elsewhere for a channel, in their order; `people` are the names of those who may be no members."""

    ref: str | None
    channel: str
    messages: tuple[Imported, ...]
    people: Mapping[str, str] = field(default_factory=dict)
    """Names by id."""

    def with_files(self) -> list["Filled"]:
        """The messages that have files."""
        return [Filled(message.id, self.channel, message.files) for message in self.messages if message.files]

    @classmethod
    def _read(cls, given: Fields) -> "Import":
        channel = fields.identifier(given, "channel")
        messages = _each(given, "messages", MAX_IMPORTED, Imported._read)
        if len({message.id for message in messages}) < len(messages):
            raise Malformed("messages: two of them have the same id.")
        people = _each(given, "people", MAX_IMPORTED_PEOPLE, _person) if given.get("people") is not None else ()
        return cls(fields.ref(given), channel, messages, dict(people))


def _person(given: Fields) -> tuple[str, str]:
    return fields.identifier(given, "id"), fields.member_name(given)


def _each(given: Fields, name: str, limit: int, read: Callable[[Fields], T]) -> tuple[T, ...]:
    """The items of a list; a refusal says which of them is wrong."""
    value = given.get(name)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Malformed(f"{name} is not a list of objects.")
    if len(value) > limit:
        raise TooLarge(name, limit=limit)
    return tuple(_item(name, place, item, read) for place, item in enumerate(value))


def _item(name: str, place: int, item: Fields, read: Callable[[Fields], T]) -> T:
    try:
        return read(item)
    except ChatError as refusal:
        raise Malformed(f"{name} {place}: {refusal.detail}") from refusal


def _time(given: Fields, name: str) -> int:
    return fields.integer(given, name, 0, MAX_SAFE_INTEGER)


def _reactions(given: Fields) -> dict[str, tuple[str, ...]]:
    """The members by emoji, each once."""
    value = given.get("reactions")
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Malformed("reactions is not an object.")
    reactions: dict[str, tuple[str, ...]] = {}
    for emoji, people in value.items():
        who = _people(people)
        if who:
            shown = fields.emoji({"emoji": emoji})
            reactions[shown] = tuple(dict.fromkeys((*reactions.get(shown, ()), *who)))
    if len(reactions) > MAX_EMOJIS or sum(map(len, reactions.values())) > MAX_REACTIONS:
        raise Malformed(f"reactions are more than {MAX_EMOJIS} emoji or {MAX_REACTIONS} in all.")
    return reactions


def _people(value: Any) -> Sequence[str]:
    if not isinstance(value, list) or len(value) > MAX_REACTIONS:
        raise Malformed("reactions holds something that is not a list of members.")
    return [fields.identifier({"member": each}, "member") for each in value]


def _shown_as(given: Fields) -> dict[str, str]:
    """The name and the emoji of whoever a program spoke for."""
    value = given.get("shown_as")
    if value is None:
        return {}
    if not isinstance(value, dict) or not value.keys() <= {"name", "emoji"}:
        raise Malformed("shown_as is not an object with name and emoji.")
    shown = {"name": fields.member_name(value)} if "name" in value else {}
    if "emoji" in value:
        emoji = value["emoji"]
        if not isinstance(emoji, str) or len(emoji) > MAX_EMOJI_CHARACTERS:
            raise Malformed("shown_as: emoji is not an emoji.")
        shown["emoji"] = fields.emoji(value)
    return shown
