"""The members as a `welcome` lists them. Everybody gets the same list, so it is kept and not made anew for each.

When five hundred people come back at once, making it for each of them would cost more than all the rest of a welcome.
"""

from chat.directory import Directory, Member
from chat.presence import Presence
from encoding import compact_json


class Roster:
    """JSON texts of who is in the room and who was; a cache."""

    def __init__(self, directory: Directory, presence: Presence) -> None:
        self._directory = directory
        self._presence = presence
        self._seq = -1  # the room's `seq` when these were made; nothing about a member changes without one
        self._present: dict[str, str] = {}  # by id: a member as JSON
        self._former = ""
        self._online: frozenset[str] = frozenset()  # who is so in `_present`

    def present(self) -> str:
        """The members with `online`, as a JSON array."""
        self._refresh()
        return f"[{','.join(self._present.values())}]"

    def former(self) -> str:
        """Those who left, as a JSON array."""
        self._refresh()
        return self._former

    def _refresh(self) -> None:
        online = self._presence.online()
        if self._seq != self._directory.seq:
            self._seq = self._directory.seq
            members = self._directory.present_members()
            self._present = {member.id: _entry(member, is_online=member.id in online) for member in members}
            former = self._directory.former_members()
            self._former = compact_json([{"id": member.id, "name": member.name} for member in former])
        else:
            for member_id in (online ^ self._online) & self._present.keys():
                member = self._directory.members[member_id]
                self._present[member_id] = _entry(member, is_online=member_id in online)
        self._online = online


def _entry(member: Member, *, is_online: bool) -> str:
    return compact_json({**member.public(), "online": is_online})
