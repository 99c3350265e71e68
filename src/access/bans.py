"""Bans: an admin keeps a former member out, by name (in any spelling that looks the same) and by device.

A ban stops somebody who knows the room's password and tries again. It does not stop somebody who clears the browser and
takes another name; only a changed password does that (docs/security/SECURITY.md).
"""

from typing import Any

from chat.audit import Noted, nothing
from chat.directory import Directory
from chat.naming import check_not_banned
from errors import Banned, NotFound
from storage.store import Store


class Bans:
    """The table of bans. A banned member stays known as a former member until the ban is lifted."""

    def __init__(self, store: Store, directory: Directory) -> None:
        self._store = store
        self._directory = directory

    def check(self, name: str, device: bytes | None) -> None:
        """The one door for bans: every login that proved the room's password passes it; an admin's login does not.

        Args:
            name: the name that the login asks for; "" if it proves in another way who it is.
            device: the digest of the token in the browser's cookie, whichever session that belonged to.
        Raises:
            Banned: this name or this device is banned.
        """
        if device is not None and self._store.bans.has_device(device):
            raise Banned()
        if name:
            check_not_banned(name, self._directory, self._store)

    def listed(self) -> list[dict[str, Any]]:
        """The banned members, newest ban first, as docs/protocol.md shows them."""
        bans = sorted(self._known(), key=lambda ban: -ban[1])
        return [{"id": member, "name": self._directory.members[member].name, "at": at} for member, at in bans]

    def lift(self, member: str, noted: Noted = nothing) -> None:
        """Let the name and the devices of a banned member in again, as a new member.

        Args:
            noted: is stored together with it.
        Raises:
            NotFound: no member with this id is banned.
        """
        if not any(member == banned for banned, _ in self._known()):
            raise NotFound("There is no such ban.")

        def write() -> None:
            self._store.bans.lift(member)
            noted()

        self._store.transaction(write)

    def _known(self) -> list[tuple[str, int]]:
        return [(member, at) for member, at in self._store.bans.all() if member in self._directory.members]
