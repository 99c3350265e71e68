"""When members are not to be disturbed: for a while from now, and at regular hours.

The hours follow the clocks where the member lives. How far these are from UTC is asked of the platform, each time
again, because that changes with daylight saving time while nobody is here.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from encoding import compact_json
from errors import Malformed, Unauthenticated
from sealing.keyring import Keyring, Sealed
from storage.headers import quiet_header
from storage.store import Store
from wire.quiet import DAYS, Hours, SetQuiet

OffsetOf = Callable[[str, int], int | None]
"""How many minutes a time zone is ahead of UTC at a time in ms; None if there is no such zone."""

_MINUTE_MS = 60_000
_DAY_MINUTES = 24 * 60
_FIRST_DAY = 3  # 1 January 1970 was a Thursday, the fourth of DAYS


@dataclass(frozen=True, slots=True)
class Quiet:
    """When one member is not to be disturbed: until a time in ms, and at regular hours."""

    until: int | None = None
    hours: Hours | None = None

    @property
    def is_never(self) -> bool:
        """Whether nothing was said."""
        return self.until is None and self.hours is None

    def public(self) -> dict[str, Any] | None:
        """What frames say of it; None if it is never."""
        if self.is_never:
            return None
        return {"until": self.until, "hours": None if self.hours is None else self.hours.public()}

    def is_now(self, now_ms: int, offset_of: OffsetOf) -> bool:
        """Whether the member is not to be disturbed at a time."""
        if self.until is not None and now_ms < self.until:
            return True
        offset = None if self.hours is None else offset_of(self.hours.zone, now_ms)
        return self.hours is not None and offset is not None and is_within(self.hours, now_ms, offset)


def is_within(hours: Hours, now_ms: int, offset: int) -> bool:
    """Whether a time is within regular hours, `offset` minutes ahead of UTC.

    Of a day with 23 or 25 hours, what the clocks show counts.
    """
    day, minute = divmod(now_ms // _MINUTE_MS + offset, _DAY_MINUTES)
    today, yesterday = (DAYS[(each + _FIRST_DAY) % len(DAYS)] for each in (day, day - 1))
    if hours.begin < hours.end:
        return today in hours.days and hours.begin <= minute < hours.end
    return (today in hours.days and minute >= hours.begin) or (yesterday in hours.days and minute < hours.end)


class Quiets:
    """The quiet of all members, in memory once it was needed."""

    def __init__(self, store: Store, keyring: Keyring, offset_of: OffsetOf) -> None:
        self._store = store
        self._keyring = keyring
        self._offset_of = offset_of
        self._known: dict[str, Quiet] = {}  # rebuilt from storage, of each member once

    async def know(self, members: Iterable[str]) -> None:
        """Read what these members said, if it is not in memory."""
        missing = [member for member in members if member not in self._known]
        if not missing:
            return
        rows = self._store.quiet.of(missing)
        opened = await self._keyring.open([(sealed, quiet_header(member)) for member, sealed in rows]) if rows else []
        found = {member: text for (member, _), text in zip(rows, opened, strict=True)}
        for member in missing:  # what was set while the texts were opened is newer
            self._known.setdefault(member, _read(found.get(member)))

    def of(self, member: str) -> Quiet:
        """What a member said; after `know`."""
        return self._known.get(member) or Quiet()

    def is_quiet(self, member: str, now_ms: int) -> bool:
        """Whether a member is not to be disturbed at a time; after `know`."""
        return self.of(member).is_now(now_ms, self._offset_of)

    async def set(
        self, member: str, frame: SetQuiet, *, is_here: Callable[[str], bool], now_ms: int
    ) -> tuple[Quiet, bool]:
        """Store what a member says.

        Args:
            is_here: whether somebody is a member of the room.
        Returns:
            What holds now, and whether it is new; what is not new is not written again.
        Raises:
            Malformed: there is no such time zone.
            Unauthenticated: the member was removed meanwhile.
        """
        hours: Hours | None = frame.changes.get("hours")
        if hours is not None and self._offset_of(hours.zone, now_ms) is None:
            raise Malformed("hours: zone is not a time zone that is known here.")
        await self.know([member])
        while True:
            former = self.of(member)
            quiet = _changed(former, frame, now_ms)
            if quiet == former:
                return quiet, False
            sealed = await self._seal(member, quiet, now_ms)
            if not is_here(member):
                raise Unauthenticated("Please sign in.")
            if self.of(member) == former:  # another device may have said something else meanwhile
                break
        if sealed is None:
            self._store.quiet.delete(member)
        else:
            self._store.quiet.put(member, sealed)
        self._known[member] = quiet
        return quiet, True

    def forget(self, member: str) -> None:
        """Remove what a member said, for good."""
        self._store.quiet.delete(member)
        self._known[member] = Quiet()

    async def _seal(self, member: str, quiet: Quiet, now_ms: int) -> Sealed | None:
        """The text to store; None if nothing is to be."""
        if quiet.is_never:
            return None
        text = compact_json(quiet.public()).encode()
        return (await self._keyring.seal([(text, quiet_header(member))], now_ms=now_ms))[0]


def _changed(former: Quiet, frame: SetQuiet, now_ms: int) -> Quiet:
    until = former.until if former.until is not None and former.until > now_ms else None
    if (minutes := frame.changes.get("minutes")) is not None:
        until = now_ms + minutes * _MINUTE_MS if minutes else None
    return Quiet(until, frame.changes.get("hours", former.hours))


def _read(plaintext: bytes | None) -> Quiet:
    said = json.loads(plaintext or b"{}")
    hours = said.get("hours")
    return Quiet(said.get("until"), None if hours is None else Hours.read(hours))
