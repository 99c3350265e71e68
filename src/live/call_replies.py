"""A request to a reply address: a bot's answer to a message, some time after it was called."""

from bot_limits import HOOK_REPEATED_MS, REPLIES_A_CALL
from bots import reply_tokens
from bots.delivery import Delivery
from bots.recognition import recognise
from bots.sending import reply, reply_id
from chat.contents import message_texts
from errors import ChatError, Forbidden, LimitReached, NotFound
from live import commits
from live.hook_requests import ok, people_of
from live.replies import Asked, Reply
from live.state import RoomState
from storage.bots import Bot
from storage.messages import Message
from wire.bots import POST, PROGRAM


async def answer(state: RoomState, asked: Asked, now_ms: int) -> Reply:
    """Post what was sent to a reply address, unless it repeats what was just sent.

    Raises:
        NotFound: there is no such address, or its time is over.
        ChatError: the answer is refused; the bot's admins see that.
    """
    delivery = Delivery.read(asked.delivery)
    bot, message = await _asked(state, delivery.reply, now_ms)
    try:
        return await _answered(state, bot, message, delivery, asked.body, now_ms)
    except ChatError as refusal:
        state.programs.note_failed(bot, refusal.code, now_ms=now_ms)
        raise


async def _asked(state: RoomState, text: str, now_ms: int) -> tuple[Bot, Message]:
    """Which bot answers which message."""
    token = reply_tokens.read(text)
    if not state.is_stored:
        raise reply_tokens.refusal()
    try:
        bot = state.programs.find(PROGRAM, token.bot)
    except NotFound as error:
        raise reply_tokens.refusal() from error
    key = await reply_tokens.reply_key(state.settings.master_key, state.ciphers)
    reply_tokens.check(text, token, state.name, bot.digest, key, now_ms=now_ms)
    found = state.store.messages.at([(token.channel, token.seq)])
    if not found or not state.programs.is_in(bot, token.channel):
        raise reply_tokens.refusal()
    return bot, found[0]


async def _answered(state: RoomState, bot: Bot, message: Message, delivery: Delivery, body: str, now_ms: int) -> Reply:
    state.programs.pace.check_on()
    state.programs.pace.take(bot.id, now_ms)
    if POST not in bot.rights:
        raise Forbidden("This bot has no right to post.")
    people = people_of(state)
    said = recognise(body, delivery.media_type, people, boundary=delivery.boundary)
    if said is None:
        return ok()
    earlier = [each for each in (_stored(state, bot, message, number) for number in range(REPLIES_A_CALL)) if each]
    frame = reply(bot, said, people.mentioned, reply_id(bot, message.id, str(len(earlier))), to=message)
    just_now = [each for each in earlier if now_ms - each.sent_at < HOOK_REPEATED_MS]
    texts = await message_texts(just_now, state.keyring)
    if any(each is not None and each["body"] == frame.body for each in texts):
        return ok()
    if len(earlier) >= REPLIES_A_CALL:
        raise LimitReached(f"A message is answered at most {REPLIES_A_CALL} times by this address.")
    _, effects = await commits.post(state, bot, frame, now_ms)
    return ok(effects)


def _stored(state: RoomState, bot: Bot, message: Message, number: int) -> Message | None:
    return state.store.messages.get(reply_id(bot, message.id, str(number)), message.lane)
