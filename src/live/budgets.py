"""How much one member may use of a room, over all their sockets and requests.

A single socket has no budget, so opening another one, or the same again, gives nothing more. All of this is in memory
only. A room forgets it when it sleeps, which it does after ten idle seconds; by then every budget here is full again
(tests/test_limits.py).
"""

import asyncio
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from encoding import byte_length
from errors import RateLimited
from limits import (
    ALLOWANCES_KEPT,
    ALLOWANCES_KEPT_MS,
    ANSWER_BURST,
    ANSWER_RATE,
    ANSWERED_BYTES_A_UNIT,
    ANSWERED_ITEMS_A_UNIT,
    MOST_OPENINGS_OWED,
    OPENING_BURST,
    OPENING_RATE,
    REFUSAL_BURST,
    REFUSAL_RATE,
    REQUEST_BURST,
    REQUEST_RATE,
    SEARCH_BURST,
    SEARCH_RATE,
    TYPING_BURST,
    TYPING_EVERY_MS,
    TYPING_RATE,
)
from live.effects import Answer
from wire.rates import TokenBucket


@dataclass(slots=True)
class Allowance:
    """What one member may still do now: a bucket for each kind of work."""

    changes: TokenBucket
    """Changes for everybody: messages, reactions, channels."""
    questions: TokenBucket
    """All other requests; one that writes a row for the member alone counts as several."""
    answers: TokenBucket
    """Answers of history and catching up, by size: while some are owed, no more are given."""
    openings: TokenBucket
    """Opened sockets."""
    typing: TokenBucket
    """Frames to the others that this member is typing."""
    refusals: TokenBucket
    """Refusals because the member was too fast."""
    searches: TokenBucket
    """Searches."""
    searching: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a search runs: the next one waits, so that no member searches with twenty sockets at once."""
    asked_at: int = 0
    typed_at: dict[str, int] = field(default_factory=dict)

    def begin_answer(self, items: int) -> int:
        """Take the cost of an answer with so many messages, before it is made.

        Otherwise twenty sockets that ask at the same time would all be answered before the first answer is charged.

        Returns:
            The units to give back once the answer is made and `charge_answer` knows its size.
        """
        units = max(items // ANSWERED_ITEMS_A_UNIT, 1)
        self.answers.spend(units)
        return units

    def end_answer(self, units: int) -> None:
        """Give back the units that `begin_answer` took."""
        self.answers.spend(-units)

    @contextmanager
    def answering(self, items: int) -> Iterator[None]:
        """Hold the cost of an answer with so many messages while it is made."""
        units = self.begin_answer(items)
        try:
            yield
        finally:
            self.end_answer(units)

    def charge_answer(self, size_bytes: int, items: int = 0) -> None:
        """Charge for an answer whose size is known."""
        self.answers.spend(max(size_bytes // ANSWERED_BYTES_A_UNIT, items // ANSWERED_ITEMS_A_UNIT))

    def charge_frame(self, text: str) -> None:
        """Charge for a frame by its size and the number of its messages."""
        items = text.count('{"seq":')  # cannot occur in people's texts, as JSON escapes their quotes
        self.charge_answer(byte_length(text), items)

    def answer(self, text: str) -> Answer:
        """The answer with this frame, which is charged as `charge_frame` does."""
        self.charge_frame(text)
        return Answer(text)

    def is_flooding(self, now_ms: int) -> bool:
        """Count a refusal because the member was too fast; returns whether it was one too many."""
        return bool(self.refusals.take(now_ms))

    def charge_dropped(self, now_ms: int) -> None:
        """Charge one opening for frames that came on a closed socket: each of them cost the room time."""
        self.openings.wait(now_ms)
        if self.openings.tokens > -MOST_OPENINGS_OWED:
            self.openings.spend(1)

    def may_send_typing(self, channel: str, now_ms: int) -> bool:
        """Whether the others may get a frame again that this member is typing."""
        if 0 <= now_ms - self.typed_at.get(channel, -TYPING_EVERY_MS) < TYPING_EVERY_MS:  # below 0: a clock set back
            return False
        if self.typing.take(now_ms):
            return False
        self.typed_at[channel] = now_ms
        return True


class Budgets:
    """The allowances of a room's members; a cache."""

    def __init__(self, message_burst: int, message_rate: float) -> None:
        """The operator sets `message_burst` changes at once and then `message_rate` a second."""
        self._message_burst = message_burst
        self._message_rate = message_rate
        self._allowances: dict[str, Allowance] = {}

    def of(self, member: str, now_ms: int) -> Allowance:
        """A member's allowance; full for a member who did nothing for a while."""
        allowance = self._allowances.get(member)
        if allowance is None:
            if len(self._allowances) >= ALLOWANCES_KEPT:
                self._forget_idle(now_ms)
            allowance = self._allowances[member] = Allowance(
                TokenBucket.full(self._message_burst, self._message_rate, now_ms),
                TokenBucket.full(REQUEST_BURST, REQUEST_RATE, now_ms),
                TokenBucket.full(ANSWER_BURST, ANSWER_RATE, now_ms),
                TokenBucket.full(OPENING_BURST, OPENING_RATE, now_ms),
                TokenBucket.full(TYPING_BURST, TYPING_RATE, now_ms),
                TokenBucket.full(REFUSAL_BURST, REFUSAL_RATE, now_ms),
                TokenBucket.full(SEARCH_BURST, SEARCH_RATE, now_ms),
            )
        allowance.asked_at = now_ms
        return allowance

    def for_answer(self, member: str, now_ms: int) -> Allowance:
        """As `of`, for a request whose answer is charged by its size.

        Raises:
            RateLimited: the member owes for earlier answers.
        """
        allowance = self.of(member, now_ms)
        check_wait(allowance.answers.wait(now_ms))
        return allowance

    def _forget_idle(self, now_ms: int) -> None:
        """Forget idle members. Their budgets are full again, so nothing is lost."""
        self._allowances = {
            member: each for member, each in self._allowances.items() if now_ms - each.asked_at < ALLOWANCES_KEPT_MS
        }


def check_wait(seconds: float) -> None:
    """Refuse a request that would have to wait.

    Raises:
        RateLimited: with the time after which it will be accepted.
    """
    if seconds:
        raise RateLimited("Too fast.", retry_after=math.ceil(seconds * 1_000) / 1_000)
