"""Pages of history. The newest page of each channel is kept, because many people request it at once."""

from collections.abc import Awaitable

from chat.answer_cache import AnswerCache
from chat.directory import Channel
from chat.history import history_frame, history_page
from chat.lanes import OPEN
from errors import NotFound
from limits import MAX_KEPT_CHARACTERS, PAGES_KEPT
from live.budgets import Allowance
from live.effects import Effect
from live.state import RoomState
from wire.connections import Connection
from wire.questions import History


class HistoryPages:
    """Answers requests for history, and charges the member by the size of the answer."""

    def __init__(self, state: RoomState) -> None:
        self._state = state
        self._newest = AnswerCache(
            state.directory, state.audience, most=PAGES_KEPT, most_characters=MAX_KEPT_CHARACTERS
        )

    def answer(self, connection: Connection, frame: History, now_ms: int) -> list[Effect] | Awaitable[list[Effect]]:
        """The requested page; at once if it is kept.

        Raises:
            RateLimited: the member owes for earlier answers.
            NotFound: this member sees no such channel.
        """
        member = connection.member
        allowance = self._state.budgets.for_answer(member, now_ms)
        channel = self._state.audience.channel(member, frame.channel)
        is_kept = frame.is_newest and channel.kind == OPEN  # what is kept holds until the room's `seq` changes
        page = self._newest.get(member, (channel.id, frame.limit)) if is_kept else None
        if page is None:
            return self._page(allowance, member, frame, channel, allowance.begin_answer(frame.limit))
        return [allowance.answer(history_frame(frame.ref, page))]

    async def _page(
        self, allowance: Allowance, member: str, frame: History, channel: Channel, units: int
    ) -> list[Effect]:
        state = self._state
        seq = state.directory.seq
        try:
            since = state.audience.since(member, channel.id)
            as_of = state.directory.lane(channel.id).seq
            page = await history_page(frame, channel, state.store, state.keyring, as_of=as_of, since=since)
        finally:
            allowance.end_answer(units)
        # The texts were opened outside the writer's turn: meanwhile the member may have lost the channel.
        state.audience.channel(member, channel.id)
        if state.audience.since(member, channel.id) != since:
            raise NotFound("There is no such channel.")
        if frame.is_newest and channel.kind == OPEN:
            self._newest.keep(member, (channel.id, frame.limit), seq, page)
        return [allowance.answer(history_frame(frame.ref, page))]
