"""The work that a room plans for itself: dead sockets, clean-up and notifications, when the alarm rings or it wakes."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from limits import CLEAN_UP_EVERY_MS, PURGE_PAUSE_MS
from live.alarm import Alarm
from live.announcements import cleaned
from live.calling import Caller
from live.effects import CleanUpSoon, Effect, RemoveFilesSoon, RingAt
from live.indexing import Indexer
from live.scheduling import send_due
from live.state import RoomState
from live.watch import Watch
from notify.schedule import Rounds
from storage.database import Database
from storage.schema import schema_exists, schema_is_current
from storage.store import Store
from upkeep.retention import Cleaned

_CLEAN_UP_AT = "clean_up_at"
_HIDDEN_CLEAN_UP_AT = "hidden_clean_up_at"
"""When lanes and keys are cleaned up, if sooner: apart, as admins are told the other time and not that of lanes."""


class Woken(Protocol):
    """The parts of an awake room that are tended."""

    @property
    def state(self) -> RoomState:
        """What it knows."""

    @property
    def indexer(self) -> Indexer:
        """What builds its segments."""

    @property
    def rounds(self) -> Rounds:
        """Its courier's."""

    @property
    def caller(self) -> Caller:
        """What calls its bots."""


class Tending:
    """Plans the alarm of one room, and does the work when it rings. Most of it needs no awake room."""

    def __init__(
        self,
        database: Database,
        alarm: Alarm,
        watch: Watch,
        *,
        wake: Callable[[], Awaitable[Woken]],
        perform: Callable[[Sequence[Effect]], Awaitable[None]],
        clock: Callable[[], int],
    ) -> None:
        self._database = database
        self._alarm = alarm
        self._watch = watch
        self._wake = wake
        self._perform = perform
        self._clock = clock

    async def ring(self) -> None:
        """Do the work of the alarm, which has rung."""
        now_ms = self._clock()
        self._alarm.rang()
        await self._perform(self._watch.dead(now_ms))
        at_ms, hidden_at_ms = self.clean_up_at(), self._time_of(_HIDDEN_CLEAN_UP_AT)
        if at_ms is not None and at_ms <= now_ms:
            at_ms, hidden_at_ms = await self._clean_up(await self._wake(), now_ms)
        elif hidden_at_ms is not None and hidden_at_ms <= now_ms:
            hidden_at_ms = await self._clean_up_hidden(await self._wake(), now_ms)
        if schema_is_current(self._database):
            store = Store(self._database)
            await self._send_scheduled(store, now_ms)
            await self._notify_and_remove(store, now_ms)
        await self._alarm.arm(self._watch.next_look(now_ms))
        await self._alarm.arm(at_ms)
        await self._alarm.arm(hidden_at_ms)

    async def _send_scheduled(self, store: Store, now_ms: int) -> None:
        due_at = store.scheduled.next_at()
        if due_at is not None and due_at <= now_ms:
            await send_due((await self._wake()).state, self._perform, clock=self._clock)
            due_at = store.scheduled.next_at()
        await self._alarm.arm(due_at)

    async def _notify_and_remove(self, store: Store, now_ms: int) -> None:
        if store.notices.next_at() is not None:
            await (await self._wake()).rounds.plan()
        if store.calls.next_at() is not None:
            await (await self._wake()).caller.plan()
        if store.files.has_gone():
            await self._alarm.arm(await (await self._wake()).state.removal.run(now_ms=now_ms))

    async def plan_again(self, state: RoomState) -> None:
        """Plan again what was planned before the object slept or died: timers are gone, and alarms get lost."""
        await self._perform(self._watch.ended(state.ended))
        await self.expect_silence()
        if state.is_stored:
            await self.plan_clean_up()
            await self._alarm.arm(state.notices.next_at())
            await self._alarm.arm(state.store.calls.next_at())
            await self._alarm.arm(state.store.scheduled.next_at())
            await self._alarm.arm(state.removal.next_at(now_ms=self._clock()))

    async def expect_silence(self) -> None:
        """Plan checks for dead sockets: from now on somebody could see a dead one as a member who is here."""
        await self._alarm.arm(self._watch.first_look(self._clock()))

    async def plan(self, effect: CleanUpSoon | RemoveFilesSoon | RingAt) -> None:
        """Plan what follows from a change."""
        match effect:
            case CleanUpSoon(of_lanes):
                await self.clean_up_soon(of_lanes=of_lanes)
            case RemoveFilesSoon():
                await self.remove_files_soon()
            case RingAt(at_ms):
                await self._alarm.arm(at_ms)

    # --- the clean-up ---

    def clean_up_at(self) -> int | None:
        """The time in ms of the next clean-up; None while nothing is stored."""
        return self._time_of(_CLEAN_UP_AT)

    def _time_of(self, fact: str) -> int | None:
        if not schema_exists(self._database):
            return None
        due = Store(self._database).facts.get(fact)
        return None if due is None else int(due)

    async def plan_clean_up(self) -> None:
        """Make sure that a clean-up is planned once anything is stored.

        A missing time is set. So is a time that is later than any clean-up can be: the clock was set back since.
        """
        latest_at = self._clock() + CLEAN_UP_EVERY_MS
        at_ms = self.clean_up_at()
        if at_ms is None or at_ms > latest_at:
            at_ms = latest_at
            Store(self._database).facts.put(_CLEAN_UP_AT, at_ms)
        await self._alarm.arm(at_ms)
        await self._alarm.arm(self._time_of(_HIDDEN_CLEAN_UP_AT))

    async def clean_up_soon(self, *, of_lanes: bool = False) -> None:
        """Run the clean-up, or that of the lanes alone, within seconds, because a rule has changed."""
        at_ms = self._clock() + PURGE_PAUSE_MS
        Store(self._database).facts.put(_HIDDEN_CLEAN_UP_AT if of_lanes else _CLEAN_UP_AT, at_ms)
        await self._alarm.arm(at_ms)

    async def remove_files_soon(self) -> None:
        """Let the alarm ring now, because files were given up."""
        await self._alarm.arm(self._clock())

    async def _clean_up(self, room: Woken, now_ms: int) -> tuple[int, int | None]:
        """Remove a batch of old rows, and build segments; returns when it goes on, and when lanes and keys do.

        The next run is noted first, so that an error cannot stop the clean-up.
        """
        state, noted_at = room.state, now_ms + CLEAN_UP_EVERY_MS
        state.store.facts.put(_CLEAN_UP_AT, noted_at)
        for connection in self._watch.connections():
            state.note_connected(connection.member, connection.session, now_ms=now_ms)
        result = await state.retention.run(now_ms=now_ms, is_online=state.presence.online())
        hidden_at = await self._end_clean_up(room, result, now_ms)
        next_at = result.next_at(self.clean_up_at() or noted_at, now_ms)
        state.store.facts.put(_CLEAN_UP_AT, next_at)
        return next_at, hidden_at

    async def _clean_up_hidden(self, room: Woken, now_ms: int) -> int | None:
        """Do that for lanes and keys alone; what an error leaves is left to the next clean-up of everything."""
        room.state.store.facts.delete(_HIDDEN_CLEAN_UP_AT)
        return await self._end_clean_up(room, await room.state.retention.run_hidden(now_ms=now_ms), now_ms)

    async def _end_clean_up(self, room: Woken, result: Cleaned, now_ms: int) -> int | None:
        await self._perform(cleaned(room.state, result))
        facts = room.state.store.facts
        if await room.indexer.build() or result.more_hidden:
            facts.put(_HIDDEN_CLEAN_UP_AT, now_ms + PURGE_PAUSE_MS)
        return self._time_of(_HIDDEN_CLEAN_UP_AT)
