"""Loads lanes from their tables when somebody needs them: a room that wakes pays for none of which nobody is there.

A member's lanes are known before their first frame or request is answered, and stay known until the object sleeps.
"""

import asyncio
from collections.abc import Sequence

from chat.directory import ADMIN, Directory
from chat.directory_loading import bare_channel, named, placed
from chat.lanes import Lane, Membership
from sealing.keyring import Keyring
from storage.lanes import LaneMemberRow, LaneRow
from storage.store import Store


class Lanes:
    """The lanes of one room that are in memory."""

    def __init__(self, store: Store, keyring: Keyring, directory: Directory, *, exist: bool, supervised: bool) -> None:
        """`exist`: whether there are any, so that a room without them never looks again."""
        self._store = store
        self._keyring = keyring
        self._directory = directory
        self._exist = exist
        self._supervised = supervised
        self._known: set[str] = set()  # the members whose lanes are in the directory
        self._all_known = False
        self._turn = asyncio.Lock()

    def knows(self, member: str) -> bool:
        """Whether all lanes of a member are in the directory."""
        if not self._exist or self._all_known:
            return True
        return member in self._known and not self._reads_all(member)

    def _reads_all(self, member: str) -> bool:
        """Whether a member reads along in all lanes; they may have become an admin since they came."""
        known = self._directory.members.get(member) if self._supervised else None
        return known is not None and known.role == ADMIN

    def unseen_up_to(self, lane_id: str) -> int:
        """Up to which `seq` of a lane nobody is given anything any more: all who were are gone, or lost it."""
        lane = self._directory.lanes.get(lane_id)
        if lane is None or self._supervised:
            return 0
        present = [each for member, each in lane.members.items() if self._directory.has_member(member)]
        return min((each.since_seq for each in present), default=0)

    def note_made(self) -> None:
        """There are lanes from now on; those of before are all in the directory."""
        if not self._exist:
            self._exist = self._all_known = True

    async def know(self, member: str) -> None:
        """Have all lanes of a member in the directory."""
        if not self.knows(member):
            if self._reads_all(member):
                await self.know_all()
            else:
                await self.load(self._store.lanes.of(member))
            self._known.add(member)

    async def know_all(self) -> None:
        """Have all lanes of the room in the directory, for the clean-up."""
        if self._exist and not self._all_known:
            await self.load(self._store.lanes.all())
            self._all_known = True

    async def load(self, lanes: Sequence[str]) -> None:
        """Have these lanes in the directory, as far as they exist; reads a few rows for each."""
        async with self._turn:
            missing = [lane for lane in lanes if lane not in self._directory.lanes]
            if missing:
                await self._load(missing)

    async def _load(self, missing: Sequence[str]) -> None:
        store = self._store
        rows = store.lanes.read(missing)
        bare = [bare_channel(row.channel, row.kind) for row in rows]
        opened = await self._keyring.open(
            [(row.channel.sealed, channel.header()) for row, channel in zip(rows, bare, strict=True)]
        )
        # What follows is read after the last wait, so that nothing of it is out of date when it is kept.
        newest, changes = store.positions.newest_of(missing), store.changes.newest_of(missing)
        members: dict[str, list[LaneMemberRow]] = {}
        for each in store.lanes.members(missing):
            members.setdefault(each.channel, []).append(each)
        for row, channel, plaintext in zip(rows, bare, opened, strict=True):
            place = placed(named(channel, plaintext), newest.get(channel.id))
            lane = _lane(row, members.get(channel.id, ()), max(place.last_seq, changes[channel.id]))
            self._directory.put_lane(lane, place)


def _lane(row: LaneRow, members: Sequence[LaneMemberRow], seq: int) -> Lane:
    memberships = {each.member: Membership(each.since_seq, each.added_seq, each.leads, each.place) for each in members}
    return Lane(row.channel.id, row.kind, max(seq, row.forgotten_seq), row.forgotten_seq, memberships)
