"""When bots are called: right after a message is stored, and again when a try is due. Nobody waits for it.

Errors stay here: the message is stored and announced, whatever becomes of a call.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from bot_limits import BOT_CALLS_AT_ONCE, CALL_ALARM_MS, CALLS_AT_ONCE, MAX_BOTS, MAX_CALLS_WAITING
from bots.calls import Calls, Ready, answer_in
from bots.outgoing import Answered
from bots.sending import reply, reply_id
from chat.changes import Posted
from errors import ChatError, Forbidden, Undelivered
from live import commits
from live.effects import Effect
from live.hook_requests import people_of
from live.state import RoomState
from storage.calls import Call
from wire.bots import POST

log = logging.getLogger("durable_chat.calls")
_AT_ONCE = "at once"
"""Which of its answers to a message that is: the others come by the reply address."""
_Key = tuple[str, str, int]


class Caller:
    """Calls the bots of one room."""

    def __init__(
        self,
        state: RoomState,
        *,
        publish: Callable[[Sequence[Effect]], Awaitable[None]],
        arm: Callable[[int], Awaitable[None]],
        clock: Callable[[], int],
    ) -> None:
        """`publish` performs what follows from an answer; `arm` sets the alarm, which then calls `plan`."""
        self._state = state
        self._calls = Calls(
            state.name,
            state.store,
            state.keyring,
            state.ciphers,
            state.directory,
            state.programs,
            state.settings.master_key,
        )
        self._publish = publish
        self._arm = arm
        self._clock = clock
        self._under_way: dict[_Key, asyncio.Task[None]] = {}

    async def posted(self, posted: Sequence[Posted]) -> None:
        """Call the bots that messages call which were just stored."""
        try:
            self._calls.note(posted, now_ms=self._clock())
            await self.plan()
        except Exception:
            log.exception("calling failed")

    async def plan(self) -> None:
        """Send what is due, as far as there is room, and set the alarm for what is due later."""
        store, now_ms = self._state.store, self._clock()
        is_again = False
        for call in store.calls.due(now_ms, MAX_BOTS * MAX_CALLS_WAITING):
            if self._may_begin(call):
                self._under_way[_key(call)] = asyncio.ensure_future(self._work(call))
                is_again |= call.tries > 0
        if is_again:  # behind a first try stands the alarm that looks after its author's socket
            await self._arm(now_ms + CALL_ALARM_MS)
        if not self._under_way and (next_at := store.calls.next_at()) is not None:
            await self._arm(next_at)

    async def finish(self) -> None:
        """Wait until nothing is under way; for tests."""
        while self._under_way:
            await asyncio.gather(*self._under_way.values())

    def _may_begin(self, call: Call) -> bool:
        bots = Counter(bot for bot, _, _ in self._under_way)
        is_free = _key(call) not in self._under_way and len(self._under_way) < CALLS_AT_ONCE
        return is_free and bots[call.bot] < BOT_CALLS_AT_ONCE

    async def _work(self, call: Call) -> None:
        try:
            await self._call(call)
        except Exception:
            log.exception("a call failed")
            self._state.store.calls.delete(call)
        finally:
            self._under_way.pop(_key(call), None)
            await self.plan()

    async def _call(self, call: Call) -> None:
        now_ms, webhooks = self._clock(), self._state.programs.webhooks
        await self._state.lanes.know(call.bot)
        ready = await self._calls.ready(call, now_ms=now_ms)
        if ready is None:
            self._state.store.calls.delete(call)
            return
        wait = webhooks.wait(call.bot, now_ms)
        if wait:
            self._state.store.calls.put_off(call, tries=call.tries, due_at=now_ms + int(wait * 1_000) + 1)
            return
        try:
            answered = await webhooks.send(ready.webhook, ready.id, ready.body, now_ms=now_ms)
        except Undelivered as refusal:
            self._calls.failed(call, ready.bot, refusal, now_ms=self._clock())
            return
        await self._answer(ready, answered)
        self._calls.taken(call, ready.bot)

    async def _answer(self, ready: Ready, answered: Answered) -> None:
        """Post what the webhook has answered; a second answer to the same call is the first one again."""
        now_ms = self._clock()
        try:
            people = people_of(self._state)
            said = answer_in(answered, people)
            if said is None:
                return
            if POST not in ready.bot.rights:
                raise Forbidden("This bot has no right to post.")
            message_id = reply_id(ready.bot, ready.message.id, _AT_ONCE)
            frame = reply(ready.bot, said, people.mentioned, message_id, to=ready.message)
            _, effects = await commits.post(self._state, ready.bot, frame, now_ms)
            await self._publish(effects)
        except ChatError as refusal:
            failure = refusal.failure if isinstance(refusal, Undelivered) else refusal.code
            self._state.programs.note_failed(ready.bot, failure, now_ms=now_ms)


def _key(call: Call) -> _Key:
    return call.bot, call.channel, call.seq
