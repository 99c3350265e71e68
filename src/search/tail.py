"""The tail: a segment in memory of the newest messages, which are in no stored one yet.

It is made when somebody searches, and takes in what came since the last search. What is edited is found by its old and
its new text, because a change that is not stored after all must not make a message be missed.
"""

import asyncio
from collections.abc import Sequence

from chat.contents import sealed_texts
from limits import TAIL_MESSAGES, TAIL_STEP_SEQS
from sealing.keyring import Keyring
from search.filters import entry
from search.pace import Pace
from search.scope import Scope
from search.segment import Entry, Segment
from search.watch import Watches
from storage.messages import Message
from storage.store import Store


class Tail:
    """The newest messages of one scope."""

    def __init__(self, store: Store, keyring: Keyring, watches: Watches, scope: Scope) -> None:
        self._store = store
        self._keyring = keyring
        self._watches = watches
        self._scope = scope
        self._segment: Segment | None = None
        self._up_to_seq = 0
        self._turn = asyncio.Lock()

    def at(self, seq: int) -> Segment | None:
        """The tail, if it has this `seq`."""
        segment = self._segment
        return segment if segment is not None and segment.after_seq < seq <= self._up_to_seq else None

    def include(self, changed: Entry) -> None:
        """Have an edited message found by its new text, too."""
        if self._segment is not None:
            self._segment.include(changed.seq, changed.text, changed.flags)

    async def take_in(self, up_to_seq: int, pace: Pace, *, after_seq: int) -> None:
        """Take in the messages up to a `seq`.

        Args:
            after_seq: where the newest stored segment ends. What is older does not have to be here.
        """
        async with self._turn:
            segment = self._begun(after_seq, up_to_seq)
            while self._up_to_seq < up_to_seq:
                end = min(self._up_to_seq + TAIL_STEP_SEQS, up_to_seq)
                found = await self._read(self._up_to_seq, end)
                if found is None:  # something changed meanwhile
                    continue
                for each in found:
                    segment.add(each)
                self._up_to_seq = end if found else self._scope.before_next(end, up_to_seq)
                await pace.spend(len(found) + 1)

    def _begun(self, after_seq: int, up_to_seq: int) -> Segment:
        """The tail as it is, or a new one if there is none yet or more came than it holds."""
        present = self._segment
        start = after_seq if present is None else max(after_seq, self._up_to_seq)
        if up_to_seq - start > TAIL_MESSAGES and self._scope.count_after(start) > TAIL_MESSAGES:
            start = up_to_seq - TAIL_MESSAGES
        if present is None or self._up_to_seq < start:
            self._segment = Segment(start, start, 0)
            self._up_to_seq = start
        elif present.count > TAIL_MESSAGES and after_seq > present.after_seq:
            self._segment = present.newer_than(after_seq)
        assert self._segment is not None
        return self._segment

    async def _read(self, after_seq: int, up_to_seq: int) -> list[Entry] | None:
        """The messages of a range, oldest first; None if one of them has changed by the time they are open."""
        with self._watches.watching() as watch:
            messages = self._store.messages.between(self._scope.ids(), after_seq, up_to_seq)
            found = await opened(messages, self._keyring)
            return None if watch.has_seen_any(after_seq, up_to_seq) else found


async def opened(messages: Sequence[Message], keyring: Keyring) -> list[Entry]:
    """Messages as a segment takes them, oldest first, without those that are deleted or do not open."""
    ordered = sorted(messages, key=lambda each: each.seq)
    texts = await sealed_texts(ordered, keyring)
    return [entry(message, each) for message, each in zip(ordered, texts, strict=True) if each is not None]
