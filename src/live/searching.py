"""Searches: who may search what and how often, and the frame that answers."""

from collections.abc import Awaitable, Callable

from encoding import compact_json
from errors import Malformed
from live.budgets import Allowance, check_wait
from live.effects import Effect
from live.state import RoomState
from search.filters import Filter, flags_for
from search.finding import Asked, Finding
from search.query import parse
from wire.connections import Connection
from wire.searching import Search


class Searches:
    """Answers searches, one after another for each member, and charges them by the size of the answer."""

    def __init__(self, state: RoomState, *, let_in: Callable[[int], Awaitable[None]]) -> None:
        """`let_in` waits so many milliseconds, and lets in the frames that wait or come meanwhile."""
        self._state = state
        self._let_in = let_in
        self._finding = Finding(state.indexes, state.store, state.keyring, state.directory)

    def answer(self, connection: Connection, frame: Search, now_ms: int) -> Awaitable[list[Effect]]:
        """What is found.

        Raises:
            RateLimited: the member searches too fast, or owes for earlier answers.
            NotFound: this member sees no such channel.
            Malformed: there is nothing to search for.
        """
        member = connection.member
        allowance = self._state.budgets.for_answer(member, now_ms)
        check_wait(allowance.searches.take(now_ms))
        if frame.channel is not None:
            self._state.audience.channel(member, frame.channel)
        asked = self._asked(member, frame)
        if not asked.terms and not frame.is_limited:
            raise Malformed("query is empty.")
        return self._answer(allowance, member, frame, asked, allowance.begin_answer(frame.limit))

    async def _answer(self, allowance: Allowance, member: str, frame: Search, asked: Asked, units: int) -> list[Effect]:
        try:
            async with allowance.searching:
                found = await self._finding.find(
                    asked, channels=lambda: self._channels(member, frame), pause=lambda: self._let_in(0)
                )
        finally:
            allowance.end_answer(units)
        return [allowance.answer(compact_json({"type": "found", "ref": frame.ref, **found.public()}))]

    def _asked(self, member: str, frame: Search) -> Asked:
        limits = Filter(
            frozenset(self._channels(member, frame)), frame.author, frame.before, frame.after, flags_for(frame.has)
        )
        question = [member, frame.query, frame.channel, frame.author, frame.before, frame.after, sorted(set(frame.has))]
        return Asked(parse(frame.query), limits, frame.limit, frame.cursor, question)

    def _channels(self, member: str, frame: Search) -> dict[str, int]:
        """The channels that the member sees now, as far as the search is about them, with what is hidden of each."""
        audience = self._state.audience
        return {
            each.id: audience.since(member, each.id)
            for each in audience.all_of(member)
            if audience.may_see(member, each.id) and frame.channel in (None, each.id)
        }
