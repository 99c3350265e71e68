"""The frames by which members ask about each other. docs/protocol.md, "Socket", describes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wire import fields
from wire.fields import Fields


@dataclass(frozen=True, slots=True)
class ShowPerson:
    """The member opens somebody's card: since when are they here, and when were they seen last?"""

    ref: str | None
    id: str

    @classmethod
    def _read(cls, given: Fields) -> "ShowPerson":
        return cls(fields.ref(given), fields.identifier(given, "id"))


@dataclass(frozen=True, slots=True)
class ListComings:
    """Who came into the room and who is no longer a member, newest first; before a time, if it is named."""

    ref: str | None
    before: int | None

    @classmethod
    def _read(cls, given: Fields) -> "ListComings":
        return cls(fields.ref(given), fields.seq_or_none(given, "before"))


PeopleQuestion = ShowPerson | ListComings

PEOPLE_QUESTIONS: Mapping[str, Callable[[Fields], PeopleQuestion]] = {
    "comings": ListComings._read,
    "person": ShowPerson._read,
}
"""The function that reads the frames of each `type`."""
