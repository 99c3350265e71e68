"""What a login under a name that exists is: the same person, somebody new, or somebody who has to prove it.

A name is no person. Whoever takes a free one becomes a new member; only a proof continues the old one. Each way of
proving it is one line in `is_proven`, and a new one (a recovery code, a passkey) belongs there.
"""

from collections.abc import Sequence

from access.credentials import ADMIN
from chat.directory import Member
from limits import NAME_HELD_MS
from storage.store import Session


def is_proven(member: Member, *, own_device_of: str | None, role: str, is_confirmed: bool) -> bool:
    """Whether the one who signs in is this member: the one door to what a member wrote and may do.

    Args:
        own_device_of: whose device the browser is that signs in, by its cookie (`Sessions.own_past`).
        role: what the password proved; the admins' password is an admin's word.
        is_confirmed: whether a code of the member's devices or an admin's approval came along.
    """
    return own_device_of == member.id or role == ADMIN or is_confirmed


def is_free(member: Member, sessions: Sequence[Session], *, is_online: bool, now_ms: int) -> bool:
    """Whether nobody holds this member's name: signed out everywhere, or not seen for NAME_HELD_MS.

    An admin's name is held for as long as the session lasts: others trust what it says.

    Args:
        sessions: the member's devices that are signed in.
    """
    if not sessions:
        return True
    seen_at = max(session.seen_at for session in sessions)
    return member.role != ADMIN and not is_online and now_ms - seen_at >= NAME_HELD_MS
