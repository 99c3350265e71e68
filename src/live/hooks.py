"""The frames about hooks: making one, seeing them, a new secret, ending one."""

from chat.directory import ADMIN
from encoding import compact_json
from errors import Forbidden
from limits import WRITE_QUESTIONS
from live.announcements import announced
from live.effects import Answer, Effect
from live.questions import Answers
from live.state import RoomState
from storage.sessions import Session
from wire.bots import CreateHook, ListHooks, RevokeHook, RotateHook
from wire.connections import Connection
from wire.writing import ok_frame


async def create(
    state: RoomState, _connection: Connection, session: Session, frame: CreateHook, now_ms: int
) -> list[Effect]:
    """Make a hook. Its token is told once."""
    _check_admin(session)
    hook, token, event = await state.hooks.create(session.member, frame, now_ms=now_ms)
    return [*announced(state, [event]), Answer(_told(frame.ref, hook, token))]


def listed(state: RoomState, _connection: Connection, session: Session, frame: ListHooks, _now_ms: int) -> list[Effect]:
    """Show an admin the hooks, without a token."""
    _check_admin(session)
    return [Answer(compact_json({"type": "hooks", "ref": frame.ref, "hooks": state.hooks.listed()}))]


def rotate(
    state: RoomState, _connection: Connection, session: Session, frame: RotateHook, _now_ms: int
) -> list[Effect]:
    """Give a hook another secret."""
    _check_admin(session)
    return [Answer(_told(frame.ref, frame.id, state.hooks.rotate(frame.id)))]


async def revoke(
    state: RoomState, _connection: Connection, session: Session, frame: RevokeHook, now_ms: int
) -> list[Effect]:
    """End a hook."""
    _check_admin(session)
    event = await state.hooks.revoke(session.member, frame.id, now_ms=now_ms)
    return [*announced(state, [event]), Answer(ok_frame(frame.ref))]


def _check_admin(session: Session) -> None:
    """The one door to hooks: only admins see, make and end them, as whoever has a token writes without a name."""
    if session.role != ADMIN:
        raise Forbidden("Only an admin may do this.")


def _told(ref: str | None, hook: str, token: str) -> str:
    return compact_json({"type": "hook", "ref": ref, "id": hook, "token": token})


ANSWERS: Answers = {
    CreateHook: (WRITE_QUESTIONS, create),
    ListHooks: (WRITE_QUESTIONS, listed),
    RotateHook: (WRITE_QUESTIONS, rotate),
    RevokeHook: (WRITE_QUESTIONS, revoke),
}
"""What is answered, by the class of its frame."""
