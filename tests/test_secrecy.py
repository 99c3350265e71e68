"""Whoever is not in a lane receives byte for byte the same as if it did not exist.

One script of open actions runs twice, with the same clock and the same randomness: once by itself, and once with
hidden traffic in between. Everything that the outsider's sockets and requests were answered has to be equal. How long
an answer takes is left out, as docs/security/SECURITY.md says.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.directory import GENERAL
from errors import ChatError
from live import file_requests
from tests.files.uploading import attached, described, file_id, upload, wanted
from tests.lanes import Screen, Screens, add, create_private, open_direct, secure
from tests.live.test_bot_requests import Bot, made
from tests.live.test_requests import Counter
from tests.notify.absent import PUSH
from tests.rooms import HOUR, NOON, ChatRoom, Person, QuickCiphers, accepted, answers, make_room, uuid
from wire.lanes import PartMember
from wire.reading import FRAME_TYPES

OUTSIDER, ANNA, BORIS = 0, 1, 2


class ReplayedCiphers(QuickCiphers):
    """Random bytes that are the same in both runs, whatever hidden traffic takes in between."""

    def __init__(self) -> None:
        super().__init__()
        self.is_hidden = False
        self._taken: dict[tuple[bool, int], int] = {}

    def random_bytes(self, count: int) -> bytes:
        kind = self.is_hidden, count  # ids by themselves, as the clean-up seals hidden rows again
        self._taken[kind] = self._taken.get(kind, 0) + 1
        seed = f"{kind} {self._taken[kind]}".encode()
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
    bot: Bot | None = None
    """A program that the outsider has put into the first channel."""

    @classmethod
    async def begin(cls) -> "Run":
        room = await make_room(MESSAGE_RATE="1000000/1000000", RETENTION_DAYS="3", **PUSH)
        ciphers = ReplayedCiphers()
        room.ciphers = ciphers
        await room.wake()
        people = [await room.join("Olga", admin=True), await room.join("Anna"), await room.join("Boris")]
        await secure(room, *people)
        run = cls(room, people, Screens(room))
        run.bot = await made(room, people[OUTSIDER], name="Reader")
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
        for each in self.screens.planned:
            await Counter(self.room).tending.clean_up_soon(of_lanes=each.of_lanes)
        self.screens.planned.clear()
        self.collect()

    async def come_back(self, who: int, last_seq: int | None, lanes: Mapping[str, int] | None) -> None:
        """A new socket in place of the second one."""
        self.screens.close(self.sockets[who][1])
        self.sockets[who][1] = await self.screens.open(self.people[who], lanes, last_seq)
        self.collect()

    async def get(self, path: str) -> None:
        """The outsider asks over HTTP. The size of the whole database is the same in both runs here."""
        try:
            reply = await Counter(self.room).reply("GET", path, self.people[OUTSIDER])
            self.received.append(f"{path} {reply.status} {reply.headers} {reply.body!r}")
        except ChatError as refusal:
            self.received.append(f"{path} {refusal.code} {refusal.detail} {refusal.extra}")

    async def upload(self, who: int, number: int, channel: str) -> None:
        """Somebody reserves a file and sends it, or is refused."""
        try:
            file = upload(self.room, self.people[who], number, channel)
            await self.ask(who, {"type": "send", "id": uuid(number), "channel": channel, "body": "", "files": [
                described(number) | {"id": file.id}]})  # fmt: skip
        except ChatError as refusal:
            if who == OUTSIDER:
                self.received.append(f"{refusal.code} {refusal.detail} {refusal.extra}")

    async def read_by_program(self) -> None:
        """What the outsider's program reads."""
        assert self.bot is not None
        reply = await self.bot.ask("GET", f"/{GENERAL}/messages", query="limit=20")
        self.received.append(f"{reply.status} {reply.body!r}")

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
            message = run.said[number % len(run.said)] if run.said else message
            await run.ask(who, {"type": "pin", "ref": "r", "id": message, "on": number % 4 > 0})
            await run.ask(OUTSIDER, {"type": "history", "channel": GENERAL, "limit": 5 + number})
            await run.ask(OUTSIDER, {"type": "pins", "ref": "p", "channel": GENERAL})
            await run.ask(who, {"type": "save", "ref": "r", "id": message, "on": number % 4 > 0})
            await run.ask(OUTSIDER, {"type": "saved", "ref": "p"})
            await run.ask(OUTSIDER, {"type": "activity", "ref": "p"})
            await run.ask(OUTSIDER, {"type": "scheduled", "ref": "p"})
            await run.ask(who, {"type": "draft", "ref": "r", "channel": GENERAL, "body": "begun" * (number % 3)})
            await run.ask(OUTSIDER, {"type": "drafts", "ref": "p"})
        case 6:
            await run.ask(OUTSIDER, {"type": "search", "ref": "s", "query": "said", "limit": 3 + number})
            await run.ask(OUTSIDER, {"type": "activity.seen", "ref": "s", "at": room.now_ms - number % 3 * HOUR})
        case 7:
            await run.come_back(OUTSIDER, room.state.directory.seq - number % 6, {} if number % 2 else None)
        case 8:
            await run.come_back(OUTSIDER, None, {} if number % 2 else None)
        case 9:
            await run.ask(who, {"type": "channel.create", "ref": "c", "name": f"plan {number}"})
        case 10:
            await run.ask(OUTSIDER, {"type": "read", "channel": GENERAL, "seq": room.state.directory.seq})
        case 11:
            for path in ("/stats", "/session", "/sessions", "/passkeys", "/push", ""):
                await run.get(path)
            await run.read_by_program()
            for kind_of in ("invites", "hooks", "bots", "bans", "audit"):
                await run.ask(OUTSIDER, {"type": kind_of, "ref": "r"})
        case 13:
            await run.upload(who, 2_000 + len(run.said), GENERAL)
            await run.ask(OUTSIDER, {"type": "file.tickets", "ref": "t", "ids": [file_id(2_000 + number)]})
            run.said.append(uuid(2_000 + len(run.said)))
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
            await run.ask(who, {"type": "pin", "ref": "r", "id": message, "channel": lane, "on": number % 3 > 0})
            await run.ask(who, {"type": "save", "ref": "r", "id": message, "channel": lane, "on": number % 3 > 0})
            later = {"type": "schedule", "ref": "r", "id": message, "channel": lane, "body": "x"}
            await run.ask(who, later | {"at": room.now_ms + HOUR, "mentions": [run.people[OUTSIDER].id]})
            await run.ask(who, {"type": "schedule.send", "ref": "r", "id": message})
            await run.ask(who, {"type": "draft", "ref": "r", "channel": lane, "body": "begun" * (number % 3)})
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
            await run.upload(who, 7_000 + number, lane)
            await run.ask(
                who, {"type": "channel.delete" if number > 35 else "typing", "ref": "r", "id": lane, "channel": lane}
            )
        case 14:
            await run.come_back(who, None, dict.fromkeys(run.lanes, 0))
            await run.ask(who, {"type": "search", "query": "said", "limit": 9})
            await run.ask(who, {"type": "history", "channel": lane, "limit": 9})
        case _:
            await run.ask(who, {"type": "channel.update", "ref": "r", "id": lane, "name": f"plan {number + 1}"})
    run.lanes = [*room.state.directory.lanes]
    run.ciphers.is_hidden = False


# --- ids ---

HIDDEN_MESSAGE, HIDDEN_FILE = uuid(77), 77
NEVER = {"channel": "ZZZZZZZZZZZZ", "message": uuid(78), "file": file_id(78)}
"""Ids that never existed."""

FRAMES: dict[str, dict[str, Any]] = {
    "a message": {"type": "send", "id": uuid(90), "channel": "@channel", "body": "x"},
    "a message with a picture": {"type": "send", "id": uuid(91), "channel": "@channel", "body": "x", "files": ["@"]},
    "the picture of another one": {"type": "send", "id": uuid(92), "channel": GENERAL, "body": "x", "files": ["@"]},
    "a message with its id": {"type": "send", "id": "@message", "channel": GENERAL, "body": "x"},
    "an answer": {"type": "send", "id": uuid(93), "channel": GENERAL, "body": "x", "reply_to": "@message"},
    "an edit": {"type": "edit", "id": "@message", "body": "x"},
    "an edit there": {"type": "edit", "id": "@message", "body": "x", "channel": "@channel"},
    "a deletion": {"type": "delete", "id": "@message"},
    "a reaction": {"type": "react", "id": "@message", "emoji": "👍", "on": True},
    "a pin": {"type": "pin", "id": "@message", "on": True},
    "a pin there": {"type": "pin", "id": "@message", "on": True, "channel": "@channel"},
    "a poll": {"type": "poll.create", "id": uuid(95), "channel": "@channel", "question": "x", "options": ["a", "b"]},
    "a vote": {"type": "vote", "id": "@message", "options": [0]},
    "a vote there": {"type": "vote", "id": "@message", "options": [], "channel": "@channel"},
    "closing a poll": {"type": "poll.close", "id": "@message"},
    "closing a poll there": {"type": "poll.close", "id": "@message", "channel": "@channel"},
    "saving": {"type": "save", "id": "@message", "on": True},
    "saving there": {"type": "save", "id": "@message", "on": False, "channel": "@channel"},
    "scheduling": {"type": "schedule", "id": uuid(95), "channel": "@channel", "body": "x", "at": NOON + HOUR},
    "scheduling its id": {"type": "schedule", "id": "@message", "channel": "@channel", "body": "x", "at": 1},
    "scheduling an answer": {
        "type": "schedule",
        "id": uuid(96),
        "channel": GENERAL,
        "body": "x",
        "at": NOON + HOUR,
        "reply_to": "@message",
    },
    "rescheduling": {"type": "schedule.update", "id": "@message", "body": "x"},
    "sending it now": {"type": "schedule.send", "id": "@message"},
    "sending it never": {"type": "schedule.delete", "id": "@message"},
    "former texts": {"type": "former", "id": "@message"},
    "former texts there": {"type": "former", "id": "@message", "channel": "@channel"},
    "pins": {"type": "pins", "channel": "@channel"},
    "a thread": {"type": "thread", "channel": "@channel", "seq": 1},
    "history": {"type": "history", "channel": "@channel", "limit": 9},
    "files": {"type": "history", "channel": "@channel", "limit": 9, "before": None, "has": ["file"]},
    "history at a time": {"type": "history", "channel": "@channel", "limit": 9, "at": 1},
    "history around": {"type": "history", "channel": "@channel", "limit": 9, "around": 1},
    "a search": {"type": "search", "query": "psst", "channel": "@channel", "limit": 9},
    "a ticket": {"type": "file.tickets", "ids": ["@file"]},
    "a read position": {"type": "read", "channel": "@channel", "seq": 1},
    "unread again": {"type": "unread", "channel": "@channel", "seq": 1},
    "typing": {"type": "typing", "channel": "@channel"},
    "a draft": {"type": "draft", "channel": "@channel", "body": "x"},
    "no draft": {"type": "draft", "channel": "@channel", "body": ""},
    "a choice": {"type": "notify", "channel": "@channel", "level": "all"},
    "a star": {"type": "star", "channel": "@channel", "on": True},
    "no star": {"type": "star", "channel": "@channel", "on": False},
    "a new name": {"type": "channel.update", "id": "@channel", "name": "x"},
    "a topic": {"type": "channel.update", "id": "@channel", "topic": "x", "archived": True},
    "deleting": {"type": "channel.delete", "id": "@channel"},
    "adding": {"type": "channel.add", "id": "@channel", "members": ["@self"], "history": "all"},
    "removing": {"type": "channel.remove", "id": "@channel", "member": "@self"},
    "leaving": {"type": "channel.leave", "id": "@channel"},
    "keeping": {"type": "channel.keeper", "id": "@channel", "member": "@self", "on": True},
    "opening": {"type": "channel.update", "id": "@channel", "kind": "open"},
    "a hook": {"type": "hook.create", "name": "builds", "channel": "@channel", "rights": []},
    "a bot": {"type": "bot.create", "name": "helper", "channels": ["@channel"], "rights": ["read"]},
    "an import": {
        "type": "import",
        "channel": "@channel",
        "messages": [{"id": "@message", "author": "@self", "sent_at": 1, "body": "x"}],
    },
    "an import there": {
        "type": "import",
        "channel": GENERAL,
        "messages": [{"id": "@message", "author": "@self", "sent_at": 1, "body": "x", "reply_to": "@message"}],
    },
    "coming back": {"type": "hello", "last_seq": None, "lanes": {"@channel": 1}},
    "a mention": {"type": "send", "id": uuid(94), "channel": GENERAL, "body": "x", "mentions": ["@channel"]},
}
NAMING_NONE = {
    "direct.open", "member.remove", "room.update", "profile.update", "visible", "push.test", "channel.create", "bans",
    "ban.lift", "alert.seen", "login.answer", "invite.create", "invites", "invite.revoke", "hooks", "hook.rotate",
    "hook.revoke", "member.role",
    "bots", "bot.rotate", "bot.revoke", "bot.webhook", "bot.test",
    "lanes", "saved", "quiet", "scheduled", "drafts", "activity", "activity.seen", "audit", "overview", "person",
    "comings",
}  # fmt: skip
"""Frames that name no channel, message or file."""


def test_every_frame_that_names_something_is_in_the_table() -> None:
    assert {frame["type"] for frame in FRAMES.values()} | NAMING_NONE == set(FRAME_TYPES)


def put(value: Any, ids: Mapping[str, str]) -> Any:
    """A frame of the table with these ids."""
    if isinstance(value, dict):
        return {ids.get(name[1:], name): put(each, ids) for name, each in value.items()}
    if isinstance(value, list):
        return [put(each, ids) for each in value]
    if value == "@":
        return described(HIDDEN_FILE) | {"id": ids["file"]}
    return ids.get(value[1:], value) if isinstance(value, str) and value.startswith("@") else value


@pytest.mark.parametrize("of", ["a conversation", "a private channel"])
@pytest.mark.parametrize("role", ["member", "admin", "former member"])
@pytest.mark.parametrize("asked", FRAMES)
async def test_a_hidden_id_is_answered_like_one_that_never_existed(asked: str, role: str, of: str) -> None:
    answered = []
    for is_hidden in (True, False):
        run = await Run.begin()
        run.ciphers.is_hidden = True
        room, (olga, anna, boris) = run.room, run.people
        clara = await room.join("Clara")
        await secure(room, clara)
        if of == "a conversation":
            lane = await open_direct(room, anna, boris)
        else:
            lane = await create_private(room, anna, "plans", boris, *([clara] if role == "former member" else []))
        await room.say(anna, "psst", lane, id=HIDDEN_MESSAGE, files=[upload(room, anna, HIDDEN_FILE, lane)])
        if role == "former member" and of != "a conversation":
            accepted(await room.ask(anna, PartMember("ref", lane, clara.id)))
        run.ciphers.is_hidden = False
        asker = olga if role == "admin" else clara
        screen = await run.screens.open(asker, {})
        screen.frames.clear()
        mine = {"channel": lane, "message": HIDDEN_MESSAGE, "file": file_id(HIDDEN_FILE), "self": asker.id}
        ids = mine if is_hidden else NEVER | {"self": asker.id}
        frame = put(FRAMES[asked], ids)
        if frame["type"] in ("send", "hello"):
            await run.screens.receive(screen, frame)
        else:
            await run.screens.receive(screen, frame | {"ref": "r"})
        said = "\n".join(screen.frames)
        for name, value in ids.items():
            said = said.replace(value, f"@{name}")
        answered.append(said)
    may_delete = (asked, role, of) == ("deleting", "admin", "a private channel")
    assert (answered[0] == answered[1]) is not may_delete


@pytest.mark.parametrize("role", ["member", "admin"])
async def test_requests_about_hidden_files_and_channels_are_answered_like_those_that_never_existed(role: str) -> None:
    answered = []
    for is_hidden in (True, False):
        run = await Run.begin()
        room, (olga, anna, boris) = run.room, run.people
        clara = await room.join("Clara")
        await secure(room, clara)
        lane = await open_direct(room, anna, boris)
        await room.say(anna, "psst", lane, files=[upload(room, anna, HIDDEN_FILE, lane)])
        asker = olga if role == "admin" else clara
        refusals = []
        try:
            room.state.uploads.reserve(
                asker.id, wanted(attached(79), lane if is_hidden else NEVER["channel"]), now_ms=room.now_ms
            )
        except ChatError as refusal:
            refusals.append((refusal.code, refusal.detail, refusal.extra))
        try:
            file = file_id(HIDDEN_FILE) if is_hidden else NEVER["file"]
            await file_requests.cancel(room.state, asker.session, file, room.now_ms)
        except ChatError as refusal:
            refusals.append((refusal.code, refusal.detail, refusal.extra))
        answered.append(refusals)
    assert answered[0] == answered[1]
    assert [code for code, *_ in answered[0]] == ["not_found", "not_found"]


async def test_files_are_for_those_who_may_see_their_message(room: ChatRoom, anna: Person, boris: Person) -> None:
    await secure(room, anna, boris)
    lane = await create_private(room, anna, "plans")
    await room.say(anna, "old", lane, files=[upload(room, anna, 1, lane)])
    await add(room, anna, lane, boris, history="none")
    await room.say(anna, "new", lane, files=[upload(room, anna, 2, lane)])
    connection = await room.connect(boris)
    (told,) = answers(await room.receive(connection, {"type": "file.tickets", "ids": [file_id(1), file_id(2)]}))
    assert told["tickets"].keys() == {file_id(2)}
    with_files = {"type": "history", "channel": lane, "limit": 9, "before": None, "has": ["file"]}
    (page,) = answers(await room.receive(connection, with_files))
    assert [message["body"] for message in page["messages"]] == ["new"]
    accepted(await room.ask(anna, PartMember("ref", lane, boris.id)))
    (told,) = answers(await room.receive(connection, {"type": "file.tickets", "ids": [file_id(1), file_id(2)]}))
    assert told["tickets"] == {}


# --- everything at once ---

STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 15), st.integers(0, 40)), min_size=5, max_size=40)


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
            for kind in (5, 6, 11):
                await act(run, kind, 40)
        assert beside.received == alone.received
        assert beside.lanes

    asyncio.run(both())
