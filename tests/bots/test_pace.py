"""bots/pace.py: how much hooks may post, and that a sleep gives none of the day's number back."""

import math

import pytest

from bot_limits import BOT_COUNT_STEP, HOOK_BURST, HOOK_RATE
from bots.pace import Pace
from chat.changes import Author, Request
from chat.directory import GENERAL
from errors import Forbidden, TooManyAttempts
from limits import DAY_MS
from tests.rooms import ChatRoom, Person
from wire.bots import CreateHook

FACT = "bot_messages"


@pytest.fixture
async def hook(room: ChatRoom, olga: Person) -> str:
    frame = CreateHook(None, "Alerts", GENERAL, ())
    hook, _, _ = await room.state.programs.create(olga.id, frame, now_ms=room.now_ms)
    return hook


def pace(room: ChatRoom, a_day: int = 2_000) -> Pace:
    return Pace(a_day, room.state.store, room.state.directory)


async def post(room: ChatRoom, hook: str, pace: Pace) -> None:
    pace.check_day(room.now_ms)
    request = Request(Author(hook, "bot"), room.text("x"), "")
    outcome = await room.state.conversation.commit([request], now_ms=room.now_ms)
    assert outcome.posted
    pace.note_posted(room.now_ms)


def wait(pace: Pace, hook: str, now_ms: int) -> float | None:
    with pytest.raises(TooManyAttempts) as refused:
        pace.take(hook, now_ms)
    return refused.value.retry_after


async def test_thirty_at_once_and_then_one_a_second_for_each_hook(room: ChatRoom) -> None:
    present, now_ms = pace(room), room.now_ms
    for _ in range(HOOK_BURST):
        present.take("a", now_ms)
    assert wait(present, "a", now_ms) == 1
    present.take("b", now_ms)
    present.take("a", now_ms + 1_000 // HOOK_RATE)
    assert wait(present, "a", now_ms + 1_001) == 1


async def test_a_hook_that_was_revoked_leaves_nothing_behind(room: ChatRoom) -> None:
    present = pace(room)
    for _ in range(HOOK_BURST):
        present.take("a", room.now_ms)
    present.forget("a")
    present.forget("unknown")
    present.take("a", room.now_ms)


async def test_all_hooks_together_have_a_number_of_messages_a_day(room: ChatRoom, hook: str) -> None:
    present = pace(room, 3)
    for _ in range(3):
        await post(room, hook, present)
    with pytest.raises(TooManyAttempts) as refused:
        present.check_day(room.now_ms)
    midnight = (room.now_ms // DAY_MS + 1) * DAY_MS
    assert refused.value.retry_after == (midnight - room.now_ms) / 1_000
    present.check_day(midnight)


@pytest.mark.usefixtures("anna")
async def test_what_is_being_posted_counts_and_what_was_not_posted_does_not(room: ChatRoom) -> None:
    present = pace(room, 2)
    first, second = present.posting(room.now_ms), present.posting(room.now_ms)
    with first, second, pytest.raises(TooManyAttempts):
        present.check_day(room.now_ms)
    with present.posting(room.now_ms):
        present.note_posted(room.now_ms)
    with pytest.raises(ValueError, match="refused"), present.posting(room.now_ms):
        raise ValueError("refused")
    present.check_day(room.now_ms)


@pytest.mark.usefixtures("anna")
async def test_a_message_that_began_before_midnight_takes_nothing_from_the_next_day(room: ChatRoom) -> None:
    present = pace(room, 2)
    midnight = (room.now_ms // DAY_MS + 1) * DAY_MS
    with present.posting(midnight - 1):
        for _ in range(2):
            present.note_posted(midnight)
        present.note_posted(midnight - 1)
    assert room.state.store.facts.get(FACT).startswith(f"[{midnight // DAY_MS}, ")
    with pytest.raises(TooManyAttempts):
        present.check_day(midnight)


async def test_a_sleep_gives_nothing_back_wherever_it_comes(room: ChatRoom, hook: str, anna: Person) -> None:
    most = BOT_COUNT_STEP + 5
    present = pace(room, most)
    for number in range(most):
        await post(room, hook, present)
        if number % 50 == 7:
            await room.say(anna, "people do not count")
            present = pace(room, most)
    for again in (present, pace(room, most)):
        with pytest.raises(TooManyAttempts):
            again.check_day(room.now_ms)


async def test_the_number_is_noted_once_a_day_and_then_every_hundred_messages(room: ChatRoom, hook: str) -> None:
    present, noted = pace(room), []
    for _ in range(2 * BOT_COUNT_STEP):
        await post(room, hook, present)
        noted.append(room.state.store.facts.get(FACT))
    assert len(set(noted)) == 3
    room.later(DAY_MS)
    await post(room, hook, present)
    await post(room, hook, pace(room))
    assert room.state.store.facts.get(FACT).startswith(f"[{room.now_ms // DAY_MS}, 0,")


async def test_with_no_messages_a_day_there_are_no_hooks(room: ChatRoom) -> None:
    pace(room, 1).check_on()
    with pytest.raises(Forbidden):
        pace(room, 0).check_on()


def test_a_sleeping_room_forgets_no_more_than_it_gives_in_half_a_minute() -> None:
    assert math.ceil(HOOK_BURST / HOOK_RATE) <= 30
