"""The proof of work before a login: ALTCHA, version 2, PBKDF2/SHA-256.

A challenge is signed, not stored. An answer is checked in order of cost, the cheapest check first. The library does not
remember answers: the caller of `verify` stores `Accepted.digest` until `Accepted.expires_at` and takes each only once.
"""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from altcha import ChallengeParameters, Payload, create_challenge, verify_solution

from encoding import from_json
from errors import ChallengeFailed, Malformed
from limits import CHALLENGE_COST, CHALLENGE_COST_HARD, CHALLENGE_MS, MAX_CHALLENGE_ANSWER_CHARACTERS
from sealing.ciphers import Ciphers

ALGORITHM = "PBKDF2/SHA-256"
_PURPOSE = "login"
_KEY_PREFIX = "00"  # one zero byte: 256 tries on average
_KEY_BYTES = 32
_GARBAGE = (ValueError, TypeError, KeyError, AttributeError, Malformed)


@dataclass(frozen=True)
class Accepted:
    """A correct answer. `digest`: 32 bytes, equal for all its spellings. `hard`: the level it was made for."""

    digest: bytes
    expires_at: int
    hard: bool
    home: str
    """The object that fetched the challenge and remembers that it was answered; empty if no object did."""


async def signing_key(master_key: bytes, room: str, ciphers: Ciphers) -> bytes:
    """The 32 bytes that sign a room's challenges. The entry point derives them too and checks what the room issued."""
    return await ciphers.hkdf(master_key, salt=room.encode(), info=b"durable-chat challenge v1", length=_KEY_BYTES)


def issue(*, room: str, key: bytes, now_ms: int, hard: bool, home: str = "") -> dict[str, Any]:
    """A fresh challenge, in the form that the ALTCHA widget takes.

    The library draws nonce and salt from the platform's generator.

    Args:
        room: the only room for which an answer counts.
        key: 32 secret bytes that sign the challenge; `verify` needs the same ones.
        hard: four times the work, for a room under attack.
        home: the name of the object that will remember the answer, from whichever address the answer comes.
    """
    challenge = create_challenge(
        ALGORITHM,
        CHALLENGE_COST_HARD if hard else CHALLENGE_COST,
        key_length=_KEY_BYTES,
        key_prefix=_KEY_PREFIX,
        expires_at=(now_ms + CHALLENGE_MS) // 1_000,
        data={"purpose": _PURPOSE, "room": room, "level": _level(hard=hard), "home": home},
        hmac_secret=key,
    )
    made: dict[str, Any] = challenge.to_dict()
    return made


async def verify(answer: str, *, room: str, key: bytes, ciphers: Ciphers, now_ms: int, hard: bool = False) -> Accepted:
    """Check an answer: form, expiry, signature, room, level, and only then the work, with one PBKDF2.

    Args:
        answer: what the widget posts: base64 of JSON, at most MAX_CHALLENGE_ANSWER_CHARACTERS.
        hard: refuse answers to challenges of the normal level.
    Raises:
        ChallengeFailed: the answer is wrong in any way; garbage raises no other error.
    """
    payload = _parse(answer)
    question = _Question()
    verify_solution(payload, key, question.ask)  # calls `ask` only if we signed the challenge and it has not expired
    parameters = question.parameters
    if parameters is None or parameters.expires_at is None or parameters.expires_at * 1_000 <= now_ms:
        raise ChallengeFailed("The proof of work is stale or not from here. Fetch a new challenge.")
    made_hard, home = _check_data(parameters.data, room=room, hard=hard)
    derived = await ciphers.pbkdf2(question.password, question.salt, parameters.cost, _KEY_BYTES)
    if not verify_solution(payload, key, lambda *_: derived).verified:
        raise ChallengeFailed("The proof of work is wrong.")
    digest = hashlib.sha256(str(payload.challenge.signature).encode()).digest()
    return Accepted(digest, parameters.expires_at * 1_000, made_hard, home)


class _Question:
    """Replaces the library's synchronous key derivation, as ours is asynchronous: it records what to derive."""

    def __init__(self) -> None:
        self.parameters: ChallengeParameters | None = None
        self.salt = b""
        self.password = b""

    def ask(self, parameters: ChallengeParameters, salt: bytes, password: bytes) -> bytes:
        self.parameters, self.salt, self.password = parameters, salt, password
        return b""


def _parse(answer: str) -> Payload:
    if len(answer) > MAX_CHALLENGE_ANSWER_CHARACTERS:
        raise ChallengeFailed("The proof of work is too long.")
    try:
        text = base64.b64decode(answer, validate=True).decode()
        return Payload.from_dict(from_json(text, "The proof of work"))
    except _GARBAGE as error:
        raise ChallengeFailed("The proof of work is malformed.") from error


def _check_data(data: Any, *, room: str, hard: bool) -> tuple[bool, str]:
    # We signed the data, so it has our form; but the same key might sign for another purpose one day.
    home = data.get("home") if isinstance(data, dict) else None
    expected = {"purpose": _PURPOSE, "room": room, "home": home}
    if not isinstance(home, str) or data not in [{**expected, "level": _level(hard=level)} for level in (False, True)]:
        raise ChallengeFailed("The proof of work was made for another room.")
    made_hard = bool(data["level"] == _level(hard=True))
    if hard and not made_hard:
        raise ChallengeFailed("This room asks for more work just now. Fetch a new challenge.")
    return made_hard, home


def _level(*, hard: bool) -> str:
    return "hard" if hard else "normal"
