"""The chat itself, with an address at which a test speaks to the places of files as a room does, and counts their rows.

For tests/worker/test_file_parts.py, which puts it into a folder together with copies of the chat's modules; never
deployed.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import entry
import room
from files.layout import OBJECT
from files.store import Places
from settings import Settings
from workerd import bindings, database, exchange, file_places, files_object

STORE_PATH = "/test-store"
ROWS, THROUGH = "https://files/test-rows", "https://files/test-through"


REFUSALS: list[str] = []
"""One item for each removal of a room's files that is to fail, whichever room asks for it."""


class Refusing:
    """A place that removes nothing as often as a test wants."""

    async def remove(self, files: Sequence[str]) -> None:
        """As `FileStore.remove`."""
        if REFUSALS:
            raise OSError(REFUSALS.pop())
        await super().remove(files)  # type: ignore[misc]


class ObjectPlace(Refusing, file_places.ObjectPlace):
    """The object of the room, refusing."""


class BucketPlace(Refusing, file_places.BucketPlace):
    """The bucket, refusing."""


def places(env: Any, name: str, settings: Settings) -> Places:
    """Where the files of a room are: new ones go to the object in rooms that a test has named so."""
    found = file_places.file_places(env, name, settings)
    return replace(found, newest=OBJECT) if name.startswith(OBJECT) else found


vars(file_places).update(ObjectPlace=ObjectPlace, BucketPlace=BucketPlace)
vars(room)["file_places"] = places


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
        if order["call"] == "refuse":
            REFUSALS.extend(order["files"])
            return exchange.response(200, {}, "null")
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
