"""What admins see of private channels that they are not in: that there are any, and what they take."""

from datetime import UTC, datetime
from typing import Any

from chat.directory import ADMIN, Channel
from chat.lanes import PRIVATE, Lane
from encoding import compact_json
from errors import Forbidden
from live.effects import Answer, Effect
from live.state import RoomState
from storage.sessions import Session
from wire.connections import Connection
from wire.lanes import ListLanes


async def listed(
    state: RoomState, _connection: Connection, session: Session, frame: ListLanes, _now_ms: int
) -> list[Effect]:
    """Show an admin the private channels, and nothing of direct conversations."""
    if session.role != ADMIN:
        raise Forbidden("Only an admin may do this.")
    shown = await shown_lanes(state)
    return [Answer(compact_json({"type": "lanes", "ref": frame.ref, "lanes": shown}))]


async def shown_lanes(state: RoomState) -> list[dict[str, Any]]:
    """The private channels, by name, as admins see them."""
    await state.lanes.know_all()
    found = [(lane, state.directory.hidden[lane.id]) for lane in state.directory.lanes.values() if lane.kind == PRIVATE]
    present = [(lane, channel) for lane, channel in found if channel.deleted_at is None]
    present.sort(key=lambda each: (each[1].name, each[0].id))  # the order in memory tells whose members were here
    sizes = state.store.files.bytes_of([lane.id for lane, _ in present])
    return [_shown(state, lane, channel, sizes.get(lane.id, 0)) for lane, channel in present]


def _shown(state: RoomState, lane: Lane, channel: Channel, size: int) -> dict[str, Any]:
    return {
        "id": lane.id,
        "name": channel.name,
        "members": len(state.directory.shown_members(lane)),
        "active_on": day_of(channel.last_at) if channel.last_at else None,
        "bytes": size,
    }


def day_of(at_ms: int) -> str:
    """The day (UTC) of a time: what others may know of when somebody was here or wrote."""
    return datetime.fromtimestamp(at_ms / 1_000, tz=UTC).date().isoformat()
