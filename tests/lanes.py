"""Private channels and direct conversations, as tests make and watch them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from live.announcements import announced, committed
from live.effects import Answer, CleanUpSoon, Effect, Enqueue, Tell
from tests.rooms import ChatRoom, Person, accepted, parsed
from wire.changes import CreateChannel
from wire.connections import Connection
from wire.lanes import AddMembers, OpenDirect


async def secure(room: ChatRoom, *people: Person) -> None:
    """Give people a recovery code, so that they can take part in lanes."""
    for person in people:
        member = room.state.directory.member(person.id)
        await room.state.recovery_codes.put(member, person.id.encode(), now_ms=room.now_ms)


async def open_direct(room: ChatRoom, person: Person, *others: Person) -> str:
    """Open a conversation; its id."""
    members = tuple(other.id for other in others) or (person.id,)
    return str(accepted(await room.ask(person, OpenDirect("ref", members)))["channel"])


async def create_private(room: ChatRoom, person: Person, name: str, *others: Person) -> str:
    """Make a private channel; its id."""
    frame = CreateChannel("ref", name, "", "private", tuple(other.id for other in others))
    return str(accepted(await room.ask(person, frame))["channel"])


async def add(room: ChatRoom, person: Person, lane: str, *others: Person, history: str = "all") -> dict[str, Any]:
    """Add people to a private channel; the answer."""
    return await room.ask(person, AddMembers("ref", lane, tuple(other.id for other in others), history))


@dataclass
class Screen:
    """A socket and everything that it was sent."""

    connection: Connection
    frames: list[str] = field(default_factory=list)

    def take(self) -> list[dict[str, Any]]:
        """What came since the last time."""
        found = [parsed(frame) for frame in self.frames]
        self.frames.clear()
        return found


class Screens:
    """The sockets of a room, which are sent what the shell would send them."""

    def __init__(self, room: ChatRoom) -> None:
        self.room = room
        self.all: list[Screen] = []
        self.planned: list[CleanUpSoon] = []
        """What the shell would do of its own accord."""

    async def open(self, person: Person, lanes: Mapping[str, int] | None = None, last_seq: int | None = None) -> Screen:
        """A socket that has said hello; with `lanes` it takes them."""
        screen = Screen(self.room.socket(person))
        hello: dict[str, Any] = {"type": "hello", "last_seq": last_seq}
        await self.receive(screen, hello if lanes is None else hello | {"lanes": lanes})
        self.all.append(screen)
        return screen

    def close(self, screen: Screen) -> None:
        """The socket is gone."""
        self.all = [each for each in self.all if each is not screen]
        here = self.room.state.programs.here if screen.connection.is_bot else self.room.state.presence
        here.go(screen.connection.member)

    async def receive(self, screen: Screen, *frames: Mapping[str, Any] | str) -> None:
        """Frames that arrive together; changes among them are committed together."""
        requests = []
        for frame in frames:
            for effect in await self.room.receive(screen.connection, frame):
                if isinstance(effect, Enqueue):
                    requests.append(effect.request)
                else:
                    self._perform([effect], screen)
        if not requests:
            return
        outcome = await self.room.state.conversation.commit(requests, now_ms=self.room.now_ms)
        if outcome.failure is not None:
            raise outcome.failure
        screen.frames += [answer for answer in outcome.answers if answer]
        self._perform(committed(self.room.state, outcome), screen)

    def announce(self, events: Sequence[Any]) -> None:
        """Send what the room itself has done."""
        self._perform(announced(self.room.state, events), None)

    def _perform(self, effects: Sequence[Effect], screen: Screen | None) -> None:
        for effect in effects:
            if isinstance(effect, Answer):
                assert screen is not None
                screen.frames.append(effect.text)
            elif isinstance(effect, Tell):
                self._tell(effect)
            elif isinstance(effect, CleanUpSoon):
                self.planned.append(effect)

    def _tell(self, told: Tell) -> None:
        for each in self.all:
            member, is_bot = each.connection.member, each.connection.is_bot
            is_meant = member in told.members if told.members is not None else not is_bot
            is_meant = is_meant and (is_bot or not told.to_bots)
            takes = each.connection.takes_lanes or not told.of_lane
            if is_meant and takes and each.connection.is_ready and each.connection.id != told.but:
                each.frames.append(told.text)
