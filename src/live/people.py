"""What members may know of each other beyond the list of members: only who asks gets it."""

from typing import Any

from chat.comings import was_never_here
from chat.directory import ADMIN, Member
from encoding import compact_json
from errors import NotFound
from limits import MAX_OVERVIEW_ROWS, SESSION_SEEN_STEP_MS
from live.effects import Answer, Effect
from live.lanes import day_of
from live.questions import Answers
from live.state import RoomState
from storage.sessions import Session
from wire.connections import Connection
from wire.people import ListComings, ShowPerson


def person(state: RoomState, _connection: Connection, session: Session, frame: ShowPerson, now_ms: int) -> list[Effect]:
    """Since when somebody is a member and when they were seen last, in days: who they are comes with the welcome.

    Admins learn as well whether an admin made a member one: what they may change of the role depends on it.

    Raises:
        NotFound: nobody with this id is or was a member.
    """
    member = state.directory.members.get(frame.id)
    if member is None:
        raise NotFound("There is no such member.")
    shown: dict[str, Any] = {"type": "person", "ref": frame.ref, "id": member.id, "days": _days(member, now_ms)}
    if session.role == ADMIN and member.removed_at is None and not member.is_bot:
        shown["made_admin"] = member.made_admin
    return [Answer(compact_json(shown))]


def _days(member: Member, now_ms: int) -> dict[str, Any]:
    """Days only, so that nobody can follow somebody by the hour. Of one who is gone, not when they were seen.

    `recently` is as much as is known: that somebody was seen is stored once an hour.
    """
    if was_never_here(member):
        return {}
    days = {"joined_on": day_of(member.joined_at)}
    if member.removed_at is not None:
        return {**days, "gone_on": day_of(member.removed_at)}
    if member.is_bot:
        return days
    recently = {"recently": True} if now_ms - member.seen_at < SESSION_SEEN_STEP_MS else {}
    return {**days, "seen_on": day_of(member.seen_at), **recently}


def comings(
    state: RoomState, connection: Connection, _session: Session, frame: ListComings, now_ms: int
) -> list[Effect]:
    """A page of those who came and those who went, charged by the size of the answer.

    Raises:
        RateLimited: the member owes for earlier answers.
    """
    allowance = state.budgets.for_answer(connection.member, now_ms)
    page, more = state.comings.page(frame.before, MAX_OVERVIEW_ROWS)
    shown = [each.public() for each in page]
    return [allowance.answer(compact_json({"type": "comings", "ref": frame.ref, "comings": shown, "more": more}))]


ANSWERS: Answers = {ShowPerson: (1, person), ListComings: (1, comings)}
"""What is answered, by the class of its frame."""
