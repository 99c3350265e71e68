"""What a login proves before anything is decided: an answered challenge, a password or what stands in its place.

The cheapest check comes first. The object of the address has already counted that address's failures
(access/guessing.py); here the room counts how often it is guessed at, from all addresses together.
"""

from dataclasses import dataclass, replace

from access.attempts import room_is_attacked
from access.bans import Bans
from access.credentials import Credentials
from access.forms import LoginForm
from access.guessing import Finding, Spent
from access.invites import INVALID, Invites
from access.passkeys import Passkeys
from access.recovery import RecoveryCodes
from access.webauthn import Assertion, site_at
from chat.directory import ADMIN, MEMBER, Directory
from chat.naming import member_called
from errors import Banned, ChallengeFailed, InviteInvalid, Malformed, WrongPasskey, WrongPassword
from limits import ROOM_ATTACK_WINDOW_MS
from settings import Settings
from storage.attempts import Attempts
from storage.invites import Invite
from storage.sessions import INVITE, PASSKEY, PASSWORD, RECOVERY, PastDevice, Session
from storage.store import Store
from wire.questions import DEVICE

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
    origin: str = ""
    """Of the address at which the login arrived: passkeys belong to it."""


@dataclass(frozen=True, slots=True)
class Proven:
    """What a login has proven."""

    role: str
    """ADMIN only by the admins' password."""
    began: str = PASSWORD
    """What its session begins with, as in `Session.began`."""
    member: str | None = None
    """The member that it is, whatever name it gives."""
    invite: Invite | None = None


class Proving:
    """Decides whether a login may go on."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        directory: Directory,
        credentials: Credentials,
        recovery_codes: RecoveryCodes,
        passkeys: Passkeys,
        invites: Invites,
        bans: Bans,
    ) -> None:
        self._settings = settings
        self._store = store
        self._directory = directory
        self._credentials = credentials
        self._recovery_codes = recovery_codes
        self._passkeys = passkeys
        self._invites = invites
        self._bans = bans

    async def prove(self, login: Login, *, stored: bool, now_ms: int) -> Proven:
        """What a login proves.

        Args:
            stored: whether anybody has entered the room before; if not, nothing is read or written.
        Raises:
            ChallengeFailed, WrongPassword, WrongRecovery, WrongPasskey, InviteInvalid.
            Malformed: the login gives no name and needs one.
        """
        if stored:
            self._check_challenge(login, now_ms)
            self.count_failure(1, now_ms)  # before the check, so that parallel guesses see each other
        form = login.form
        role = MEMBER if form.proof is None else await self._role_of(login, form.proof, stored=stored)
        if form.recovery is not None:
            return Proven(role, RECOVERY, self._recovery_codes.prove(form.name, form.recovery, now_ms=now_ms))
        if form.passkey is not None:
            member = await self._owner(login, form.passkey, stored=stored, now_ms=now_ms)
            return Proven(role, PASSKEY, member)
        if form.invite is not None:
            return self._invited(form, form.invite, stored=stored, now_ms=now_ms)
        return Proven(role)

    async def _role_of(self, login: Login, proof: bytes, *, stored: bool) -> str:
        role = await self._credentials.role_of(proof, stored=stored)
        has_other = login.form.recovery is not None or login.form.passkey is not None
        is_enough = role == ADMIN or self._settings.takes_passwords or has_other
        if role is None or not is_enough:
            raise WrongPassword("The password is wrong.")
        return role

    async def _owner(self, login: Login, passkey: Assertion, *, stored: bool, now_ms: int) -> str:
        """The id of the member whose passkey it is, and whose name the login gives, if it gives one."""
        if not stored:
            raise WrongPasskey("This room has no such passkey.")
        member = await self._passkeys.prove(passkey, site_at(login.origin), now_ms=now_ms)
        name = login.form.name
        if name and member_called(name, self._directory, now_ms=now_ms) is not member:
            raise WrongPasskey("The passkey is another member's.")
        return member.id

    def _invited(self, form: LoginForm, proof: bytes, *, stored: bool, now_ms: int) -> Proven:
        invite = self.invite(proof, stored=stored, now_ms=now_ms)
        maker = self._invites.maker(invite, now_ms=now_ms)
        if invite.kind == DEVICE and maker is not None:
            return Proven(MEMBER, maker.began, invite.member, invite)
        if not form.name:
            self.count_failure(-1, now_ms)
            raise Malformed("name is missing or not text.")
        return Proven(MEMBER, INVITE, invite=invite)

    def invite(self, proof: bytes, *, stored: bool, now_ms: int) -> Invite:
        """The invite that a link's proof is for.

        Raises:
            InviteInvalid.
        """
        if not stored:
            raise InviteInvalid(INVALID)
        return self._invites.find(proof, now_ms=now_ms)

    def finding(self, proven: Proven) -> Finding:
        """What a right proof means for the failures of its address: could another password be guessed at?"""
        knows_all = proven.role == ADMIN or self._settings.admin_password is None
        return Finding.CLEARED if proven.began == PASSWORD and knows_all else Finding.RIGHT

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

    def check_ban(self, login: Login, proven: Proven, now_ms: int) -> None:
        """Refuse a banned name or device. A login with the admins' password overrides the ban.

        Raises:
            Banned.
        """
        if proven.role == ADMIN:
            return
        try:
            self._bans.check(login.form.name, login.device)
        except Banned:
            self.count_failure(-1, now_ms)  # the proof was right
            raise
