"""search/finding.py: what is found equals what a look at every message finds, whatever happens to the segments."""

import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.directory import GENERAL
from limits import MAX_BODY_CHARACTERS, MAX_FOUND, SIMILAR_BELOW
from live.reception import Reception
from sealing.ciphers import Item
from tests.rooms import DAY, HOUR, ChatRoom, Person, QuickCiphers, make_room
from tests.search.scanning import Searcher, build, everything, make_small, ranges, scan, scan_similar
from tests.search.texts import part_of, said
from wire.changes import Delete, DeleteChannel, Edit, React

SEEDS = st.integers(0, 1_000_000)


class Crowd:
    """People who write, edit and delete at random in a room with two channels."""

    def __init__(self, room: ChatRoom, people: Sequence[Person], channels: Sequence[str], seed: int) -> None:
        self.room = room
        self.people = people
        self.channels = channels
        self.chance = random.Random(seed)
        self.ids: list[tuple[str, Person]] = []

    @classmethod
    async def of(cls, seed: int, *, retention_days: int = 0) -> "Crowd":
        room = await make_room(MESSAGE_RATE="1000000/1000000", SESSION_DAYS="400", RETENTION_DAYS=str(retention_days))
        people = [await room.join("Olga", admin=True), await room.join("Anna"), await room.join("Boris")]
        return cls(room, people, [GENERAL, await room.create_channel(people[0], "plans")], seed)

    async def write(self, count: int) -> None:
        for _ in range(count):
            person = self.chance.choice(self.people)
            body = said(self.chance)[:MAX_BODY_CHARACTERS]
            if self.chance.random() < 0.02:
                body = (body + " ") * (MAX_BODY_CHARACTERS // (len(body) + 1) + 1)
            frame = self.room.text(body.strip()[:MAX_BODY_CHARACTERS], self.chance.choice(self.channels))
            answer = await self.room.ask(person, frame)
            assert answer["type"] == "ack", answer
            self.ids.append((frame.id, person))
            self.room.later(self.chance.choice([0, 1_000, HOUR]))

    async def change(self) -> None:
        """Edit, delete, react, or write something more. Who is too late is refused."""
        number, person = self.chance.choice(self.ids)
        match self.chance.randrange(4):
            case 0:
                await self.room.ask(person, Edit("r", number, said(self.chance)[:MAX_BODY_CHARACTERS].strip(), ()))
            case 1:
                await self.room.ask(person, Delete("r", number))
            case 2:
                await self.room.ask(person, React("r", number, "👍", on=True))
            case 3:
                await self.write(1)

    async def clean_up(self) -> None:
        """One run of the clean-up."""
        await self.room.state.retention.run(now_ms=self.room.now_ms, is_online=[each.id for each in self.people])

    async def check(self, questions: int = 6) -> None:
        """Search for parts of what was said, and compare with a look at every message."""
        texts = [texts["body"] for _, texts in await everything(self.room)] or ["nothing"]
        for _ in range(questions):
            person = self.chance.choice(self.people)
            searcher = await Searcher.of(self.room, person)
            query = part_of(self.chance, self.chance.choice(texts))[:200]
            limits = self._limits()
            found = await searcher.pages(query, limit=self.chance.choice([1, 2, 5, MAX_FOUND]), **limits)
            if found[0]["type"] == "error":
                assert found[0]["detail"] == "query is empty."
                continue
            seqs = [message["seq"] for page in found for message in page["messages"]]
            assert seqs == await scan(self.room, person, query, **limits), (query, limits)
            assert all(page["complete"] for page in found)
            similar = [message["seq"] for message in found[-1].get("similar", ())]
            if len(seqs) < SIMILAR_BELOW:
                expected = await scan_similar(self.room, person, query, **limits)
                assert similar == expected[: len(similar)]
                assert bool(similar) == bool(expected)
            else:
                assert similar == []

    def _limits(self) -> dict[str, Any]:
        chance = self.chance
        moment = self.room.now_ms - chance.randrange(10 * DAY)
        limits: dict[str, Any] = {}
        if chance.random() < 0.2:
            limits["channel"] = chance.choice(self.channels)
        if chance.random() < 0.2:
            limits["author"] = chance.choice(self.people).id
        if chance.random() < 0.2:
            limits[chance.choice(["before", "after"])] = moment
        if chance.random() < 0.1:
            limits["has"] = ["link"]
        return limits


@settings(max_examples=12)
@given(SEEDS)
async def test_found_equals_a_look_at_every_message(seed: int) -> None:
    """In segments, half in segments, with some of them deleted or damaged, awake or just woken."""
    crowd = await Crowd.of(seed)
    with pytest.MonkeyPatch.context() as patch:
        make_small(patch)
        await crowd.write(25)
        await crowd.check(2)
        await build(crowd.room)
        await crowd.write(crowd.chance.randrange(15))
        for _ in range(10):
            await crowd.change()
        await crowd.check()
        _damage(crowd)
        if crowd.chance.random() < 0.5:
            await crowd.room.wake()
        await crowd.check()
        await build(crowd.room)
        await crowd.check()


@settings(max_examples=10)
@given(SEEDS)
async def test_found_is_right_whatever_happens_while_it_is_looked_for(seed: int) -> None:
    """While a search or a build waits, others write, edit and delete, and the clean-up removes."""
    crowd = await Crowd.of(seed, retention_days=1)
    with pytest.MonkeyPatch.context() as patch:
        make_small(patch)
        await crowd.write(40)
        room, anna = crowd.room, crowd.people[1]
        assert isinstance(room.ciphers, QuickCiphers)
        for query in ("договор", "search", "東", "hello wor", "serch"):
            searcher = await Searcher.of(room, anna)
            room.later(3 * HOUR)
            always = set(await scan(room, anna, query))

            async def note(query: str = query, always: set[int] = always) -> None:
                always &= set(await scan(room, anna, query))

            _hook(room, patch, crowd, note)
            if crowd.chance.random() < 0.5:
                await room.state.index.build(2, _pause(crowd, note), now_ms=room.now_ms)
            found = [await searcher.ask(query)]
            _unhook(room, patch)
            after = set(await scan(room, anna, query))
            seqs = {message["seq"] for message in found[0]["messages"]}
            assert always & after <= seqs <= after, query
            assert not {message["seq"] for message in found[0].get("similar", ())} & after
            await crowd.check(3)
        await room.wake()
        await crowd.check()


@settings(max_examples=10)
@given(SEEDS)
async def test_found_is_right_wherever_the_object_dies(seed: int) -> None:
    """The object is evicted at any wait or statement of an edit, deletion, clean-up, build or search."""
    crowd = await Crowd.of(seed, retention_days=1)
    with pytest.MonkeyPatch.context() as patch:
        make_small(patch)
        await crowd.write(40)
        await build(crowd.room)
        for fuse in range(12):
            room = crowd.room
            room.later(HOUR)
            steps: list[Callable[[], Awaitable[Any]]] = [crowd.change, crowd.clean_up, lambda: build(crowd.room)]
            with pytest.MonkeyPatch.context() as burning:
                _burn(room, burning, fuse)
                try:
                    for _ in range(3):
                        await crowd.chance.choice(steps)()
                except Evicted:
                    pass
            await room.wake()
            await crowd.check(2)


class Evicted(Exception):
    """The object is gone, in the middle of something."""


def _burn(room: ChatRoom, patch: pytest.MonkeyPatch, fuse: int) -> None:
    """Let the object die at its so many-th wait."""
    left = [fuse]
    for name in ("open", "seal"):
        real = getattr(room.ciphers, name)

        async def dying(key: bytes, items: Sequence[Item], real: Any = real) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise Evicted
            return await real(key, items)

        patch.setattr(room.ciphers, name, dying)


def _hook(room: ChatRoom, patch: pytest.MonkeyPatch, crowd: Crowd, note: Callable[[], Awaitable[None]]) -> None:
    """While sealed texts are opened for somebody, something else happens in the room, but not within that again.

    `note` looks at the room after each change: a message may say something else for a while.
    """
    real = room.ciphers.open
    is_busy = [False]

    async def opening(key: bytes, items: Sequence[Item]) -> list[bytes | None]:
        found = await real(key, items)
        if not is_busy[0] and not room.state.conversation._turn.locked() and crowd.chance.random() < 0.5:
            is_busy[0] = True
            await (crowd.clean_up() if crowd.chance.random() < 0.2 else crowd.change())
            await note()
            is_busy[0] = False
        return found

    patch.setattr(room.ciphers, "open", opening)


def _unhook(room: ChatRoom, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(room.ciphers, "open", super(QuickCiphers, room.ciphers).open)


def _pause(crowd: Crowd, note: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    async def pause() -> None:
        await crowd.change()
        await note()

    return pause


def _damage(crowd: Crowd) -> None:
    for _, up_to_seq in ranges(crowd.room):
        match crowd.chance.randrange(4):
            case 0:
                crowd.room.database.tamper("DELETE FROM segments WHERE up_to_seq = ?", up_to_seq)
            case 1:
                crowd.room.database.tamper("UPDATE segments SET sealed = zeroblob(99) WHERE up_to_seq = ?", up_to_seq)
            case 2:
                crowd.room.database.tamper("UPDATE segments SET epoch = 77 WHERE up_to_seq = ?", up_to_seq)


# --- the answer ---


async def searching(room: ChatRoom, *bodies: str) -> Searcher:
    anna = await room.join("Anna")
    for body in bodies:
        await room.say(anna, body)
    return await Searcher.of(room, anna)


async def test_a_message_is_shown_as_in_history_with_its_places(room: ChatRoom) -> None:
    searcher = await searching(room, "The Café")
    said = room.text("another café")
    await room.ask(searcher.person, said)
    await room.ask(searcher.person, React("r", said.id, "👍", on=True))
    await room.ask(searcher.person, Edit("r", said.id, "👍🏽 the cafe\u0301", ()))
    found = await searcher.ask("cafe")
    history = (await room.history())["messages"]
    places = [message.pop("match") for message in found["messages"]]
    assert found["messages"] == history[::-1]
    assert places == [[[7, 5]], [[4, 4]]]
    assert (found["type"], found["ref"], found["cursor"], found["complete"]) == ("found", "r", None, True)


async def test_the_answer_says_how_far_back_was_searched(room: ChatRoom) -> None:
    searcher = await searching(room)
    times = []
    for _ in range(3):
        room.later(HOUR)
        await room.say(searcher.person, "hello")
        times.append(room.now_ms)
    first = await searcher.ask("hello", limit=2)
    assert first["back_to"] == times[1]
    assert (await searcher.ask("hello", limit=2, cursor=first["cursor"]))["back_to"] == 0
    assert (await searcher.ask("hello", after=times[1]))["back_to"] == times[1]


async def test_what_is_written_during_a_search_belongs_to_the_next_one(room: ChatRoom) -> None:
    searcher = await searching(room, *["hello"] * 3)
    first = await searcher.ask("hello", limit=2)
    await room.say(searcher.person, "hello")
    second = await searcher.ask("hello", limit=2, cursor=first["cursor"])
    assert len(second["messages"]) == 1


@pytest.mark.parametrize("count", [0, 1, SIMILAR_BELOW - 1, SIMILAR_BELOW])
async def test_similar_messages_are_shown_if_few_are_found(room: ChatRoom, count: int) -> None:
    searcher = await searching(room, "saerching", "serching", *["searching"] * count)
    for limit in (1, 2, 50):
        pages = await searcher.pages("searching", limit=limit)
        assert [len(page.get("similar", ())) for page in pages[:-1]] == [0] * (len(pages) - 1)
        similar = pages[-1].get("similar", [])
        assert len(similar) == (min(2, limit) if count < SIMILAR_BELOW else 0)
        assert [message["match"] for message in similar] == [[[0, 8]], [[0, 9]]][: len(similar)]


@pytest.mark.parametrize("query", ["cat", '"searching"', "12345"])
async def test_nothing_is_similar_to_short_words_phrases_and_numbers(room: ChatRoom, query: str) -> None:
    assert "similar" not in await (await searching(room, "saerching")).ask(query)


async def test_a_cursor_of_somebody_else_or_of_another_search_is_none(room: ChatRoom, boris: Person) -> None:
    searcher = await searching(room, *["hello world"] * 3)
    cursor = (await searcher.ask("hello", limit=1))["cursor"]
    other = await Searcher.of(room, boris)
    for answer in (
        await other.ask("hello", cursor=cursor),
        await searcher.ask("world", cursor=cursor),
        await searcher.ask("hello", cursor=cursor, channel=GENERAL),
        await searcher.ask("hello", cursor=cursor[:-2] + ("AA" if cursor[-2:] != "AA" else "BB")),
    ):
        assert (answer["code"], answer["detail"]) == ("malformed", "cursor is none of this search.")
    await room.wake()
    assert len((await searcher.ask("hello", cursor=cursor))["messages"]) == 2


async def test_a_deleted_channel_is_not_searched(room: ChatRoom) -> None:
    searcher = await searching(room)
    olga = await room.join("Olga", admin=True)
    channel = await room.create_channel(olga, "plans")
    for _ in range(3):
        await room.say(olga, "hello", channel)
    assert len(await searcher.seqs("hello")) == 3
    first = await searcher.ask("hello", limit=1)
    await room.ask(olga, DeleteChannel("r", channel))
    assert await searcher.seqs("hello") == []
    assert (await searcher.ask("hello", cursor=first["cursor"]))["messages"] == []


async def test_a_search_writes_nothing_and_nothing_of_it_is_kept(room: ChatRoom) -> None:
    searcher = await searching(room, *["Wilhelmina"] * 3)
    await build(room)
    before = room.database.dump()
    await searcher.pages("wilhelmina", limit=1)
    await searcher.pages("wilhelmine")
    assert room.database.dump() == before


@pytest.mark.usefixtures("small")
async def test_a_thief_of_the_database_reads_no_word_and_sees_no_equal_ones(room: ChatRoom) -> None:
    await searching(room, *["Wilhelmina"] * 20)
    await build(room)
    rows = room.database.rows("segments")
    assert len(rows) == 2
    for row in rows:
        sealed = bytes(row["sealed"]).lower()
        assert b"wilhelmina" not in sealed
        assert b"general" not in sealed
    assert len({bytes(row["sealed"])[13:80] for row in rows}) == 2


@pytest.mark.usefixtures("small")
async def test_others_get_in_during_a_long_search(room: ChatRoom) -> None:
    searcher = await searching(room, *["hello"] * 30)
    waits = []

    async def let_in(milliseconds: int) -> None:
        waits.append(milliseconds)

    room.reception = Reception(room.state, let_in=let_in)
    await searcher.pages("hello")
    assert len(waits) > 5
    assert set(waits) == {0}


@pytest.mark.usefixtures("small")
async def test_a_search_that_used_its_budget_goes_on_by_its_cursor(
    room: ChatRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    searcher = await searching(room, "zebrafish", *["hello"] * 60)
    monkeypatch.setattr("search.finding.SEARCH_UNITS", 8)
    monkeypatch.setattr("search.tail.TAIL_MESSAGES", 1)
    pages = await searcher.pages("zebrafish")
    assert len(pages) > 3
    assert [page["complete"] for page in pages[:-1]] == [False] * (len(pages) - 1)
    assert [message["body"] for page in pages for message in page["messages"]] == ["zebrafish"]
    times = [page["back_to"] for page in pages]
    assert times == sorted(times, reverse=True)


@settings(max_examples=8)
@given(SEEDS)
async def test_nobody_finds_what_they_may_not_see(seed: int) -> None:
    """Not by messages, similar ones, cursors or counts: everything is as if the hidden messages did not exist."""
    with pytest.MonkeyPatch.context() as patch:
        make_small(patch)
        answers = []
        for hides in (True, False):
            crowd = await Crowd.of(seed)
            room, (olga, anna, boris) = crowd.room, crowd.people
            hidden = crowd.channels[1]
            room.restricted = {hidden: frozenset({olga.id})}
            await room.wake()
            for number in range(30):
                await room.say(anna, f"hello search {number % 7}")
                await room.say(olga, "hello search zebra" if hides else "other", hidden)
            await build(room)
            assert await scan(room, olga, "hello") != await scan(room, anna, "hello") or not hides
            searcher = await Searcher.of(room, boris)
            found = [
                page for query in ("hello", "zebra", "saerch", "zabra") for page in await searcher.pages(query, limit=7)
            ]
            assert {message["channel"] for page in found for message in page["messages"]} == {GENERAL}
            refused = await searcher.ask("hello", channel=hidden)
            never = await searcher.ask("hello", channel="never")
            assert refused == never
            assert refused["code"] == "not_found"
            counts = [
                [len(page["messages"]), page["back_to"], page["complete"], page["cursor"] is None] for page in found
            ]
            answers.append(counts)
        assert answers[0] == answers[1]
