"""Threads: what a member is answered who opens the replies to a message."""

from chat.threads import thread_page
from encoding import compact_json
from errors import NotFound
from limits import MAX_HISTORY_PAGE
from live.effects import Effect
from live.questions import Answers
from live.state import RoomState
from storage.sessions import Session
from wire.connections import Connection
from wire.threads import ListReplies


async def replies(
    state: RoomState, connection: Connection, _session: Session, frame: ListReplies, now_ms: int
) -> list[Effect]:
    """A message with a page of its replies, charged by the size of the answer.

    Raises:
        RateLimited: the member owes for earlier answers.
        NotFound: this member sees no such channel, or no such message in it.
    """
    member, audience = connection.member, state.audience
    allowance = state.budgets.for_answer(member, now_ms)
    channel = audience.channel(member, frame.channel)
    since = audience.since(member, channel.id)
    with allowance.answering(MAX_HISTORY_PAGE):
        page = await thread_page(frame, state.store, state.keyring, since=since)
    audience.channel(member, channel.id)  # the texts were opened outside the writer's turn
    if audience.since(member, channel.id) != since:
        raise NotFound("There is no such channel.")
    return [allowance.answer(compact_json({"type": "thread", "ref": frame.ref, **page}))]


ANSWERS: Answers = {ListReplies: (1, replies)}
"""What is answered, by the class of its frame."""
