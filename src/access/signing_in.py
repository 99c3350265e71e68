"""Signing in: from a checked form to a member with a session, or to a refusal.

The password, or what stands in its place, is already proven (access/proving.py). What remains is whether this person is
new, is the same member, or has to prove that (access/claims.py, access/confirmations.py).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from access.alerts import Alerts
from access.attempts import address_digest
from access.claims import is_free, is_proven
from access.confirmations import Confirmations, Confirmed, Waiting
from access.credentials import Credentials
from access.invites import Invites
from access.proving import Login, Proven, Proving
from access.sessions import Sessions
from access.standing import Standing
from access.vacancies import Vacancies
from chat.changes import Event
from chat.conversation import Conversation, Step
from chat.directory import GENERAL, Channel, Directory, Member
from chat.name_digests import digest_of_name
from chat.naming import check_likeness, holder_of
from chat.roster import newcomer
from encoding import b64url
from errors import ChatError, InviteInvalid, NameTaken
from limits import ID_BYTES
from sealing.ciphers import Ciphers
from sealing.keyring import Keyring
from settings import Settings
from storage.alerts import Alert
from storage.sessions import Session
from storage.store import Store


@dataclass(slots=True)
class SignedIn:
    """A member has a new session. The events and ended sessions are stored; the caller only announces them."""

    member: Member
    session: Session
    token: bytes
    events: list[Event] = field(default_factory=list)
    ended: list[Session] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    """Ids of the members whose name the new member took."""
    alert: Alert | None = None
    """The alert for the member's other devices."""


class SigningIn:
    """Decides who may sign in, and as which member."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        keyring: Keyring,
        ciphers: Ciphers,
        directory: Directory,
        credentials: Credentials,
        proving: Proving,
        sessions: Sessions,
        conversation: Conversation,
        confirmations: Confirmations,
        alerts: Alerts,
        vacancies: Vacancies,
        standing: Standing,
        invites: Invites,
    ) -> None:
        self._settings = settings
        self._store = store
        self._keyring = keyring
        self._ciphers = ciphers
        self._directory = directory
        self._credentials = credentials
        self._proving = proving
        self._sessions = sessions
        self._conversation = conversation
        self._confirmations = confirmations
        self._vacancies = vacancies
        self._alerts = alerts
        self._standing = standing
        self._invites = invites

    async def sign_in(
        self, login: Login, proven: Proven, *, was_stored: bool, now_ms: int, is_online: Callable[[str], bool]
    ) -> SignedIn | Waiting:
        """Let in somebody who has proven something, or say why not. The room has its tables by now.

        Args:
            was_stored: the `stored` that `Proving.prove` got; if false, the challenge answer has yet to be remembered.
        Raises:
            WrongPassword: the confirmation code is wrong.
            InviteInvalid: somebody was quicker to use the invite up.
            ChallengeFailed, Banned, TooManyAttempts, NameTaken, LimitReached.
        """
        if not was_stored:
            self._proving.spend(login)
        self._proving.check_ban(login, proven, now_ms)
        address = address_digest(await self._keyring.derive("address"), login.address)
        await self._prepare_room(now_ms)
        name_digest = await digest_of_name(login.form.name, self._keyring, now_ms=now_ms)
        code_key = await self._keyring.derive("confirmation")
        member = self._meant(login, proven, name_digest, now_ms)  # from here to the decision nothing is awaited
        confirmed = None
        if member is not None:
            confirmed = self._confirmations.confirmed(login.form, member.id, code_key, now_ms=now_ms)
        is_same = member is not None and self._is_same(login, member, proven, confirmed, now_ms)
        self._proving.count_failure(-1, now_ms)
        if member is not None and is_same:
            return await self._return(login, member, proven, confirmed, now_ms)
        if member is None or self._is_free(member, is_online, now_ms):
            joined = await self._join(login, member, proven, name_digest, address, now_ms, is_online)
            if isinstance(joined, SignedIn):
                return joined
            member = joined  # another login was quicker
        return await self._confirmations.ask(login.form, member, login.agent, address, now_ms=now_ms)

    async def _prepare_room(self, now_ms: int) -> None:
        """Store what the first login leaves behind: the salt, the hashes, the first channel."""
        await self._credentials.keep()
        if GENERAL not in self._directory.channels:
            channel = Channel(GENERAL, GENERAL, "", "", now_ms)
            sealed = await self._keyring.seal([(channel.plaintext(), channel.header())], now_ms=now_ms)
            if GENERAL not in self._directory.channels:  # still not, after the await
                self._store.channels.put(channel.row(sealed[0]))
                self._directory.channels[GENERAL] = channel

    def _holder_of(self, name: str, name_digest: bytes, now_ms: int) -> Member | None:
        """The member with this name; a bot's is taken."""
        member = holder_of(name, name_digest, self._directory, self._store, now_ms=now_ms)
        if member is not None and member.is_bot:
            raise NameTaken("A bot has this name. Choose another one.", alike=True)
        return member

    def _meant(self, login: Login, proven: Proven, name_digest: bytes, now_ms: int) -> Member | None:
        """The member that a login is about: the one that it has proven, else the one whose name it gives."""
        if proven.member is None:
            return self._holder_of(login.form.name, name_digest, now_ms)
        if not self._directory.has_member(proven.member):  # removed a moment ago, with what proved it
            raise NameTaken("Somebody was quicker. Please try again.")
        return self._directory.member(proven.member)

    # --- somebody new ---

    async def _join(
        self,
        login: Login,
        former: Member | None,
        proven: Proven,
        name_digest: bytes,
        address: bytes,
        now_ms: int,
        is_online: Callable[[str], bool],
    ) -> SignedIn | Member:
        """Make a new member, in place of a former one whose name is free. Returns a member who was quicker, if any.

        Raises:
            NameTaken: the name looks like that of somebody who is here.
            InviteInvalid: somebody was quicker to use the invite up.
            LimitReached, TooManyAttempts: the room is full, or too many came from this address.
        """
        quicker = self._holder_of(login.form.name, name_digest, now_ms)
        if quicker is not None and quicker is not former:
            return quicker
        check_likeness(login.form.name, self._directory, other_than=former, now_ms=now_ms)
        freed = 0 if former is None else 1
        events = await self._vacancies.make_place(address, freed=freed, now_ms=now_ms, is_online=is_online)
        if former is not None and former.removed_at is not None:  # removed to make place, or by a quicker login
            former = None
        member_id = b64url(self._ciphers.random_bytes(ID_BYTES))
        member = newcomer(self._directory, member_id, login.form.name, proven.role, now_ms)
        sealed = (await self._keyring.seal([(member.name.encode(), member.header())], now_ms=now_ms))[0]
        # The session comes first: a member without one counts as signed out, so the name would be free.
        session, token = await self._begin(login, member.id, proven, now_ms)
        signed_in = SignedIn(member, session, token, events)
        noted = await self._standing.noted_admin(member, now_ms=now_ms)
        use_invite = partial(self._invites.use, proven.invite, member.id, now_ms=now_ms)

        def insert() -> None:
            check_likeness(member.name, self._directory, other_than=former, now_ms=now_ms)
            member.joined_seq = self._directory.seq
            self._store.members.insert(member.row(sealed), name_digest=name_digest)
            noted()
            if former is None:  # else the step before used it: no name is freed for somebody who does not get in
                use_invite()

        event = {"kind": "member", "member": member.public(), "reason": "joined"}
        if proven.invite is not None:
            event["invited_by"] = proven.invite.member
        steps = [] if former is None else [self._retirement(former, use_invite, is_online, now_ms)]
        try:
            signed_in.events += await self._conversation.record_in_turn(
                [*steps, Step(event, member.id, insert)], now_ms=now_ms
            )
        except (NameTaken, InviteInvalid) as refusal:
            self._store.delete_session(member.id, session.id)
            quicker = self._holder_of(member.name, name_digest, now_ms)
            if quicker is None or isinstance(refusal, InviteInvalid):
                raise
            return quicker
        if former is not None:
            former.leave(now_ms)
            signed_in.replaced.append(former.id)
        self._directory.members[member.id] = member
        self._vacancies.note_joined(address, now_ms=now_ms)
        if login.current is not None:  # until now this browser was signed in as somebody else
            await self._end(signed_in, login.current, now_ms)
        self._alerts.note_replaced(session, login.past)
        return signed_in

    def _retirement(self, former: Member, use: partial[None], is_online: Callable[[str], bool], now_ms: int) -> Step:
        """The step that frees the name and uses the invite: its member becomes a former one, who keeps all messages."""

        def retire() -> None:
            if former.removed_at is not None or not self._is_free(former, is_online, now_ms):
                raise NameTaken("Somebody was quicker.")
            check_likeness(former.name, self._directory, other_than=former, now_ms=now_ms)
            use()
            self._store.replace_member(former.id, now_ms)

        return Step({"kind": "member_removed", "member": former.id, "by": "", "reason": "replaced"}, "", retire)

    # --- somebody who was here ---

    def _is_same(self, login: Login, member: Member, proven: Proven, confirmed: Confirmed | None, now_ms: int) -> bool:
        return is_proven(
            member,
            own_device_of=self._own_device(login, now_ms),
            role=proven.role,
            proven=proven.member,
            is_confirmed=confirmed is not None,
        )

    def _own_device(self, login: Login, now_ms: int) -> str | None:
        """The member whose device this browser is, by its cookie."""
        if login.current is not None:
            return login.current.member
        return self._sessions.own_past(login.device, now_ms=now_ms)

    def _is_free(self, member: Member, is_online: Callable[[str], bool], now_ms: int) -> bool:
        live = self._sessions.live(member.id, now_ms=now_ms)
        return is_free(member, live, is_online=is_online(member.id), now_ms=now_ms)

    async def _return(
        self, login: Login, member: Member, proven: Proven, confirmed: Confirmed | None, now_ms: int
    ) -> SignedIn:
        is_own = self._own_device(login, now_ms) == member.id
        session, token = await self._begin(login, member.id, proven, now_ms)
        try:
            if not self._directory.has_member(member.id):
                raise NameTaken("Somebody was quicker. Please try again.")
            self._invites.use(proven.invite, member.id, now_ms=now_ms)
        except ChatError:
            self._store.delete_session(member.id, session.id)
            raise
        signed_in = SignedIn(member, session, token)
        is_taken_over = confirmed is Confirmed.BY_ADMIN and not is_own and proven.member is None
        has_ended = member.secured and is_taken_over
        if is_taken_over:
            signed_in.events += await self._standing.take_over(member, now_ms=now_ms)
        if login.current is not None:
            await self._end(signed_in, login.current, now_ms)
        for surplus in self._sessions.surplus(member.id):
            self._store.retire_session(surplus.member, surplus.id, is_own=True, at=now_ms)
            signed_in.ended.append(surplus)
        if login.current is None:
            self._sessions.spend_past(login.device)
        if not is_own:
            signed_in.events.append(await self._standing.tell_new_device(member, now_ms=now_ms))
            signed_in.alert = self._alerts.note_device(session, has_ended_credentials=has_ended, now_ms=now_ms)
        signed_in.events += await self._standing.settle_role(member, now_ms=now_ms)
        signed_in.settled += self._confirmations.settle(member.id)
        self._alerts.note_replaced(session, login.past)
        self._sessions.note_seen(member.id, session.id, now_ms=now_ms)
        signed_in.member = self._directory.members[member.id]
        return signed_in

    async def _begin(self, login: Login, member: str, proven: Proven, now_ms: int) -> tuple[Session, bytes]:
        return await self._sessions.begin(
            member, proven.role, proven.began, login.agent, lasts_ms=self._settings.session_ms, now_ms=now_ms
        )

    async def _end(self, signed_in: SignedIn, session: Session, now_ms: int) -> None:
        """End the session that this browser had before."""
        self._store.delete_session(session.member, session.id)
        signed_in.ended.append(session)
        if session.member != signed_in.member.id:
            left = self._directory.members.get(session.member)
            if left is not None:
                signed_in.events += await self._standing.settle_role(left, now_ms=now_ms)
