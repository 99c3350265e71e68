"""Who comes into the room, and the list of members in a `welcome`.

Everybody gets the same list, so it is kept instead of made for each.
If five hundred people come back at once, making it for each of them would cost more than the rest of the welcomes.
"""

from collections import Counter

from chat.directory import Directory, Member
from chat.presence import Presence
from encoding import compact_json

HUES = 12


def newcomer(
    directory: Directory, member_id: str, name: str, role: str, now_ms: int, *, created_by: str = ""
) -> Member:
    """A new member, not yet in the room. Theirs is the first of the colours that fewest present members have."""
    uses = Counter(member.hue for member in directory.present_members())
    hue = min(range(HUES), key=lambda each: uses[each])
    return Member(member_id, name, role, now_ms, created_by=created_by, hue=hue, joined_at=now_ms)


class Roster:
    """JSON texts of the present and the former members; a cache."""

    def __init__(self, directory: Directory, presence: Presence) -> None:
        self._directory = directory
        self._presence = presence
        self._made_at = -1, 0  # the room's `seq`, and how many statuses had ended, when these were made
        self._present: dict[str, str] = {}  # each present member as JSON, by id
        self._former = ""
        self._online: frozenset[str] = frozenset()  # the members who are online in `_present`

    def present(self) -> str:
        """The present members with `online`, as a JSON array."""
        self._refresh()
        return f"[{','.join(self._present.values())}]"

    def former(self) -> str:
        """The former members, as a JSON array."""
        self._refresh()
        return self._former

    def _refresh(self) -> None:
        online = self._presence.online()
        if self._made_at != (now := (self._directory.seq, self._directory.ended)):
            self._made_at = now
            members = self._directory.present_members()
            self._present = {member.id: _entry(member, is_online=member.id in online) for member in members}
            former = self._directory.former_members()
            self._former = compact_json([_former_entry(member) for member in former])
        else:
            for member_id in (online ^ self._online) & self._present.keys():
                member = self._directory.members[member_id]
                self._present[member_id] = _entry(member, is_online=member_id in online)
        self._online = online


def _entry(member: Member, *, is_online: bool) -> str:
    return compact_json({**member.public(), "online": is_online})


def _former_entry(member: Member) -> dict[str, str]:
    shown = {"id": member.id, "name": member.name}
    return {**shown, "role": member.role} if member.is_bot else shown
