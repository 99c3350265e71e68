"""A member takes another name: who may, how often, which one, and what stays known of the former one.

Messages name their author by id, so old ones show the new name at once. What the member was called is kept for
FORMER_NAMES_KEPT_MS, sealed: for the quiet line that tells it, so that nobody else poses as them (chat/naming.py), and
to count how often they did it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from chat.changes import Author
from chat.directory import Directory, Member
from chat.looks import FormerName
from chat.name_digests import digest_of_name
from chat.naming import check_likeness, check_not_banned, holder_of
from errors import Forbidden, LimitReached, NameTaken
from limits import FORMER_NAMES_KEPT_MS, RENAMES_ALLOWED, RENAMES_WINDOW_MS
from sealing.keyring import Header, Keyring, Sealed
from storage.headers import former_name_header
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Rename:
    """A change of a name that may be stored."""

    former: FormerName
    name_digest: bytes
    texts: tuple[tuple[bytes, Header], ...]
    """What is to be sealed for `store_in`: the new name and the former one."""

    def store_in(self, store: Store, sealed: Sequence[Sealed]) -> None:
        """Store both names. Costs three rows: the member, the index of names, the former name."""
        name, former = sealed
        store.members.rename(self.former.member, name, name_digest=self.name_digest)
        store.former_names.put(self.former.member, self.former.at, former)


class Renaming:
    """Decides whether a member may take a name."""

    def __init__(self, store: Store, keyring: Keyring, directory: Directory) -> None:
        self._store = store
        self._keyring = keyring
        self._directory = directory

    async def prepare(self, author: Author, member: Member, name: str, *, now_ms: int) -> Rename:
        """The one door to another name: it asks what a login asks. Call it in the writer's turn.

        Only who is secured may: others are known by their name alone, and would be locked out or let somebody in.

        Raises:
            Forbidden: the member is not secured.
            Banned: an admin keeps this name out; an admin may take it, as at sign-in.
            NameTaken: it is or looks like the name of somebody else.
            LimitReached: the member has done this RENAMES_ALLOWED times within RENAMES_WINDOW_MS.
        """
        if not member.secured:
            raise Forbidden("Your name has to be secured first, by a recovery code or a passkey.")
        if not author.is_admin:
            check_not_banned(name, self._directory, self._store)
        name_digest = await digest_of_name(name, self._keyring, now_ms=now_ms)
        holder = holder_of(name, name_digest, self._directory, self._store, now_ms=now_ms)
        if holder not in (None, member):
            raise NameTaken("Somebody who is here has this name. Choose another one.")
        check_likeness(name, self._directory, other_than=member, now_ms=now_ms)
        _check_pace(member, now_ms)
        at = max([now_ms, *(each.at + 1 for each in member.former_names)])
        former = FormerName(member.id, at, member.name)
        texts = (name.encode(), member.header()), (member.name.encode(), former_name_header(member.id, at))
        return Rename(former, name_digest, texts)


def _check_pace(member: Member, now_ms: int) -> None:
    lately = [each.at for each in member.former_names if now_ms - each.at < RENAMES_WINDOW_MS]
    if len(lately) < RENAMES_ALLOWED:
        return
    wait_ms = lately[-RENAMES_ALLOWED] + RENAMES_WINDOW_MS - now_ms
    raise LimitReached(f"A name can be changed {RENAMES_ALLOWED} times a day.", retry_after=wait_ms // 1_000 + 1)


def forget_former_names(store: Store, directory: Directory, *, now_ms: int) -> None:
    """Forget what members were called long ago. Call it in the writer's turn."""
    for member in directory.present_members():
        old = [each for each in member.former_names if now_ms - each.at >= FORMER_NAMES_KEPT_MS]
        if old:
            store.transaction(partial(_delete, old, store))
            member.former_names = tuple(each for each in member.former_names if each not in old)


def _delete(names: Sequence[FormerName], store: Store) -> None:
    for each in names:
        store.former_names.delete(each.member, each.at)
