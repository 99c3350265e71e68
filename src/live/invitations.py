"""The frames about links that let people in: making one, seeing them, ending one."""

from chat.audit import nothing
from chat.changes import Author
from chat.directory import ADMIN
from encoding import compact_json
from errors import Forbidden
from limits import DEVICE_INVITE_MS, HOUR_MS
from live.effects import Answer, Effect
from live.state import RoomState
from storage.sessions import Session
from wire.connections import Connection
from wire.questions import PERSON, CreateInvite, ListInvites, RevokeInvite
from wire.writing import ok_frame


async def create(
    state: RoomState, _connection: Connection, session: Session, frame: CreateInvite, now_ms: int
) -> list[Effect]:
    """Make a link; the one door to it.

    Raises:
        Forbidden: this member may not invite.
        LimitReached, NameTaken: as `Invites.create`.
    """
    is_person = frame.kind == PERSON
    if is_person and not state.settings.may_invite(is_admin=session.role == ADMIN):
        raise Forbidden("In this room you may not invite anybody.")
    noted = nothing
    if is_person:
        about = {"label": frame.label, "hours": frame.hours, "uses": frame.uses}
        noted = await state.audit.by_admin(
            Author(session.member, session.role), "invite.create", now_ms=now_ms, **about
        )
    invite = await state.invites.create(
        session,
        frame.kind,
        frame.digest,
        frame.label,
        uses=frame.uses,
        lasts_ms=frame.hours * HOUR_MS if is_person else DEVICE_INVITE_MS,
        now_ms=now_ms,
        noted=noted,
    )
    told = {"type": "invite", "ref": frame.ref, "id": invite.id, "expires_at": invite.expires_at}
    return [Answer(compact_json(told))]


async def seen(
    state: RoomState, _connection: Connection, session: Session, frame: ListInvites, now_ms: int
) -> list[Effect]:
    """Show the open links for new people: the member's own, or all to an admin."""
    invites = state.invites.seen_by(session, is_admin=session.role == ADMIN, now_ms=now_ms)
    told = {"type": "invites", "ref": frame.ref, "invites": await state.invites.listed(invites)}
    return [Answer(compact_json(told))]


async def revoke(
    state: RoomState, _connection: Connection, session: Session, frame: RevokeInvite, now_ms: int
) -> list[Effect]:
    """End a link."""
    seen = state.invites.seen_by(session, is_admin=session.role == ADMIN, now_ms=now_ms)
    ended = await state.invites.listed([invite for invite in seen if invite.id == frame.id])
    about = {"label": ended[0]["label"], "member": state.audit.member(str(ended[0]["by"]))} if ended else {}
    noted = await state.audit.by_admin(Author(session.member, session.role), "invite.revoke", now_ms=now_ms, **about)
    state.invites.revoke(session, frame.id, is_admin=session.role == ADMIN, noted=noted)
    return [Answer(ok_frame(frame.ref))]
