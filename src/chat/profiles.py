"""How long the room keeps messages, how it looks, and how members show themselves."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from chat.audit import Audit, changed
from chat.changes import Author, Outcome, Request, ack, require_admin
from chat.directory import Directory
from chat.ledger import Ledger
from chat.looks import Look, is_over, status_text
from chat.renaming import Rename, Renaming
from errors import Malformed
from sealing.keyring import Header, Sealed
from storage.headers import picture_header, profile_header
from storage.profiles import ROOM
from storage.store import Store
from wire.profiles import UpdateProfile, UpdateRoom

PROFILE, RENAMED = "profile", "renamed"
"""The reasons of events that change nothing of a member but picture and status, and the name as well."""
_Texts = list[tuple[bytes, Header]]
_Writes = list[Callable[[Sequence[Sealed]], None]]


class Profiles:
    """Changes the room's own values, and members' names, pictures and statuses."""

    def __init__(self, store: Store, directory: Directory, ledger: Ledger, audit: Audit, renaming: Renaming) -> None:
        self._store = store
        self._directory = directory
        self._ledger = ledger
        self._audit = audit
        self._renaming = renaming

    async def update_room(self, request: Request, frame: UpdateRoom, *, now_ms: int) -> Outcome:
        """Change how long the room keeps messages, and its name, colour and picture."""
        author, directory, changes = request.author, self._directory, frame.changes
        require_admin(author)
        former, days = directory.look, changes.get("retention_days", directory.retention_days)
        picture = changes.get("picture")
        named = {name: changes[name] for name in ("name", "colour") if name in changes}
        look = replace(former, **named, picture=_picture_id(former.picture, picture, request))
        changes_days = days != directory.retention_days
        if look == former and not changes_days:
            return Outcome([ack(frame.ref, directory.seq)])
        texts: _Texts = []
        writes: _Writes = []
        if changes_days:
            writes.append(lambda _: self._store.facts.put("retention_days", days))
        if (look.name, look.colour) != (former.name, former.colour):
            self._store_profile(ROOM, look.plaintext() if look.name or look.colour else None, texts, writes)
        if look.picture != former.picture:
            self._store_picture(ROOM, look.picture, picture or b"", texts, writes)
        made = changed(former, look, "name", "colour")
        made |= {"picture": [bool(former.picture), bool(look.picture)]} if look.picture != former.picture else {}
        made |= {"retention_days": [directory.retention_days, days]} if changes_days else {}
        noted = await self._audit.by_admin(author, "room.update", changes=made, now_ms=now_ms)
        writes.append(lambda _: noted())
        event = {"kind": "room", "retention_days": days, "room": _shown(look, days), "by": author.member}
        outcome = await self._enter(frame.ref, event, author, texts, writes, now_ms)
        directory.retention_days, directory.look = days, look
        outcome.clean_up_is_due = changes_days
        return outcome

    async def update_profile(self, request: Request, frame: UpdateProfile, *, now_ms: int) -> Outcome:
        """Change a member's own name, picture and status."""
        author, changes = request.author, frame.changes
        member = self._directory.member(author.member)
        status, picture = changes.get("status", member.status), changes.get("picture")
        if "status" in changes and status is not None and is_over(status, now_ms):
            raise Malformed("status: until is over.")
        name = changes.get("name", member.name)
        changed = replace(member, name=name, status=status, picture=_picture_id(member.picture, picture, request))
        if changed == member:
            return Outcome([ack(frame.ref, self._directory.seq)])
        texts: _Texts = []
        writes: _Writes = []
        if name != member.name:
            rename = await self._renaming.prepare(author, member, name, now_ms=now_ms)
            changed.former_names += (rename.former,)
            self._store_rename(rename, texts, writes)
        if status != member.status:
            self._store_profile(member.id, None if status is None else status_text(status), texts, writes)
        if changed.picture != member.picture:
            self._store_picture(member.id, changed.picture, picture or b"", texts, writes)
        event = {"kind": "member", "member": changed.public(), "reason": PROFILE if name == member.name else RENAMED}
        outcome = await self._enter(frame.ref, event, author, texts, writes, now_ms)
        member.status, member.picture = changed.status, changed.picture
        member.name, member.former_names = changed.name, changed.former_names
        return outcome

    async def _enter(
        self, ref: str | None, event: dict[str, Any], author: Author, texts: _Texts, writes: _Writes, now_ms: int
    ) -> Outcome:
        def write(_: int, sealed: Sequence[Sealed]) -> None:
            for each in writes:
                each(sealed)

        return await self._ledger.enter(ref, event, author, now_ms=now_ms, seal=texts, write=write)

    def _store_rename(self, rename: Rename, texts: _Texts, writes: _Writes) -> None:
        first = len(texts)
        texts += rename.texts
        writes.append(lambda sealed: rename.store_in(self._store, sealed[first : first + 2]))

    def _store_profile(self, owner: str, plaintext: bytes | None, texts: _Texts, writes: _Writes) -> None:
        if plaintext is None:
            writes.append(lambda _: self._store.profiles.delete(owner))
            return
        place = len(texts)
        texts.append((plaintext, profile_header(owner)))
        writes.append(lambda sealed: self._store.profiles.put(owner, sealed[place]))

    def _store_picture(self, owner: str, picture_id: str, picture: bytes, texts: _Texts, writes: _Writes) -> None:
        if not picture_id:
            writes.append(lambda _: self._store.pictures.delete(owner))
            return
        place = len(texts)
        texts.append((picture, picture_header(owner, picture_id)))
        writes.append(lambda sealed: self._store.pictures.put(owner, picture_id, sealed[place]))


def shown_look(directory: Directory) -> dict[str, Any]:
    """How the room looks now, for its members."""
    return _shown(directory.look, directory.retention_days)


def _shown(look: Look, days: int | None) -> dict[str, Any]:
    """A look, and whether an admin has said how long messages are kept."""
    return {**look.public(), "keeps": days is not None}


def owner_of(picture: str, directory: Directory) -> str | None:
    """Whose picture has this id, ROOM for the room's; None if nobody's who is here."""
    if not picture:
        return None
    if picture == directory.look.picture:
        return ROOM
    return next((member.id for member in directory.present_members() if member.picture == picture), None)


def drop_ended(store: Store, directory: Directory, *, now_ms: int) -> None:
    """Remove the statuses whose time is over; pages have hidden them by themselves."""
    for member in directory.present_members():
        if member.status is not None and is_over(member.status, now_ms):
            store.profiles.delete(member.id)
            member.status = None
            directory.ended += 1


def _picture_id(former: str, picture: bytes | None, request: Request) -> str:
    """The id of the picture from now on: the former one if there is no new one, else one that no picture had."""
    if picture is None:
        return former
    return request.fresh_id if picture else ""
