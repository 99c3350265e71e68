"""Whose a name is: what sign-in, a change of one's own name and programs ask before somebody gets one.

docs/protocol.md, "Names", has the rules. A name that a member gave up is theirs for FORMER_NAME_HELD_MS as if they
still had it: signing in with it continues them, if they prove who they are, and nobody else gets it or what looks like
it.
"""

from chat.directory import UNREADABLE, Directory, Member
from chat.looks import FormerName
from errors import Banned, NameTaken
from storage.store import Store


def member_called(name: str, directory: Directory, *, now_ms: int) -> Member | None:
    """The member with this name, even in another spelling or stored when names were compared by older rules."""
    return _whose(directory.likeness.same(name, _names(directory, now_ms)), directory)


def member_like(name: str, directory: Directory, *, other_than: Member | None = None, now_ms: int) -> Member | None:
    """A member whose name people could take for this one."""
    others = [each for each in _names(directory, now_ms) if _whose(each, directory) is not other_than]
    return _whose(directory.likeness.of_people(name, others), directory)


def holder_of(name: str, name_digest: bytes, directory: Directory, store: Store, *, now_ms: int) -> Member | None:
    """The member with this name, even if its digest follows older rules or it is unreadable."""
    known = store.members.named(name_digest)
    return member_called(name, directory, now_ms=now_ms) if known is None else directory.member(known)


def check_likeness(name: str, directory: Directory, *, other_than: Member | None = None, now_ms: int) -> None:
    """Refuse a name that people could take for that of somebody who is here.

    Raises:
        NameTaken: with `alike`.
    """
    if member_like(name, directory, other_than=other_than, now_ms=now_ms) is not None:
        raise NameTaken("This name looks like that of somebody who is here. Choose another one.", alike=True)


def check_not_banned(name: str, directory: Directory, store: Store) -> None:
    """Refuse a name that an admin keeps out, and what looks like it.

    Raises:
        Banned.
    """
    banned = [directory.members[member] for member, _ in store.bans.all() if member in directory.members]
    if banned and directory.likeness.of_people(name, banned) is not None:
        raise Banned()


def _names(directory: Directory, now_ms: int) -> list[Member | FormerName]:
    """All names that are somebody's, the present ones first."""
    members = directory.present_members()
    held = [each for member in members for each in member.former_names if each.is_held(now_ms)]
    return [*(member for member in members if member.name != UNREADABLE), *held]


def _whose(named: Member | FormerName | None, directory: Directory) -> Member | None:
    return directory.members[named.member] if isinstance(named, FormerName) else named
