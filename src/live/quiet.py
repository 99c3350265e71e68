"""When a member is not to be disturbed: what they say of it, and what their devices are told."""

from encoding import compact_json
from live.effects import Answer, Effect, Tell
from live.state import RoomState
from storage.sessions import Session
from wire.connections import Connection
from wire.quiet import SetQuiet
from wire.writing import ok_frame


async def set_quiet(
    state: RoomState, connection: Connection, _session: Session, frame: SetQuiet, now_ms: int
) -> list[Effect]:
    """The member says when they are not to be disturbed; all their devices are told, this one too, and nobody else.

    Raises:
        Malformed, Unauthenticated: as `Quiets.set`.
    """
    member = connection.member
    quiet, is_new = await state.quiets.set(member, frame, is_here=state.directory.has_member, now_ms=now_ms)
    answer = Answer(ok_frame(frame.ref))
    if not is_new:
        return [answer]
    return [answer, Tell(compact_json({"type": "quiet", "quiet": quiet.public()}), frozenset({member}))]
