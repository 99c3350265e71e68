"""Frames that are not changes: reading, typing, looking, notifications, alerts.

Each function takes the room, the member's connection and session, and the frame, and returns effects. None of them
opens a stored text.
"""

from collections.abc import Awaitable, Callable, Mapping

from chat.directory import Channel
from chat.lanes import OPEN
from chat.unread import NOTHING_READ, count_unread, read_up_to
from encoding import compact_json
from errors import NotFound
from limits import WRITE_QUESTIONS
from live.activity import recounted
from live.effects import Answer, Effect, NotifyNow, Remember, Tell
from live.state import RoomState
from storage.sessions import Session
from wire.channels import MarkUnread, Star
from wire.connections import Connection
from wire.questions import ChooseLevel, PushTest, Read, SeeAlert, Typing, Visible
from wire.writing import ok_frame

Follows = list[Effect] | Awaitable[list[Effect]]
"""What follows from a frame: known at once, or once stored texts were sealed or opened."""
Answers = Mapping[type, tuple[int, Callable[..., Follows]]]
"""Which function answers a frame, and as how many questions the frame counts."""


def read(state: RoomState, connection: Connection, _session: Session, frame: Read, _now_ms: int) -> list[Effect]:
    """The member has read a channel up to a message."""
    member = connection.member
    channel = state.audience.channel(member, frame.channel)
    seq = min(frame.seq, channel.last_seq)
    before, *_ = read_up_to(member, [channel], state.directory, state.store).get(channel.id, NOTHING_READ)
    if seq <= before:
        return []
    position = state.store.positions.at(channel.id, seq)
    state.store.reading.set_position(member, channel.id, seq, position)
    fewer = recounted(state, [member]) if state.store.activity.read_up_to(member, channel.id, seq) else []
    told = read_frame(state, channel, member)
    return [Tell(told, frozenset({member}), but=connection.id, of_lane=channel.kind != OPEN), *fewer]


def mark_unread(
    state: RoomState, connection: Connection, _session: Session, frame: MarkUnread, _now_ms: int
) -> list[Effect]:
    """The member has not read a message and what follows, after all; all their devices are told, this one too.

    A mention that was read stays read.
    """
    member = connection.member
    channel = state.audience.channel(member, frame.channel)
    seq = max(min(frame.seq - 1, channel.last_seq), state.audience.since(member, channel.id), 0)
    position = state.store.positions.at(channel.id, seq)
    state.store.reading.set_position(member, channel.id, seq, position, marked=channel.last_seq)
    fewer = recounted(state, [member]) if state.store.activity.read_up_to(member, channel.id, seq) else []
    told = read_frame(state, channel, member, back=True)
    return [Answer(ok_frame(frame.ref)), Tell(told, frozenset({member}), of_lane=channel.kind != OPEN), *fewer]


def read_frame(state: RoomState, channel: Channel, member: str, **more: bool) -> str:
    """How far a member, who has a read position, has read a channel; their devices are told so."""
    store = state.store
    positions = store.reading.positions(member)
    unread = count_unread(member, [channel], positions, store)[channel.id]
    mentions = store.activity.mention_counts(member).get(channel.id, 0) if unread else 0
    told = {"unread": unread, "mentions": mentions, **more}
    return compact_json({"type": "read", "channel": channel.id, "seq": positions[channel.id][0], **told})


def typing(state: RoomState, connection: Connection, _session: Session, frame: Typing, now_ms: int) -> list[Effect]:
    """The member is typing."""
    channel = state.audience.open_channel(connection.member, frame.channel)
    others = state.audience.within(channel.id, state.presence.online() - {connection.member})
    if not others or not state.budgets.of(connection.member, now_ms).may_send_typing(channel.id, now_ms):
        return []
    told = compact_json({"type": "typing", "channel": channel.id, "member": connection.member})
    return [Tell(told, others, of_lane=channel.kind != OPEN)]


def look(state: RoomState, connection: Connection, _session: Session, frame: Visible, _now_ms: int) -> list[Effect]:
    """The member looks at the chat on this socket, or no longer does."""
    if frame.visible == connection.is_visible:
        return []
    connection.is_visible = frame.visible
    state.presence.look(connection.member, away=not frame.visible)
    return [Remember()]


# --- notifications ---


def choose(
    state: RoomState, connection: Connection, _session: Session, frame: ChooseLevel, _now_ms: int
) -> list[Effect]:
    """The member chooses the level of notifications for a channel."""
    member = connection.member
    channel = state.audience.channel(member, frame.channel)
    if not state.notices.choices.choose(member, channel.id, frame.level):
        return [Answer(ok_frame(frame.ref))]
    told = compact_json({"type": "notify", "channel": channel.id, "level": frame.level})
    others = Tell(told, frozenset({member}), but=connection.id, of_lane=channel.kind != OPEN)
    return [Answer(ok_frame(frame.ref)), others]


def star(state: RoomState, connection: Connection, _session: Session, frame: Star, _now_ms: int) -> list[Effect]:
    """The member puts a channel at the top of their list, or no longer; their other devices follow."""
    member = connection.member
    channel = state.audience.channel(member, frame.channel)
    if (channel.id in state.store.stars.of(member)) == frame.on:
        return [Answer(ok_frame(frame.ref))]
    state.store.stars.put(member, channel.id, on=frame.on)
    told = compact_json({"type": "star", "channel": channel.id, "on": frame.on})
    others = Tell(told, frozenset({member}), but=connection.id, of_lane=channel.kind != OPEN)
    return [Answer(ok_frame(frame.ref)), others]


def push_test(state: RoomState, connection: Connection, frame: PushTest, now_ms: int) -> list[Effect]:
    """The member wants a test notification on this device."""
    if not state.notices.note_trial(connection.member, connection.session, now_ms=now_ms):
        raise NotFound("This device gets no notifications.")
    return [Answer(ok_frame(frame.ref)), NotifyNow()]


def see_alert(
    state: RoomState, connection: Connection, session: Session, frame: SeeAlert, _now_ms: int
) -> list[Effect]:
    """The member has seen an alert."""
    effects: list[Effect] = [Answer(ok_frame(frame.ref))]
    if state.alerts.see(session, frame.id):
        told = compact_json({"type": "alert.done", "id": frame.id})
        effects.append(Tell(told, frozenset({session.member}), but=connection.id))
    return effects


ANSWERS: Answers = {
    Read: (1, read),
    MarkUnread: (WRITE_QUESTIONS, mark_unread),
    Typing: (1, typing),
    Visible: (1, look),
    ChooseLevel: (WRITE_QUESTIONS, choose),
    Star: (WRITE_QUESTIONS, star),
    SeeAlert: (WRITE_QUESTIONS, see_alert),
}
"""What is answered at once, by the class of its frame."""
