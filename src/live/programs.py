"""The frames about hooks and bots: making one, seeing them, a new secret, ending one."""

from chat.directory import ADMIN
from encoding import compact_json
from errors import Forbidden
from limits import WRITE_QUESTIONS
from live.announcements import announced
from live.effects import Answer, CloseMembers, Effect, RemoveFilesSoon
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
    SetWebhook,
    TryWebhook,
)
from wire.connections import Connection
from wire.writing import ok_frame


async def create(
    state: RoomState, _connection: Connection, session: Session, frame: CreateHook | CreateBot, now_ms: int
) -> list[Effect]:
    """Make a hook or a bot. Its token is told once."""
    _check_admin(session)
    made, token, event = await state.programs.create(session.member, frame, now_ms=now_ms)
    return [*announced(state, [event]), await _told(state, frame, made, token)]


async def listed(
    state: RoomState, _connection: Connection, session: Session, frame: ListHooks | ListBots, _now_ms: int
) -> list[Effect]:
    """Show an admin the hooks, or the bots, without a token."""
    _check_admin(session)
    programs = state.programs
    if isinstance(frame, ListHooks):
        return [Answer(compact_json({"type": "hooks", "ref": frame.ref, "hooks": programs.listed(HOOK)}))]
    webhooks = await programs.webhooks.shown()
    bots = [bot | webhooks[str(bot["id"])] for bot in programs.listed(PROGRAM)]
    hosts = programs.webhooks.hosts()
    return [Answer(compact_json({"type": "bots", "ref": frame.ref, "bots": bots, "webhook_hosts": hosts}))]


async def rotate(
    state: RoomState, _connection: Connection, session: Session, frame: RotateHook | RotateBot, now_ms: int
) -> list[Effect]:
    """Give one another secret."""
    _check_admin(session)
    kind = HOOK if isinstance(frame, RotateHook) else PROGRAM
    told = await _told(
        state, frame, frame.id, await state.programs.rotate(session.member, kind, frame.id, now_ms=now_ms)
    )
    return [told] if kind == HOOK else [CloseMembers([frame.id]), told]


async def set_webhook(
    state: RoomState, _connection: Connection, session: Session, frame: SetWebhook, now_ms: int
) -> list[Effect]:
    """Give a bot another webhook, or take it away."""
    _check_admin(session)
    events = await state.programs.set_webhook(session.member, frame.id, frame.webhook, now_ms=now_ms)
    return [*announced(state, events), await _told(state, frame, frame.id, None)]


async def try_webhook(
    state: RoomState, _connection: Connection, session: Session, frame: TryWebhook, now_ms: int
) -> list[Effect]:
    """Send something to a bot's webhook, and show the admin what it does."""
    _check_admin(session)
    await state.programs.test(session.member, frame.id, now_ms=now_ms)
    return [Answer(ok_frame(frame.ref))]


async def revoke(
    state: RoomState, _connection: Connection, session: Session, frame: RevokeHook | RevokeBot, now_ms: int
) -> list[Effect]:
    """End one."""
    _check_admin(session)
    kind = HOOK if isinstance(frame, RevokeHook) else PROGRAM
    event = await state.programs.revoke(session.member, kind, frame.id, now_ms=now_ms)
    closing = [CloseMembers([frame.id], by_admin=True)] if kind == PROGRAM else []
    removing = [RemoveFilesSoon()] if state.store.files.has_gone() else []
    return [*closing, *announced(state, [event]), Answer(ok_frame(frame.ref)), *removing]


def _check_admin(session: Session) -> None:
    """The one door to programs: only admins see, make and end them, as whoever has a token acts without a name."""
    if session.role != ADMIN:
        raise Forbidden("Only an admin may do this.")


async def _told(
    state: RoomState,
    frame: CreateHook | CreateBot | RotateHook | RotateBot | SetWebhook,
    made: str,
    token: str | None,
) -> Answer:
    """What is told once: secrets that nobody can be told again."""
    secrets = {"token": token, "signing_secret": await state.programs.webhooks.secret_of(made)}
    told = {name: secret for name, secret in secrets.items() if secret is not None}
    if isinstance(frame, (CreateHook, RotateHook)):
        return Answer(compact_json({"type": "hook", "ref": frame.ref, "id": made, **told}))
    return Answer(compact_json({"type": "bot", "ref": frame.ref, "id": made, **told}))


ANSWERS: Answers = {
    CreateHook: (WRITE_QUESTIONS, create),
    ListHooks: (WRITE_QUESTIONS, listed),
    RotateHook: (WRITE_QUESTIONS, rotate),
    RevokeHook: (WRITE_QUESTIONS, revoke),
    CreateBot: (WRITE_QUESTIONS, create),
    ListBots: (WRITE_QUESTIONS, listed),
    RotateBot: (WRITE_QUESTIONS, rotate),
    RevokeBot: (WRITE_QUESTIONS, revoke),
    SetWebhook: (WRITE_QUESTIONS, set_webhook),
    TryWebhook: (WRITE_QUESTIONS, try_webhook),
}
"""What is answered, by the class of its frame."""
