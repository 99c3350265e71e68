"""From a frame to its effects: whose it is, whether it is valid and not too fast, and which part handles it."""

from collections.abc import Awaitable, Callable, Sequence

from chat.changes import Author, Request
from chat.directory import ADMIN
from encoding import b64url
from errors import ChatError, Forbidden, Malformed, RateLimited, Unauthenticated
from limits import DROPPED_AN_OPENING, ID_BYTES, IDS_A_QUESTION, IMPORT_CHANGES, REFUSALS_SPARED, WRITE_QUESTIONS
from live import (
    activity,
    administration,
    bot_frames,
    drafts,
    file_requests,
    invitations,
    kept,
    lanes,
    logins,
    people,
    programs,
    questions,
    quiet,
    scheduling,
    threads,
)
from live.budgets import check_wait
from live.effects import Answer, CloseConnection, Effect, Enqueue
from live.greeting import Greeting
from live.history import HistoryPages
from live.questions import Answers, Follows
from live.searching import Searches
from live.state import RoomState
from storage.sessions import Session
from wire.administration import LiftBan, ListActs, SetRole, ShowOverview
from wire.bots import (
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
from wire.changes import Change, CreateChannel, Send, UpdateChannel
from wire.connections import Connection
from wire.files import FileTickets, WithFiles
from wire.importing import Import
from wire.kept import ListActivity, ListFormer, ListPins, ListSaved, SaveMessage, SeeActivity
from wire.lanes import ListLanes
from wire.profiles import UpdateProfile, UpdateRoom
from wire.questions import (
    PERSON,
    AnswerLogin,
    CreateInvite,
    Hello,
    History,
    ListInvites,
    PushTest,
    RevokeInvite,
)
from wire.quiet import SetQuiet
from wire.rates import TokenBucket
from wire.reading import Frame, is_too_large, parse, ref_of
from wire.scheduling import DropScheduled, ListScheduled, Reschedule, Schedule, Scheduling, SendScheduled
from wire.searching import Search
from wire.writing import ENDED, Close, error_frame

_ANSWERS: Answers = {
    **questions.ANSWERS,
    **programs.ANSWERS,
    **administration.ANSWERS,
    **people.ANSWERS,
    **threads.ANSWERS,
    **drafts.ANSWERS,
    AnswerLogin: (WRITE_QUESTIONS, logins.answer),
    CreateInvite: (WRITE_QUESTIONS, invitations.create),
    ListInvites: (WRITE_QUESTIONS, invitations.seen),
    RevokeInvite: (WRITE_QUESTIONS, invitations.revoke),
    ListFormer: (1, kept.former),
    ListPins: (1, kept.pins),
    SaveMessage: (WRITE_QUESTIONS, kept.save),
    ListSaved: (WRITE_QUESTIONS, kept.saved),
    ListActivity: (WRITE_QUESTIONS, activity.listed),
    SeeActivity: (WRITE_QUESTIONS, activity.see),
    ListLanes: (WRITE_QUESTIONS, lanes.listed),
    SetQuiet: (WRITE_QUESTIONS, quiet.set_quiet),
}

_SHOWS_MORE_TO_ADMINS = (ListActs, ShowOverview, ListLanes, ListInvites, ListHooks, ListBots)
_OF_PROGRAMS = (CreateHook, RotateHook, RevokeHook, CreateBot, RotateBot, RevokeBot, SetWebhook, TryWebhook)


class Reception:
    """Takes the frames of all sockets of a room and returns effects."""

    def __init__(self, state: RoomState, *, let_in: Callable[[int], Awaitable[None]]) -> None:
        """`let_in` waits so many milliseconds, and lets in the frames that wait or come meanwhile."""
        self._state = state
        self._greeting = Greeting(state)
        self._history = HistoryPages(state)
        self._searches = Searches(state, let_in=let_in)

    def receive(self, connection: Connection, text: str | None, *, now_ms: int) -> Follows:
        """The effects of one frame; None stands for a binary one.

        They are known at once, except for frames that seal or open texts (such as a hello or a page of history): await
        these.
        """
        if text is not None and is_too_large(text):
            return [CloseConnection(Close.TOO_LARGE, "frame too large")]
        try:
            session = self._state.session(connection.member, connection.session, now_ms=now_ms)
        except Unauthenticated:
            return [CloseConnection(Close.SESSION_ENDED, ENDED)]
        if not self._state.lanes.knows(connection.member):
            return self._receive_known(connection, text, now_ms)
        try:
            frame = _parsed(text)
        except ChatError as refusal:
            return self._refuse_malformed(connection, refusal, text, now_ms)
        if not connection.is_ready and not isinstance(frame, Hello):
            return [CloseConnection(Close.NO_HELLO, "hello comes first")]
        try:
            follows = self._dispatch(connection, session, frame, now_ms)
        except ChatError as refusal:
            return self._refuse(connection, refusal, frame.ref, now_ms)
        return follows if isinstance(follows, list) else self._awaited(follows, connection, frame.ref, now_ms)

    async def _receive_known(self, connection: Connection, text: str | None, now_ms: int) -> list[Effect]:
        """As `receive`, once the member's lanes are in memory."""
        await self._state.lanes.know(connection.member)
        follows = self.receive(connection, text, now_ms=now_ms)
        return follows if isinstance(follows, list) else await follows

    def drop(self, connection: Connection, now_ms: int) -> None:
        """Count a frame that arrived after the room closed its socket."""
        connection.dropped += 1
        if connection.dropped % DROPPED_AN_OPENING == 0:
            self._state.budgets.of(connection.member, now_ms).charge_dropped(now_ms)

    async def _awaited(
        self, follows: Awaitable[list[Effect]], connection: Connection, ref: str | None, now_ms: int
    ) -> list[Effect]:
        try:
            return await follows
        except ChatError as refusal:
            return self._refuse(connection, refusal, ref, now_ms)

    async def _while_admin(self, follows: Awaitable[list[Effect]], connection: Connection, now_ms: int) -> list[Effect]:
        """What admins see, if the member is one still when it is known: texts were opened for it."""
        effects = await follows
        if self._state.session(connection.member, connection.session, now_ms=now_ms).role != ADMIN:
            raise Forbidden("Only an admin may do this.")
        return effects

    # --- handling ---

    def _dispatch(self, connection: Connection, session: Session, frame: Frame, now_ms: int) -> Follows:
        if connection.is_bot:
            bot_frames.check(self._state, connection.member, frame)
        if isinstance(frame, Change):  # checked first, as by far the most frames are changes
            return self._enqueue(connection, session, frame, now_ms)
        match frame:
            case Hello():
                return self._hello(connection, session, frame, now_ms)
            case History():
                self._charge_question(connection, now_ms, WRITE_QUESTIONS if frame.has else 1)
                return self._history.answer(connection, frame, now_ms)
            case FileTickets():
                self._charge_question(connection, now_ms, 1 + len(frame.ids) // IDS_A_QUESTION)
                return file_requests.tickets(self._state, connection, session, frame, now_ms)
            case Search():
                self._charge_question(connection, now_ms)
                return self._searches.answer(connection, frame, now_ms)
            case PushTest():
                self._charge_change(connection, now_ms)
                return questions.push_test(self._state, connection, frame, now_ms)
            case SetRole():
                self._charge_change(connection, now_ms)
                self._state.require_secured(session)
                return administration.set_role(self._state, connection, session, frame, now_ms)
            case Schedule() | Reschedule() | SendScheduled() | DropScheduled() | ListScheduled():
                return self._schedule(connection, session, frame, now_ms)
        cost, answer = _ANSWERS[type(frame)]
        self._charge_question(connection, now_ms, cost)
        if _needs_secured_name(frame):
            self._state.require_secured(session)
        follows = answer(self._state, connection, session, frame, now_ms)
        if session.role != ADMIN or isinstance(follows, list) or not isinstance(frame, _SHOWS_MORE_TO_ADMINS):
            return follows
        return self._while_admin(follows, connection, now_ms)

    def _enqueue(self, connection: Connection, session: Session, frame: Change, now_ms: int) -> Follows:
        self._charge_change(connection, now_ms, IMPORT_CHANGES if isinstance(frame, Import) else 1)
        if connection.is_bot:
            return bot_frames.change(self._state, session.member, frame, now_ms)
        self._state.require_secured(session)
        fresh_id = b64url(self._state.ciphers.random_bytes(ID_BYTES)) if _needs_id(frame) else ""
        wants_ack = connection.wants_acks or (isinstance(frame, Send) and frame.poll is not None)
        request = Request(Author(session.member, session.role), frame, fresh_id, wants_ack)
        if isinstance(frame, Send) and frame.files:
            return self._enqueue_complete(request, [frame])
        if isinstance(frame, Import) and any(message.files for message in frame.messages):
            return self._enqueue_complete(request, frame.with_files())
        return [Enqueue(request)]

    def _schedule(self, connection: Connection, session: Session, frame: Scheduling, now_ms: int) -> Follows:
        """Scheduling a message counts as sending it; sending it then counts as nothing."""
        if isinstance(frame, ListScheduled):
            self._charge_question(connection, now_ms, WRITE_QUESTIONS)
        else:
            self._charge_change(connection, now_ms)
            self._state.require_secured(session)
        return scheduling.answer(self._state, connection, frame, now_ms)

    async def _enqueue_complete(self, request: Request, messages: Sequence[WithFiles]) -> list[Effect]:
        """Pass messages on to the writer once all their files are there, so that the writer waits for nobody."""
        for message in messages:
            await self._state.uploads.require_complete(message, request.author.member)
        return [Enqueue(request)]

    def _hello(self, connection: Connection, session: Session, frame: Hello, now_ms: int) -> Follows:
        if connection.is_ready:
            self._charge_question(connection, now_ms)
        return self._greeting.answer(connection, session, frame, now_ms)

    # --- rates ---

    def _charge_question(self, connection: Connection, now_ms: int, cost: int = 1) -> None:
        self._charge(connection, self._state.budgets.of(connection.member, now_ms).questions, now_ms, cost)

    def _charge_change(self, connection: Connection, now_ms: int, cost: int = 1) -> None:
        self._charge(connection, self._state.budgets.of(connection.member, now_ms).changes, now_ms, cost)

    def _charge(self, connection: Connection, bucket: TokenBucket, now_ms: int, cost: int = 1) -> None:
        check_wait(bucket.take(now_ms, cost))
        connection.refusals = 0

    # --- refusals ---

    def _refuse_malformed(
        self, connection: Connection, refusal: ChatError, text: str | None, now_ms: int
    ) -> list[Effect]:
        """Charge an unreadable frame as a question, so that these are limited too; only damaged ones close the socket.

        An unknown type or a text that is too long may come from a newer client, which may go on.
        """
        if not connection.is_ready:
            return [CloseConnection(Close.NO_HELLO, "hello comes first")]
        ref = ref_of(text) if text is not None else None
        if isinstance(refusal, Malformed) and connection.is_broken(now_ms):
            return [CloseConnection(Close.MALFORMED, "too many malformed frames")]
        try:
            self._charge_question(connection, now_ms)
        except RateLimited as too_fast:
            return self._refuse(connection, too_fast, ref, now_ms)
        return [Answer(error_frame(refusal, ref))]

    def _refuse(self, connection: Connection, refusal: ChatError, ref: str | None, now_ms: int) -> list[Effect]:
        if connection.is_bot:
            self._state.programs.note_refused(connection.member, refusal.code, now_ms=now_ms)
        if isinstance(refusal, RateLimited):
            connection.refusals += 1
            is_flooding = self._state.budgets.of(connection.member, now_ms).is_flooding(now_ms)
            if is_flooding and connection.refusals >= REFUSALS_SPARED:
                return [CloseConnection(Close.TOO_MUCH, "told to slow down, and did not")]
        return [Answer(error_frame(refusal, ref))]


def _parsed(text: str | None) -> Frame:
    if text is None:
        raise Malformed("Frames are text, not binary.")
    return parse(text)


def _needs_secured_name(frame: Frame) -> bool:
    """Whether a frame lets others in or lets a program write."""
    if isinstance(frame, AnswerLogin):
        return frame.approve
    lets_in = isinstance(frame, LiftBan) or (isinstance(frame, CreateInvite) and frame.kind == PERSON)
    return lets_in or isinstance(frame, _OF_PROGRAMS)


def _needs_id(frame: Change) -> bool:
    """Whether a change makes something that gets an id: a channel, a picture."""
    match frame:
        case CreateChannel():
            return True
        case UpdateChannel():
            return "kind" in frame.changes
        case UpdateRoom() | UpdateProfile():
            return "picture" in frame.changes
    return False
