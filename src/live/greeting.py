"""The answer to `hello`: the state of the room, the missed changes, and the questions that wait for the device."""

from collections.abc import Mapping
from typing import Any

from access.alerts import alert_frame
from chat.answer_cache import AnswerCache
from chat.bot_view import roster
from chat.catching_up import can_resume, can_resume_lane, channels_for, resume_frames, resume_lane
from chat.directory import ADMIN, BOT
from chat.profiles import shown_look
from chat.roster import Roster
from encoding import byte_length, compact_json
from errors import LimitReached
from limits import (
    MAX_KEPT_CHARACTERS,
    MAX_RESUME_BYTES,
    MAX_RESUME_EVENTS,
    MAX_SOCKETS_PER_MEMBER,
    RESUMES_KEPT,
)
from live import logins, scheduling
from live.activity import activity_of
from live.budgets import check_wait
from live.effects import AnnouncePresence, Answer, CloseConnection, Effect, Welcomed
from live.state import RoomState
from setting_values import EVERYONE
from storage.sessions import Session
from wire.connections import Connection
from wire.public_limits import public_limits
from wire.questions import Hello
from wire.writing import Close, error_frame


class Greeting:
    """Welcomes the sockets of a room."""

    def __init__(self, state: RoomState) -> None:
        self._state = state
        self._roster = Roster(state.directory, state.presence)
        self._resumes = AnswerCache(
            state.directory, state.audience, most=RESUMES_KEPT, most_characters=MAX_KEPT_CHARACTERS
        )

    async def answer(self, connection: Connection, session: Session, frame: Hello, now_ms: int) -> list[Effect]:
        """Let a socket in, or greet it again.

        Raises:
            RateLimited: the member owes for earlier answers; never for the first hello of a socket.
        """
        state = self._state
        if connection.is_ready:
            check_wait(state.budgets.of(connection.member, now_ms).answers.wait(now_ms))
        else:  # never refused for its rate, as opening sockets has a budget of its own
            here = state.programs.here if connection.is_bot else state.presence
            if here.sockets(connection.member) >= MAX_SOCKETS_PER_MEMBER:
                refusal = LimitReached(f"A member has at most {MAX_SOCKETS_PER_MEMBER} connections.")
                return [
                    Answer(error_frame(refusal, frame.ref)),
                    CloseConnection(Close.TOO_MUCH, "too many connections"),
                ]
            state.budgets.of(connection.member, now_ms).questions.spend(1)
            here.come(connection.member)
            connection.is_ready = True
        connection.wants_acks = frame.acks
        connection.takes_lanes = frame.lanes is not None
        while True:
            heads = self._heads(connection)
            session = state.session(connection.member, connection.session, now_ms=now_ms)  # its role may have changed
            effects = await self._effects(connection, session, frame, now_ms)
            if self._heads(connection) == heads:  # otherwise this socket would never get a change that the others got
                return effects

    def _heads(self, connection: Connection) -> list[tuple[str, int]]:
        """How far everything is that the socket is given."""
        lanes = self._state.audience.lanes_of(connection.member) if connection.takes_lanes else []
        return [("", self._state.directory.seq), *((lane.id, lane.seq) for lane in lanes)]

    async def _effects(self, connection: Connection, session: Session, frame: Hello, now_ms: int) -> list[Effect]:
        hears = self._state.audience.hears(connection.member)
        missed = await self._missed(connection, frame.last_seq if hears else None, now_ms)
        known = frame.lanes if hears or frame.lanes is None else {}
        lanes = None if known is None else await self._missed_in_lanes(connection.member, known, now_ms)
        if session.role != BOT:
            await self._state.quiets.know([session.member])
        waiting = [] if connection.is_bot else await logins.pending(self._state, session, now_ms)
        # From here on nothing is awaited: what changes after the welcome is told to this socket, too.
        welcome = self._welcome(session, resumed=missed is not None, lanes=lanes)
        self._state.budgets.of(connection.member, now_ms).charge_frame(welcome)
        effects: list[Effect] = [Welcomed(), Answer(welcome)]
        effects += [Answer(text) for text in missed or ()]
        effects += [Answer(text) for texts in (lanes or {}).values() for text in texts]
        if connection.is_bot:
            return effects
        effects += [Answer(alert_frame(alert)) for alert in self._state.alerts.of(session)]
        return [*effects, *waiting, AnnouncePresence()]

    async def _missed(self, connection: Connection, last_seq: int | None, now_ms: int) -> list[str] | None:
        """The changes after `last_seq` in as few frames as possible; None if the client has to start afresh.

        That is also so for a member who has used up their budget, because a fresh start costs little.
        """
        state = self._state
        if last_seq is None or not can_resume(last_seq, state.directory, state.store):
            return None
        allowance = state.budgets.of(connection.member, now_ms)
        if allowance.answers.wait(now_ms):
            return None
        missed = state.directory.seq - last_seq
        known = self._resumes.get(connection.member, last_seq)
        with allowance.answering(missed):
            frames = [known] if known is not None else await self._resumed(connection.member, last_seq)
        size = sum(map(byte_length, frames))
        allowance.charge_answer(size, missed)
        return frames if size <= MAX_RESUME_BYTES else None

    async def _resumed(self, member: str, last_seq: int) -> list[str]:
        state = self._state
        seq = state.directory.seq
        frames = await resume_frames(last_seq, member, state.audience, state.store, state.keyring)
        if len(frames) == 1:
            self._resumes.keep(member, last_seq, seq, frames[0])
        return frames

    async def _missed_in_lanes(self, member: str, known: Mapping[str, int], now_ms: int) -> dict[str, list[str]]:
        """The frames of each lane that can be resumed; the others are loaded anew.

        All of them together may have as many events and bytes as the room.
        """
        state, allowance = self._state, self._state.budgets.of(member, now_ms)
        found: dict[str, list[str]] = {}
        events_left, bytes_left = MAX_RESUME_EVENTS, MAX_RESUME_BYTES
        for lane in state.audience.lanes_of(member):
            last_seq = known.get(lane.id)
            if last_seq is None or not can_resume_lane(last_seq, lane):
                continue
            missed = lane.seq - last_seq
            if missed > events_left or (missed and allowance.answers.wait(now_ms)):
                continue
            events_left -= missed
            channel = state.directory.hidden[lane.id]
            frames = []
            if missed:
                frames = await resume_lane(last_seq, member, channel, state.audience, state.store, state.keyring)
            size = sum(map(byte_length, frames))
            bytes_left -= size
            if missed:
                allowance.charge_answer(size, missed)
            if bytes_left >= 0:
                found[lane.id] = frames
        return found

    def _welcome(self, session: Session, *, resumed: bool, lanes: Mapping[str, Any] | None) -> str:
        state, settings = self._state, self._state.settings
        with_lanes = lanes is not None
        welcome: dict[str, Any] = {
            "member": state.directory.member(session.member).public() | {"role": session.role},
            "seq": state.directory.seq,
            "resumed": resumed,
            "channels": channels_for(
                session.member, state.audience, state.directory, state.store, with_lanes=with_lanes
            ),
            "retention_days": state.retention.room_days(),
            "limits": public_limits(settings.message_burst, settings.message_rate, settings.file_bytes),
        }
        if lanes is not None:
            welcome["lanes_resumed"] = list(lanes)
        if session.role == BOT:
            rights = sorted(state.directory.programs[session.member].rights)
            return compact_json({"type": "welcome", **roster(state.directory), **welcome, "rights": rights})
        welcome["room"] = shown_look(state.directory)
        welcome["joined_seq"] = state.directory.member(session.member).joined_seq
        welcome["invites"] = settings.may_invite(is_admin=session.role == ADMIN)
        welcome["activity"] = activity_of(state).standing(session.member, with_lanes=with_lanes)
        welcome["scheduled"] = scheduling.standing(state.store, session.member)
        welcome["session"] = {"id": session.id, "expires_at": session.expires_at}
        if (quiet := state.quiets.of(session.member).public()) is not None:
            welcome["quiet"] = quiet
        if settings.supervision:
            welcome["supervision"] = True
        if settings.direct_messages != EVERYONE:
            welcome["direct_messages"] = settings.direct_messages
        if settings.call_url is not None:
            welcome["call_url"] = settings.call_url
        lists = f'"members":{self._roster.present()},"former_members":{self._roster.former()}'
        return f'{{"type":"welcome",{lists},{compact_json(welcome)[1:]}'
