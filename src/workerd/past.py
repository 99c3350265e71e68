"""The history that the platform keeps of an object's storage (point-in-time recovery)."""

import logging
from contextlib import suppress
from typing import Any

from pyodide.ffi import JsException
from workers.entrypoints import DurableObjectAbort

from errors import Malformed, NoHistory
from live.restoring import RESTART_AFTER_MS
from wire.writing import Close
from workerd.sockets import Sockets, close
from workerd.turns import Timer
from workerd.values import current_ms

log = logging.getLogger("durable_chat.restore")
_NONE_KEPT = "does not implement point-in-time recovery"
"""What local workerd 1.20261117.1 says of it, and what the platform may say of other kinds of storage."""


class PlatformPast:
    """The history of one room, as `live.restoring.Past`."""

    def __init__(self, ctx: Any, sockets: Sockets) -> None:
        """`ctx` is the SDK's, because its `abort` works (workers-py issue 106); its storage is used directly."""
        self._ctx = ctx
        self._storage = ctx.storage._binding
        self._sockets = sockets

    async def present(self) -> str:
        """As `Past.present`. Local workerd gives a bookmark of now, of which it knows nothing afterwards."""
        await self.at(current_ms())
        return str(await self._storage.getCurrentBookmark())

    async def at(self, at_ms: int) -> str:
        """As `Past.at`."""
        try:
            return str(await self._storage.getBookmarkForTime(float(at_ms)))  # a large int would arrive as a BigInt
        except JsException as error:
            raise _meant(error) from error

    async def go_back(self, bookmark: str) -> str:
        """As `Past.go_back`."""
        try:
            return str(await self._storage.onNextSessionRestoreBookmark(bookmark))
        except JsException as error:
            if isinstance(meant := _meant(error), NoHistory):
                raise meant from error
            log.warning("a bookmark was refused", exc_info=error)
            raise Malformed("The platform does not take this bookmark.") from error

    def begin_anew(self) -> None:
        """As `Past.begin_anew`. What clients still send to their closed sockets is dropped."""
        for socket in self._sockets.everyone():
            close(socket, Close.RESTART, "restored")
            self._sockets.forget(socket)
        Timer(RESTART_AFTER_MS, self._end)

    def _end(self) -> None:
        with suppress(DurableObjectAbort):  # it stops the code that calls `abort`; above a timer there is none
            self._ctx.abort("the room begins anew")


def _meant(error: JsException) -> Exception:
    return NoHistory() if _NONE_KEPT in str(error) else error
