"""Changes by programs, which come over HTTP: each is committed at once, and a refusal is raised."""

import json
from typing import Any

from chat.changes import Author, Request
from chat.directory import BOT
from errors import ChatError, Internal
from live import announcements
from live.effects import Effect
from live.state import RoomState
from storage.bots import Bot
from wire.changes import Change, Send


async def post(state: RoomState, bot: Bot, frame: Send, now_ms: int) -> tuple[dict[str, Any], list[Effect]]:
    """Post a message, unless it was posted before or the room's programs have posted enough today.

    Returns:
        What the room acknowledges (`seq`, `sent_at`), and what follows.
    Raises:
        TooManyAttempts, NotFound, Archived.
    """
    stored = state.store.messages.get(frame.id, state.audience.lane(bot.id, frame.channel).id)
    if stored is not None and stored.author == bot.id:
        return {"seq": stored.seq, "sent_at": stored.sent_at}, []
    state.audience.open_channel(bot.id, frame.channel)
    with state.programs.pace.posting(now_ms):
        answer, effects = await change(state, bot, frame, now_ms)
        if effects:
            state.programs.pace.note_posted(now_ms)
    return {"seq": answer["seq"], "sent_at": answer["sent_at"]}, effects


async def change(state: RoomState, bot: Bot, frame: Change, now_ms: int) -> tuple[dict[str, Any], list[Effect]]:
    """Make a change in the name of a hook or bot.

    Raises:
        ChatError: as the frame of a member would be refused.
    """
    outcome = await state.conversation.commit([Request(Author(bot.id, BOT), frame, "")], now_ms=now_ms)
    if outcome.failure is not None:
        raise outcome.failure
    answer = json.loads(outcome.answers[0] or "{}")
    if answer.get("type") != "ack":
        raise _refusal(answer)
    return answer, announcements.committed(state, outcome)


def _refusal(answer: dict[str, Any]) -> ChatError:
    """The refusal that an `error` frame tells."""
    for kind in ChatError.__subclasses__():
        if kind.code == answer.get("code"):
            refusal = kind.__new__(kind)
            ChatError.__init__(refusal, str(answer["detail"]))
            return refusal
    return Internal()
