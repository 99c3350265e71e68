"""The parts of a room while it is awake. All of it can be thrown away and made again."""

from dataclasses import dataclass

from live.attendance import Attendance
from live.indexing import Indexer
from live.reception import Reception
from live.requests import Requests
from live.state import RoomState
from live.writer import Writer
from notify.schedule import Rounds


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
