"""The effects of what was stored but answers no frame: changes, logins, ended devices, a clean-up."""

from collections.abc import Sequence
from itertools import groupby

from access.alerts import alert_frame
from access.signing_in import SignedIn
from chat.bot_view import event_text
from chat.changes import Event, Outcome
from live import activity
from live.effects import (
    BuildSegments,
    CallBots,
    CleanUpSoon,
    CloseMembers,
    CloseSessions,
    Effect,
    Notify,
    RemoveFilesSoon,
    Tell,
)
from live.logins import settled
from live.state import RoomState
from upkeep.retention import Cleaned
from wire.writing import events_frame


def committed(state: RoomState, outcome: Outcome) -> list[Effect]:
    """The effects of stored changes, without their answers.

    Removed members' sockets close first, because the events sent together may continue after the removal.
    """
    effects: list[Effect] = [CloseMembers(outcome.removed_members, by_admin=True)] if outcome.removed_members else []
    effects += announced(state, outcome.events)
    if outcome.noted:
        effects += activity.noted(state, outcome.noted)
    if outcome.recount:
        effects += activity.recounted(state, outcome.recount)
    if outcome.posted:
        if called := [posted for posted in outcome.posted if posted.called]:
            effects.append(CallBots(called))
        effects.append(Notify(outcome.posted))
        if state.indexes.note_posted([state.directory.lane(posted.channel).id for posted in outcome.posted]):
            effects.append(BuildSegments())
    if outcome.taken and state.indexes.note_posted(outcome.taken):
        effects.append(BuildSegments())
    if outcome.clean_up_is_due:
        effects.append(CleanUpSoon())
    if outcome.hidden_clean_up_is_due:
        effects.append(CleanUpSoon(of_lanes=True))
    if outcome.gives_up_files:
        effects.append(RemoveFilesSoon())
    return effects


def cleaned(state: RoomState, result: Cleaned) -> list[Effect]:
    """The effects of a run of the clean-up."""
    for session in result.ended:
        state.signed_in.pop(session.id, None)
    effects: list[Effect] = [*announced(state, result.events), *activity.recounted(state, result.recount)]
    if result.ended:
        effects.append(CloseSessions([session.id for session in result.ended]))
    if result.removed_members:
        effects.append(CloseMembers(result.removed_members))
    return effects


def signed_in(state: RoomState, result: SignedIn) -> list[Effect]:
    """Announce the member to everybody, and close the sessions that the new one replaced."""
    for session in result.ended:
        state.signed_in.pop(session.id, None)
    effects: list[Effect] = [CloseMembers(result.replaced)] if result.replaced else []
    effects += announced(state, result.events)
    if result.alert is not None:  # the new device has no socket yet
        effects.append(Tell(alert_frame(result.alert), frozenset({result.member.id})))
    effects += [settled(state, confirmation, result.member.id) for confirmation in result.settled]
    if result.ended:
        effects.append(CloseSessions([session.id for session in result.ended]))
    return effects


async def signed_out(state: RoomState, member: str, session: str, *, now_ms: int) -> list[Effect]:
    """Close the sockets of a device that was signed out; its member may have lost the admin role with it."""
    state.signed_in.pop(session, None)
    events = await state.standing.settle_role(state.directory.members[member], now_ms=now_ms)
    return [CloseSessions([session]), *announced(state, events)]


def announced(state: RoomState, events: Sequence[Event]) -> list[Tell]:
    """Events in their order: one frame for everybody, or a new frame each time that the audience changes.

    Those of each lane come by themselves, so that nothing of a lane shows in how the others are cut into frames.
    """
    by_lane: dict[str, list[Event]] = {}
    for event in events:
        by_lane.setdefault(event.lane, []).append(event)
    of_room = by_lane.pop("", [])
    told = _announced_to_all(state, of_room) + _announced_to_bots(state, of_room)
    for lane, happened in by_lane.items():
        told += _announced_in(state, lane, happened)
    return told


def _announced_to_all(state: RoomState, events: Sequence[Event]) -> list[Tell]:
    if not events:
        return []
    if state.audience.is_everybody():
        return [Tell(events_frame([event.text for event in events]))]
    runs = groupby(events, key=lambda event: state.audience.members_of(event.channel))
    return [Tell(events_frame([event.text for event in run]), members) for members, run in runs]


def _announced_to_bots(state: RoomState, events: Sequence[Event]) -> list[Tell]:
    """The events that bots with a socket may see; one frame for those that see the same."""
    views: dict[tuple[str, ...], set[str]] = {}
    for bot in state.programs.here.all():
        texts = (event_text(bot, event, state.audience) for event in events)
        views.setdefault(tuple(text for text in texts if text is not None), set()).add(bot)
    return [Tell(events_frame(texts), frozenset(bots), to_bots=True) for texts, bots in views.items() if texts]


def _announced_in(state: RoomState, lane: str, events: Sequence[Event]) -> list[Tell]:
    """The events of a lane, for those who were in it when they happened and still are."""
    told = []
    for (members, is_frame), run in groupby(events, key=lambda event: (event.members, event.is_frame)):
        assert members is not None
        if is_frame:
            told += [Tell(event.text, members, of_lane=True) for event in run]
        elif present := state.audience.given(lane, members):
            told.append(Tell(events_frame([event.text for event in run], lane), present, of_lane=True))
    return told
