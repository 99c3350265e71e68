"""What members have begun to write: their devices keep it here, and hear of it from each other."""

from chat.drafts import Drafts
from chat.lanes import OPEN
from encoding import compact_json
from limits import MAX_DRAFTS, WRITE_QUESTIONS
from live.effects import Answer, Effect, Tell
from live.questions import Answers
from live.state import RoomState
from storage.sessions import Session
from wire.connections import Connection
from wire.drafts import KeepDraft, ListDrafts
from wire.writing import ok_frame


async def keep(
    state: RoomState, connection: Connection, _session: Session, frame: KeepDraft, now_ms: int
) -> list[Effect]:
    """The member has begun a text, or emptied it; their other sockets hear of it, charged by the size of what they get.

    Raises:
        RateLimited: the member owes for earlier answers.
        ChatError: as `Drafts.keep`.
    """
    member = connection.member
    allowance = state.budgets.for_answer(member, now_ms)
    drafts = _drafts(state)
    channel = await state.conversation.in_turn_awaited(
        lambda: drafts.keep(member, frame.channel, frame.body, now_ms=now_ms)
    )
    answer = Answer(ok_frame(frame.ref))
    if channel is None:
        return [answer]
    told = compact_json({"type": "draft", "channel": channel.id, "body": frame.body})
    allowance.charge_frame(told)
    return [answer, Tell(told, frozenset({member}), but=connection.id, of_lane=channel.kind != OPEN)]


async def listed(
    state: RoomState, connection: Connection, _session: Session, frame: ListDrafts, now_ms: int
) -> list[Effect]:
    """What the member has begun in the channels that this socket is told of, charged by the size of the answer.

    Raises:
        RateLimited: the member owes for earlier answers.
    """
    member, audience = connection.member, state.audience
    allowance = state.budgets.for_answer(member, now_ms)
    channels = audience.all_of(member) if connection.takes_lanes else audience.channels_of(member)
    with allowance.answering(MAX_DRAFTS):
        drafts = await _drafts(state).listed(member, channels)
    seen = {channel.id for channel in audience.all_of(member)}  # the texts were opened outside the writer's turn
    drafts = [each for each in drafts if each["channel"] in seen]
    return [allowance.answer(compact_json({"type": "drafts", "ref": frame.ref, "drafts": drafts}))]


def _drafts(state: RoomState) -> Drafts:
    return Drafts(state.store, state.keyring, state.directory, state.audience)


ANSWERS: Answers = {KeepDraft: (WRITE_QUESTIONS, keep), ListDrafts: (WRITE_QUESTIONS, listed)}
"""What is answered, by the class of its frame."""
