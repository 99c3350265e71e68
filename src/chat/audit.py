"""The list of what admins have done: a sealed row for each act, stored together with what the act stores.

Whom or what an act was about stands in its row with the name of that time, as members leave and channels are renamed.
Of direct conversations nothing is noted, and of private channels only what admins may do without being in them.
"""

import json
from collections.abc import Callable
from typing import Any

from chat.changes import Author
from chat.directory import ADMIN, Channel, Directory, Member
from chat.history import that_fit
from chat.lanes import OPEN
from encoding import compact_json
from errors import Forbidden
from limits import MAX_HISTORY_PAGE, MAX_SAFE_INTEGER
from sealing.keyring import Keyring
from storage.audit import Act
from storage.headers import audit_header
from storage.store import Store

Noted = Callable[[], None]
"""Stores what was sealed, or refuses; to be called in the transaction of the act."""


def nothing() -> None:
    """An act that is not noted."""


class Audit:
    """Notes what admins do, and shows it to admins."""

    def __init__(self, store: Store, keyring: Keyring, directory: Directory) -> None:
        self._store = store
        self._keyring = keyring
        self._directory = directory
        self._last_at: int | None = None  # a cache: the newest act that is stored or about to be

    async def by_admin(self, author: Author, kind: str, /, *, now_ms: int, **about: Any) -> Noted:
        """Seal what an admin is about to do; `nothing` if it is not an admin who does it."""
        return await self.by(author.member, kind, now_ms=now_ms, **about) if author.is_admin else nothing

    async def by_moderator(self, author: Author, kind: str, of: str, channel: Channel, *, now_ms: int) -> Noted:
        """As `by_admin`, of what an admin does with a message of somebody else in an open channel; else `nothing`."""
        if of == author.member or channel.kind != OPEN:
            return nothing
        return await self.by_admin(author, kind, channel=named(channel), member=self.member(of), now_ms=now_ms)

    async def by(self, who: str | Member, kind: str, /, *, now_ms: int, **about: Any) -> Noted:
        """Seal what somebody is about to do. Costs one row.

        What this returns refuses a member who is no admin any more by then: sealing takes its time, and so does the
        writer's turn. As it is called in the act's transaction, nothing of the act is stored.

        Args:
            who: does it; "" is the operator, with a setting, and a `Member` becomes an admin by it.
            about: what docs/protocol.md, "Acts of admins", says of each kind.
        """
        act = {"kind": kind, "by": self.member(who), **about}
        at = self._next_at(now_ms)
        (sealed,) = await self._keyring.seal([(compact_json(act).encode(), audit_header(at))], now_ms=now_ms)

        def note() -> None:
            if isinstance(who, str) and who:
                self._require_still_admin(who)
            self._store.audit.put(Act(at, sealed))

        return note

    def _require_still_admin(self, member: str) -> None:
        if not self._directory.has_member(member) or self._directory.members[member].role != ADMIN:
            raise Forbidden("Only an admin may do this.")

    def member(self, who: str | Member) -> dict[str, str]:
        """Somebody, with their present name."""
        known = self._directory.members.get(who) if isinstance(who, str) else who
        return {"id": str(who), "name": ""} if known is None else {"id": known.id, "name": known.name}

    async def page(self, before: int | None) -> dict[str, Any]:
        """Acts, newest first, and whether older ones are left. It ends as a page of history does.

        Args:
            before: only acts before this time in ms.
        """
        found = self._store.audit.page_before(MAX_SAFE_INTEGER if before is None else before, MAX_HISTORY_PAGE + 1)
        page = found[: min(MAX_HISTORY_PAGE, that_fit(found))]
        texts = await self._keyring.open([(act.sealed, audit_header(act.at)) for act in page])
        acts = [
            {"at": act.at, **({"unreadable": True} if text is None else json.loads(text))}
            for act, text in zip(page, texts, strict=True)
        ]
        return {"acts": acts, "more": len(found) > len(page)}

    def _next_at(self, now_ms: int) -> int:
        """A time that no other act has, even if its sealing takes longer than that of the next one."""
        if self._last_at is None:
            self._last_at = self._store.audit.newest_at()
        self._last_at = max(now_ms, self._last_at + 1)
        return self._last_at


def named(channel: Channel) -> dict[str, Any]:
    """A channel, with its present name."""
    return {"id": channel.id, "name": channel.name, **({} if channel.kind == OPEN else {"private": True})}


def changed(before: Any, after: Any, *fields: str) -> dict[str, list[Any]]:
    """The fields that differ, each with its value before and after."""
    values = ((name, getattr(before, name), getattr(after, name)) for name in fields)
    return {name: [old, new] for name, old, new in values if old != new}
