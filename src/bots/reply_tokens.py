"""Tokens of reply addresses: with one a receiver answers a message later. A token is signed, and stored nowhere.

It is good for REPLY_URL_MS, for one bot and one message, and ends when the bot gets other secrets.
"""

import hmac
from dataclasses import dataclass

from bot_limits import MAX_REPLY_TOKEN_CHARACTERS
from encoding import b64url, compact_json, from_b64url, from_json, is_text
from errors import Malformed, NotFound
from sealing.ciphers import Ciphers

_KEY_BYTES = 32
_SIGNATURE_CHARACTERS = 43  # 32 bytes as base64url
_GARBAGE = (Malformed, UnicodeDecodeError, ValueError, TypeError)


@dataclass(frozen=True, slots=True)
class ReplyToken:
    """Which bot may answer which message until when."""

    bot: str
    channel: str
    seq: int
    """That of the message."""
    expires_at: int


async def reply_key(master_key: bytes, ciphers: Ciphers) -> bytes:
    """The 32 bytes that sign all of them."""
    return await ciphers.hkdf(master_key, salt=b"", info=b"durable-chat replies v1", length=_KEY_BYTES)


def written(token: ReplyToken, room: str, digest: bytes, key: bytes) -> str:
    """A token as text, of characters that an address takes.

    Args:
        digest: that of the bot's own secret.
    """
    told = compact_json([token.bot, token.channel, token.seq, token.expires_at])
    return b64url(told.encode()) + b64url(_signature(token, room, digest, key))


def read(text: str) -> ReplyToken:
    """What a token says; whether it is ours is another question.

    Raises:
        NotFound: it is none.
    """
    try:
        if len(text) > MAX_REPLY_TOKEN_CHARACTERS:
            raise Malformed("The address is too long.")
        told = from_b64url(text[:-_SIGNATURE_CHARACTERS]).decode()
        bot, channel, seq, expires_at = from_json(told, "The address")
        are_texts = all(isinstance(each, str) and is_text(each) for each in (bot, channel))
        if not are_texts or not isinstance(seq + expires_at, int):
            raise Malformed("The address is none.")
    except _GARBAGE as error:
        raise refusal() from error
    return ReplyToken(bot, channel, seq, expires_at)


def check(text: str, token: ReplyToken, room: str, digest: bytes, key: bytes, *, now_ms: int) -> None:
    """Refuse a token that is not ours, or over.

    Raises:
        NotFound: nobody is told which.
    """
    signature = b64url(_signature(token, room, digest, key)).encode()
    is_ours = hmac.compare_digest(text[-_SIGNATURE_CHARACTERS:].encode("utf-8", "replace"), signature)
    if not is_ours or token.expires_at <= now_ms:
        raise refusal()


def refusal() -> NotFound:
    """The one refusal for everything that is no address to reply to."""
    return NotFound("There is no such address to reply to, or its time is over.")


def _signature(token: ReplyToken, room: str, digest: bytes, key: bytes) -> bytes:
    signed = [room, token.bot, token.channel, token.seq, token.expires_at, b64url(digest)]
    return hmac.digest(key, compact_json(signed).encode(), "sha256")
