"""Polls: the question of a message, and the frames that vote and close. docs/protocol.md, "Polls", describes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from errors import Malformed, TooLarge
from limits import MAX_OPTION_CHARACTERS, MAX_POLL_OPTIONS, MAX_QUESTION_CHARACTERS
from text.names import clean_line
from wire import fields
from wire.fields import Fields

_FEWEST_OPTIONS = 2


@dataclass(frozen=True, slots=True)
class Poll:
    """What members are asked, and what they choose from."""

    question: str
    options: tuple[str, ...]
    is_multiple: bool
    """Whether one may choose several."""

    @property
    def shown(self) -> dict[str, Any]:
        """It as its message has it."""
        return {"question": self.question, "options": list(self.options), "multiple": self.is_multiple}

    @property
    def body(self) -> str:
        """It as a text: for clients that know no polls, notifications and the search."""
        return "\n".join([f"📊 {self.question}", *(f"- {option}" for option in self.options)])


@dataclass(frozen=True, slots=True)
class Vote:
    """The options that the member chooses in a poll, by their numbers from 0; none takes the vote back."""

    ref: str | None
    id: str
    options: tuple[int, ...]
    channel: str | None = None
    """Where the message is; needed only if there may be another one with its id."""

    @classmethod
    def _read(cls, given: Fields) -> "Vote":
        channel = fields.identifier_or_none(given, "channel")
        return cls(fields.ref(given), fields.uuid(given, "id"), _chosen(given), channel)


@dataclass(frozen=True, slots=True)
class ClosePoll:
    """Close a poll, as its author or an admin: it takes no votes any more."""

    ref: str | None
    id: str
    channel: str | None = None

    @classmethod
    def _read(cls, given: Fields) -> "ClosePoll":
        return cls(fields.ref(given), fields.uuid(given, "id"), fields.identifier_or_none(given, "channel"))


POLL_CHANGES: Mapping[str, Callable[[Fields], Vote | ClosePoll]] = {
    "vote": Vote._read,
    "poll.close": ClosePoll._read,
}


def read_poll(given: Fields) -> Poll:
    """The poll of a message.

    Raises:
        Malformed, TooLarge.
    """
    listed = given.get("options")
    if not isinstance(listed, list):
        raise Malformed("options is not a list.")
    if len(listed) > MAX_POLL_OPTIONS:
        raise TooLarge("options", limit=MAX_POLL_OPTIONS)
    options = tuple(_line({"options": each}, "options", MAX_OPTION_CHARACTERS) for each in listed)
    if len(options) < _FEWEST_OPTIONS or len(set(options)) < len(options):
        raise Malformed(f"options holds fewer than {_FEWEST_OPTIONS}, or the same twice.")
    question = _line(given, "question", MAX_QUESTION_CHARACTERS)
    return Poll(question, options, "multiple" in given and fields.boolean(given, "multiple"))


def _line(given: Fields, name: str, limit: int) -> str:
    line = clean_line(fields.text(given, name), limit=limit, what=name)
    if not line:
        raise Malformed(f"{name} is empty.")
    return line


def _chosen(given: Fields) -> tuple[int, ...]:
    listed = given.get("options")
    if not isinstance(listed, list) or len(listed) > MAX_POLL_OPTIONS:
        raise Malformed(f"options is not a list of at most {MAX_POLL_OPTIONS} numbers.")
    return tuple(sorted({fields.integer({"options": each}, "options", 0, MAX_POLL_OPTIONS - 1) for each in listed}))
