"""Logins that wait: which devices are asked to let them in, and what an answer does."""

from collections.abc import Sequence
from typing import Any

from access.confirmations import Waiting
from chat.audit import nothing
from chat.directory import ADMIN, Member
from encoding import compact_json
from errors import Forbidden, NotFound
from live.effects import Answer, Effect, Tell
from live.state import RoomState
from storage.confirmations import Confirmation
from storage.sessions import Session
from wire.connections import Connection
from wire.questions import AnswerLogin
from wire.writing import ok_frame


async def ask(state: RoomState, waiting: Waiting) -> list[Effect]:
    """Ask the member's own devices and the admins about a login that waits."""
    confirmation = waiting.confirmation
    if not waiting.is_new:
        return []
    own = await _confirmation_frame(state, confirmation)
    asked = await _approval_frame(state, confirmation)
    admins = frozenset(member.id for member in _admins(state)) - {confirmation.member}
    return [Tell(own, frozenset({confirmation.member})), Tell(asked, admins)]


async def pending(state: RoomState, session: Session, now_ms: int) -> list[Effect]:
    """The questions for a device that was away."""
    effects: list[Effect] = []
    for confirmation in state.confirmations.waiting(now_ms=now_ms):
        if confirmation.member == session.member:
            effects.append(Answer(await _confirmation_frame(state, confirmation)))
        elif session.role == ADMIN and not confirmation.approved:
            effects.append(Answer(await _approval_frame(state, confirmation)))
    return effects


async def answer(
    state: RoomState, _connection: Connection, session: Session, frame: AnswerLogin, now_ms: int
) -> list[Effect]:
    """The one door for letting somebody in without a code: only an admin may; the member may also refuse."""
    confirmation = _waiting(state, frame, now_ms)
    is_own = confirmation.member == session.member
    if session.role != ADMIN and (frame.approve or not is_own):
        raise Forbidden("Only an admin may do this.")
    noted = nothing
    if frame.approve or not is_own:
        about = {"member": state.audit.member(confirmation.member), "on": frame.approve}
        noted = await state.audit.by(session.member, "login", now_ms=now_ms, **about)
        confirmation = _waiting(state, frame, now_ms)  # it may have been settled meanwhile

    def write() -> None:
        state.confirmations.answer(confirmation, approve=frame.approve)
        noted()

    if not (frame.approve and confirmation.approved):
        state.store.transaction(write)
    return [Answer(ok_frame(frame.ref)), settled(state, confirmation.id, confirmation.member)]


def _waiting(state: RoomState, frame: AnswerLogin, now_ms: int) -> Confirmation:
    for each in state.confirmations.waiting(now_ms=now_ms):
        if each.id == frame.id:
            return each
    raise NotFound("This login is settled, or its time is over.")


def settled(state: RoomState, confirmation: str, member: str) -> Tell:
    """Announce that this login needs no answer any more."""
    asked = frozenset(admin.id for admin in _admins(state)) | {member}
    return Tell(compact_json({"type": "login.done", "id": confirmation}), asked)


def _admins(state: RoomState) -> Sequence[Member]:
    return [member for member in state.directory.present_members() if member.role == ADMIN]


async def _confirmation_frame(state: RoomState, confirmation: Confirmation) -> str:
    code = await state.confirmations.code_of(confirmation)
    return compact_json({"type": "confirmation", **await _question(state, confirmation), "code": code})


async def _approval_frame(state: RoomState, confirmation: Confirmation) -> str:
    asked = await _question(state, confirmation)
    return compact_json({"type": "approval", **asked, "member": confirmation.member})


async def _question(state: RoomState, confirmation: Confirmation) -> dict[str, Any]:
    """What a question shows of the waiting device: nothing in the device's own words."""
    confirmations = state.confirmations
    return {
        "id": confirmation.id,
        "compare": await confirmations.compare_of(confirmation),
        "agent": await confirmations.agent_of(confirmation),
        "expires_at": confirmation.expires_at,
    }
