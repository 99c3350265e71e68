"""bots/tokens.py: where a token may stand, and that nothing else is one."""

import hashlib
import re

import pytest

from bots.tokens import Token, bearer_token, digest_of, is_bearer, new_secret, token_of, written
from errors import NotFound

SECRET = new_secret(bytes(range(20)))
ID = "Ab-_9Ab-_9Ab"
TOKEN = written("ops-2", ID, SECRET)
OTHER = written("main", ID, new_secret(bytes(20)))
MEANT = Token("ops-2", ID, hashlib.sha256(SECRET.encode()).digest())


def test_a_secret_has_160_bits_in_letters_that_every_program_takes() -> None:
    assert re.fullmatch(r"[a-z2-7]{32}", SECRET)
    assert new_secret(b"\xff" * 20) != SECRET
    assert re.fullmatch(r"[A-Za-z0-9_-]+", TOKEN)


@pytest.mark.parametrize(
    ("first", "second", "authorization"),
    [
        (TOKEN, "", None),
        (TOKEN, "", "Basic eA=="),
        (TOKEN, "github", None),
        (f"ops-2_{ID}", SECRET, None),
        ("ops-2", f"{ID}_{SECRET}", None),
        (TOKEN[:12], TOKEN[13:], None),
        (ID, "", f"Bearer {TOKEN}"),
        (ID, "", f"bearer   {TOKEN} "),
        (ID, "github", f"Bearer {TOKEN}"),
    ],
)
def test_a_token_stands_in_the_address_or_in_a_header(first: str, second: str, authorization: str | None) -> None:
    if TOKEN[:12] == first:  # cut at an underscore within the id
        assert TOKEN[12] != "_" or (first, second)
        first, second = f"ops-2_{ID[:3]}", f"{ID[4:]}_{SECRET}"
    assert token_of(first, second, authorization) == MEANT


@pytest.mark.parametrize(
    ("first", "second", "authorization"),
    [
        ("", "", None),
        (ID, "", None),
        (SECRET, "", None),
        (TOKEN[:-1], "", None),
        (TOKEN + "a", "", None),
        (TOKEN.upper(), "", None),
        (TOKEN + "\n", "", None),
        (TOKEN, "gitlab", None),
        (TOKEN, SECRET, None),
        (f"_{ID}_{SECRET}", "", None),
        (f"-main_{ID}_{SECRET}", "", None),
        (f"{'x' * 64}_{ID}_{SECRET}", "", None),
        (f"main_{ID}.{SECRET}", "", None),
        (f"main_{ID}_{SECRET[:-1]}1", "", None),
        (f"main_{ID[:-1]}ж_{SECRET}", "", None),
        (ID, "", TOKEN),
        (ID, "", f"Bearer {SECRET}"),
        (ID, "", f"Bearer {TOKEN} {TOKEN}"),
        (ID[::-1], "", f"Bearer {TOKEN}"),
        (OTHER, "", f"Bearer {TOKEN}"),
        ("ops-2", ID, f"Bearer {TOKEN}"),
    ],
)
def test_nothing_else_is_a_token(first: str, second: str, authorization: str | None) -> None:
    with pytest.raises(NotFound):
        token_of(first, second, authorization)


def test_only_a_digest_of_a_secret_is_kept() -> None:
    assert digest_of(SECRET) == hashlib.sha256(SECRET.encode()).digest()
    assert SECRET not in repr(token_of(TOKEN, "", None))


def test_a_bot_shows_its_token_in_a_header_and_nowhere_else() -> None:
    assert bearer_token(f"Bearer {TOKEN}") == bearer_token(f" bearer  {TOKEN} ") == MEANT
    for wrong in (
        None,
        "",
        TOKEN,
        f"Basic {TOKEN}",
        f"Bearer {SECRET}",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN} x",
        "Bearer",
    ):
        assert bearer_token(wrong) is None


def test_only_a_bearer_stands_in_place_of_a_cookie() -> None:
    assert [is_bearer(each) for each in ("Bearer x", " bearer", None, "", "Basic Ym90", "Token bearer")] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
