"""The parts of a room while it is awake. All of it can be thrown away and made again."""

from dataclasses import dataclass

from live.attendance import Attendance
from live.calling import Caller
from live.effects import BuildSegments, CallBots, Notify, NotifyNow
from live.indexing import Indexer
from live.reception import Reception
from live.requests import Requests
from live.state import RoomState
from live.writer import Writer
from notify.schedule import Rounds

FollowUp = Notify | NotifyNow | CallBots | BuildSegments


@dataclass(frozen=True, slots=True)
class Awake:
    """The parts that the shell uses."""

    state: RoomState
    reception: Reception
    requests: Requests
    writer: Writer
    rounds: Rounds
    attendance: Attendance
    indexer: Indexer
    caller: Caller

    async def follow_up(self, effect: FollowUp) -> None:
        """Begin what a commit leads to and nobody waits for."""
        match effect:
            case Notify(posted):
                await self.rounds.posted(posted)
            case NotifyNow():
                await self.rounds.go_soon(0)
            case CallBots(posted):
                await self.caller.posted(posted)
            case BuildSegments():
                self.indexer.begin_soon()
