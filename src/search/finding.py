"""Answering a search: one page of what is found, with similar messages if there are few, and a cursor to go on from.

What is found equals what a look at every message would find. The segments only say which messages are worth opening.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from chat.contents import message_reactions, with_votes
from chat.directory import Directory
from chat.history import show
from limits import LANES_SEARCHED_TOGETHER, SEARCH_UNITS, SIMILAR_BELOW
from sealing.keyring import Keyring
from search.cursor import Cursor, Place, read
from search.filters import Filter
from search.indexes import Indexes
from search.matching import Alike, Exact, Matching
from search.merging import Strand, merge
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
    """Searches one room: the open channels and one's lanes."""

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
        exact = Exact(asked.terms)
        later = [lane for lane in scopes if lane >= start.start]
        together, others = later[:LANES_SEARCHED_TOGETHER], later[LANES_SEARCHED_TOGETHER:]
        strands = [self._strand(lane, scopes[lane], newest[lane], start) for lane in together]
        parts: list[_Part] = []
        with ExitStack() as stack:

            async def begin(strand: Strand) -> Walk:
                lane = strand.lane
                await self._take_in(lane, newest[lane], strand.below, pace if lane else Pace(pause))
                parts.append(self._part(lane, scopes[lane], exact, strand.below, stack))
                return parts[-1].walk

            complete = await merge(strands, asked.limit, begin, pace)
            cursor = self._cursor(strands, others, start.found + _count(parts))
            back_to = max((each.newest_at for each in strands if each.below), default=asked.filter.first)
            similar: list[_Part] = []
            is_rare = cursor is None and start.found + _count(parts) < SIMILAR_BELOW
            if is_rare and (alike := Alike(asked.terms)).is_wider:
                for lane in scopes:
                    similar.append(self._part(lane, scopes[lane], alike, newest[lane] + 1, stack))
                    complete = await similar[-1].walk.run(asked.limit - _count(similar), pace)
            found, alike_found = await self._shown([parts, similar], channels, pace)
        text = None if cursor is None else cursor.issue(await self._key(), asked.question)
        return Found(found, alike_found or None, text, back_to, complete)

    def _strand(self, lane: str, limits: Filter, newest: int, start: Cursor) -> Strand:
        """Where the search begins or goes on in the open channels or a lane."""
        if lane in start.places:
            return Strand(lane, *start.places[lane], is_begun=True)
        newest_at = max((self._directory.place(channel).last_at for channel in limits.channels), default=0)
        return Strand(lane, newest + 1, min(newest_at, limits.end))

    def _cursor(self, strands: Sequence[Strand], others: Sequence[str], found: int) -> Cursor | None:
        if any(strand.below for strand in strands):
            begun = {each.lane: Place(each.below, each.newest_at) for each in strands if each.is_begun}
            return Cursor(found, begun, strands[0].lane)
        return Cursor(found, start=others[0]) if others else None

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
        return Cursor() if asked.cursor is None else read(asked.cursor, await self._key(), asked.question)

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
        messages = _messages(part)
        reactions = await message_reactions(messages, self._keyring)
        texts = await with_votes(messages, [hit.texts for hit in hits], self._keyring)
        shown = []
        for hit, said, reaction in zip(hits, texts, reactions, strict=True):
            body = hit.texts["body"]
            shown.append(show(hit.message, said, reaction) | {"match": matching.spans(body)})
            await pace.spend(1 + len(body) * matching.weight // _LONG_CHARACTERS)
        return shown


def _count(parts: Sequence[_Part]) -> int:
    return sum(len(part.walk.hits) for part in parts)


def _messages(part: _Part) -> list[Message]:
    return [hit.message for hit in part.walk.hits]
