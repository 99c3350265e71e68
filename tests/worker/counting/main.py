"""The chat itself, with a storage that counts: rows read and written, as the platform counts them for its bill; and how
often the courier's rounds reach into JavaScript (crossings.py).

For tests/worker/test_rows.py, which puts it into a folder together with copies of the chat's modules; never deployed.
"""

import json
from collections.abc import Sequence
from typing import Any

import crossings  # type: ignore[import-not-found]  # beside this file, once both are put together with the chat

import entry
import room
from live import watch
from sealing.keyring import Header
from storage.messages import NewMessage
from workerd import bindings, database, exchange

COUNTS_PATH = "/api/rooms/main/test-counts"
FILL_PATH = "/api/rooms/main/test-fill"
BUILD_PATH = "/api/rooms/main/test-build"
CROSSINGS_PATH = "/api/rooms/main/test-crossings"
CROSSINGS_A_STATEMENT = 8  # exec, raw, toArray and to_py (database.rows): each is read and called

crossings.install()
vars(room)["Courier"] = crossings.CountingCourier
vars(watch)["SOCKET_CHECK_MS"] = 24 * 3_600_000  # the alarm's rows belong to no request: it rings when all is over


class Default(entry.Default):
    """The Worker with two addresses more."""

    async def fetch(self, request: Any) -> Any:
        """Pass what is for the tests on to the room, and the rest to the chat."""
        if str(request.url).endswith((COUNTS_PATH, FILL_PATH, BUILD_PATH, CROSSINGS_PATH)):
            return await bindings.room_stub(self.env, "main", entry._settings(self.env)).fetch(request.js_object)
        return await super().fetch(request)


Guesses = entry.Guesses
Files = entry.Files


class CountingDatabase(database.WorkerdDatabase):
    """Sums up what each statement's cursor says."""

    def __init__(self, storage: Any) -> None:
        super().__init__(storage)
        self.read = self.written = 0

    def execute(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """As `Database.execute`."""
        cursor = self._sql.exec(statement, *[database._bindable(value) for value in parameters])
        crossings.cross(CROSSINGS_A_STATEMENT, statements=1)
        found = [tuple(database._plain(value) for value in row) for row in cursor.raw().toArray().to_py()]
        self.read += int(cursor.rowsRead)
        self.written += int(cursor.rowsWritten)
        return found


vars(room)["WorkerdDatabase"] = CountingDatabase


class Room(room.Room):
    """The room with a counter."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self._counter: Any = self._database

    async def fetch(self, request: Any) -> Any:
        """Answer the tests, or as the chat does."""
        if str(request.url).endswith(COUNTS_PATH):
            return self._counts()
        if str(request.url).endswith(FILL_PATH):
            return await self._fill(json.loads(await request.text()))
        if str(request.url).endswith(BUILD_PATH):
            return await self._build()
        if str(request.url).endswith(CROSSINGS_PATH):
            return self._crossings()
        return await super().fetch(request)

    def _counts(self) -> Any:
        """What was read and written since the last question."""
        counts = {"read": self._counter.read, "written": self._counter.written}
        self._counter.read = self._counter.written = 0
        return exchange.response(200, {}, json.dumps(counts))

    def _crossings(self) -> Any:
        """What the courier's rounds took since the last question."""
        rounds = [vars(each) for each in crossings.ROUNDS]
        crossings.begin()
        return exchange.response(200, {}, json.dumps(rounds))

    async def _fill(self, order: dict[str, Any]) -> Any:
        """Many messages, sealed and stored by the chat's own code, without the sockets."""
        state = (await self._awake()).state
        bodies = order.get("bodies", ["filler"] * order["count"])
        await self._insert(state, order["member"], order["channel"], bodies, order["now_ms"])
        self._room = None  # look at the storage again
        return exchange.response(200, {}, "{}")

    async def _build(self) -> Any:
        """One run of putting messages into segments, and whether there may be more to do."""
        more = await (await self._awake()).indexer.build()
        return exchange.response(200, {}, json.dumps({"more": more}))

    async def _insert(self, state: Any, member: str, channel: str, bodies: Sequence[str], now_ms: int) -> None:
        standing = state.directory.channels[channel]
        seq, position = state.directory.seq, standing.last_position
        ids = [state.ciphers.random_bytes(16).hex() for _ in bodies]
        texts = [_uuid(each) for each in ids]
        items = [
            (json.dumps({"body": body}).encode(), Header("message", channel, member, text))
            for body, text in zip(bodies, texts, strict=True)
        ]
        sealed = await state.keyring.seal(items, now_ms=now_ms)
        messages: Sequence[NewMessage] = [
            NewMessage(channel, seq + number, position + number, text, member, now_ms, one)
            for number, (text, one) in enumerate(zip(texts, sealed, strict=True), 1)
        ]
        state.store.transaction(lambda: state.store.messages.insert(messages))


def _uuid(digits: str) -> str:
    return "-".join([digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]])
