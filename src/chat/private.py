"""Private channels and direct conversations: making them, and who is in them."""

import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from chat.audience import Audience
from chat.changes import Author, Event, Outcome, Request, ack
from chat.directory import MEMBER, Channel, Directory
from chat.lane_frames import gone, got
from chat.lane_loading import Lanes
from chat.lanes import DIRECT, PRIVATE, Lane, Membership
from chat.ledger import Ledger
from encoding import b64url
from errors import Forbidden, LimitReached
from limits import ID_BYTES, MAX_DIRECT, MAX_LANE_MEMBERS, MAX_PRIVATE_CHANNELS
from sealing.keyring import Keyring, Sealed
from storage.lanes import LaneMemberRow, LaneRow
from storage.store import Store
from wire.changes import CreateChannel
from wire.lanes import ALL, NONE, AddMembers, LeaveChannel, OpenDirect, PartMember, SetKeeper

_DIRECT_KEY = "direct conversations"


class Private:
    """Makes lanes, and lets people in and out."""

    def __init__(
        self,
        store: Store,
        keyring: Keyring,
        directory: Directory,
        audience: Audience,
        lanes: Lanes,
        ledger: Ledger,
    ) -> None:
        self._store = store
        self._keyring = keyring
        self._directory = directory
        self._audience = audience
        self._lanes = lanes
        self._ledger = ledger
        self._direct_key: bytes | None = None

    # --- making them ---

    async def create(self, request: Request, frame: CreateChannel, *, now_ms: int) -> Outcome:
        """Make a private channel with its first members; its maker keeps it. Costs one row, and two for each member."""
        channel, members = self.drafted(request, frame, now_ms=now_ms)
        lane = await self._make(channel, members, now_ms)
        return Outcome([ack(frame.ref, 0, channel=lane.id)], self.shown(lane))

    def drafted(
        self, request: Request, frame: CreateChannel, *, instead_of: str | None = None, now_ms: int
    ) -> tuple[Channel, dict[str, Membership]]:
        """A private channel that may be made, with its first members.

        Args:
            instead_of: the channel whose name it takes over.
        """
        author = request.author
        self._check_may_come([author.member, *frame.members])
        if self._store.lanes.made_by(author.member) >= MAX_PRIVATE_CHANNELS:
            raise LimitReached(f"A member makes at most {MAX_PRIVATE_CHANNELS} private channels.")
        self._audience.require_new_name(author.member, frame.name, kind=PRIVATE, other_than=instead_of)
        people = list(dict.fromkeys([author.member, *frame.members]))
        if len(people) > MAX_LANE_MEMBERS:
            raise LimitReached(f"A private channel has at most {MAX_LANE_MEMBERS} members.")
        members = {each: Membership(leads=each == author.member, place=place) for place, each in enumerate(people)}
        return Channel(request.fresh_id, frame.name, frame.topic, author.member, now_ms, kind=PRIVATE), members

    def shown(self, lane: Lane) -> list[Event]:
        """The frames about a new private channel for those who see it."""
        return got(lane, self._directory, self._with_readers(lane.members))

    async def open_direct(self, author: Author, frame: OpenDirect, *, now_ms: int) -> Outcome:
        """Open the conversation with these people; the same one, whoever of them does. Costs five rows once for two."""
        people = sorted({author.member, *frame.members})
        self._check_secured(people)
        if not self._audience.may_talk(people):
            raise Forbidden("This chat does not want such conversations.")
        lane_id = await self._direct_id(people)
        await self._lanes.load([lane_id])  # by its id, as it may exist for nobody who is here
        lane = self._directory.lanes.get(lane_id)
        missing = [] if lane is None else [each for each in people if each not in lane.members]
        answer = ack(frame.ref, 0 if lane is None else lane.seq, channel=lane_id)
        is_known = lane is not None and author.member in lane.audience
        if is_known and not missing:
            return Outcome([answer])
        if not is_known and self._opened_by(author.member) >= MAX_DIRECT:
            raise LimitReached(f"A member opens at most {MAX_DIRECT} conversations.")
        if lane is None:
            members = {each: Membership(leads=each == author.member, place=place) for place, each in enumerate(people)}
            # Made by the first of all: who opened it before the first message is nobody else's business.
            lane = await self._make(Channel(lane_id, "", "", people[0], now_ms, kind=DIRECT), members, now_ms)
        elif self._directory.hidden[lane_id].deleted_at is not None:
            raise LimitReached("This conversation is being removed. Please try again in a minute.")
        elif missing and lane.seq:  # they lost it with their name, and see what is said from now on
            return await self._enter(frame.ref, lane, author, missing, NONE, now_ms)
        else:
            self._open_again(lane, author.member, missing)
        return Outcome([answer], got(lane, self._directory, self._with_readers([author.member])))

    def _open_again(self, lane: Lane, member: str, missing: Sequence[str]) -> None:
        """Open a conversation in which nothing was said, for one more of its people; `missing` belong to it again."""
        place = lane.next_place()
        members = {each: Membership(place=place + number) for number, each in enumerate(missing)}
        members[member] = members.get(member, lane.members.get(member, Membership()))._replace(leads=True)
        self._store.lanes.put_members([_row(lane.id, each, membership) for each, membership in members.items()])
        for each, membership in members.items():
            self._directory.enter(lane, each, membership)

    async def _make(self, channel: Channel, members: dict[str, Membership], now_ms: int) -> Lane:
        (sealed,) = await self._keyring.seal([(channel.plaintext(), channel.header())], now_ms=now_ms)
        self._store.transaction(lambda: self.store(channel, members, sealed))
        return self.known(channel, members)

    def store(self, channel: Channel, members: Mapping[str, Membership], sealed: Sealed) -> None:
        """Store a new lane, in a transaction."""
        self._store.lanes.put(LaneRow(channel.kind, channel.row(sealed)))
        self._store.lanes.put_members(_row(channel.id, member, each) for member, each in members.items())

    def known(self, channel: Channel, members: dict[str, Membership]) -> Lane:
        """Know a lane that is stored now."""
        lane = Lane(channel.id, channel.kind, members=members)
        self._lanes.note_made()
        self._directory.put_lane(lane, channel)
        return lane

    def _with_readers(self, members: Iterable[str]) -> set[str]:
        """These members, and the admins who read along and have to hear of a new lane."""
        return {*members, *self._audience.supervisors()}

    async def _direct_id(self, people: Sequence[str]) -> str:
        if self._direct_key is None:
            self._direct_key = await self._keyring.derive(_DIRECT_KEY)
        return b64url(hmac.digest(self._direct_key, " ".join(people).encode(), "sha256")[:ID_BYTES])

    def _opened_by(self, member: str) -> int:
        lanes = self._directory.lanes_of.get(member, {}).values()
        return sum(lane.kind == DIRECT and lane.members[member].leads for lane in lanes)

    # --- who is in a private channel ---

    async def add(self, author: Author, frame: AddMembers, *, now_ms: int) -> Outcome:
        """Add people, with the past or from now on. Costs one row, and two for each of them."""
        lane = self._kept(frame.id, author)
        added = [member for member in frame.members if member not in lane.members]
        self._check_may_come(frame.members)
        if not added:
            return Outcome([ack(frame.ref, lane.seq, channel=lane.id)])
        if len(self._directory.shown_members(lane)) + len(added) > MAX_LANE_MEMBERS:
            raise LimitReached(f"A private channel has at most {MAX_LANE_MEMBERS} members.")
        return await self._enter(frame.ref, lane, author, added, frame.history, now_ms)

    async def _enter(
        self, ref: str | None, lane: Lane, author: Author, added: Sequence[str], history: str, now_ms: int
    ) -> Outcome:
        seq, place = lane.seq + 1, lane.next_place()
        since = lane.since(author.member) if history == ALL else seq  # nobody shows what is hidden from themselves
        members = {member: Membership(since, seq, place=place + number) for number, member in enumerate(added)}
        event = self._members_event(lane, author, added=added) | {"history": history}

        def write(*_: object) -> None:
            for member in members:  # an admin who read along may have left rows, which say how much was here
                self._store.leave_lane(member, lane.id)
            self._store.lanes.put_members([_row(lane.id, member, each) for member, each in members.items()])

        outcome = await self._ledger.enter(ref, event, author, now_ms=now_ms, names=lane.id, write=write)
        for member, membership in members.items():
            self._directory.enter(lane, member, membership)
        outcome.events += got(lane, self._directory, added)
        return outcome

    async def remove(self, author: Author, frame: PartMember, *, now_ms: int) -> Outcome:
        """Take somebody out; a repetition changes nothing."""
        lane = self._kept(frame.id, author)
        if frame.member not in lane.members:
            return Outcome([ack(frame.ref, lane.seq, channel=lane.id)])
        return await self.part(frame.ref, lane, author, frame.member, now_ms=now_ms)

    async def leave(self, author: Author, frame: LeaveChannel, *, now_ms: int) -> Outcome:
        """Leave a private channel."""
        return await self.part(frame.ref, self._private(frame.id, author), author, author.member, now_ms=now_ms)

    async def part(self, ref: str | None, lane: Lane, author: Author, member: str, *, now_ms: int) -> Outcome:
        """End somebody's membership; a private channel that nobody is left in is deleted."""
        event = self._members_event(lane, author, removed=[member])
        channel = self._directory.hidden[lane.id]
        bots: list[str] = []
        if lane.kind == PRIVATE and not set(self._directory.people(lane)) - {member}:
            channel = replace(channel, deleted_at=now_ms)
            bots = [each for each in self._directory.shown_members(lane) if each != member]

        def write(_: int, sealed: Sequence[Sealed]) -> None:
            self._store.leave_lane(member, lane.id)
            if sealed:
                self._store.lanes.put(LaneRow(lane.kind, channel.row(sealed[0]), lane.forgotten_seq))

        seal = [] if channel.deleted_at is None else [(channel.plaintext(), channel.header())]
        recount = {member} if self._store.activity.has(member, lane.id) else set[str]()
        outcome = await self._ledger.enter(ref, event, author, now_ms=now_ms, names=lane.id, seal=seal, write=write)
        self._directory.leave(lane, member)
        self._directory.put(channel)
        outcome.recount, outcome.hidden_clean_up_is_due = recount, channel.deleted_at is not None
        outcome.events.append(gone(lane, [member, *bots]))
        return outcome

    async def end_of(self, member: str, *, now_ms: int) -> list[Event]:
        """End all memberships of somebody; only being added again gives one back, and then without the past."""
        room, events = Author("", MEMBER), list[Event]()
        for lane in list(self._directory.lanes_of.get(member, {}).values()):
            if lane.kind == DIRECT and not lane.seq:
                events += self._part_unheard(lane, member)
            elif self._directory.hidden[lane.id].deleted_at is None:
                events += (await self.part(None, lane, room, member, now_ms=now_ms)).events
        return events

    def _part_unheard(self, lane: Lane, member: str) -> list[Event]:
        """Take somebody out of a conversation in which nothing was said: the others do not know that it was opened."""
        told = [gone(lane, [member])] if member in lane.audience else []
        self._store.transaction(lambda: self._store.leave_lane(member, lane.id))
        self._directory.leave(lane, member)
        return told

    async def set_keeper(self, author: Author, frame: SetKeeper, *, now_ms: int) -> Outcome:
        """Make a member a keeper, or no longer."""
        lane = self._kept(frame.id, author)
        if self._directory.member(frame.member).is_bot:
            raise Forbidden("A bot keeps no channel.")
        membership = lane.members.get(frame.member)
        if membership is None:
            raise Forbidden("Only somebody who is in the channel can keep it.")
        if membership.leads == frame.on:
            return Outcome([ack(frame.ref, lane.seq, channel=lane.id)])
        changed = membership._replace(leads=frame.on)
        shown = self._directory.public(self._directory.hidden[lane.id])
        shown["keepers"] = self._directory.keepers(replace(lane, members={**lane.members, frame.member: changed}))
        outcome = await self._ledger.enter(
            frame.ref,
            {"kind": "channel", "channel": shown, "by": author.member},
            author,
            now_ms=now_ms,
            names=lane.id,
            write=lambda *_: self._store.lanes.put_members([_row(lane.id, frame.member, changed)]),
        )
        lane.put(frame.member, changed)
        return outcome

    def _members_event(
        self, lane: Lane, author: Author, *, added: Iterable[str] = (), removed: Iterable[str] = ()
    ) -> dict[str, Any]:
        return {
            "kind": "members",
            "channel": lane.id,
            "added": list(added),
            "removed": list(removed),
            "by": author.member,
        }

    # --- who may ---

    def _private(self, channel_id: str, author: Author) -> Lane:
        """A private channel that the member sees."""
        self._audience.channel(author.member, channel_id)
        lane = self._directory.lane(channel_id)
        if lane.kind != PRIVATE:
            raise Forbidden("Only a private channel has members that come and go.")
        if author.member not in lane.members:
            raise Forbidden("You only read along here.")
        return lane

    def _kept(self, channel_id: str, author: Author) -> Lane:
        """The one door to the members of a private channel: its keepers may change who they are."""
        lane = self._private(channel_id, author)
        if author.member not in self._directory.keepers(lane):
            raise Forbidden("Only a keeper of the channel may do this.")
        return lane

    def _check_may_come(self, members: Collection[str]) -> None:
        """Refuse those who cannot be in a private channel: bots can, hooks and people without a secured name cannot."""
        for member in members:
            if self._directory.member(member).is_bot and member not in self._directory.programs:
                raise Forbidden("A hook posts only where everybody sees it.")
        self._check_secured(member for member in members if member not in self._directory.programs)

    def _check_secured(self, members: Iterable[str]) -> None:
        """Refuse people who are not here, or whose name somebody else could take."""
        for member in members:
            known = self._directory.member(member)
            if known.is_bot:
                raise Forbidden("A bot is in no conversation.")
            if not known.secured:
                raise Forbidden("This takes a name that is secured, by a recovery code or a passkey, of everybody.")


def _row(lane: str, member: str, each: Membership) -> LaneMemberRow:
    return LaneMemberRow(member, lane, each.place, each.since_seq, each.added_seq, each.leads)
