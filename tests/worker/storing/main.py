"""The chat itself, with an address at which a test speaks to the places of files as a room does, and counts their rows.

For tests/worker/test_file_parts.py, which puts it into a folder together with copies of the chat's modules; never
deployed.
"""

import json
from typing import Any

import entry
from workerd import bindings, database, exchange, file_places, files_object

STORE_PATH = "/test-store"
ROWS, THROUGH = "https://files/test-rows", "https://files/test-through"


class Default(entry.Default):
    """The Worker with one address more."""

    async def fetch(self, request: Any) -> Any:
        """Do what a test wants of a place, and the rest as the chat does."""
        if not str(request.url).endswith(STORE_PATH):
            return await super().fetch(request)
        order = json.loads(await request.text())
        settings = entry._settings(self.env)
        if order["call"] in ("rows", "through"):
            url = ROWS if order["call"] == "rows" else THROUGH
            answer = await bindings.files_stub(self.env, order["room"], settings).fetch(url)
            return exchange.response(200, {}, str(await answer.text()))
        place = file_places.file_place(self.env, order["room"], settings, order["place"])
        found = await getattr(place, order["call"])(order["files"])
        return exchange.response(200, {}, json.dumps(found))


Guesses = entry.Guesses
Room = entry.Room


class CountingDatabase(database.WorkerdDatabase):
    """Sums up the rows that each statement writes, as the platform counts them for its bill."""

    def __init__(self, storage: Any) -> None:
        super().__init__(storage)
        self.written = 0

    def execute(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """As `Database.execute`."""
        cursor = self._sql.exec(statement, *[database._bindable(value) for value in parameters])
        found = [tuple(database._plain(value) for value in row) for row in cursor.raw().toArray().to_py()]
        self.written += int(cursor.rowsWritten)
        return found


vars(files_object)["WorkerdDatabase"] = CountingDatabase


class Files(files_object.Files):
    """The object with a counter."""

    async def fetch(self, request: Any) -> Any:
        """Answer a test, or as the chat does."""
        counter: Any = self._database
        match str(request.url):
            case url if url == ROWS:
                found, counter.written = counter.written, 0
            case url if url == THROUGH:
                found = sum(self._crowding._sessions.values())
            case _:
                return await super().fetch(request)
        return exchange.response(200, {}, json.dumps(found))
