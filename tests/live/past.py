"""A stand-in for the history that the platform keeps of a room's storage."""

from dataclasses import dataclass, field

from errors import Malformed, NoHistory
from tests.rooms import ChatRoom, SqliteDatabase


@dataclass
class KeptPast:
    """Keeps a copy of the storage whenever a test says so; a bookmark is the number of one."""

    room: ChatRoom
    kept: list[tuple[int, SqliteDatabase]] = field(default_factory=list)
    next: SqliteDatabase | None = None
    """What the next object of the room begins with, if that is not what is stored now."""
    begun_anew: int = 0
    is_there: bool = True

    def keep(self) -> str:
        """Note how the room is now; the bookmark of it."""
        if not self.is_there:
            raise NoHistory
        self.kept.append((self.room.now_ms, self.room.database.copy()))
        return f"{len(self.kept) - 1:08x}-0"

    async def present(self) -> str:
        return self.keep()

    async def at(self, at_ms: int) -> str:
        if not self.is_there:
            raise NoHistory
        before = [number for number, (kept_at, _) in enumerate(self.kept) if kept_at <= at_ms]
        return f"{before[-1]:08x}-0"

    async def go_back(self, bookmark: str) -> str:
        number = int(bookmark.partition("-")[0], 16)
        if number >= len(self.kept):
            raise Malformed("The platform does not take this bookmark.")
        undo = self.keep()
        self.next = self.kept[number][1].copy()
        return undo

    def begin_anew(self) -> None:
        self.begun_anew += 1

    async def wake(self) -> None:
        """The object has ended, and the next one wakes."""
        if self.next is not None:
            self.room.database, self.next = self.next, None
        await self.room.wake()
