"""What admins look after: bans, what admins have done, who is here, and what the room takes."""

from typing import Any

from chat.changes import Author, ack
from chat.directory import ADMIN, Channel
from encoding import compact_json
from errors import Forbidden
from limits import MAX_HISTORY_PAGE, MAX_OVERVIEW_ROWS, SESSION_IDLE_MS, WRITE_QUESTIONS
from live.announcements import announced
from live.effects import Answer, Effect
from live.lanes import day_of, shown_lanes
from live.questions import Answers
from live.state import RoomState
from storage.sessions import Session
from wire.administration import LiftBan, ListActs, ListBans, SetRole, ShowOverview
from wire.bots import HOOK, PROGRAM
from wire.connections import Connection
from wire.writing import ok_frame


def list_bans(
    state: RoomState, _connection: Connection, session: Session, frame: ListBans, _now_ms: int
) -> list[Effect]:
    """Show an admin who is banned."""
    _check_admin(session)
    return [Answer(compact_json({"type": "bans", "ref": frame.ref, "bans": state.bans.listed()}))]


async def lift_ban(
    state: RoomState, _connection: Connection, session: Session, frame: LiftBan, now_ms: int
) -> list[Effect]:
    """Let a banned member in again."""
    _check_admin(session)
    author, about = Author(session.member, session.role), {"member": state.audit.member(frame.id)}
    state.bans.lift(frame.id, await state.audit.by_admin(author, "ban.lift", now_ms=now_ms, **about))
    return [Answer(ok_frame(frame.ref))]


async def set_role(
    state: RoomState, _connection: Connection, session: Session, frame: SetRole, now_ms: int
) -> list[Effect]:
    """Make a member an admin, or take that back.

    Raises:
        Forbidden, NotFound: as `Standing.make_admin`.
    """
    author = Author(session.member, session.role)
    events = await state.standing.make_admin(author, frame, now_ms=now_ms)
    return [Answer(ack(frame.ref, state.directory.seq)), *announced(state, events)]


async def acts(
    state: RoomState, connection: Connection, session: Session, frame: ListActs, now_ms: int
) -> list[Effect]:
    """What admins have done, newest first, charged by the size of the answer.

    Raises:
        Forbidden: not an admin.
        RateLimited: the member owes for earlier answers.
    """
    _check_admin(session)
    allowance = state.budgets.for_answer(connection.member, now_ms)
    with allowance.answering(MAX_HISTORY_PAGE):
        page = await state.audit.page(frame.before)
    text = compact_json({"type": "audit", "ref": frame.ref, **page})
    allowance.charge_answer(len(text), len(page["acts"]))
    return [Answer(text)]


async def overview(
    state: RoomState, connection: Connection, session: Session, frame: ShowOverview, now_ms: int
) -> list[Effect]:
    """Who is here and what the room takes, charged by the size of the answer. The first page alone has the rest.

    Raises:
        Forbidden: not an admin.
        RateLimited: the member owes for earlier answers.
    """
    _check_admin(session)
    allowance = state.budgets.for_answer(connection.member, now_ms)
    answer = {"type": "overview", "ref": frame.ref, **_people(state, frame.after_member, now_ms)}
    if frame.after_member is None:
        with allowance.answering(MAX_OVERVIEW_ROWS):
            answer |= {"counts": _counts(state, session, now_ms), "storage": await _storage(state, session)}
    text = compact_json(answer)
    allowance.charge_answer(len(text), MAX_OVERVIEW_ROWS)
    return [Answer(text)]


def _people(state: RoomState, after: str | None, now_ms: int) -> dict[str, Any]:
    """A page of the people who are members, in the order of their ids."""
    devices = state.store.sessions.count_live(now_ms, now_ms - SESSION_IDLE_MS)
    left = sorted(
        (member for member in state.directory.present_people() if after is None or member.id > after),
        key=lambda member: member.id,
    )
    shown = [
        {
            "id": member.id,
            "role": member.role,
            "devices": devices.get(member.id, 0),
            "seen_on": day_of(member.seen_at),
            "secured": member.secured,
            "made_admin": member.made_admin,
        }
        for member in left[:MAX_OVERVIEW_ROWS]
    ]
    return {"members": shown, "more": len(left) > len(shown)}


def _counts(state: RoomState, session: Session, now_ms: int) -> dict[str, int]:
    bots = state.store.bots.all()
    return {
        "members": len(state.directory.present_people()),
        "invites": len(state.invites.seen_by(session, is_admin=True, now_ms=now_ms)),
        "hooks": sum(bot.kind == HOOK for bot in bots),
        "bots": sum(bot.kind == PROGRAM for bot in bots),
        "webhooks": sum(bot.webhook is not None for bot in bots),
        "bans": len(state.bans.listed()),
    }


async def _storage(state: RoomState, session: Session) -> dict[str, Any]:
    """The bytes of files: of open channels each, of private ones as `lanes` has them, of all else in one number."""
    private = sorted(await shown_lanes(state), key=lambda each: -each["bytes"])
    _, all_bytes = state.store.files.totals()
    present = [each for each in state.audience.counted_for(session.member) if each.deleted_at is None]
    sizes = state.store.files.bytes_of([channel.id for channel in present])
    open_ones = sorted((_shown(channel, sizes.get(channel.id, 0)) for channel in present), key=_largest_first)
    known = sum(sizes.values()) + sum(each["bytes"] for each in private)
    return {
        "bytes": all_bytes,
        "limit": state.quota.room_bytes,
        "open": open_ones[:MAX_OVERVIEW_ROWS],
        "private": private[:MAX_OVERVIEW_ROWS],
        "more": max(len(open_ones), len(private)) > MAX_OVERVIEW_ROWS,
        "other_bytes": all_bytes - known,
    }


def _shown(channel: Channel, size: int) -> dict[str, Any]:
    return {
        "id": channel.id,
        "messages": channel.last_position - channel.purged_position,
        "active_on": day_of(channel.last_at) if channel.last_at else None,
        "bytes": size,
    }


def _largest_first(shown: dict[str, Any]) -> tuple[int, int]:
    return -shown["bytes"], -shown["messages"]


def _check_admin(session: Session) -> None:
    """The one door to what only admins see and do here."""
    if session.role != ADMIN:
        raise Forbidden("Only an admin may do this.")


ANSWERS: Answers = {
    ListBans: (WRITE_QUESTIONS, list_bans),
    LiftBan: (WRITE_QUESTIONS, lift_ban),
    ListActs: (1, acts),
    ShowOverview: (WRITE_QUESTIONS, overview),
}
"""What is answered, by the class of its frame."""
