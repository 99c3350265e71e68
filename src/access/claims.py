"""A login under a name that exists: is it the same person, somebody new, or somebody who has to prove who they are?

A name is not a person. A login under a free name makes a new member; only a proof continues the old one. Every kind of
proof is named in `is_proven`.
"""

from collections.abc import Sequence

from chat.directory import ADMIN, Member
from limits import NAME_HELD_MS
from storage.sessions import Session


def is_proven(member: Member, *, own_device_of: str | None, role: str, proven: str | None, is_confirmed: bool) -> bool:
    """The one door to a member's messages and rights: whether the person who signs in is this member.

    Args:
        own_device_of: the member whose device this browser is, by its cookie (`Sessions.own_past`).
        role: the role that the password proved; the admins' password counts as an admin's approval, but not for a
            name that is secured.
        proven: the member whose recovery code, passkey or link for another device the login carries.
        is_confirmed: whether the login has a code from the member's devices or an admin's approval.
    """
    return member.id in (own_device_of, proven) or is_confirmed or (role == ADMIN and not member.secured)


def is_free(member: Member, sessions: Sequence[Session], *, is_online: bool, now_ms: int) -> bool:
    """Whether nobody holds this member's name: signed out on all devices, or not seen for NAME_HELD_MS.

    An admin's name is held for as long as the session lasts, because others trust what it says. A name that is secured
    is never free.

    Args:
        sessions: the member's devices that are signed in.
    """
    if member.secured:
        return False
    if not sessions:
        return True
    seen_at = max(session.seen_at for session in sessions)
    return member.role != ADMIN and not is_online and now_ms - seen_at >= NAME_HELD_MS
