"""A request to a hook: whether it may post, what it says, what its sender is answered (docs/protocol.md, "Hooks")."""

from bot_limits import HOOK_REPEATED_MS
from bots.delivery import Delivery
from bots.incoming import Incoming, Passing, People
from bots.recognition import recognise
from bots.sending import message, message_ids
from errors import ChatError, NotFound
from live import commits
from live.effects import Effect
from live.replies import Asked, Reply, done, json_reply
from live.state import RoomState
from storage.bots import Bot
from web.answers import API_HEADERS
from wire.bots import HOOK
from wire.changes import Send


async def deliver(state: RoomState, asked: Asked, now_ms: int) -> Reply:
    """Post what was sent to a hook, unless it repeats another request or says nothing that anybody has to hear.

    Raises:
        NotFound: there is no such hook, or its channel is gone.
        ChatError: the request is refused; the hook's admins see that.
    """
    delivery = Delivery.read(asked.delivery)
    if not state.is_stored:
        raise NotFound("There is no such hook.")
    hook = state.programs.authorised(HOOK, delivery.hook, bytes.fromhex(delivery.digest))
    try:
        return await _delivered(state, hook, delivery, asked.body, now_ms)
    except ChatError as refusal:
        if not state.directory.has_member(hook.id):  # it was revoked meanwhile
            raise NotFound("There is no such hook.") from refusal
        state.programs.note_failed(hook, refusal.code, now_ms=now_ms)
        raise


async def _delivered(state: RoomState, hook: Bot, delivery: Delivery, body: str, now_ms: int) -> Reply:
    state.programs.pace.take(hook.id, now_ms)
    people = people_of(state)
    said = recognise(body, delivery.media_type, people, boundary=delivery.boundary)
    state.programs.note_used(hook, now_ms=now_ms)
    if said is None or not _is_news(state, hook, said.passing):
        return ok()
    message_id, repeated_id = message_ids(hook, delivery.key, body, now_ms)
    if _was_posted(state, repeated_id, now_ms, has_key=bool(delivery.key)):
        message_id = repeated_id
    frame = message(hook, said, people.mentioned, message_id, state.audience, state.directory, now_ms=now_ms)
    _, effects = await commits.post(state, hook, frame, now_ms)
    _note_passing(state, hook, said.passing)
    return _answer(said, frame, effects, wait=delivery.wait)


def _was_posted(state: RoomState, message_id: str, now_ms: int, *, has_key: bool) -> bool:
    """Whether the same was posted under this id, and not too long ago to be a repetition."""
    known = state.store.messages.get(message_id)
    return known is not None and (has_key or now_ms - known.sent_at < HOOK_REPEATED_MS)


def people_of(state: RoomState) -> People:
    """The members whom a program may name."""
    return People(lambda member: _name_of(state, member))


def _name_of(state: RoomState, member: str) -> str | None:
    known = state.directory.members.get(member)
    return None if known is None or known.removed_at is not None else known.name


def _is_news(state: RoomState, hook: Bot, passing: Passing | None) -> bool:
    """Whether a build has failed, or passes for the first time after a failure."""
    return passing is None or passing.failed or state.programs.failing.has(hook.id, passing.what)


def _note_passing(state: RoomState, hook: Bot, passing: Passing | None) -> None:
    if passing is not None:
        state.programs.failing.note(hook.id, passing.what, failed=passing.failed)


def _answer(said: Incoming, frame: Send, effects: list[Effect], *, wait: bool) -> Reply:
    """What tools expect: Slack's `ok`, or Discord's nothing or message."""
    if not said.is_discord:
        return ok(effects)
    if not wait:
        return done(effects)
    shown = {"id": frame.id, "channel_id": frame.channel, "content": frame.body}
    reply = json_reply(shown)
    reply.effects = effects
    return reply


def ok(effects: list[Effect] | None = None) -> Reply:
    """Slack's `ok`: status 200 and these two letters."""
    return Reply(200, {**API_HEADERS, "Content-Type": "text/plain"}, "ok", effects or [])
