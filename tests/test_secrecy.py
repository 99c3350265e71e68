"""Whoever is not in a lane receives byte for byte the same as if it did not exist.

One script of open actions runs twice, with the same clock and the same randomness: once by itself, and once with
hidden traffic in between. Everything that the outsider's sockets and requests were answered has to be equal. How long
an answer takes is left out, as docs/security/SECURITY.md says.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chat.directory import GENERAL
from tests.lanes import Screen, Screens, secure
from tests.rooms import HOUR, ChatRoom, Person, QuickCiphers, make_room, uuid
from upkeep.stats import Platform, stats

OUTSIDER, ANNA, BORIS = 0, 1, 2


class ReplayedCiphers(QuickCiphers):
    """Random bytes that are the same in both runs, whatever hidden traffic takes in between."""

    def __init__(self) -> None:
        super().__init__()
        self.is_hidden = False
        self._taken = {False: 0, True: 0}

    def random_bytes(self, count: int) -> bytes:
        self._taken[self.is_hidden] += 1
        seed = f"{self.is_hidden} {self._taken[self.is_hidden]}".encode()
        return b"".join(sha256(seed + bytes([at])).digest() for at in range(count // 32 + 1))[:count]


@dataclass
class Run:
    """One of the two runs."""

    room: ChatRoom
    people: list[Person]
    screens: Screens
    sockets: dict[int, list[Screen]] = field(default_factory=dict)
    lanes: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    received: list[str] = field(default_factory=list)
    """All that the outsider was sent and answered."""

    @classmethod
    async def begin(cls) -> "Run":
        room = await make_room(MESSAGE_RATE="1000000/1000000", RETENTION_DAYS="3")
        ciphers = ReplayedCiphers()
        room.ciphers = ciphers
        await room.wake()
        people = [await room.join("Olga", admin=True), await room.join("Anna"), await room.join("Boris")]
        await secure(room, *people)
        run = cls(room, people, Screens(room))
        for number, person in enumerate(people):
            run.sockets[number] = [await run.screens.open(person, {}), await run.screens.open(person)]
        run.collect()
        return run

    @property
    def ciphers(self) -> ReplayedCiphers:
        ciphers = self.room.ciphers
        assert isinstance(ciphers, ReplayedCiphers)
        return ciphers

    def collect(self) -> None:
        """Note what came to the outsider."""
        for number, screens in self.sockets.items():
            for screen in screens:
                if number == OUTSIDER:
                    self.received += screen.frames
                screen.frames.clear()

    async def ask(self, who: int, *frames: Mapping[str, Any]) -> None:
        await self.screens.receive(self.sockets[who][0], *frames)
        self.collect()

    async def come_back(self, who: int, last_seq: int | None, lanes: Mapping[str, int] | None) -> None:
        """A new socket in place of the second one."""
        self.screens.close(self.sockets[who][1])
        self.sockets[who][1] = await self.screens.open(self.people[who], lanes, last_seq)
        self.collect()

    async def figures(self) -> None:
        """The statistics that the outsider sees as an admin, without what the platform says of the whole database."""
        state = self.room.state
        platform = Platform(sockets=6, online=3, storage_bytes=0, clean_up_at=None, has_push=False)
        shown = stats(
            self.people[OUTSIDER].id, state.audience, state.directory, state.store, state.quota, platform,
            now_ms=self.room.now_ms,
        )  # fmt: skip
        self.received.append(json.dumps(shown))

    async def clean_up(self) -> None:
        result = await self.room.state.retention.run(now_ms=self.room.now_ms, is_online={p.id for p in self.people})
        while result.more:
            self.screens.announce(result.events)
            result = await self.room.state.retention.run(now_ms=self.room.now_ms, is_online={p.id for p in self.people})
        self.screens.announce(result.events)
        self.collect()


# --- open actions: the same in both runs ---


async def act(run: Run, kind: int, number: int) -> None:
    """One open action of the outsider, or of somebody whom they see."""
    room, who = run.room, number % 3
    message = uuid(1 + number % 20)
    match kind:
        case 0 | 1 | 2:
            name = uuid(1_000 + len(run.said))
            run.said.append(name)
            await run.ask(
                who,
                {
                    "type": "send",
                    "id": name,
                    "channel": GENERAL,
                    "body": f"said {number}",
                    "mentions": [run.people[OUTSIDER].id],
                },
            )
        case 3:
            message = run.said[number % len(run.said)] if run.said else message
            await run.ask(who, {"type": "edit", "ref": "r", "id": message, "body": f"edited {number}"})
        case 4:
            message = run.said[number % len(run.said)] if run.said else message
            await run.ask(
                who, {"type": "delete" if number % 2 else "react", "ref": "r", "id": message, "emoji": "👍", "on": True}
            )
        case 5:
            await run.ask(OUTSIDER, {"type": "history", "channel": GENERAL, "limit": 5 + number})
        case 6:
            await run.ask(OUTSIDER, {"type": "search", "ref": "s", "query": "said", "limit": 3 + number})
        case 7:
            await run.come_back(OUTSIDER, room.state.directory.seq - number % 6, {} if number % 2 else None)
        case 8:
            await run.come_back(OUTSIDER, None, {} if number % 2 else None)
        case 9:
            await run.ask(who, {"type": "channel.create", "ref": "c", "name": f"plan {number}"})
        case 10:
            await run.ask(OUTSIDER, {"type": "read", "channel": GENERAL, "seq": room.state.directory.seq})
        case 11:
            await run.figures()
        case 12:
            room.later(HOUR * (number % 30))
            await run.clean_up()
        case _:
            await run.ask(who, {"type": "typing", "channel": GENERAL})


# --- hidden traffic ---


async def hide(run: Run, kind: int, number: int) -> None:
    """Something that happens between Anna and Boris only."""
    run.ciphers.is_hidden = True
    room, who = run.room, ANNA + number % 2
    lane = run.lanes[number % len(run.lanes)] if run.lanes else "none"
    message = run.said[number % len(run.said)] if run.said and number % 3 else uuid(5_000 + number % 7)
    other = run.people[BORIS if who == ANNA else ANNA].id
    match kind:
        case 0 | 1 | 2 | 3:
            said = {"type": "send", "id": message, "channel": lane, "body": f"said {number}"}
            await run.ask(who, said | {"mentions": [run.people[OUTSIDER].id, other], "reply_to": None})
        case 4:
            await run.ask(who, {"type": "edit", "ref": "r", "id": message, "channel": lane, "body": "said hidden"})
        case 5:
            await run.ask(who, {"type": "delete", "ref": "r", "id": message, "channel": lane})
        case 6:
            await run.ask(who, {"type": "react", "ref": "r", "id": message, "channel": lane, "emoji": "👍", "on": True})
        case 7:
            await run.ask(who, {"type": "direct.open", "ref": "r", "members": [other]})
        case 8:
            name = {"type": "channel.create", "ref": "r", "name": f"plan {number}", "kind": "private"}
            await run.ask(who, name | {"members": [other] if number % 2 else []})
        case 9:
            await run.ask(who, {"type": "channel.add", "ref": "r", "id": lane, "members": [other], "history": "none"})
        case 10:
            await run.ask(who, {"type": "channel.remove", "ref": "r", "id": lane, "member": other})
        case 11:
            await run.ask(who, {"type": "channel.leave", "ref": "r", "id": lane})
        case 12:
            await run.ask(who, {"type": "typing", "channel": lane})
            await run.ask(who, {"type": "read", "channel": lane, "seq": 3})
        case 13:
            await run.come_back(who, None, dict.fromkeys(run.lanes, 0))
            await run.ask(who, {"type": "search", "query": "said", "limit": 9})
            await run.ask(who, {"type": "history", "channel": lane, "limit": 9})
        case _:
            await run.ask(who, {"type": "channel.update", "ref": "r", "id": lane, "name": f"plan {number + 1}"})
    run.lanes = [*room.state.directory.lanes]
    run.ciphers.is_hidden = False


STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 14), st.integers(0, 40)), min_size=5, max_size=40)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_hidden_traffic_changes_no_byte_of_what_an_outsider_receives(steps: list[tuple[bool, int, int]]) -> None:
    async def both() -> None:
        alone, beside = await Run.begin(), await Run.begin()
        await hide(beside, 8, 1)
        await hide(beside, 7, 0)
        for is_hidden, kind, number in steps:
            if is_hidden:
                await hide(beside, kind, number)
            else:
                await act(alone, kind, number)
                await act(beside, kind, number)
            assert beside.received == alone.received
        for run in (alone, beside):
            await run.room.wake()
            await run.come_back(OUTSIDER, 0, {})
            await act(run, 5, 40)
            await act(run, 6, 40)
        assert beside.received == alone.received
        assert beside.lanes

    asyncio.run(both())
