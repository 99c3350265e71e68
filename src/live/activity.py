"""Activity of members: their pages, what they have seen of it, and what their own devices are told."""

from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

from chat.activity import Activity
from encoding import compact_json
from limits import MAX_HISTORY_PAGE
from live.effects import Answer, Effect, Tell
from live.state import RoomState
from storage.activity import Note
from storage.sessions import Session
from wire.connections import Connection
from wire.kept import ListActivity, SeeActivity
from wire.writing import ok_frame


async def listed(
    state: RoomState, connection: Connection, _session: Session, frame: ListActivity, now_ms: int
) -> list[Effect]:
    """A page of the member's activity, charged by the size of the answer.

    Raises:
        RateLimited: the member owes for earlier answers.
    """
    allowance = state.budgets.for_answer(connection.member, now_ms)
    with allowance.answering(MAX_HISTORY_PAGE):
        page = await activity_of(state).page(connection.member, frame.before)
    return [allowance.answer(compact_json({"type": "activity", "ref": frame.ref, **page}))]


def see(state: RoomState, connection: Connection, _session: Session, frame: SeeActivity, _now_ms: int) -> list[Effect]:
    """The member has seen their activity up to a time; all their devices are told, this one too."""
    changed = activity_of(state).see(connection.member, frame.at)
    return [Answer(ok_frame(frame.ref)), *(recounted(state, [connection.member]) if changed else [])]


def noted(state: RoomState, notes: Sequence[Note]) -> list[Tell]:
    """What is new to members is told to them, one frame for those to whom a message is new in the same way."""
    told = []
    for (channel, seq, kind), each in groupby(notes, key=lambda note: (note.channel, note.seq, note.kind)):
        members = state.audience.within(channel, frozenset(note.member for note in each))
        text = compact_json({"type": "activity.new", "channel": channel, "seq": seq, "why": kind})
        is_lane = any(state.audience.lane(member, channel).id for member in members)
        told.append(Tell(text, members, of_lane=is_lane))
    return told


def recounted(state: RoomState, members: Iterable[str]) -> list[Tell]:
    """The members who are here are told how much is new to them."""
    here: Collection[str] = sorted(member for member in members if state.presence.is_online(member))
    activity = activity_of(state)
    return [
        Tell(compact_json({"type": "activity.seen", **activity.standing(member)}), frozenset({member}), of_lane=True)
        for member in here
    ]


def activity_of(state: RoomState) -> Activity:
    """The activity of the room's members."""
    return Activity(state.store, state.keyring, state.audience)
