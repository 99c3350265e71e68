"""What a login proves before its name matters: an answered challenge, a password, and that it is not banned.

The cheapest check comes first. The object of the address has already counted that address's failures
(access/guessing.py); here the room counts how often it is guessed at, from all addresses together.
"""

from dataclasses import dataclass, replace

from access.attempts import room_is_attacked
from access.bans import Bans
from access.credentials import Credentials
from access.forms import LoginForm
from access.guessing import Finding, Spent
from chat.directory import ADMIN
from errors import Banned, ChallengeFailed, WrongPassword
from limits import ROOM_ATTACK_WINDOW_MS
from settings import Settings
from storage.attempts import Attempts
from storage.sessions import PastDevice, Session
from storage.store import Store

WHOLE_ROOM = b""
"""The address under which the failures of the whole room are counted."""


@dataclass(frozen=True, slots=True)
class Login:
    """Everything about one attempt to sign in."""

    form: LoginForm
    address: str
    agent: str
    spent: tuple[Spent, ...]
    hard: bool
    current: Session | None
    """The session of the request's cookie, if it is still valid."""
    device: bytes | None = None
    """The digest of the token in that cookie, valid or not."""
    past: PastDevice | None = None
    """The record of the cookie's device, if its session has ended and its member was replaced."""


class Proving:
    """Decides whether a login may go on."""

    def __init__(self, settings: Settings, store: Store, credentials: Credentials, bans: Bans) -> None:
        self._settings = settings
        self._store = store
        self._credentials = credentials
        self._bans = bans

    async def prove(self, login: Login, *, stored: bool, now_ms: int) -> str:
        """The role that a login proves.

        Args:
            stored: whether anybody has entered the room before; if not, nothing is read or written.
        Raises:
            ChallengeFailed, WrongPassword.
        """
        if stored:
            self._check_challenge(login, now_ms)
            self.count_failure(1, now_ms)  # before the check, so that parallel guesses see each other
        role = await self._credentials.role_of(login.form.proof, stored=stored)
        if role is None:
            raise WrongPassword("The password is wrong.")
        return role

    def finding(self, role: str) -> Finding:
        """What a right password means for the failures of its address: could another password be guessed at?"""
        return Finding.CLEARED if role == ADMIN or self._settings.admin_password is None else Finding.RIGHT

    def is_attacked(self, now_ms: int) -> bool:
        """Whether so many logins failed lately that everyone gets the harder challenge."""
        return room_is_attacked(self._failures_of_the_hour(now_ms).failures)

    def _check_challenge(self, login: Login, now_ms: int) -> None:
        if self._settings.altcha and not login.hard and self.is_attacked(now_ms):
            raise ChallengeFailed("The room asks for a harder proof of work just now: fetch a new challenge.")
        self.spend(login)

    def spend(self, login: Login) -> None:
        """Remember that the challenges of a login were answered.

        Raises:
            ChallengeFailed: one of them was answered before.
        """
        for spent in login.spent:
            if not self._store.challenges.use(spent.digest, spent.expires_at):
                raise ChallengeFailed("This challenge was answered before: fetch a new one.")

    def count_failure(self, more: int, now_ms: int) -> None:
        """Count one more failed login in the room, or take one back that turned out to be no failure."""
        room = self._failures_of_the_hour(now_ms)
        if room.failures + more >= 0:  # nothing to take back for the login that made the tables: it was not counted
            self._store.attempts.put(WHOLE_ROOM, replace(room, failures=room.failures + more))

    def _failures_of_the_hour(self, now_ms: int) -> Attempts:
        counted = self._store.attempts.get(WHOLE_ROOM)
        if counted is None or now_ms - counted.window_started_at >= ROOM_ATTACK_WINDOW_MS:
            return Attempts(failures=0, window_started_at=now_ms, blocked_until=0, blocks=0)
        return counted

    def check_ban(self, login: Login, role: str, now_ms: int) -> None:
        """Refuse a banned name or device. A login with the admins' password overrides the ban.

        Raises:
            Banned.
        """
        if role == ADMIN:
            return
        try:
            self._bans.check(login.form.name, login.device)
        except Banned:
            self.count_failure(-1, now_ms)  # the password was right
            raise
