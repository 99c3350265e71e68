"""Whom an admin has banned: a former member whose name, in whatever spelling, and whose devices stay outside.

It keeps out somebody who knows the room's password and tries again. Who clears the browser and takes another name gets
back in: only a changed password keeps out everybody who should not know it (docs/security/SECURITY.md).
"""

from typing import Any

from chat.directory import Directory
from errors import Banned, NotFound
from storage.store import Store


class Bans:
    """The table of bans; a banned member stays known as a former one until the ban is lifted."""

    def __init__(self, store: Store, directory: Directory) -> None:
        self._store = store
        self._directory = directory

    def check(self, name: str, device: bytes | None) -> None:
        """The one door for bans: asked of everybody who proves the room's password, and of no admin.

        Args:
            name: what somebody wants to be called.
            device: the digest of the token in the browser's cookie, of whatever session it was.
        Raises:
            Banned: this name or this device is banned.
        """
        if device is not None and self._store.is_banned_device(device):
            raise Banned()
        banned = [self._directory.members[member] for member, _ in self._known()]
        if banned and self._directory.likeness.of_people(name, banned) is not None:
            raise Banned()

    def listed(self) -> list[dict[str, Any]]:
        """Who is banned, newest first, as docs/protocol.md shows it."""
        bans = sorted(self._known(), key=lambda ban: -ban[1])
        return [{"id": member, "name": self._directory.members[member].name, "at": at} for member, at in bans]

    def lift(self, member: str) -> None:
        """Let the name and the devices of a banned member in again, as a new member.

        Raises:
            NotFound: nobody with this id is banned.
        """
        if not any(member == banned for banned, _ in self._known()):
            raise NotFound("There is no such ban.")
        self._store.lift_ban(member)

    def _known(self) -> list[tuple[str, int]]:
        return [(member, at) for member, at in self._store.bans() if member in self._directory.members]
