"""What a look at every message finds, without any index: all that is found is compared with it."""

from typing import Any

import pytest

from chat.contents import message_texts
from search.filters import flags_for, flags_of
from search.normal import normal
from search.query import has_all, parse
from search.segment import Segment
from search.similar import Similar
from storage.headers import segment_header
from tests.rooms import ChatRoom, Person, answers
from wire.connections import Connection


async def everything(room: ChatRoom) -> list[tuple[Any, dict[str, Any]]]:
    """All stored messages that are not deleted, newest first, with their texts."""
    rows = room.database.connection.execute("SELECT channel, seq FROM messages ORDER BY seq DESC").fetchall()
    by_seq = {
        each.seq: each
        for start in range(0, len(rows), 500)
        for each in room.state.store.messages.at(rows[start : start + 500])
    }
    messages = [by_seq[seq] for _, seq in rows]
    texts = await message_texts(messages, room.state.keyring)
    return [(message, each) for message, each in zip(messages, texts, strict=True) if each is not None]


async def scan(room: ChatRoom, person: Person, query: str, **limits: Any) -> list[int]:
    """The `seq` of each message that the person may find, newest first."""
    terms = parse(query)
    return [
        m.seq
        for m, texts in await everything(room)
        if _is_in(room, person, m, texts, limits) and has_all(terms, normal(texts["body"]))
    ]


async def scan_similar(room: ChatRoom, person: Person, query: str, **limits: Any) -> list[int]:
    """The same of the messages that are only similar."""
    terms = parse(query)
    found = []
    for message, texts in await everything(room):
        text = normal(texts["body"])
        is_alike = all(Similar(term).is_in(text) for term in terms) and not has_all(terms, text)
        if is_alike and _is_in(room, person, message, texts, limits):
            found.append(message.seq)
    return found


def _is_in(room: ChatRoom, person: Person, message: Any, texts: dict[str, Any], limits: dict[str, Any]) -> bool:
    seen = {channel.id for channel in room.state.audience.channels_of(person.id)}
    flags = flags_for(limits.get("has", ()))
    return (
        message.channel in seen
        and limits.get("channel", message.channel) == message.channel
        and limits.get("author", message.author) == message.author
        and limits.get("after", 0) <= message.sent_at < limits.get("before", 2**53)
        and flags_of(texts) & flags == flags
    )


SMALL = {
    "building.SEGMENT_MESSAGES": 10,
    "draft.SEGMENT_MESSAGES": 10,
    "building.BUILD_STEP_SEQS": 4,
    "tail.TAIL_STEP_SEQS": 4,
    "tail.TAIL_MESSAGES": 15,
    "walk.CANDIDATES_AT_ONCE": 3,
    "walk.SEGMENTS_OPENED_AT_ONCE": 2,
    "blocks.SEGMENTS_OPENED_AT_ONCE": 3,
    "pace.SEARCH_SLICE_UNITS": 3,
    "building.BUILD_SLICE_UNITS": 3,
    "index.SEGMENTS_PURGED_AT_ONCE": 2,
}


def make_small(patch: pytest.MonkeyPatch) -> None:
    """Segments of ten messages, and few of everything else."""
    for name, value in SMALL.items():
        patch.setattr(f"search.{name}", value)


async def pause() -> None:
    """Let nobody in."""


async def build(room: ChatRoom) -> None:
    """Put all messages into segments, as far as they fill one."""
    while await room.state.index.build(8, pause, now_ms=room.now_ms):
        pass


def ranges(room: ChatRoom) -> list[tuple[int, int]]:
    """The stored segments: the `seq` that each begins after, and the one it ends with."""
    return [(row["after_seq"], row["up_to_seq"]) for row in room.database.rows("segments")]


async def stored_segments(room: ChatRoom) -> list[Segment]:
    """The stored segments, opened."""
    rows = room.state.store.segments.read([up_to_seq for _, up_to_seq in ranges(room)])
    items = [(row.sealed, segment_header(row.after_seq, row.up_to_seq)) for row in rows]
    texts = await room.state.keyring.open(items)
    found = [Segment.decoded(text or b"", row.after_seq, row.up_to_seq) for row, text in zip(rows, texts, strict=True)]
    return [each for each in found if each is not None]


class Searcher:
    """Somebody who searches."""

    def __init__(self, room: ChatRoom, person: Person, connection: Connection) -> None:
        self.room = room
        self.person = person
        self.connection = connection

    @classmethod
    async def of(cls, room: ChatRoom, person: Person) -> "Searcher":
        return cls(room, person, await room.connect(person))

    async def ask(self, query: str, *, limit: int = 50, **more: Any) -> dict[str, Any]:
        """One page."""
        self.room.later(10_000)
        frame = {"type": "search", "ref": "r", "query": query, "limit": limit, **more}
        (found,) = answers(await self.room.receive(self.connection, frame))
        return found

    async def pages(self, query: str, *, limit: int = 50, **more: Any) -> list[dict[str, Any]]:
        """All pages."""
        found = [await self.ask(query, limit=limit, **more)]
        while found[-1].get("cursor") is not None:
            found.append(await self.ask(query, limit=limit, cursor=found[-1]["cursor"], **more))
        return found

    async def seqs(self, query: str, *, limit: int = 50, **more: Any) -> list[int]:
        """Every message that is found, page by page."""
        return [message["seq"] for page in await self.pages(query, limit=limit, **more) for message in page["messages"]]
