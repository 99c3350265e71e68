"""Clean-up: what is removed and when, in bounded batches, and which events announce it.

The room's alarm runs it. Rows are removed first, then the data keys that no row needs any more. Deleting the key makes
the removal final, even for a copy of the database that is made later.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from access.sessions import Sessions, is_over, over_at
from access.standing import Standing
from access.vacancies import Vacancies
from chat.changes import Event
from chat.conversation import Conversation
from chat.directory import ADMIN, Channel, Directory, Member
from chat.keeping import days_kept, room_days
from chat.lane_loading import Lanes
from chat.lanes import OPEN, Lane
from chat.profiles import drop_ended
from chat.renaming import forget_former_names
from files.removal import Removal
from limits import (
    CHANGES_KEPT_MS,
    CLEAN_UP_EVERY_MS,
    DAY_MS,
    LOGIN_FAILURE_WINDOW_MS,
    MEMBER_IDLE_MS,
    PURGE_BATCH_ROWS,
    PURGE_PAUSE_MS,
    ROOM_ATTACK_WINDOW_MS,
)
from search.indexes import Indexes
from storage.positions import Place
from storage.sessions import Session
from storage.store import Store
from upkeep.resealing import OldKeys

DROP_SILENT = "drop_silent"
"""A changed password sets this fact, and the clean-up then removes the members who have nothing in the room."""


@dataclass(slots=True)
class Cleaned:
    """The result of a run: events to announce, sessions whose sockets must close, and whether there is more to do.

    What is left of lanes and keys counts apart: when the clean-up goes on is told to admins.
    """

    events: list[Event] = field(default_factory=list)
    ended: list[Session] = field(default_factory=list)
    removed_members: list[str] = field(default_factory=list)
    recount: set[str] = field(default_factory=set)
    """Members for whom less may be new since messages are gone."""
    more_open: bool = False
    more_hidden: bool = False
    role_ends_at: int | None = None
    """When the first admin's session runs out that is left: with the last one its member has the role no longer."""

    @property
    def more(self) -> bool:
        """Whether there is more to do."""
        return self.more_open or self.more_hidden

    def next_at(self, noted_at: int, now_ms: int) -> int:
        """The time in ms of the next run: the usual one, or `noted_at` if somebody asked meanwhile for a sooner one.

        Sooner, too, if an admin's session runs out before: until then its member may see and do what admins may.
        """
        usual_at = min(noted_at, now_ms + (PURGE_PAUSE_MS if self.more_open else CLEAN_UP_EVERY_MS))
        return usual_at if self.role_ends_at is None else min(usual_at, self.role_ends_at)


class Retention:
    """The room's clean-up."""

    def __init__(
        self,
        store: Store,
        directory: Directory,
        conversation: Conversation,
        sessions: Sessions,
        standing: Standing,
        vacancies: Vacancies,
        old_keys: OldKeys,
        removal: Removal,
        lanes: Lanes,
        indexes: Indexes,
    ) -> None:
        self._store = store
        self._directory = directory
        self._conversation = conversation
        self._sessions = sessions
        self._standing = standing
        self._vacancies = vacancies
        self._old_keys = old_keys
        self._removal = removal
        self._lanes = lanes
        self._indexes = indexes

    def room_days(self) -> int:
        """How many days messages are kept in channels without a setting of their own; 0 keeps them."""
        return room_days(self._directory)

    async def run(self, *, now_ms: int, is_online: Collection[str]) -> Cleaned:
        """Remove one batch of everything whose time is over. Can be repeated: a run that fails midway loses nothing."""
        cleaned = Cleaned()
        await self._end_sessions(cleaned, now_ms)
        self._store.delete_expired(now_ms, now_ms - max(LOGIN_FAILURE_WINDOW_MS, ROOM_ATTACK_WINDOW_MS))
        await self._remove_idle_members(cleaned, now_ms, is_online)
        await self._drop_silent_members(cleaned, now_ms, is_online)
        cleaned.more_open |= await self._purge_all(self._directory.channels, cleaned, now_ms)
        await self._conversation.in_turn(lambda: drop_ended(self._store, self._directory, now_ms=now_ms))
        await self._conversation.in_turn(lambda: forget_former_names(self._store, self._directory, now_ms=now_ms))
        self._forget_changes(cleaned, now_ms)
        await self._conversation.in_turn(lambda: self._removal.give_up_abandoned(now_ms=now_ms))
        if (
            not cleaned.more_open and self._directory.former_members()
        ):  # after the last batch only: it reads all authors
            await self._vacancies.forget_former()
        await self._run_hidden(cleaned, now_ms)
        return cleaned

    async def run_hidden(self, *, now_ms: int) -> Cleaned:
        """As `run`, for lanes and keys alone."""
        cleaned = Cleaned()
        await self._run_hidden(cleaned, now_ms)
        return cleaned

    async def _run_hidden(self, cleaned: Cleaned, now_ms: int) -> None:
        await self._lanes.know_all()
        await self._delete_empty_lanes(now_ms)
        cleaned.more_hidden |= await self._purge_all(self._directory.hidden, cleaned, now_ms)
        for lane in self._directory.lanes.values():
            self._forget_changes_in(lane, now_ms)
        cleaned.more_hidden |= await self._old_keys.forget(now_ms=now_ms)

    # --- messages ---

    async def _purge_all(self, channels: Mapping[str, Channel], cleaned: Cleaned, now_ms: int) -> bool:
        """Remove a batch of old messages of channels; returns whether there are more."""
        left, has_more = PURGE_BATCH_ROWS, False
        for channel in list(channels.values()):
            if left <= 0:
                return True
            count, more = await self._purge(channel, left, cleaned, now_ms)
            left, has_more = left - count, has_more or more
        return has_more

    async def _purge(self, channel: Channel, budget: int, cleaned: Cleaned, now_ms: int) -> tuple[int, bool]:
        """Remove the messages of a channel that are too old or that nobody sees any more, or all of a deleted channel.

        Returns how many rows, and whether there are more.
        """
        before_ms, unseen = self._removed_before(channel, now_ms), self._lanes.unseen_up_to(channel.id)
        oldest = self._store.positions.first(channel.id, budget + 1)
        # Stop at the first young message: if a clock was set back, an older one may stand behind a younger one.
        old = list(takewhile(lambda place: place.sent_at < before_ms or place.seq <= unseen, oldest))[:budget]
        more = len(oldest) > len(old) == budget
        if old:
            count, forget = await self._indexes.removing(channel.id, [place.seq for place in old], now_ms=now_ms)
            more |= count < len(old)
            old = old[:count]
            await self._remove(channel, old, forget, cleaned, now_ms)
        if channel.deleted_at is not None and len(old) == len(oldest):
            self._store.files.give_up_channel(channel.id, now_ms)
            self._store.forget_channel(channel.id)
            self._drop(channel)
        return len(old), more

    def _drop(self, channel: Channel) -> None:
        if channel.kind == OPEN:
            del self._directory.channels[channel.id]
        else:
            self._indexes.forget(channel.id)
            self._directory.drop_lane(channel.id)

    async def _delete_empty_lanes(self, now_ms: int) -> None:
        """Delete the lanes in which nobody is left who is in the room."""
        for lane in self._directory.lanes.values():
            channel = self._directory.hidden[lane.id]
            if channel.deleted_at is None and not any(map(self._directory.has_member, lane.members)):
                self._store.lanes.set_deleted(lane.id, now_ms)
                channel.deleted_at = now_ms

    def _removed_before(self, channel: Channel, now_ms: int) -> float:
        if channel.deleted_at is not None:
            return float("inf")
        days = days_kept(channel, self._directory)
        return now_ms - days * DAY_MS if days else float("-inf")

    async def _remove(
        self, channel: Channel, old: Sequence[Place], forget: Callable[[], None], cleaned: Cleaned, now_ms: int
    ) -> None:
        up_to_seq, up_to_position = old[-1].seq, old[-1].position
        files = [file for place in old for file in place.files]

        def delete() -> None:
            self._store.delete_messages(channel.id, up_to_seq, up_to_position)
            if files:
                self._store.files.give_up(files, now_ms)
            forget()
            present = self._directory.place(channel.id)  # an update may have put a new object here meanwhile
            present.purged_seq, present.purged_position = up_to_seq, up_to_position

        if channel.deleted_at is not None:  # nobody sees this channel any more, so nobody needs the event
            self._store.transaction(delete)
        else:
            event = {
                "kind": "purge",
                "channel": channel.id,
                "up_to_seq": up_to_seq,
                "count": len(old),
                "reason": "retention",
            }
            cleaned.recount |= self._store.activity.members_in(channel.id, up_to_seq)
            cleaned.events.append(
                await self._conversation.record(event, channel=channel.id, now_ms=now_ms, about=up_to_seq, write=delete)
            )

    def _forget_changes(self, cleaned: Cleaned, now_ms: int) -> None:
        def forget() -> int:
            up_to_seq = self._store.changes.purge(now_ms - CHANGES_KEPT_MS, PURGE_BATCH_ROWS)
            if up_to_seq:
                self._store.facts.forget_up_to(up_to_seq)
            return up_to_seq

        if self._store.transaction(forget):
            oldest = self._store.changes.oldest_at()
            cleaned.more_open |= oldest is not None and oldest < now_ms - CHANGES_KEPT_MS

    def _forget_changes_in(self, lane: Lane, now_ms: int) -> None:
        def forget() -> None:
            up_to_seq = self._store.changes.purge_in(lane.id, now_ms - CHANGES_KEPT_MS, PURGE_BATCH_ROWS)
            if up_to_seq:
                lane.forgotten_seq = max(up_to_seq, lane.forgotten_seq)
                self._store.lanes.set_forgotten(lane.id, lane.forgotten_seq)

        self._store.transaction(forget)

    # --- people ---

    async def _end_sessions(self, cleaned: Cleaned, now_ms: int) -> None:
        for session in self._store.sessions.all():
            if is_over(session, now_ms):
                self._store.retire_session(session.member, session.id, is_own=True, at=now_ms)
                cleaned.ended.append(session)
            elif session.role == ADMIN:
                cleaned.role_ends_at = min(over_at(session), cleaned.role_ends_at or over_at(session))
        for member in sorted({session.member for session in cleaned.ended if session.role == ADMIN}):
            if self._directory.has_member(member):
                cleaned.events += await self._standing.settle_role(self._directory.member(member), now_ms=now_ms)

    async def _remove_idle_members(self, cleaned: Cleaned, now_ms: int, is_online: Collection[str]) -> None:
        """Free the names that nobody used for MEMBER_IDLE_MS; their messages stay until their own time is over.

        A member who is secured stays.
        """
        for member in self._directory.present_people():
            idle = not member.secured and now_ms - member.seen_at >= MEMBER_IDLE_MS and member.id not in is_online
            if idle and not self._sessions.live(member.id, now_ms=now_ms):
                await self._remove_member(member, cleaned, now_ms)

    async def _drop_silent_members(self, cleaned: Cleaned, now_ms: int, is_online: Collection[str]) -> None:
        """After a changed password, remove members who have nothing in the room; they may sign in as new ones."""
        if not self._store.facts.get(DROP_SILENT):
            return
        silent = self._vacancies.silent(now_ms=now_ms, is_online=is_online.__contains__)
        for member in silent:
            await self._remove_member(member, cleaned, now_ms)
        if silent:
            cleaned.more_open = True
        else:
            self._store.facts.put(DROP_SILENT, 0)

    async def _remove_member(self, member: Member, cleaned: Cleaned, now_ms: int) -> None:
        removed = await self._vacancies.remove(member, now_ms=now_ms)
        cleaned.events += removed
        cleaned.removed_members += [member.id for _ in removed]
