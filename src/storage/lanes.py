"""Private channels and direct conversations, and who is in them. Their messages stand with all others."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.channels import ChannelRow, channel_of_row
from storage.database import Row, Table


@dataclass(frozen=True, slots=True)
class LaneRow:
    """A private channel or a direct conversation as stored. Changes up to `forgotten_seq` are not stored any more."""

    kind: str
    channel: ChannelRow
    forgotten_seq: int = 0


@dataclass(frozen=True, slots=True)
class LaneMemberRow:
    """One member of a lane; see `chat.lanes.Membership`."""

    member: str
    channel: str
    place: int
    since_seq: int
    added_seq: int
    leads: bool


class LaneTables(Table):
    """The lanes and their members."""

    def any(self) -> bool:
        """Whether there are any; reads one row at most."""
        return bool(self._run("SELECT 1 FROM lanes LIMIT 1"))

    def all(self) -> list[str]:
        """The ids of all lanes, deleted ones that still hold messages too."""
        return [lane for (lane,) in self._run("SELECT id FROM lanes ORDER BY created_at, id")]

    def of(self, member: str) -> list[str]:
        """The lanes of a member; reads one row for each."""
        return [lane for (lane,) in self._run("SELECT channel FROM lane_members WHERE member = ?", member)]

    def made_by(self, member: str) -> int:
        """How many private channels a member has made, also those that they left; reads a row of every lane."""
        found = self._run(
            "SELECT count(*) FROM lanes WHERE created_by = ? AND kind = 'private' AND deleted_at IS NULL", member
        )
        return int(found[0][0])

    def read(self, lanes: Sequence[str]) -> list[LaneRow]:
        """These lanes, as far as they exist, oldest first."""
        found = self._run(
            "SELECT kind, forgotten_seq, id, created_by, created_at, archived, retention_days, purged_seq,"
            " purged_position, deleted_at, epoch, sealed, imported_seq, imported_position FROM lanes"
            " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY created_at, id",
            json.dumps(list(lanes)),
        )
        return [_lane(row) for row in found]

    def members(self, lanes: Sequence[str]) -> list[LaneMemberRow]:
        """The members of these lanes, those first who came first."""
        found = self._run(
            "SELECT member, channel, place, since_seq, added_seq, leads FROM lane_members"
            " WHERE channel IN (SELECT value FROM json_each(?)) ORDER BY place, member",
            json.dumps(list(lanes)),
        )
        return [
            LaneMemberRow(member, channel, place, since_seq, added_seq, bool(leads))
            for member, channel, place, since_seq, added_seq, leads in found
        ]

    def put(self, row: LaneRow) -> None:
        """Store a lane, new or changed."""
        channel = row.channel
        self._run(
            "INSERT OR REPLACE INTO lanes (id, kind, created_by, created_at, archived, retention_days, purged_seq,"
            " purged_position, forgotten_seq, deleted_at, epoch, sealed, imported_seq, imported_position)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            channel.id,
            row.kind,
            channel.created_by,
            channel.created_at,
            int(channel.archived),
            channel.retention_days,
            channel.purged_seq,
            channel.purged_position,
            row.forgotten_seq,
            channel.deleted_at,
            channel.sealed.epoch,
            channel.sealed.data,
            channel.imported_seq,
            channel.imported_position,
        )

    def put_members(self, members: Iterable[LaneMemberRow]) -> None:
        """Store members, new or changed: two rows for a new one."""
        batch = [
            [each.member, each.channel, each.place, each.since_seq, each.added_seq, int(each.leads)] for each in members
        ]
        self._run(
            "INSERT INTO lane_members (member, channel, place, since_seq, added_seq, leads)"
            " SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?)"
            " WHERE true ON CONFLICT DO UPDATE SET leads = excluded.leads",
            json.dumps(batch),
        )

    def part_with(self, member: str) -> None:
        """Remove a member from all private channels; a direct conversation still shows who was in it."""
        self._run(
            "DELETE FROM lane_members WHERE member = ? AND channel IN (SELECT id FROM lanes WHERE kind = 'private')",
            member,
        )

    def set_deleted(self, lane: str, deleted_at: int) -> None:
        """Delete a lane."""
        self._run("UPDATE lanes SET deleted_at = ? WHERE id = ?", deleted_at, lane)

    def set_purged(self, lane: str, seq: int, position: int) -> None:
        """Remember up to where a lane's messages were removed."""
        self._run("UPDATE lanes SET purged_seq = ?, purged_position = ? WHERE id = ?", seq, position, lane)

    def set_forgotten(self, lane: str, seq: int) -> None:
        """Remember up to where a lane's changes were removed."""
        self._run("UPDATE lanes SET forgotten_seq = ? WHERE id = ?", seq, lane)


def _lane(row: Row) -> LaneRow:
    kind, forgotten_seq, *channel = row
    return LaneRow(kind, channel_of_row(channel), forgotten_seq)
