"""bots/calls.py: what of an answer people read; tests/live/test_calling.py has all the rest."""

import pytest

from bots.calls import answer_in
from bots.incoming import People
from bots.outgoing import Answered
from errors import Malformed, Undelivered


def body(media_type: str, given: bytes | None) -> str | None:
    said = answer_in(Answered(200, media_type, given), People(lambda _: None))
    return None if said is None else said.body


@pytest.mark.parametrize(
    ("media_type", "given", "said"),
    [
        ("application/json", b'{"text":"Done"}', "Done"),
        ("application/json", b'{"text":"<https://a.b|here>"}', "[here](https://a.b)"),
        ("application/vnd.x+json", b'{"text":"Done"}', "Done"),
        ("text/plain", b"Done", "Done"),
        ("text/plain", b'{"text":"Done"}', "Done"),
        ("text/plain", b"\xff", "\ufffd"),
        ("application/json", b'{"ok":true}', None),
        ("application/json", b'{"text":""}', None),
        ("application/json", b'{"text":null}', None),
        ("application/json", b'{"message":"queued"}', None),
        ("application/json", b"{}", None),
        ("application/json", b"", None),
        ("text/plain", b" \n", None),
        ("text/html", b"<p>Done</p>", None),
        ("", b"Done", None),
        ("image/png", b"\x89PNG", None),
    ],
)
def test_a_text_is_read_and_a_receipt_is_not(media_type: str, given: bytes, said: str | None) -> None:
    assert body(media_type, given) == said


@pytest.mark.parametrize("given", [b"Done", b"[", b'{"text":', b"[1]", b'{"text":"x"}}', b"\x00", b"[" * 60_000])
def test_what_says_that_it_is_json_and_is_none_is_malformed(given: bytes) -> None:
    with pytest.raises(Malformed):
        body("application/json", given)


def test_an_answer_that_is_too_long_is_nothing() -> None:
    with pytest.raises(Undelivered):
        body("text/plain", None)
