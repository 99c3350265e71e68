"""Answering a search: one page of what is found, with similar messages if there are few, and a cursor to go on from.

What is found equals what a look at every message would find. The segments only say which messages are worth opening.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chat.contents import message_reactions
from chat.directory import Directory
from chat.history import show
from limits import SEARCH_UNITS, SIMILAR_BELOW
from sealing.keyring import Keyring
from search.cursor import Cursor, read
from search.filters import Filter
from search.index import Index
from search.matching import Alike, Exact, Matching
from search.pace import Pace, Pause
from search.query import Term
from search.walk import Walk
from search.watch import Watch
from storage.store import Store

_CURSOR_KEY = "search cursor"
_LONG_CHARACTERS = 250  # of a text whose places take as much work as finding a message
_Part = tuple[Walk, Matching]
Channels = Callable[[], frozenset[str]]
"""The channels that a search may look into now."""


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
    """Searches one room."""

    def __init__(self, index: Index, store: Store, keyring: Keyring, directory: Directory) -> None:
        self._index = index
        self._store = store
        self._keyring = keyring
        self._directory = directory
        self._cursor_key: bytes | None = None

    async def find(self, asked: Asked, *, channels: Channels, pause: Pause) -> Found:
        """Search, with a pause after each slice of work; `channels` is asked again before the answer.

        Raises:
            Malformed: the cursor is none of this search.
        """
        newest = self._directory.seq
        start = await self._start(asked, newest)
        await self._take_in(newest, start.below, pause)
        pace = Pace(pause, budget=SEARCH_UNITS)
        with self._index.watches.watching() as watch:
            exact, alike = Exact(asked.terms), Alike(asked.terms)
            walk = self._walk(asked, exact, start.below)
            complete = await walk.run(asked.limit, pace)
            count = start.found + len(walk.hits)
            parts: list[_Part] = [(walk, exact)]
            if walk.is_over and count < SIMILAR_BELOW and alike.is_wider:
                parts.append((self._walk(asked, alike, newest + 1), alike))
                complete = await parts[-1][0].run(asked.limit, pace)
            messages, *similar = await self._shown(parts, channels, watch, pace)
        cursor = None if walk.is_over else Cursor(walk.below, count).issue(await self._key(), asked.question)
        back_to = asked.filter.first if walk.is_over else walk.back_to
        return Found(messages, similar[0] if similar and similar[0] else None, cursor, back_to, complete)

    async def _start(self, asked: Asked, newest: int) -> Cursor:
        if asked.cursor is None:
            return Cursor(newest + 1, 0)
        return read(asked.cursor, await self._key(), asked.question)

    async def _key(self) -> bytes:
        if self._cursor_key is None:
            self._cursor_key = await self._keyring.derive(_CURSOR_KEY)
        return self._cursor_key

    async def _take_in(self, newest: int, below: int, pause: Pause) -> None:
        """Have the tail know the newest messages, if the search comes to them."""
        stored = self._index.shelf.end_before(newest + 1)
        if below > stored + 1:
            await self._index.tail.take_in(newest, Pace(pause), after_seq=stored)

    def _walk(self, asked: Asked, matching: Matching, below: int) -> Walk:
        return Walk(self._index, self._store, self._keyring, asked.filter, matching, below=below)

    async def _shown(
        self, parts: Sequence[_Part], channels: Channels, watch: Watch, pace: Pace
    ) -> list[list[dict[str, Any]]]:
        """The messages as they are when the answer is sent: a search waits, and meanwhile they may change or go."""
        while True:
            shown = [await self._drawn(walk, matching, pace) for walk, matching in parts]
            if not any(watch.has_seen(hit.message) for walk, _ in parts for hit in walk.hits):
                break
            watch.clear()
            for walk, _ in parts:
                await walk.check_again()
        visible = channels()
        return [[message for message in page if message["channel"] in visible] for page in shown]

    async def _drawn(self, walk: Walk, matching: Matching, pace: Pace) -> list[dict[str, Any]]:
        reactions = await message_reactions([hit.message for hit in walk.hits], self._keyring)
        shown = []
        for hit, reaction in zip(walk.hits, reactions, strict=True):
            body = hit.texts["body"]
            shown.append(show(hit.message, hit.texts, reaction) | {"match": matching.spans(body)})
            await pace.spend(1 + len(body) * matching.weight // _LONG_CHARACTERS)
        return shown
