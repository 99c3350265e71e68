"""Logins that wait: somebody with the room's password wants to sign in under a name that is held.

The member's own devices show a six-digit code, which has to be typed on the waiting device; an admin may approve the
login without it. The waiting device and every question about it show the same six other digits, so that people can
compare them and know which device they are asked about (docs/protocol.md, "Signing in on another device").
"""

import hmac
from dataclasses import dataclass, replace
from enum import Enum

from access.agents import device_name
from access.cookies import token_digest
from access.forms import LoginForm
from chat.directory import Member
from encoding import b64url, from_b64url
from errors import ChatError, NameTaken, TooManyAttempts, WrongPassword
from limits import (
    CONFIRMATION_MS,
    CONFIRMATION_TRIES,
    CONFIRMATIONS_PER_ADDRESS,
    CONFIRMATIONS_PER_HOUR,
    CONFIRMATIONS_WAITING,
    ID_BYTES,
    ROOM_ATTACK_WINDOW_MS,
)
from sealing.ciphers import Ciphers
from sealing.keyring import Keyring
from storage.confirmations import Confirmation
from storage.headers import confirmation_header
from storage.store import Store

_CONFIRMATION_BYTES = 16  # random ones, of what a waiting device shows to be recognised
_CODE_DIGITS = 6


def confirmation_code(key: bytes, confirmation_id: str) -> str:
    """The six digits that a member's own devices show for one confirmation.

    HMAC-SHA-256 modulo 10^6. As 2^256 is no multiple of 10^6, some codes are likelier than others by a factor of
    1 + 2^-236: too little to matter.
    """
    number = int.from_bytes(hmac.digest(key, confirmation_id.encode(), "sha256"), "big")
    return f"{number % 10**_CODE_DIGITS:0{_CODE_DIGITS}d}"


class Confirmed(Enum):
    """What let a login in that had to wait."""

    BY_CODE = "code"
    """One of the member's own devices showed it."""
    BY_ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Waiting:
    """The name is held: its member's devices and the admins have to be asked."""

    confirmation: Confirmation
    refusal: NameTaken
    is_new: bool


class Confirmations:
    """The table of logins that wait."""

    def __init__(self, store: Store, keyring: Keyring, ciphers: Ciphers) -> None:
        self._store = store
        self._keyring = keyring
        self._ciphers = ciphers

    async def code_of(self, confirmation: Confirmation) -> str:
        """The six digits that the member's own devices show, and no other device."""
        return confirmation_code(await self._keyring.derive("confirmation"), confirmation.id)

    async def compare_of(self, confirmation: Confirmation) -> str:
        """The six digits that the waiting device and every question about it show. They let nobody in."""
        return confirmation_code(await self._keyring.derive("comparison"), confirmation.id)

    async def agent_of(self, confirmation: Confirmation) -> str:
        """The kind of device that waits; empty if we do not know it."""
        opened = await self._keyring.open([(confirmation.sealed, confirmation_header(confirmation.id))])
        return device_name((opened[0] or b"").decode())

    def waiting(self, *, now_ms: int) -> list[Confirmation]:
        """The logins that wait for an answer."""
        return [waiting for waiting in self._store.confirmations.all() if _is_open(waiting, now_ms)]

    def answer(self, confirmation: Confirmation, *, approve: bool) -> None:
        """Store that an admin approved a login, or that an admin or the member refused it."""
        if approve:
            self._store.confirmations.put(replace(confirmation, approved=True))
        else:
            self._store.confirmations.put(replace(confirmation, tries=CONFIRMATION_TRIES))

    def confirmed(self, form: LoginForm, member: str, code_key: bytes, *, now_ms: int) -> Confirmed | None:
        """What lets this login in, if anything does. It counts for the waiting login only.

        Args:
            code_key: the key that codes are made with, `Keyring.derive("confirmation")`.
        Raises:
            WrongPassword: the code is wrong; this uses up one try of this login, and no other login's.
        """
        waiting = self._asked_before(form, member, now_ms)
        if waiting is None or not _is_open(waiting, now_ms):
            return None
        if form.code is not None and hmac.compare_digest(confirmation_code(code_key, waiting.id), form.code):
            return Confirmed.BY_CODE
        if waiting.approved:
            return Confirmed.BY_ADMIN
        if form.code is None:
            return None
        self._store.confirmations.put(replace(waiting, tries=waiting.tries + 1))
        raise WrongPassword("The code is wrong.", wrong_code=True)

    async def ask(self, form: LoginForm, member: Member, agent: str, address: bytes, *, now_ms: int) -> Waiting:
        """Let a login wait: a new one from now on, a known one again.

        Args:
            agent: the User-Agent of the waiting device.
            address: the keyed digest of its address.
        Raises:
            NameTaken: the login was refused.
            TooManyAttempts: too many logins asked for this name, or too many from this address or in all still wait.
        """
        known = self._asked_before(form, member.id, now_ms)
        if known is not None:
            if known.tries >= CONFIRMATION_TRIES:
                raise NameTaken("This login was refused. Choose another name, or sign in again to ask once more.")
            return Waiting(known, await self._held(known, form.confirmation), is_new=False)
        self._check_rate(member.id, address, now_ms)
        token = b64url(self._ciphers.random_bytes(_CONFIRMATION_BYTES))
        confirmation = await self._new(member.id, agent, address, token, now_ms)
        self._store.confirmations.put(confirmation)
        return Waiting(confirmation, await self._held(confirmation, token), is_new=True)

    def settle(self, member: str) -> list[str]:
        """Forget all logins that wait for this name; returns their ids."""
        settled = [each.id for each in self._store.confirmations.of(member)]
        for each in settled:
            self._store.confirmations.delete(each)
        return settled

    def _asked_before(self, form: LoginForm, member: str, now_ms: int) -> Confirmation | None:
        if form.confirmation is None:
            return None
        digest = _digest(form.confirmation)
        for each in self._store.confirmations.of(member):
            if now_ms < each.expires_at and hmac.compare_digest(each.token_digest, digest):
                return each
        return None

    def _check_rate(self, member: str, address: bytes, now_ms: int) -> None:
        """Keep people from flooding one name with questions, and one address from flooding the admins."""
        recent = [
            each for each in self._store.confirmations.of(member) if now_ms - each.created_at < ROOM_ATTACK_WINDOW_MS
        ]
        if len(recent) >= CONFIRMATIONS_PER_HOUR:
            _refuse("This name was asked for too often.", recent[0].created_at + ROOM_ATTACK_WINDOW_MS, now_ms)
        current = [each for each in self._store.confirmations.all() if now_ms < each.expires_at]
        own = [each for each in current if hmac.compare_digest(each.address, address)]  # refused ones count, too
        if len(own) >= CONFIRMATIONS_PER_ADDRESS:
            _refuse("Your network has asked for too many names.", own[0].expires_at, now_ms)
        waiting = [each for each in current if _is_open(each, now_ms)]
        if len(waiting) >= CONFIRMATIONS_WAITING:
            _refuse("Too many people wait to be let in.", waiting[0].expires_at, now_ms)

    async def _new(self, member: str, agent: str, address: bytes, token: str, now_ms: int) -> Confirmation:
        confirmation_id = b64url(self._ciphers.random_bytes(ID_BYTES))
        text = device_name(agent).encode()
        sealed = await self._keyring.seal([(text, confirmation_header(confirmation_id))], now_ms=now_ms)
        return Confirmation(
            confirmation_id,
            _digest(token),
            member,
            now_ms,
            now_ms + CONFIRMATION_MS,
            tries=0,
            approved=False,
            address=address,
            sealed=sealed[0],
        )

    async def _held(self, confirmation: Confirmation, token: str | None) -> NameTaken:
        return NameTaken(
            "Somebody is signed in under this name. If it is you, confirm it on that device.",
            confirm=True,
            confirmation=token,
            compare=await self.compare_of(confirmation),
            expires_at=confirmation.expires_at,
        )


def _refuse(why: str, until_ms: int, now_ms: int) -> None:
    raise TooManyAttempts(why, retry_after=(until_ms - now_ms) // 1_000 + 1)


def _is_open(confirmation: Confirmation, now_ms: int) -> bool:
    return now_ms < confirmation.expires_at and confirmation.tries < CONFIRMATION_TRIES


def _digest(token: str) -> bytes:
    """SHA-256 of the token. Text that is not base64url gives an empty digest, which equals no stored one."""
    try:
        return token_digest(from_b64url(token))
    except ChatError:
        return b""
