"""The frames about hooks and bots: making one, seeing them, a new secret, ending one."""

from chat.directory import ADMIN
from encoding import compact_json
from errors import Forbidden
from limits import WRITE_QUESTIONS
from live.announcements import announced
from live.effects import Answer, Effect
from live.questions import Answers
from live.state import RoomState
from storage.sessions import Session
from wire.bots import (
    HOOK,
    PROGRAM,
    CreateBot,
    CreateHook,
    ListBots,
    ListHooks,
    RevokeBot,
    RevokeHook,
    RotateBot,
    RotateHook,
)
from wire.connections import Connection
from wire.writing import ok_frame


async def create(
    state: RoomState, _connection: Connection, session: Session, frame: CreateHook | CreateBot, now_ms: int
) -> list[Effect]:
    """Make a hook or a bot. Its token is told once."""
    _check_admin(session)
    made, token, event = await state.programs.create(session.member, frame, now_ms=now_ms)
    return [*announced(state, [event]), _told(frame, made, token)]


def listed(
    state: RoomState, _connection: Connection, session: Session, frame: ListHooks | ListBots, _now_ms: int
) -> list[Effect]:
    """Show an admin the hooks, or the bots, without a token."""
    _check_admin(session)
    if isinstance(frame, ListHooks):
        told = compact_json({"type": "hooks", "ref": frame.ref, "hooks": state.programs.listed(HOOK)})
    else:
        told = compact_json({"type": "bots", "ref": frame.ref, "bots": state.programs.listed(PROGRAM)})
    return [Answer(told)]


def rotate(
    state: RoomState, _connection: Connection, session: Session, frame: RotateHook | RotateBot, _now_ms: int
) -> list[Effect]:
    """Give one another secret."""
    _check_admin(session)
    kind = HOOK if isinstance(frame, RotateHook) else PROGRAM
    return [_told(frame, frame.id, state.programs.rotate(kind, frame.id))]


async def revoke(
    state: RoomState, _connection: Connection, session: Session, frame: RevokeHook | RevokeBot, now_ms: int
) -> list[Effect]:
    """End one."""
    _check_admin(session)
    kind = HOOK if isinstance(frame, RevokeHook) else PROGRAM
    event = await state.programs.revoke(session.member, kind, frame.id, now_ms=now_ms)
    return [*announced(state, [event]), Answer(ok_frame(frame.ref))]


def _check_admin(session: Session) -> None:
    """The one door to programs: only admins see, make and end them, as whoever has a token acts without a name."""
    if session.role != ADMIN:
        raise Forbidden("Only an admin may do this.")


def _told(frame: CreateHook | CreateBot | RotateHook | RotateBot, made: str, token: str) -> Answer:
    if isinstance(frame, (CreateHook, RotateHook)):
        return Answer(compact_json({"type": "hook", "ref": frame.ref, "id": made, "token": token}))
    return Answer(compact_json({"type": "bot", "ref": frame.ref, "id": made, "token": token}))


ANSWERS: Answers = {
    CreateHook: (WRITE_QUESTIONS, create),
    ListHooks: (WRITE_QUESTIONS, listed),
    RotateHook: (WRITE_QUESTIONS, rotate),
    RevokeHook: (WRITE_QUESTIONS, revoke),
    CreateBot: (WRITE_QUESTIONS, create),
    ListBots: (WRITE_QUESTIONS, listed),
    RotateBot: (WRITE_QUESTIONS, rotate),
    RevokeBot: (WRITE_QUESTIONS, revoke),
}
"""What is answered, by the class of its frame."""
