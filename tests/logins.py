"""Logins in tests, by what comes of them."""

from typing import Any

import pytest

from access.confirmations import Waiting
from access.signing_in import SignedIn
from errors import ChatError
from tests.rooms import ChatRoom, events

WRONG = "not the password"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Mobile/15E148 Safari/604.1"
AWAY = "198.51.100.4"


async def get_in(room: ChatRoom, name: str, **more: Any) -> SignedIn:
    """A login that succeeds."""
    result = await room.sign_in(name, **more)
    assert isinstance(result, SignedIn)
    return result


async def wait(room: ChatRoom, name: str, **more: Any) -> Waiting:
    """A login that has to wait."""
    result = await room.sign_in(name, **more)
    assert isinstance(result, Waiting)
    return result


async def refusal(room: ChatRoom, name: str, **more: Any) -> ChatError:
    """A login that is refused, and why."""
    with pytest.raises(ChatError) as caught:
        await room.sign_in(name, **more)
    return caught.value


async def code_for(room: ChatRoom, waiting: Waiting) -> str:
    """What the member's own devices show."""
    return await room.state.confirmations.code_of(waiting.confirmation)


def token_of(waiting: Waiting) -> str:
    """What the waiting device has to say that it is the same one."""
    return str(waiting.refusal.extra["confirmation"])


def other_code(code: str) -> str:
    """A wrong one."""
    return f"{(int(code) + 1) % 10**6:06d}"


def kinds(signed_in: SignedIn) -> list[tuple[str, str, str]]:
    """Who is told about, why, and with which role."""
    told = events(signed_in.events)
    return [(event["member"]["name"], event["reason"], event["member"]["role"]) for event in told]


async def guess(room: ChatRoom, addresses: list[str], *, hard: bool = False) -> list[str]:
    """Wrong guesses, one after the other; the codes of the refusals."""
    return [(await refusal(room, "Anna", password=WRONG, address=address, hard=hard)).code for address in addresses]
