"""What a password that the operator has replaced ends."""

from access.credentials import Credentials
from access.standing import Standing
from chat.audit import Audit
from chat.directory import ADMIN, MEMBER, Directory
from errors import Unauthenticated
from storage.sessions import PASSWORD
from storage.store import Store
from upkeep.retention import DROP_SILENT


async def end_sessions_of(
    changed: list[str],
    store: Store,
    credentials: Credentials,
    audit: Audit,
    directory: Directory,
    standing: Standing,
    now_ms: int,
) -> frozenset[str]:
    """End the sessions whose password the operator has replaced; returns their ids.

    Those that began with an invite, a recovery code or a passkey go on, unless they proved the admins' password too.
    The links go that the ended ones have made: whoever had got in by the former password would come back by them. For
    the same reason nobody is an admin any more whom one who knew the admins' former password had made one.
    Nor is anything sent that somebody scheduled who is signed in nowhere now.
    """
    ended = set()
    for role in changed:
        noted = await audit.by("", "password", role=role, now_ms=now_ms)
        if role == ADMIN:
            standing.unmake_admins()
        for session in store.sessions.all():
            if (session.role == role) if role == ADMIN else (session.began == PASSWORD):
                store.retire_session(session.member, session.id, is_own=True, at=now_ms)
                store.invites.delete_made_by(session.id)
                ended.add(session.id)
        store.scheduled.fail_signed_out(Unauthenticated.code)
        credentials.forget(role)
        noted()
    if MEMBER in changed:
        store.facts.put(DROP_SILENT, 1)
        store.facts.put("clean_up_at", now_ms)
    if changed:
        for member in directory.present_members():
            if member.role == ADMIN:
                await standing.settle_role(member, now_ms=now_ms)
    return frozenset(ended)
