"""Messages that are sent later: their authors' frames, and sending them when the alarm rings.

A member's devices all hear how many wait and how many could not be sent; what these say, only the one that asks.
"""

import logging
from collections.abc import Awaitable, Callable
from functools import partial

from chat.changes import Outcome
from chat.lanes import OPEN
from chat.unread import NOTHING_READ
from encoding import compact_json
from errors import ChatError, Internal
from limits import MAX_SCHEDULED
from live.announcements import committed
from live.effects import Answer, Effect, RingAt, Tell
from live.questions import read_frame
from live.state import RoomState
from storage.store import Store
from wire.connections import Connection
from wire.scheduling import DropScheduled, ListScheduled, Reschedule, Schedule, Scheduling, SendScheduled
from wire.writing import ok_frame

log = logging.getLogger("durable_chat.scheduling")


async def answer(state: RoomState, connection: Connection, frame: Scheduling, now_ms: int) -> list[Effect]:
    """Do what a member asks of their scheduled messages.

    Raises:
        RateLimited: the member owes for earlier answers.
        ChatError: as `chat.scheduling.Scheduling` says.
    """
    member = connection.member
    if isinstance(frame, ListScheduled):
        return await _listed(state, member, frame, now_ms)
    effects = await state.conversation.in_turn_awaited(lambda: _changed(state, member, frame, now_ms))
    return [Answer(ok_frame(frame.ref)), *effects]


async def _listed(state: RoomState, member: str, frame: ListScheduled, now_ms: int) -> list[Effect]:
    allowance = state.budgets.for_answer(member, now_ms)
    with allowance.answering(MAX_SCHEDULED):
        messages = await state.conversation.scheduling.listed(member)
    return [allowance.answer(compact_json({"type": "scheduled", "ref": frame.ref, "messages": messages}))]


async def _changed(state: RoomState, member: str, frame: Scheduling, now_ms: int) -> list[Effect]:
    """What follows for the member's devices; nothing if the request was a repeated one."""
    scheduling, table = state.conversation.scheduling, state.store.scheduled
    match frame:
        case Schedule():
            if not await scheduling.add(member, frame, now_ms=now_ms):
                return []
            return [RingAt(frame.at), told(state, member)]
        case Reschedule():
            if not await scheduling.change(member, frame, now_ms=now_ms):
                return []
            return [told(state, member)] if frame.at is None else [RingAt(frame.at), told(state, member)]
        case SendScheduled() if table.get(member, frame.id) is None and scheduling.is_sent(member, frame.id):
            return []
        case SendScheduled():
            return _sent(state, member, await scheduling.send(member, frame.id, now_ms=now_ms))
        case DropScheduled() if table.get(member, frame.id) is not None:
            table.delete(member, frame.id)
            return [told(state, member)]
    return []


def standing(store: Store, member: str) -> dict[str, int]:
    """How many of a member's messages wait for their time, and how many could not be sent."""
    waiting, failed = store.scheduled.counts(member)
    return {"waiting": waiting, "failed": failed}


def told(state: RoomState, member: str) -> Tell:
    """The frame that tells a member's devices about it."""
    return Tell(compact_json({"type": "schedule.changed", **standing(state.store, member)}), frozenset({member}))


async def send_due(
    state: RoomState, perform: Callable[[list[Effect]], Awaitable[None]], *, clock: Callable[[], int]
) -> None:
    """Send the messages whose time has come, each by itself, with the rights that its author has now."""
    for member, message_id in state.store.scheduled.due(clock(), MAX_SCHEDULED):
        await state.lanes.know(member)
        send = partial(_due, state, member, message_id, clock)
        await perform(await state.conversation.in_turn_awaited(send))


async def _due(state: RoomState, member: str, message_id: str, clock: Callable[[], int]) -> list[Effect]:
    scheduling, table, now_ms = state.conversation.scheduling, state.store.scheduled, clock()
    if not scheduling.is_due(member, message_id, now_ms):  # its author was quicker
        return []
    try:
        state.require_secured_name(member)
        outcome = await scheduling.send(member, message_id, is_here=False, now_ms=now_ms)
        return [*_sent(state, member, outcome), *_still_unread(state, outcome)]
    except ChatError as refusal:
        table.fail(member, message_id, refusal.code)
    except Exception:
        log.exception("a scheduled message failed")
        table.fail(member, message_id, Internal.code)
    return [told(state, member)]


def _still_unread(state: RoomState, outcome: Outcome) -> list[Tell]:
    """Who wrote last has read everything, for clients too: they are told if that is not so."""
    told = []
    for posted in outcome.posted:
        channel = state.audience.channel(posted.author, posted.channel)
        if state.store.reading.positions(posted.author).get(channel.id, NOTHING_READ)[2] == posted.seq:
            text = read_frame(state, channel, posted.author, back=True)
            told.append(Tell(text, frozenset({posted.author}), of_lane=channel.kind != OPEN))
    return told


def _sent(state: RoomState, member: str, outcome: Outcome) -> list[Effect]:
    return [*committed(state, outcome), told(state, member)]
