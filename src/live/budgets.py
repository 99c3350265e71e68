"""What one member may take of a room, over all their sockets and requests.

A socket alone has no budget: who opens another one, or the same again, has no more than before. All of it is memory
only. A room that sleeps forgets it, and falls asleep after ten seconds without anything: by then every budget here is
full again (tests/test_limits.py).
"""

import math
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
    MISUSE_OPENINGS,
    OPENING_BURST,
    OPENING_RATE,
    REFUSAL_BURST,
    REFUSAL_RATE,
    REQUEST_BURST,
    REQUEST_RATE,
    TYPING_BURST,
    TYPING_EVERY_MS,
    TYPING_RATE,
)
from wire.rates import TokenBucket


@dataclass(slots=True)
class Allowance:
    """What one member may still do now: a bucket for each kind of thing."""

    changes: TokenBucket
    """What is written for everybody: messages, reactions, channels."""
    questions: TokenBucket
    """Everything else that is asked for; what is written for the member alone counts as several."""
    answers: TokenBucket
    """What history and catching up answer, by size: as long as something is owed, no more is answered."""
    openings: TokenBucket
    """Sockets that are opened."""
    typing: TokenBucket
    """What the others are told of the member's typing."""
    refusals: TokenBucket
    """How often the member may be told to slow down."""
    asked_at: int = 0
    typed_at: dict[str, int] = field(default_factory=dict)

    def begin_answer(self, items: int) -> int:
        """Take what an answer of so many messages costs, before it is made.

        Twenty sockets that ask at the same time would otherwise all be answered before the first answer is paid for.

        Returns:
            The units to give back when the answer is there and `charge_answer` knows its size.
        """
        units = max(items // ANSWERED_ITEMS_A_UNIT, 1)
        self.answers.spend(units)
        return units

    def end_answer(self, units: int) -> None:
        """Give back what `begin_answer` took."""
        self.answers.spend(-units)

    def charge_answer(self, size_bytes: int, items: int = 0) -> None:
        """Pay for an answer, once it is known how large it is."""
        self.answers.spend(max(size_bytes // ANSWERED_BYTES_A_UNIT, items // ANSWERED_ITEMS_A_UNIT))

    def charge_frame(self, text: str) -> None:
        """Pay for a frame by its size, and by the messages in it."""
        items = text.count('{"seq":')  # what people wrote has no such quotes, as JSON escapes theirs
        self.charge_answer(byte_length(text), items)

    def is_flooding(self, now_ms: int) -> bool:
        """Note that the member was told to slow down; whether that was once too often."""
        return bool(self.refusals.take(now_ms))

    def note_misuse(self, now_ms: int) -> None:
        """A socket is closed for what came on it: the rest of it still costs the room time, so the next one waits."""
        self.openings.wait(now_ms)
        self.openings.spend(min(MISUSE_OPENINGS, int(self.openings.tokens) + MISUSE_OPENINGS))

    def may_tell_typing(self, channel: str, now_ms: int) -> bool:
        """Whether it is time to tell the others again that this member is writing."""
        if 0 <= now_ms - self.typed_at.get(channel, -TYPING_EVERY_MS) < TYPING_EVERY_MS:  # below 0: a clock set back
            return False
        if self.typing.take(now_ms):
            return False
        self.typed_at[channel] = now_ms
        return True


class Budgets:
    """The allowances of a room's members; a cache."""

    def __init__(self, message_burst: int, message_rate: float) -> None:
        """`message_burst` changes at once and then `message_rate` a second are the operator's choice."""
        self._message_burst = message_burst
        self._message_rate = message_rate
        self._allowances: dict[str, Allowance] = {}

    def of(self, member: str, now_ms: int) -> Allowance:
        """A member's allowance; full for somebody who did nothing for a while."""
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
            )
        allowance.asked_at = now_ms
        return allowance

    def _forget_idle(self, now_ms: int) -> None:
        """Those who did nothing for a while have everything back, so nothing is lost with them."""
        self._allowances = {
            member: each for member, each in self._allowances.items() if now_ms - each.asked_at < ALLOWANCES_KEPT_MS
        }


def check_wait(seconds: float) -> None:
    """Refuse what has to wait for so long.

    Raises:
        RateLimited: with the time after which it will be taken.
    """
    if seconds:
        raise RateLimited("Too fast.", retry_after=math.ceil(seconds * 1_000) / 1_000)
