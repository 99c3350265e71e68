"""live/indexing.py: segments are built after commits and by the clean-up, and never before an answer."""

import logging
from collections.abc import Awaitable, Callable

import pytest

from limits import BUILD_AFTER_MS, BUILD_PAUSE_MS, BUILD_REST_MS, POSTS_BEFORE_BUILDING
from live.announcements import committed
from live.effects import BuildSegments
from live.indexing import Indexer
from tests.rooms import ChatRoom, Person


async def _no_wait(milliseconds: int) -> None:
    """Waiting for real would take the test's time."""


class Clockwork:
    """An indexer whose timers a test lets ring."""

    def __init__(self, room: ChatRoom) -> None:
        self.planned: list[tuple[int, Callable[[], None]]] = []
        self.indexer = Indexer(room.state, later=self._later, let_in=_no_wait, clock=lambda: room.now_ms)

    def _later(self, milliseconds: int, work: Callable[[], None]) -> object:
        self.planned.append((milliseconds, work))
        return work

    async def ring(self) -> None:
        _, work = self.planned.pop()
        work()
        under_way = self.indexer._under_way
        assert under_way is not None
        await under_way


async def test_it_is_planned_once_until_it_is_done(room: ChatRoom, anna: Person) -> None:
    clockwork = Clockwork(room)
    clockwork.indexer.begin_soon()
    clockwork.indexer.begin_soon()
    assert [milliseconds for milliseconds, _ in clockwork.planned] == [BUILD_AFTER_MS]
    await clockwork.ring()
    clockwork.indexer.begin_soon()
    assert len(clockwork.planned) == 1


@pytest.mark.usefixtures("anna")
async def test_a_failure_is_logged_without_its_message_and_the_next_one_is_planned(
    room: ChatRoom, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(*_: object, **__: object) -> bool:
        raise OSError("disk full")

    monkeypatch.setattr(room.state.index, "build", failing)
    clockwork = Clockwork(room)
    clockwork.indexer.begin_soon()
    with caplog.at_level(logging.ERROR):
        await clockwork.ring()
    assert [record.message for record in caplog.records] == ["building segments failed"]
    clockwork.indexer.begin_soon()
    assert len(clockwork.planned) == 1


async def test_what_is_left_is_built_soon(room: ChatRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    left = iter([True, False])

    async def building(*_: object, **__: object) -> bool:
        return next(left)

    monkeypatch.setattr(room.state.indexes, "build", building)
    clockwork = Clockwork(room)
    clockwork.indexer.begin_soon()
    await clockwork.ring()
    assert len(clockwork.planned) == 1
    await clockwork.ring()
    assert clockwork.planned == []


async def test_enough_messages_plan_it(room: ChatRoom, anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    await room.wake(MESSAGE_RATE="1000000/1000000")
    for module in ("building", "draft"):
        monkeypatch.setattr(f"search.{module}.SEGMENT_MESSAGES", POSTS_BEFORE_BUILDING)
    planned = []
    for _ in range(POSTS_BEFORE_BUILDING):
        outcome = await room.commit((anna, room.text("hello")))
        planned += [effect for effect in committed(room.state, outcome) if effect == BuildSegments()]
    assert planned == [BuildSegments()]
    assert await Clockwork(room).indexer.build() is False
    assert room.database.count("segments") == 1


@pytest.mark.parametrize(
    ("posted", "pauses"),
    [
        ([0, 0, 0, 0], [BUILD_PAUSE_MS, BUILD_REST_MS, BUILD_REST_MS, BUILD_REST_MS]),
        ([1, 1, 0, 0], [BUILD_PAUSE_MS, BUILD_PAUSE_MS, BUILD_PAUSE_MS, BUILD_REST_MS]),
        ([0, 0, 3, 0], [BUILD_PAUSE_MS, BUILD_REST_MS, BUILD_REST_MS, BUILD_PAUSE_MS]),
    ],
)
async def test_it_pauses_at_length_until_nobody_has_written_meanwhile(
    room: ChatRoom, monkeypatch: pytest.MonkeyPatch, posted: list[int], pauses: list[int]
) -> None:
    """`posted`: how many messages are posted during each pause."""
    took = []

    async def let_in(milliseconds: int) -> None:
        took.append(milliseconds)
        room.state.indexes.note_posted([""] * posted[len(took) - 1])

    async def building(_most: int, pause: Callable[[], Awaitable[None]], *, now_ms: int) -> bool:
        assert now_ms == room.now_ms
        for _ in posted:
            await pause()
        return False

    monkeypatch.setattr(room.state.indexes, "build", building)
    await Indexer(room.state, later=Clockwork(room)._later, let_in=let_in, clock=lambda: room.now_ms).build()
    assert took == pauses
