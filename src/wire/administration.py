"""The frames by which admins look after a room. docs/protocol.md, "Socket", describes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from errors import Malformed
from wire import fields
from wire.fields import Fields

ADMIN, MEMBER = "admin", "member"
"""The roles that an admin may give."""


@dataclass(frozen=True, slots=True)
class ListBans:
    """An admin asks who is banned."""

    ref: str | None

    @classmethod
    def _read(cls, given: Fields) -> "ListBans":
        return cls(fields.ref(given))


@dataclass(frozen=True, slots=True)
class LiftBan:
    """An admin lets a banned member in again."""

    ref: str | None
    id: str

    @classmethod
    def _read(cls, given: Fields) -> "LiftBan":
        return cls(fields.ref(given), fields.identifier(given, "id"))


@dataclass(frozen=True, slots=True)
class SetRole:
    """An admin makes a member an admin, or takes that back."""

    ref: str | None
    id: str
    role: str

    @property
    def is_admin(self) -> bool:
        """Whether the member is to be an admin."""
        return self.role == ADMIN

    @classmethod
    def _read(cls, given: Fields) -> "SetRole":
        role = given.get("role")
        if role not in (ADMIN, MEMBER):
            raise Malformed("role is not admin or member.")
        return cls(fields.ref(given), fields.identifier(given, "id"), role)


@dataclass(frozen=True, slots=True)
class ListActs:
    """An admin asks what admins have done, newest first; before a time, if it is named."""

    ref: str | None
    before: int | None

    @classmethod
    def _read(cls, given: Fields) -> "ListActs":
        return cls(fields.ref(given), fields.seq_or_none(given, "before"))


@dataclass(frozen=True, slots=True)
class ShowOverview:
    """An admin asks who is here and what the room takes; members after one of them, if it is named."""

    ref: str | None
    after_member: str | None

    @classmethod
    def _read(cls, given: Fields) -> "ShowOverview":
        return cls(fields.ref(given), fields.identifier_or_none(given, "after_member"))


AdminQuestion = ListBans | LiftBan | SetRole | ListActs | ShowOverview

ADMIN_QUESTIONS: Mapping[str, Callable[[Fields], AdminQuestion]] = {
    "bans": ListBans._read,
    "ban.lift": LiftBan._read,
    "member.role": SetRole._read,
    "audit": ListActs._read,
    "overview": ShowOverview._read,
}
"""The function that reads the frames of each `type`."""
