"""Frames of bots: which right each needs, and changes, which are committed at once as those over HTTP are."""

from collections.abc import Collection, Mapping

from encoding import compact_json
from errors import Forbidden, RateLimited, TooManyAttempts, Unauthenticated
from live import commits
from live.effects import Answer, Effect
from live.state import RoomState
from wire.bots import EDIT, FILES, MENTION, POST, REACT, READ
from wire.changes import Change, Delete, Edit, React, Send
from wire.files import FileTickets
from wire.polls import ClosePoll
from wire.questions import Hello, History, Read
from wire.reading import Frame

RIGHTS: Mapping[type, tuple[str, ...]] = {
    Hello: (),
    Send: (POST,),
    Edit: (EDIT,),
    Delete: (EDIT,),
    React: (REACT,),
    ClosePoll: (EDIT,),
    History: (READ,),
    Read: (READ,),
    FileTickets: (READ, FILES),
}
"""The rights that a bot needs for a frame; no other frame is for bots."""

_WORDS = {FILES: "send or fetch files"}


def check(state: RoomState, bot: str, frame: Frame) -> None:
    """Refuse what a bot may not do.

    Raises:
        Forbidden.
    """
    needed = RIGHTS.get(type(frame))
    if needed is None:
        raise Forbidden("This is nothing for a bot.")
    if isinstance(frame, (Send, Edit)) and frame.mentions:
        needed = (*needed, MENTION)
    if isinstance(frame, Send) and frame.files:
        needed = (*needed, FILES)
    require(state.directory.programs[bot].rights, *needed)


def require(rights: Collection[str], *needed: str) -> None:
    """Refuse a bot that has not all of these rights.

    Raises:
        Forbidden.
    """
    for right in needed:
        if right not in rights:
            raise Forbidden(f"This bot has no right to {_WORDS.get(right, right)}.")


async def change(state: RoomState, bot_id: str, frame: Change, now_ms: int) -> list[Effect]:
    """Make a change of a bot; it always gets its `ack`.

    Raises:
        RateLimited: the programs of the room have posted enough today.
        ChatError: as the change of a member would be refused.
    """
    bot = state.store.bots.get(bot_id)
    if bot is None:
        raise Unauthenticated("This is not the token of a bot.")
    if not isinstance(frame, Send):
        answer, effects = await commits.change(state, bot, frame, now_ms)
        return [Answer(compact_json(answer)), *effects]
    if frame.files:
        await state.uploads.require_complete(frame, bot.id)
    try:
        stored, effects = await commits.post(state, bot, frame, now_ms)
    except TooManyAttempts as enough:
        raise RateLimited(enough.detail, retry_after=enough.retry_after) from enough
    return [Answer(compact_json({"type": "ack", "ref": frame.ref, **stored})), *effects]
