"""Bringing a whole room back to an earlier time: docs/protocol.md, "Restore".

The platform keeps a history of every room's storage. A room that goes back in it loses what came later, its numbers of
changes too, and later changes would get the same numbers again: a browser that was offline meanwhile could not see that
what it has is gone. So a restore has two halves. The first one goes back. The second one brings a number from the first
one, and lets the room count on above all that it ever counted, whereupon every client loads anew.
"""

import logging
import re
from collections.abc import Callable
from typing import Any, Protocol

from chat.directory import ADMIN, GENERAL
from encoding import json_object
from errors import Forbidden, Malformed, Restarting
from limits import DAY_MS
from live.replies import Reply, done, json_reply
from live.state import RoomState
from logs import about
from storage.sessions import Session
from web.bodies import text_field
from wire import fields as wire_fields

HISTORY_KEPT_MS = 30 * DAY_MS  # so long the platform keeps the history of an object's storage ...
HISTORY_MARGIN_MS = 60_000  # ... of which the end moves on while somebody types
MAX_BOOKMARK_CHARACTERS = 200  # the platform's have 59
RESTART_AFTER_MS = 500  # close frames and the answer are out by then
RENUMBERING_STEP = 1_000_000  # numbers go on at a multiple of it: a round one shows nobody how much is said in lanes
MAX_RENUMBERING = 2**31  # a segment of the search keeps in 32 bits how far its messages are apart

log = logging.getLogger("durable_chat.restore")
_BOOKMARK = re.compile(r"[0-9A-Za-z-]+\Z")


class Past(Protocol):
    """The history of a room's storage. A bookmark is the platform's word for a moment in it."""

    async def present(self) -> str:
        """The bookmark of this moment.

        Raises:
            NoHistory: the platform keeps none here; so do the others.
        """

    async def at(self, at_ms: int) -> str:
        """The bookmark of about this time."""

    async def go_back(self, bookmark: str) -> str:
        """Have the next object of the room begin with what was stored then; returns the bookmark that undoes it.

        Raises:
            Malformed: the platform does not take the bookmark.
        """

    def begin_anew(self) -> None:
        """Close all sockets, and end this object as soon as the answer to the present request is out."""


class Restoring:
    """Answers the requests of admins about the room's past."""

    def __init__(self, state: RoomState, past: Past, *, clock: Callable[[], int]) -> None:
        self._state = state
        self._past = past
        self._clock = clock
        self._begins_anew = False

    def check(self) -> None:
        """Let a request in.

        Raises:
            Restarting: what it stores would be lost.
        """
        if self._begins_anew:
            raise Restarting

    async def answer(self, session: Session, method: str, body: str, request_id: str) -> Reply:
        """The one door to the past.

        Raises:
            ChatError: not an admin, no such time, or the platform keeps no history.
        """
        _require_admin(session)
        match method:
            case "GET":
                bookmark = await self._past.present()
                return json_reply({"from": self._from_ms(), "to": self._clock(), "bookmark": bookmark})
            case "POST":
                return await self._go_back(session, json_object(body, "The body"), request_id)
        return await self._count_above(session, json_object(body, "The body"), request_id)

    async def _go_back(self, session: Session, given: dict[str, Any], request_id: str) -> Reply:
        if ("at" in given) == ("bookmark" in given):
            raise Malformed("The body needs at or bookmark, and not both.")
        if "at" in given:
            bookmark = await self._past.at(self._time(given))
        else:
            bookmark = _bookmark(given)
        above = await self._above()
        _require_admin(self._state.session(session.member, session.id, now_ms=self._clock()))  # all that took its time
        undo = await self._past.go_back(bookmark)
        self._begin_anew("room goes back", session, request_id, at=given.get("at", 0))
        return json_reply({"undo": undo, "above": above}, status=202)

    async def _count_above(self, session: Session, given: dict[str, Any], request_id: str) -> Reply:
        state, room = self._state, self._state.directory.room
        above = wire_fields.integer(given, "above", 1, room.seq + MAX_RENUMBERING)
        if above <= room.seq:
            return done()  # it was done before, and is repeated because its answer was lost
        await state.lanes.know_all()
        noted = await state.audit.by(session.member, "restore", now_ms=self._clock())

        def renumber() -> None:
            noted()
            state.store.facts.forget_up_to(above)
            for lane in state.directory.lanes.values():
                if 0 < lane.seq < above:  # in others nothing was said: numbers would show them to their members
                    state.store.lanes.set_forgotten(lane.id, above)

        state.database.transaction(renumber)
        self._begin_anew("room counts on above its restore", session, request_id, above=above)
        return done()

    async def _above(self) -> int:
        """A number above all that the room and its lanes have counted.

        It is a round one, so that it does not show admins how much is said in lanes that they are not in.
        """
        await self._state.lanes.know_all()
        directory = self._state.directory
        most = max([directory.seq, *[lane.seq for lane in directory.lanes.values()]])
        return (most // RENUMBERING_STEP + 2) * RENUMBERING_STEP

    def _begin_anew(self, what: str, session: Session, request_id: str, **facts: int) -> None:
        log.warning(what, extra=about(request_id, member=session.member, **facts))
        self._begins_anew = True
        self._past.begin_anew()

    def _time(self, given: dict[str, Any]) -> int:
        at_ms, now_ms = given["at"], self._clock()
        if isinstance(at_ms, bool) or not isinstance(at_ms, int):
            raise Malformed("at is no time: it has to be an integer, milliseconds since 1970.")
        if at_ms > now_ms:
            raise Malformed("at is a time that has not come yet.")
        if at_ms < self._began_ms():
            raise Malformed("at is before the room began.")
        if at_ms < self._from_ms():
            raise Malformed("at is too long ago: the platform keeps a room's history for 30 days.")
        return at_ms

    def _from_ms(self) -> int:
        return max(self._began_ms(), self._clock() - HISTORY_KEPT_MS + HISTORY_MARGIN_MS)

    def _began_ms(self) -> int:
        return self._state.directory.channels[GENERAL].created_at  # made with the room, and never deleted


def _require_admin(session: Session) -> None:
    if session.role != ADMIN:
        raise Forbidden("Only an admin may bring a room back.")


def _bookmark(given: dict[str, Any]) -> str:
    bookmark = text_field(given, "bookmark")
    if len(bookmark) > MAX_BOOKMARK_CHARACTERS or not _BOOKMARK.match(bookmark):
        raise Malformed("bookmark is none.")
    return bookmark
