"""From a frame to what follows from it: who asks, may they, how often, and who takes care of it."""

from collections.abc import Awaitable, Sequence
from typing import Any

from access.alerts import alert_frame
from access.confirmations import Waiting
from access.signing_in import SignedIn
from chat.answer_cache import Recent
from chat.catching_up import can_resume, channels_for, resume_frames
from chat.changes import ADMIN, Author, Event, Outcome, Request
from chat.directory import Channel, Member
from chat.history import history_frame, history_page
from chat.roster import Roster
from chat.unread import count_unread, read_up_to
from encoding import b64url, byte_length, compact_json
from errors import ChatError, Forbidden, LimitReached, Malformed, NotFound, RateLimited, Unauthenticated
from limits import (
    MAX_KEPT_CHARACTERS,
    MAX_RESUME_BYTES,
    MAX_SOCKETS_PER_MEMBER,
    PAGES_KEPT,
    REFUSALS_SPARED,
    RESUMES_KEPT,
    WRITE_QUESTIONS,
    public_limits,
)
from live.budgets import Allowance, check_wait
from live.effects import (
    Answer,
    CleanUpSoon,
    CloseConnection,
    CloseMembers,
    CloseSessions,
    Effect,
    Enqueue,
    Notify,
    NotifyNow,
    Remember,
    Tell,
    Welcomed,
)
from live.state import RoomState
from storage.confirmations import Confirmation
from storage.sessions import Session
from upkeep.retention import Cleaned
from wire.changes import Change, CreateChannel
from wire.connections import Connection
from wire.questions import (
    AnswerLogin,
    ChooseLevel,
    Hello,
    History,
    LiftBan,
    ListBans,
    PushTest,
    Read,
    SeeAlert,
    Typing,
    Visible,
)
from wire.rates import TokenBucket
from wire.reading import Frame, is_too_large, parse, ref_of
from wire.writing import Close, error_frame, events_frame, ok_frame

CHANNEL_ID_BYTES = 9
Follows = list[Effect] | Awaitable[list[Effect]]


class Reception:
    """Takes the frames of all sockets of a room and returns what is to be done."""

    def __init__(self, state: RoomState) -> None:
        self._state = state
        self._roster = Roster(state.directory, state.presence)
        self._resumes = Recent(state.directory, most=RESUMES_KEPT, most_characters=MAX_KEPT_CHARACTERS)
        self._newest_pages = Recent(state.directory, most=PAGES_KEPT, most_characters=MAX_KEPT_CHARACTERS)

    def receive(self, connection: Connection, text: str | None, *, now_ms: int) -> Follows:
        """What follows from one frame; None stands for a binary one.

        Almost always known at once. Only what opens stored texts, a hello or a page of history, is to be awaited.
        """
        if text is not None and is_too_large(text):
            return self._close(connection, Close.TOO_LARGE, "frame too large", now_ms)
        try:
            session = self._state.session(connection.member, connection.session, now_ms=now_ms)
        except Unauthenticated:
            return [CloseConnection(Close.SESSION_ENDED, "session ended")]
        try:
            frame = _parsed(text)
        except ChatError as refusal:
            return self._refuse_malformed(connection, refusal, text, now_ms)
        if not connection.is_ready and not isinstance(frame, Hello):
            return self._close(connection, Close.NO_HELLO, "hello comes first", now_ms)
        try:
            follows = self._dispatch(connection, session, frame, now_ms)
        except ChatError as refusal:
            return self._refuse(connection, refusal, frame.ref, now_ms)
        return follows if isinstance(follows, list) else self._awaited(follows, connection, frame.ref, now_ms)

    async def _awaited(
        self, follows: Awaitable[list[Effect]], connection: Connection, ref: str | None, now_ms: int
    ) -> list[Effect]:
        try:
            return await follows
        except ChatError as refusal:
            return self._refuse(connection, refusal, ref, now_ms)

    def committed(self, outcome: Outcome) -> list[Effect]:
        """What follows from stored changes, answers aside.

        Whoever was removed is closed first: the events that are told together may go on after the removal.
        """
        effects: list[Effect] = (
            [CloseMembers(outcome.removed_members, by_admin=True)] if outcome.removed_members else []
        )
        if outcome.events:
            effects.append(_announced(outcome.events))
        if outcome.posted:
            effects.append(Notify(outcome.posted))
        if outcome.clean_up_is_due:
            effects.append(CleanUpSoon())
        return effects

    def cleaned(self, cleaned: Cleaned) -> list[Effect]:
        """What follows from a run of the clean-up."""
        for session in cleaned.ended:
            self._state.signed_in.pop(session.id, None)
        effects: list[Effect] = [_announced(cleaned.events)] if cleaned.events else []
        if cleaned.ended:
            effects.append(CloseSessions([session.id for session in cleaned.ended]))
        if cleaned.removed_members:
            effects.append(CloseMembers(cleaned.removed_members))
        return effects

    async def waiting(self, waiting: Waiting) -> list[Effect]:
        """Ask the member's own devices and the admins about a login that waits."""
        confirmation = waiting.confirmation
        if not waiting.is_new:
            return []
        own = await self._confirmation_frame(confirmation)
        asked = await self._approval_frame(confirmation)
        admins = frozenset(member.id for member in self._admins()) - {confirmation.member}
        return [Tell(own, frozenset({confirmation.member})), Tell(asked, admins)]

    def signed_in(self, result: SignedIn) -> list[Effect]:
        """Tell everybody who came, and close what the new session replaced."""
        for session in result.ended:
            self._state.signed_in.pop(session.id, None)
        effects: list[Effect] = [CloseMembers(result.replaced)] if result.replaced else []
        if result.events:
            effects.append(_announced(result.events))
        if result.alert is not None:  # the new device itself has no socket yet
            effects.append(Tell(alert_frame(result.alert), frozenset({result.member.id})))
        effects += [self._settled(confirmation, result.member.id) for confirmation in result.settled]
        if result.ended:
            effects.append(CloseSessions([session.id for session in result.ended]))
        return effects

    async def signed_out(self, member: str, session: str, *, now_ms: int) -> list[Effect]:
        """A device was signed out: its sockets close, and its member may be an admin no more."""
        self._state.signed_in.pop(session, None)
        events = await self._state.membership.settle_role(self._state.directory.members[member], now_ms=now_ms)
        told: list[Effect] = [_announced(events)] if events else []
        return [CloseSessions([session]), *told]

    # --- refusals ---

    def _refuse_malformed(
        self, connection: Connection, refusal: ChatError, text: str | None, now_ms: int
    ) -> list[Effect]:
        """What cannot be taken costs a question, so that there is no end to neither; only what is damaged closes.

        A type that we do not know or a text that is too long may come from a newer client, which goes on.
        """
        if not connection.is_ready:
            return self._close(connection, Close.NO_HELLO, "hello comes first", now_ms)
        ref = ref_of(text) if text is not None else None
        if isinstance(refusal, Malformed) and connection.is_broken(now_ms):
            return self._close(connection, Close.MALFORMED, "too many malformed frames", now_ms)
        try:
            self._charge_question(connection, now_ms)
        except RateLimited as too_fast:
            return self._refuse(connection, too_fast, ref, now_ms)
        return [Answer(error_frame(refusal, ref))]

    def _refuse(self, connection: Connection, refusal: ChatError, ref: str | None, now_ms: int) -> list[Effect]:
        if isinstance(refusal, RateLimited):
            connection.refusals += 1
            is_flooding = self._state.budgets.of(connection.member, now_ms).is_flooding(now_ms)
            if is_flooding and connection.refusals >= REFUSALS_SPARED:
                return self._close(connection, Close.FLOOD, "told to slow down, and did not", now_ms)
        return [Answer(error_frame(refusal, ref))]

    def _close(self, connection: Connection, code: Close, reason: str, now_ms: int) -> list[Effect]:
        """Close a socket for what came on it."""
        self._state.budgets.of(connection.member, now_ms).note_misuse(now_ms)
        return [CloseConnection(code, reason)]

    def _charge_question(self, connection: Connection, now_ms: int, cost: int = 1) -> None:
        self._charge(connection, self._state.budgets.of(connection.member, now_ms).questions, now_ms, cost)

    def _charge_change(self, connection: Connection, now_ms: int) -> None:
        self._charge(connection, self._state.budgets.of(connection.member, now_ms).changes, now_ms)

    def _charge(self, connection: Connection, bucket: TokenBucket, now_ms: int, cost: int = 1) -> None:
        check_wait(bucket.take(now_ms, cost))
        connection.refusals = 0

    # --- frames ---

    def _dispatch(self, connection: Connection, session: Session, frame: Frame, now_ms: int) -> Follows:
        if isinstance(frame, Change):  # by far the most frames, so asked first
            return self._enqueue(connection, session, frame, now_ms)
        match frame:
            case Hello():
                return self._hello(connection, session, frame, now_ms)
            case History():
                self._charge_question(connection, now_ms)
                return self._history(connection, frame, now_ms)
            case Read():
                self._charge_question(connection, now_ms)
                return self._read(connection, frame)
            case Typing():
                self._charge_question(connection, now_ms)
                return self._typing(connection, frame, now_ms)
            case Visible():
                self._charge_question(connection, now_ms)
                return self._look(connection, frame)
            case ChooseLevel():
                self._charge_question(connection, now_ms, WRITE_QUESTIONS)
                return self._choose(connection, frame)
            case PushTest():
                self._charge_change(connection, now_ms)
                return self._push_test(connection, frame, now_ms)
            case ListBans() | LiftBan():
                self._charge_question(connection, now_ms, WRITE_QUESTIONS)
                return self._bans(session, frame)
            case SeeAlert():
                self._charge_question(connection, now_ms, WRITE_QUESTIONS)
                return self._see_alert(connection, session, frame)
            case AnswerLogin():
                self._charge_question(connection, now_ms, WRITE_QUESTIONS)
                return self._answer_login(session, frame, now_ms)
        raise AssertionError(f"{type(frame).__name__} leads to nothing")

    def _enqueue(self, connection: Connection, session: Session, frame: Change, now_ms: int) -> list[Effect]:
        self._charge_change(connection, now_ms)
        is_new = isinstance(frame, CreateChannel)
        fresh_id = b64url(self._state.ciphers.random_bytes(CHANNEL_ID_BYTES)) if is_new else ""
        return [Enqueue(Request(Author(session.member, session.role), frame, fresh_id, connection.wants_acks))]

    def _history(self, connection: Connection, frame: History, now_ms: int) -> Follows:
        allowance = self._state.budgets.of(connection.member, now_ms)
        check_wait(allowance.answers.wait(now_ms))
        page = self._newest_pages.get((frame.channel, frame.limit)) if frame.is_newest else None
        if page is None:
            return self._page(allowance, frame, allowance.begin_answer(frame.limit))
        return [_charged(allowance, history_frame(frame.ref, page))]

    async def _page(self, allowance: Allowance, frame: History, units: int) -> list[Effect]:
        state = self._state
        seq = state.directory.seq
        try:
            page = await history_page(frame, state.directory, state.store, state.keyring)
        finally:
            allowance.end_answer(units)
        if frame.is_newest:
            self._newest_pages.keep((frame.channel, frame.limit), seq, page)
        return [_charged(allowance, history_frame(frame.ref, page))]

    async def _hello(self, connection: Connection, session: Session, frame: Hello, now_ms: int) -> list[Effect]:
        state = self._state
        if connection.is_ready:
            self._charge_question(connection, now_ms)
            check_wait(state.budgets.of(connection.member, now_ms).answers.wait(now_ms))
        else:  # never refused for its pace: opening sockets has a budget of its own
            if state.presence.sockets(connection.member) >= MAX_SOCKETS_PER_MEMBER:
                refusal = LimitReached(f"A member has at most {MAX_SOCKETS_PER_MEMBER} connections.")
                return [Answer(error_frame(refusal, frame.ref)), CloseConnection(Close.FLOOD, "too many connections")]
            state.budgets.of(connection.member, now_ms).questions.spend(1)
            state.presence.come(connection.member)
            connection.is_ready = True
        connection.wants_acks = frame.acks
        while True:
            seq = state.directory.seq
            effects = await self._greeting(connection, session, frame.last_seq, now_ms)
            if state.directory.seq == seq:  # else others were told of a change, which this socket would never hear of
                return effects

    async def _greeting(
        self, connection: Connection, session: Session, last_seq: int | None, now_ms: int
    ) -> list[Effect]:
        missed = await self._missed(connection, last_seq, now_ms)
        welcome = self._welcome(session, resumed=missed is not None)
        allowance = self._state.budgets.of(connection.member, now_ms)
        effects: list[Effect] = [Welcomed(), _charged(allowance, welcome)]
        effects += [Answer(text) for text in missed or ()]
        effects += [Answer(alert_frame(alert)) for alert in self._state.alerts.of(session)]
        return effects + await self._pending_logins(session, now_ms)

    async def _missed(self, connection: Connection, last_seq: int | None, now_ms: int) -> list[str] | None:
        """What happened after `last_seq`, in as few frames as it fits in; None where the client has to start anew.

        Which is so as well for a member who has asked for more than their share: a fresh start costs little.
        """
        state = self._state
        if last_seq is None or not can_resume(last_seq, state.directory, state.store):
            return None
        allowance = state.budgets.of(connection.member, now_ms)
        if allowance.answers.wait(now_ms):
            return None
        missed = state.directory.seq - last_seq
        known = self._resumes.get(last_seq)
        units = allowance.begin_answer(missed)
        try:
            frames = [known] if known is not None else await self._resumed(last_seq)
        finally:
            allowance.end_answer(units)
        size = sum(map(byte_length, frames))
        allowance.charge_answer(size, missed)
        return frames if size <= MAX_RESUME_BYTES else None

    async def _resumed(self, last_seq: int) -> list[str]:
        state = self._state
        seq = state.directory.seq
        frames = await resume_frames(last_seq, state.directory, state.store, state.keyring)
        if len(frames) == 1:
            self._resumes.keep(last_seq, seq, frames[0])
        return frames

    def _welcome(self, session: Session, *, resumed: bool) -> str:
        state = self._state
        welcome: dict[str, Any] = {
            "member": state.directory.member(session.member).public() | {"role": session.role},
            "seq": state.directory.seq,
            "resumed": resumed,
            "channels": channels_for(session.member, state.directory, state.store),
            "retention_days": state.retention.room_days(),
            "session": {"id": session.id, "expires_at": session.expires_at},
            "limits": public_limits(state.settings.message_burst, state.settings.message_rate),
        }
        lists = f'"members":{self._roster.present()},"former_members":{self._roster.former()}'
        return f'{{"type":"welcome",{lists},{compact_json(welcome)[1:]}'

    def _read(self, connection: Connection, frame: Read) -> list[Effect]:
        state, member = self._state, connection.member
        channel = state.directory.channel(frame.channel)
        seq = min(frame.seq, channel.last_seq)
        before, _ = read_up_to(member, [channel], state.directory, state.store).get(channel.id, (0, 0))
        if seq <= before:
            return []
        position = state.store.positions.at(channel.id, seq)
        state.store.reading.set_position(member, channel.id, seq, position)
        return [Tell(self._read_frame(channel, member), frozenset({member}), but=connection.id)]

    def _read_frame(self, channel: Channel, member: str) -> str:
        store = self._state.store
        read = store.reading.positions(member)
        unread = count_unread(member, [channel], read, store)[channel.id]
        mentions = store.reading.mention_counts(member).get(channel.id, 0) if unread else 0
        told = {"unread": unread, "mentions": mentions}
        return compact_json({"type": "read", "channel": channel.id, "seq": read[channel.id][0], **told})

    def _typing(self, connection: Connection, frame: Typing, now_ms: int) -> list[Effect]:
        channel = self._state.directory.open_channel(frame.channel)
        others = self._state.presence.online() - {connection.member}
        if not others or not self._state.budgets.of(connection.member, now_ms).may_tell_typing(channel.id, now_ms):
            return []
        return [Tell(compact_json({"type": "typing", "channel": channel.id, "member": connection.member}), others)]

    # --- notifications ---

    def _look(self, connection: Connection, frame: Visible) -> list[Effect]:
        if frame.visible == connection.is_visible:
            return []
        connection.is_visible = frame.visible
        self._state.presence.look(connection.member, away=not frame.visible)
        return [Remember()]

    def _choose(self, connection: Connection, frame: ChooseLevel) -> list[Effect]:
        channel, member = self._state.directory.channel(frame.channel), connection.member
        if not self._state.notices.choices.choose(member, channel.id, frame.level):
            return [Answer(ok_frame(frame.ref))]
        told = compact_json({"type": "notify", "channel": channel.id, "level": frame.level})
        return [Answer(ok_frame(frame.ref)), Tell(told, frozenset({member}), but=connection.id)]

    def _push_test(self, connection: Connection, frame: PushTest, now_ms: int) -> list[Effect]:
        if not self._state.notices.note_trial(connection.member, connection.session, now_ms=now_ms):
            raise NotFound("This device gets no notifications.")
        return [Answer(ok_frame(frame.ref)), NotifyNow()]

    # --- bans ---

    def _bans(self, session: Session, frame: ListBans | LiftBan) -> list[Effect]:
        """The one door to bans: admins list and lift them."""
        if session.role != ADMIN:
            raise Forbidden("Only an admin may do this.")
        if isinstance(frame, ListBans):
            told = {"type": "bans", "ref": frame.ref, "bans": self._state.bans.listed()}
            return [Answer(compact_json(told))]
        self._state.bans.lift(frame.id)
        return [Answer(ok_frame(frame.ref))]

    # --- alerts ---

    def _see_alert(self, connection: Connection, session: Session, frame: SeeAlert) -> list[Effect]:
        effects: list[Effect] = [Answer(ok_frame(frame.ref))]
        if self._state.alerts.see(session, frame.id):
            told = compact_json({"type": "alert.done", "id": frame.id})
            effects.append(Tell(told, frozenset({session.member}), but=connection.id))
        return effects

    # --- logins that wait ---

    def _answer_login(self, session: Session, frame: AnswerLogin, now_ms: int) -> list[Effect]:
        """The one door for letting somebody in without a code: an admin's; refusing is the member's own right too."""
        waiting = {each.id: each for each in self._state.confirmations.waiting(now_ms=now_ms)}
        confirmation = waiting.get(frame.id)
        if confirmation is None:
            raise NotFound("This login is settled, or its time is over.")
        is_own = confirmation.member == session.member
        if session.role != ADMIN and (frame.approve or not is_own):
            raise Forbidden("Only an admin may do this.")
        if not (frame.approve and confirmation.approved):
            self._state.confirmations.answer(confirmation, approve=frame.approve)
        return [Answer(ok_frame(frame.ref)), self._settled(confirmation.id, confirmation.member)]

    def _settled(self, confirmation: str, member: str) -> Tell:
        asked = frozenset(admin.id for admin in self._admins()) | {member}
        return Tell(compact_json({"type": "login.done", "id": confirmation}), asked)

    def _admins(self) -> Sequence[Member]:
        return [member for member in self._state.directory.present_members() if member.role == ADMIN]

    async def _pending_logins(self, session: Session, now_ms: int) -> list[Effect]:
        """What a device that was away has to be asked."""
        effects: list[Effect] = []
        for confirmation in self._state.confirmations.waiting(now_ms=now_ms):
            if confirmation.member == session.member:
                effects.append(Answer(await self._confirmation_frame(confirmation)))
            elif session.role == ADMIN and not confirmation.approved:
                effects.append(Answer(await self._approval_frame(confirmation)))
        return effects

    async def _confirmation_frame(self, confirmation: Confirmation) -> str:
        code = await self._state.confirmations.code_of(confirmation)
        return compact_json({"type": "confirmation", **await self._question(confirmation), "code": code})

    async def _approval_frame(self, confirmation: Confirmation) -> str:
        asked = await self._question(confirmation)
        return compact_json({"type": "approval", **asked, "member": confirmation.member})

    async def _question(self, confirmation: Confirmation) -> dict[str, Any]:
        """What whoever is asked may know of the device that waits: nothing in its own words."""
        confirmations = self._state.confirmations
        return {
            "id": confirmation.id,
            "compare": await confirmations.compare_of(confirmation),
            "agent": await confirmations.agent_of(confirmation),
            "expires_at": confirmation.expires_at,
        }


def _charged(allowance: Allowance, text: str) -> Answer:
    """An answer that the member pays for by its size, and by the messages in it."""
    items = text.count('{"seq":')  # what people wrote has no such quotes, as JSON escapes theirs
    allowance.charge_answer(byte_length(text), items)
    return Answer(text)


def _announced(events: Sequence[Event]) -> Tell:
    """Send events to everybody."""
    return Tell(events_frame([event.text for event in events]))


def _parsed(text: str | None) -> Frame:
    if text is None:
        raise Malformed("Frames are text, not binary.")
    return parse(text)
