"""Where the parts of files are: the object `Files` of the room, or an R2 bucket.

Both take and give JavaScript's own streams, so no byte of a part comes into Python.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import js
from pyodide.ffi import JsException

from errors import Misconfigured, NotFound
from files.layout import BUCKET, OBJECT
from files.parts import PART, REMOVE, SIZES, PartRequest
from files.store import FileStore, Places
from settings import Settings
from web.answers import API_HEADERS
from workerd.bindings import files_bucket, files_stub
from workerd.exchange import body_taken, response
from workerd.turns import settled
from workerd.values import from_js, js_array, js_object


class FilePlace(FileStore, Protocol):
    """A place as the Worker needs it, too."""

    async def answer(self, raw: Any, asked: PartRequest) -> Any:
        """Store the body of a PUT as a part unless it is there already, or answer with the bytes of one.

        Raises:
            NotFound: the part is not stored.
        """


class ObjectPlace:
    """The object of the room."""

    def __init__(self, env: Any, room: str, settings: Settings) -> None:
        self._stub = files_stub(env, room, settings)

    async def answer(self, raw: Any, asked: PartRequest) -> Any:
        """As `FilePlace.answer`: the object does all of it."""
        headers, is_put = {PART: asked.written()}, str(raw.method) == "PUT"
        if is_put:
            headers["Content-Length"] = str(asked.size)
        options = {"method": "PUT" if is_put else "GET", "headers": headers}  # HEAD would leave the bytes unread
        answer = self._stub.fetch(js.Request.new(raw, js_object(options)))
        # An upload may take minutes, for which no stack may stand still; a part that is there comes at once.
        return await (body_taken(answer) if is_put else settled(answer))

    async def sizes(self, files: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """As `FileStore.sizes`."""
        found: dict[str, dict[str, int]] = json.loads(await self._ask(SIZES, files))
        return found

    async def remove(self, files: Sequence[str]) -> None:
        """As `FileStore.remove`."""
        await self._ask(REMOVE, files)

    async def _ask(self, url: str, files: Sequence[str]) -> str:
        options = js_object({"method": "POST", "body": json.dumps(list(files))})
        try:
            answer = await self._stub.fetch(js.Request.new(url, options))
            text = str(await answer.text())
        except JsException as error:
            raise OSError(f"no answer: {error.name}") from error
        if not answer.ok:
            raise OSError(f"the object answered {answer.status}")
        return text


class BucketPlace:
    """An R2 bucket for all rooms; a part is the object `{room}/{file}/{part}`."""

    def __init__(self, bucket: Any, room: str) -> None:
        self._bucket = bucket
        self._room = room

    async def answer(self, raw: Any, asked: PartRequest) -> Any:
        """As `FilePlace.answer`."""
        key = f"{self._room}/{asked.file}/{asked.part}"
        if str(raw.method) == "PUT":
            is_new = {"onlyIf": {"etagDoesNotMatch": "*"}}
            await body_taken(self._bucket.put(key, raw.body, js_object(is_new)))
            return response(204, API_HEADERS, None)
        span = {"offset": asked.first, "length": asked.length}
        found = from_js(await self._bucket.get(key, js_object({"range": span})))
        if found is None:
            raise NotFound("This part is not stored.")
        return js.Response.new(found.body, js_object({"status": asked.status, "headers": asked.headers()}))

    async def sizes(self, files: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """As `FileStore.sizes`."""
        found = await asyncio.gather(*map(self._sizes, files))
        return dict(zip(files, found, strict=True))

    async def remove(self, files: Sequence[str]) -> None:
        """As `FileStore.remove`."""
        sizes = await self.sizes(files)
        keys = [f"{self._room}/{file}/{part}" for file, parts in sizes.items() for part in parts]
        for start in range(0, len(keys), _KEYS_A_CALL):
            try:
                await self._bucket.delete(js_array(keys[start : start + _KEYS_A_CALL]))
            except JsException as error:
                raise OSError(f"the bucket did not delete: {error.name}") from error

    async def _sizes(self, file: str) -> dict[str, int]:
        prefix = f"{self._room}/{file}/"
        try:
            listed = await self._bucket.list(js_object({"prefix": prefix}))  # a file has far fewer than 1,000 parts
        except JsException as error:
            raise OSError(f"the bucket did not list: {error.name}") from error
        return {str(each.key).removeprefix(prefix): int(each.size) for each in listed.objects}


_KEYS_A_CALL = 1_000  # R2 deletes no more at once


def file_places(env: Any, room: str, settings: Settings) -> Places:
    """All places of a room's files: new ones go to the bucket where it is bound."""
    stores: dict[str, FileStore] = {OBJECT: ObjectPlace(env, room, settings)}
    bucket = files_bucket(env)
    if bucket is None:
        return Places(stores, OBJECT)
    return Places({**stores, BUCKET: BucketPlace(bucket, room)}, BUCKET)


def file_place(env: Any, room: str, settings: Settings, place: str) -> FilePlace:
    """One place of a room's files, by its name in files/layout.py.

    Raises:
        Misconfigured: it is a bucket that is no longer bound.
    """
    if place == OBJECT:
        return ObjectPlace(env, room, settings)
    bucket = files_bucket(env)
    if bucket is None:
        raise Misconfigured("FILES_BUCKET is not bound in wrangler.toml, and this file is in the bucket.")
    return BucketPlace(bucket, room)
