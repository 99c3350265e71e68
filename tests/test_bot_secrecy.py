"""A bot receives the bytes of an outsider of every channel that it is not in.

As in test_secrecy.py, one script runs twice: once by itself, and once with traffic elsewhere in between. What happens
in private channels and conversations changes no byte. Other open channels share the room's `seq` with the bot's own,
so there the numbers of what the bot is told jump: that, and nothing else, shows that something happened.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.directory import GENERAL
from tests.files.uploading import file_id, upload
from tests.lanes import Screen, create_private, secure
from tests.rooms import Person, uuid
from tests.test_secrecy import ANNA, BORIS, FRAMES, HIDDEN_FILE, HIDDEN_MESSAGE, NEVER, Run, act, hide, put
from wire.bots import BOT_RIGHTS

ELSEWHERE = ("an open channel", "a private channel")
TAKEN_ID = "a message with its id"
"""An id is unique in all open channels: who knows one of another channel's can find out that it is taken there."""


class BotRun:
    """One of the two runs, with a bot in `general`."""

    def __init__(self, run: Run, bot: Person, plans: str) -> None:
        self.run = run
        self.bot = bot
        self.plans = plans
        """Another open channel."""
        self.received: list[str] = []
        self.screen: Screen

    @classmethod
    async def begin(cls) -> "BotRun":
        run = await Run.begin()
        plans = await run.room.create_channel(run.people[ANNA], "plans")
        bot = await run.room.bot(run.people[0], rights=BOT_RIGHTS, name="Listener")
        begun = cls(run, bot, plans)
        begun.screen = await run.screens.open(bot, {})
        begun.collect()
        return begun

    def collect(self) -> None:
        self.received += self.screen.frames
        self.screen.frames.clear()

    async def ask(self, frame: Mapping[str, Any]) -> None:
        await self.run.screens.receive(self.screen, frame)
        self.collect()

    async def come_back(self, behind: int | None) -> None:
        """Another socket in place of the bot's."""
        self.run.screens.close(self.screen)
        seq = None if behind is None else max(0, self.run.room.state.directory.seq - behind)
        self.screen = await self.run.screens.open(self.bot, {}, seq)
        self.collect()


async def work(run: BotRun, kind: int, number: int) -> None:
    """Something that the bot does, or that happens in its channel."""
    message = uuid(3_000 + number)
    match kind:
        case 0:
            await run.ask({"type": "send", "id": message, "channel": GENERAL, "body": f"beep {number}"})
        case 1:
            await run.ask({"type": "react", "ref": "r", "id": message, "emoji": "👍", "on": bool(number % 2)})
        case 2:
            await run.ask({"type": "history", "ref": "h", "channel": GENERAL, "limit": 1 + number})
        case 3:
            await run.come_back(None)
        case 4:
            await run.ask({"type": "edit", "ref": "r", "id": message, "body": "boop"})
        case _:
            await act(run.run, number % 5, number)
            run.collect()


async def happen(run: BotRun, kind: int, number: int) -> None:
    """Something in another open channel."""
    message, who = uuid(7_000 + number % 5), ANNA + number % 2
    match kind % 5:
        case 0 | 1:
            await run.run.ask(who, {"type": "send", "id": uuid(7_000 + number), "channel": run.plans, "body": "psst"})
        case 2:
            await run.run.ask(who, {"type": "edit", "ref": "r", "id": message, "body": "psst, again"})
        case 3:
            await run.run.ask(who, {"type": "react", "ref": "r", "id": message, "emoji": "👍", "on": True})
        case _:
            await run.run.ask(ANNA, {"type": "channel.update", "ref": "r", "id": run.plans, "topic": f"{number}"})
    run.collect()


def without_numbers(frames: list[str]) -> list[str]:
    """Frames without what counts in the room's `seq`."""

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            numbers = ("seq", "last_seq", "read_seq", "reply_seq")
            return {name: bare(each) for name, each in value.items() if name not in numbers}
        return [bare(each) for each in value] if isinstance(value, list) else value

    return [json.dumps(bare(json.loads(frame))) for frame in frames]


STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 14), st.integers(0, 40)), min_size=5, max_size=30)


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_traffic_in_lanes_changes_no_byte_of_what_a_bot_receives(steps: list[tuple[bool, int, int]]) -> None:
    async def both() -> None:
        alone, beside = await BotRun.begin(), await BotRun.begin()
        await hide(beside.run, 8, 1)
        for is_hidden, kind, number in steps:
            if is_hidden:
                await hide(beside.run, kind, number)
            else:
                for run in (alone, beside):
                    await work(run, kind % 6, number)
        for run in (alone, beside):
            await run.come_back(9)
        assert beside.received == alone.received
        assert beside.run.lanes

    asyncio.run(both())


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_traffic_in_other_open_channels_shows_in_nothing_but_the_numbers(steps: list[tuple[bool, int, int]]) -> None:
    async def both() -> None:
        alone, beside = await BotRun.begin(), await BotRun.begin()
        for is_elsewhere, kind, number in [*steps, (True, 0, 1)]:
            if is_elsewhere:
                before = list(beside.received)
                await happen(beside, kind, number)
                assert beside.received == before, "not a byte at the time"
            else:
                for run in (alone, beside):
                    await work(run, kind % 6, number)
        for run in (alone, beside):
            await run.come_back(None)
        assert without_numbers(beside.received) == without_numbers(alone.received)

    asyncio.run(both())


@pytest.mark.parametrize("of", ELSEWHERE)
@pytest.mark.parametrize("asked", FRAMES)
async def test_a_hidden_id_is_answered_to_a_bot_like_one_that_never_existed(asked: str, of: str) -> None:
    answered = []
    for is_hidden in (True, False):
        begun = await BotRun.begin()
        run, room, anna = begun.run, begun.run.room, begun.run.people[ANNA]
        run.ciphers.is_hidden = True
        await secure(room, anna)
        boris = run.people[BORIS]
        place = begun.plans if of == "an open channel" else await create_private(room, anna, "secrets", boris)
        await room.say(anna, "psst", place, id=HIDDEN_MESSAGE, files=[upload(room, anna, HIDDEN_FILE, place)])
        run.ciphers.is_hidden = False
        mine = {"channel": place, "message": HIDDEN_MESSAGE, "file": file_id(HIDDEN_FILE), "self": begun.bot.id}
        ids = mine if is_hidden else NEVER | {"self": begun.bot.id}
        begun.received.clear()
        await begun.ask({"ref": "r"} | put(FRAMES[asked], ids))
        said = "\n".join(without_numbers(begun.received))
        for name, value in ids.items():
            said = said.replace(value, f"@{name}")
        answered.append(said)
    is_known = (asked, of) == (TAKEN_ID, "an open channel")
    assert (answered[0] == answered[1]) is not is_known
    assert answered[0], "every frame of the table is answered"
