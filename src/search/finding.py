"""Answering a search: one page of what is found, with similar messages if there are few, and a cursor to go on from.

What is found equals what a look at every message would find. The segments only say which messages are worth opening.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from chat.contents import message_reactions
from chat.directory import Directory
from chat.history import show
from limits import MAX_PAGE_BYTES, SEARCH_UNITS, SIMILAR_BELOW
from sealing.keyring import Keyring
from search.cursor import Cursor, read
from search.filters import Filter
from search.indexes import Indexes
from search.matching import Alike, Exact, Matching
from search.pace import Pace, Pause
from search.query import Term
from search.walk import Walk
from search.watch import Watch
from storage.messages import Message
from storage.store import Store

_CURSOR_KEY = "search cursor"
_LONG_CHARACTERS = 250  # of a text whose places take as much work as finding a message
Channels = Callable[[], Mapping[str, int]]
"""The channels that a search may look into now, each with the `seq` up to which nothing of it is given."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A walk through the open channels or a lane, and what has changed there since it began."""

    walk: Walk
    matching: Matching
    watch: Watch


@dataclass(frozen=True, slots=True)
class Asked:
    """What a member searches for."""

    terms: tuple[Term, ...]
    filter: Filter
    limit: int
    cursor: str | None
    question: list[Any]
    """Who asks, and everything else that the answer depends on, as JSON values: a cursor is good for nothing else."""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of an answer, in the form of docs/protocol.md, "Search"."""

    messages: list[dict[str, Any]]
    similar: list[dict[str, Any]] | None
    cursor: str | None
    back_to: int
    complete: bool

    def public(self) -> dict[str, Any]:
        """Its fields in the frame."""
        similar = {} if self.similar is None else {"similar": self.similar}
        return {"messages": self.messages, **similar, "cursor": self.cursor, "back_to": self.back_to,
                "complete": self.complete}  # fmt: skip


class Finding:
    """Searches one room: first the open channels, and then lane by lane."""

    def __init__(self, indexes: Indexes, store: Store, keyring: Keyring, directory: Directory) -> None:
        self._indexes = indexes
        self._store = store
        self._keyring = keyring
        self._directory = directory
        self._cursor_key: bytes | None = None

    async def find(self, asked: Asked, *, channels: Channels, pause: Pause) -> Found:
        """Search, with a pause after each slice of work; `channels` is asked again before the answer.

        Raises:
            Malformed: the cursor is none of this search.
        """
        scopes = self._scopes(asked, channels())
        start = await self._start(asked)
        newest = {lane: self._directory.lane(lane).seq for lane in scopes}
        pace = Pace(pause, budget=SEARCH_UNITS)
        exact, alike = Exact(asked.terms), Alike(asked.terms)
        parts: list[_Part] = []
        cursor: Cursor | None = None
        complete, back_to = True, asked.filter.first
        with ExitStack() as stack:
            for lane in [each for each in scopes if each >= start.lane]:
                below = start.below if lane == start.lane and asked.cursor is not None else newest[lane] + 1
                if parts and (self._is_full(parts, asked.limit) or pace.is_spent):
                    cursor = Cursor(below, start.found + _count(parts), lane)
                    back_to, complete = parts[-1].walk.back_to, not pace.is_spent
                    break
                await self._take_in(lane, newest[lane], below, pace if lane else Pace(pause))
                part = self._part(lane, scopes[lane], exact, below, stack)
                parts.append(part)
                complete = await part.walk.run(asked.limit - _count(parts), pace)
                if not part.walk.is_over:
                    cursor = Cursor(part.walk.below, start.found + _count(parts), lane)
                    back_to = part.walk.back_to
                    break
            similar: list[_Part] = []
            if cursor is None and start.found + _count(parts) < SIMILAR_BELOW and alike.is_wider:
                for lane in scopes:
                    similar.append(self._part(lane, scopes[lane], alike, newest[lane] + 1, stack))
                    complete = await similar[-1].walk.run(asked.limit - _count(similar), pace)
            found, alike_found = await self._shown([parts, similar], channels, pace)
        text = None if cursor is None else cursor.issue(await self._key(), asked.question)
        return Found(found, alike_found or None, text, back_to, complete)

    def _scopes(self, asked: Asked, channels: Mapping[str, int]) -> dict[str, Filter]:
        """What is looked into: the open channels together, and each lane, by its id; each with its limits."""
        wanted = {each: since for each, since in channels.items() if each in asked.filter.channels}
        lanes = {self._directory.lane(channel).id for channel in wanted} or {""}
        return {
            lane: replace(
                asked.filter,
                channels=frozenset(each for each in wanted if self._directory.lane(each).id == lane),
                since=wanted[lane] if lane else 0,
            )
            for lane in sorted(lanes)
        }

    async def _start(self, asked: Asked) -> Cursor:
        return Cursor(0, 0) if asked.cursor is None else read(asked.cursor, await self._key(), asked.question)

    async def _key(self) -> bytes:
        if self._cursor_key is None:
            self._cursor_key = await self._keyring.derive(_CURSOR_KEY)
        return self._cursor_key

    async def _take_in(self, lane: str, newest: int, below: int, pace: Pace) -> None:
        """Have the tail know the newest messages, if the search comes to them.

        Lanes may be many, so their work counts; a search that ends with it goes on from there.
        """
        index = self._indexes.of(lane)
        stored = index.shelf.end_before(newest + 1)
        if below > stored + 1:
            await index.tail.take_in(newest, pace, after_seq=stored)

    def _part(self, lane: str, limits: Filter, matching: Matching, below: int, stack: ExitStack) -> _Part:
        index = self._indexes.of(lane)
        walk = Walk(index, self._store, self._keyring, limits, matching, below=below)
        return _Part(walk, matching, stack.enter_context(index.watches.watching()))

    def _is_full(self, parts: Sequence[_Part], limit: int) -> bool:
        size = sum(hit.message.size_bytes for part in parts for hit in part.walk.hits)
        return _count(parts) >= limit or size > MAX_PAGE_BYTES

    async def _shown(
        self, kinds: Sequence[Sequence[_Part]], channels: Channels, pace: Pace
    ) -> list[list[dict[str, Any]]]:
        """The messages as they are when the answer is sent: a search waits, and meanwhile they may change or go."""
        every = [part for parts in kinds for part in parts]
        while True:
            shown = [[each for part in parts for each in await self._drawn(part, pace)] for parts in kinds]
            if len(kinds[0]) > 1:  # of several lanes
                shown = [sorted(page, key=lambda each: -each["sent_at"]) for page in shown]
            changed = [part for part in every if any(map(part.watch.has_seen, _messages(part)))]
            if not changed:
                break
            for part in changed:
                part.watch.clear()
            for part in changed:
                await part.walk.check_again()
        visible = channels()
        return [[each for each in page if each["seq"] > visible.get(each["channel"], each["seq"])] for page in shown]

    async def _drawn(self, part: _Part, pace: Pace) -> list[dict[str, Any]]:
        hits, matching = part.walk.hits, part.matching
        reactions = await message_reactions([hit.message for hit in hits], self._keyring)
        shown = []
        for hit, reaction in zip(hits, reactions, strict=True):
            body = hit.texts["body"]
            shown.append(show(hit.message, hit.texts, reaction) | {"match": matching.spans(body)})
            await pace.spend(1 + len(body) * matching.weight // _LONG_CHARACTERS)
        return shown


def _count(parts: Sequence[_Part]) -> int:
    return sum(len(part.walk.hits) for part in parts)


def _messages(part: _Part) -> list[Message]:
    return [hit.message for hit in part.walk.hits]
