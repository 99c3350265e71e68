"""The chat itself, on a platform that keeps a history of its rooms: it takes away what is younger than a bookmark.

Local workerd keeps none. This one knows messages and sessions only, which is enough to see both halves of a restore.
For tests/worker/test_restore.py, which puts it into a folder together with copies of the chat's modules.
"""

from typing import Any

import entry
import room
from live.awake import Awake
from workerd.past import PlatformPast
from workerd.sockets import Sockets
from workerd.values import current_ms

Default = entry.Default
_UNDO = "undo"
_TABLES = {"messages": "sent_at", "sessions": "created_at"}


class History:
    """What the platform's storage offers."""

    def __init__(self, sql: Any) -> None:
        self._sql = sql

    async def getCurrentBookmark(self) -> str:
        return f"{current_ms():x}"

    async def getBookmarkForTime(self, at_ms: float) -> str:
        return f"{int(at_ms):x}"

    async def onNextSessionRestoreBookmark(self, bookmark: str) -> str:
        self._sql.exec("CREATE TABLE IF NOT EXISTS test_next (bookmark TEXT)")
        self._sql.exec("INSERT INTO test_next VALUES (?)", bookmark)
        return _UNDO


class Past(PlatformPast):
    """The chat's adapter, on that storage."""

    def __init__(self, ctx: Any, sockets: Sockets) -> None:
        super().__init__(ctx, sockets)
        self._storage = History(ctx.storage._binding.sql)


def _begin_with_the_past(sql: Any) -> None:
    if not sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'test_next'").toArray().length:
        return
    bookmark = sql.exec("SELECT bookmark FROM test_next").one().bookmark
    for table, time in _TABLES.items():
        if bookmark == _UNDO:
            sql.exec(f"INSERT OR IGNORE INTO {table} SELECT * FROM test_gone_{table}")
            continue
        at_ms = float(int(bookmark, 16))
        sql.exec(f"CREATE TABLE test_gone_{table} AS SELECT * FROM {table} WHERE {time} > ?", at_ms)
        sql.exec(f"DELETE FROM {table} WHERE {time} > ?", at_ms)
    sql.exec("DROP TABLE test_next")


class Room(room.Room):
    """A room that has a past."""

    async def _open(self) -> Awake:
        _begin_with_the_past(self.ctx.storage._binding.sql)
        return await super()._open()


vars(room)["PlatformPast"] = Past


def __getattr__(name: str) -> Any:
    """The other classes are the chat's own."""
    return getattr(entry, name)
