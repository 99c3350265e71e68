"""Messages that people keep at hand: the pins of a channel, and what a member has saved."""

from chat.former import former_texts
from chat.lanes import OPEN
from chat.named import standing_message
from chat.pinning import pinned_page
from chat.saving import Saving
from encoding import compact_json
from errors import NotFound
from limits import MAX_HISTORY_PAGE, MAX_PINS
from live.effects import Answer, Effect, Tell
from live.state import RoomState
from storage.sessions import Session
from wire.connections import Connection
from wire.kept import ListFormer, ListPins, ListSaved, SaveMessage
from wire.writing import ok_frame


async def pins(
    state: RoomState, connection: Connection, _session: Session, frame: ListPins, now_ms: int
) -> list[Effect]:
    """The pinned messages of a channel, charged by the size of the answer.

    Raises:
        RateLimited: the member owes for earlier answers.
        NotFound: this member sees no such channel.
    """
    member, audience = connection.member, state.audience
    allowance = state.budgets.for_answer(member, now_ms)
    channel = audience.channel(member, frame.channel)
    since = audience.since(member, channel.id)
    with allowance.answering(MAX_PINS):
        page = await pinned_page(channel, frame.before, state.store, state.keyring, since=since)
    audience.channel(member, channel.id)  # the texts were opened outside the writer's turn
    if audience.since(member, channel.id) != since:
        raise NotFound("There is no such channel.")
    return [allowance.answer(compact_json({"type": "pins", "ref": frame.ref, **page}))]


def save(state: RoomState, connection: Connection, _session: Session, frame: SaveMessage, now_ms: int) -> list[Effect]:
    """The member saves a message, or no longer; their other sockets hear of it.

    Raises:
        NotFound, LimitReached: as `Saving.save`.
    """
    member = connection.member
    message = _saving(state).save(member, frame, now_ms=now_ms)
    if message is None:
        return [Answer(ok_frame(frame.ref))]
    place = {"id": message.id, "channel": message.channel, "seq": message.seq}
    told = compact_json({"type": "save", **place, "on": frame.on})
    is_lane = state.audience.channel(member, message.channel).kind != OPEN
    return [Answer(ok_frame(frame.ref)), Tell(told, frozenset({member}), but=connection.id, of_lane=is_lane)]


async def saved(
    state: RoomState, connection: Connection, _session: Session, frame: ListSaved, now_ms: int
) -> list[Effect]:
    """What the member has saved, charged by the size of the answer.

    Raises:
        RateLimited: the member owes for earlier answers.
    """
    allowance = state.budgets.for_answer(connection.member, now_ms)
    with allowance.answering(MAX_HISTORY_PAGE):
        page = await _saving(state).page(connection.member, frame.before)
    return [allowance.answer(compact_json({"type": "saved", "ref": frame.ref, **page}))]


def _saving(state: RoomState) -> Saving:
    return Saving(state.store, state.keyring, state.audience)


async def former(
    state: RoomState, connection: Connection, _session: Session, frame: ListFormer, now_ms: int
) -> list[Effect]:
    """What a message said before, for whoever may read it; charged by the size of the answer.

    Raises:
        RateLimited: the member owes for earlier answers.
        NotFound: the member sees no such message, or it is deleted.
    """
    allowance = state.budgets.for_answer(connection.member, now_ms)
    named = state.store, state.audience, connection.member, frame.id, frame.channel
    message = standing_message(*named)
    with allowance.answering(MAX_HISTORY_PAGE):
        texts = await former_texts(message, state.store, state.keyring)
    standing_message(*named)  # it was opened outside the writer's turn
    answer = {"type": "former", "ref": frame.ref, "id": message.id, "channel": message.channel, "texts": texts}
    return [allowance.answer(compact_json(answer))]
