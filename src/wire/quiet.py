"""The frame in which a member says when they are not to be disturbed. docs/protocol.md, "Quiet", describes it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from errors import Malformed
from limits import MAX_QUIET_MINUTES, MAX_ZONE_CHARACTERS
from wire import fields
from wire.fields import Fields

LAST_MINUTE = 24 * 60 - 1
DAYS = range(1, 8)
"""Of the week; Monday is 1."""
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*")


@dataclass(frozen=True, slots=True)
class Hours:
    """Regular quiet hours by the clocks of a time zone: from one minute of the day to another.

    They begin on each of `days`. If they do not end later on the same day, they end on the next one.
    """

    begin: int
    end: int
    days: tuple[int, ...]
    zone: str

    def public(self) -> dict[str, Any]:
        """The hours as frames have them."""
        return {"from": self.begin, "to": self.end, "days": list(self.days), "zone": self.zone}

    @classmethod
    def read(cls, given: Fields) -> "Hours":
        """The hours in a part of a frame.

        Raises:
            Malformed: they are no hours; whether there is such a time zone is for the room to say.
        """
        zone = fields.text(given, "zone")
        if len(zone) > MAX_ZONE_CHARACTERS or not _ZONE.fullmatch(zone):
            raise Malformed("zone is not the name of a time zone.")
        begin, end = (fields.integer(given, name, 0, LAST_MINUTE) for name in ("from", "to"))
        return cls(begin, end, _days(given), zone)


@dataclass(frozen=True, slots=True)
class SetQuiet:
    """When the member is not to be disturbed; fields that `changes` lacks stay.

    `minutes` is for how long from now, 0 ends that; `hours` None are no regular ones.
    """

    ref: str | None
    changes: Mapping[str, Any]

    @classmethod
    def _read(cls, given: Fields) -> "SetQuiet":
        changes: dict[str, Any] = {}
        if given.get("minutes") is not None:
            changes["minutes"] = fields.integer(given, "minutes", 0, MAX_QUIET_MINUTES)
        if "hours" in given:
            changes["hours"] = _hours(given)
        return cls(fields.ref(given), changes)


def _hours(given: Fields) -> Hours | None:
    hours = given["hours"]
    if hours is None:
        return None
    if not isinstance(hours, dict):
        raise Malformed("hours is not an object.")
    try:
        return Hours.read(hours)
    except Malformed as refusal:
        raise Malformed(f"hours: {refusal.detail}") from None


def _days(given: Fields) -> tuple[int, ...]:
    days = given.get("days")
    if not isinstance(days, list) or not 0 < len(days) <= len(DAYS):
        raise Malformed("days is not a list of one to seven days.")
    return tuple(sorted({fields.integer({"days": day}, "days", DAYS[0], DAYS[-1]) for day in days}))


QUIET_QUESTIONS: Mapping[str, Callable[[Fields], SetQuiet]] = {"quiet": SetQuiet._read}
"""The function that reads it."""
