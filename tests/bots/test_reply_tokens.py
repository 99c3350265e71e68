"""bots/reply_tokens.py: a token is good for one bot, one message and ten minutes."""

from dataclasses import replace

import pytest

from bot_limits import MAX_REPLY_TOKEN_CHARACTERS
from bots.reply_tokens import ReplyToken, check, read, reply_key, written
from encoding import b64url
from errors import NotFound
from tests.fakes import OpenSslCiphers
from tests.rooms import NOON

TOKEN = ReplyToken("b" * 12, "c" * 64, 2**53 - 1, NOON)
DIGEST = b"d" * 32


async def test_a_token_comes_back_and_is_good_until_its_time_is_over() -> None:
    key = await reply_key(bytes(32), OpenSslCiphers())
    text = written(TOKEN, "r" * 63, DIGEST, key)
    assert len(text) < MAX_REPLY_TOKEN_CHARACTERS
    assert read(text) == TOKEN
    check(text, TOKEN, "r" * 63, DIGEST, key, now_ms=NOON - 1)
    with pytest.raises(NotFound):
        check(text, TOKEN, "r" * 63, DIGEST, key, now_ms=NOON)
    for room, digest, other in [("s", DIGEST, key), ("r" * 63, b"e" * 32, key), ("r" * 63, DIGEST, bytes(32))]:
        with pytest.raises(NotFound):
            check(text, TOKEN, room, digest, other, now_ms=0)
    changes = ({"bot": "a" * 12}, {"channel": "x"}, {"seq": 1}, {"expires_at": NOON + 1})
    for change in changes:
        with pytest.raises(NotFound):
            check(text, replace(TOKEN, **change), "r" * 63, DIGEST, key, now_ms=0)


@pytest.mark.parametrize(
    "told",
    [
        "",
        "x",
        "[]",
        "{}",
        '["a","b",1]',
        '["a","b","1","2"]',
        '[1,"b",1,2]',
        '["a","b",1,2.5]',
        '["\\ud800","b",1,2]',
        "[" * 99,
    ],
)
def test_garbage_is_no_token(told: str) -> None:
    for text in (b64url(told.encode()) + "A" * 43, told, told + "é" * 43, "A" * (MAX_REPLY_TOKEN_CHARACTERS + 1)):
        with pytest.raises(NotFound):
            read(text)
