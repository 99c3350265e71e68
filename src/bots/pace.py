"""How much hooks may post: each for itself a second, all of a room together a day.

Only the day's number must survive a sleep. It is noted once a day and then every BOT_COUNT_STEP messages, as one fact.
What was posted since the last note is counted from the messages themselves, once after the room has woken. Those of
bots in private channels count until the room sleeps: to find them again would mean to read whole channels.
"""

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager

from bot_limits import BOT_COUNT_STEP, HOOK_BURST, HOOK_RATE
from chat.directory import Directory
from errors import Forbidden, TooManyAttempts
from limits import DAY_MS
from storage.store import Store
from wire.rates import TokenBucket

_FACT = "bot_messages"


class Pace:
    """What hooks may still do now; all of it can be thrown away and made again.

    A room that sleeps forgets the buckets. It does so after ten idle seconds, so a hook then gets at most as many
    requests more at once as it could have had in half a minute.
    """

    def __init__(self, a_day: int, store: Store, directory: Directory) -> None:
        self._a_day = a_day
        self._store = store
        self._directory = directory
        self._buckets: dict[str, TokenBucket] = {}
        self._day = -1
        self._count = 0
        self._noted = 0
        self._begun = 0

    @property
    def is_on(self) -> bool:
        """Whether the operator wants hooks and bots."""
        return self._a_day > 0

    def check_on(self) -> None:
        """Refuse where the operator wants no hooks.

        Raises:
            Forbidden.
        """
        if not self.is_on:
            raise Forbidden("In this chat hooks are off.")

    def take(self, hook: str, now_ms: int) -> None:
        """Take one request of a hook.

        Raises:
            TooManyAttempts: it asks too fast.
        """
        wait = self._buckets.setdefault(hook, TokenBucket.full(HOOK_BURST, HOOK_RATE, now_ms)).take(now_ms)
        if wait:
            raise TooManyAttempts("Too many requests to this hook.", retry_after=math.ceil(wait))

    def check_day(self, now_ms: int) -> None:
        """Refuse one more message today.

        Raises:
            TooManyAttempts: all hooks together have posted as many as they may; with the time until midnight, UTC.
        """
        self._look(now_ms)
        if self._count + self._begun >= self._a_day:
            wait_ms = DAY_MS - now_ms % DAY_MS
            raise TooManyAttempts("The hooks of this room have posted enough for today.", retry_after=wait_ms / 1_000)

    @contextmanager
    def posting(self, now_ms: int) -> Iterator[None]:
        """Post one more message today: while it is under way it counts, so that many at once are no more.

        Raises:
            TooManyAttempts: as `check_day`.
        """
        self.check_day(now_ms)
        self._begun += 1
        try:
            yield
        finally:
            self._begun -= 1

    def note_posted(self, now_ms: int) -> None:
        """Count a message that was posted."""
        self._look(now_ms)
        self._count += 1
        if self._count - self._noted >= BOT_COUNT_STEP:
            self._note()

    def forget(self, hook: str) -> None:
        """Forget a hook that was revoked."""
        self._buckets.pop(hook, None)

    def _look(self, now_ms: int) -> None:
        """Know the number of today: from memory, or from the last note and the messages after it."""
        day = now_ms // DAY_MS
        if day <= self._day:  # a request may end after midnight that began before
            return
        noted_day, count, seq = json.loads(self._store.facts.get(_FACT) or "[-1,0,0]")
        self._day, self._count = day, 0
        if noted_day != day:
            self._note()
            return
        self._noted = count
        newer = [channel.id for channel in self._directory.present_channels() if channel.last_seq > seq]
        self._count = count + self._store.bots.count_messages(newer, seq, day * DAY_MS)

    def _note(self) -> None:
        self._noted = self._count
        self._store.facts.put(_FACT, json.dumps([self._day, self._count, self._directory.seq]))
