"""The state of a room that is awake, built from its tables and the operator's settings."""

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from access.alerts import Alerts
from access.bans import Bans
from access.confirmations import Confirmations
from access.credentials import Credentials
from access.invites import Invites
from access.passkeys import Passkeys
from access.proving import Proving
from access.recovery import RecoveryCodes
from access.sessions import Sessions, is_over
from access.signing_in import SigningIn
from access.standing import Standing
from access.vacancies import Vacancies
from bots.outgoing import Post
from bots.programs import Programs
from chat.audience import Audience
from chat.audit import Audit
from chat.comings import Comings
from chat.conversation import Conversation
from chat.directory import BOT, Directory
from chat.directory_loading import load_directory
from chat.lane_loading import Lanes
from chat.presence import Presence
from chat.quiet import OffsetOf, Quiets
from errors import Forbidden, Unauthenticated
from files.downloads import Downloads
from files.issuing import TicketOffice
from files.quota import Quota
from files.removal import Removal
from files.store import Places
from files.uploads import Uploads
from live.budgets import Budgets
from live.passwords import end_sessions_of
from notify.notices import Notices
from notify.subscriptions import Subscriptions
from notify.web_push import Vapid, make_vapid
from sealing.ciphers import Ciphers
from sealing.keyring import Keyring
from search.index import Index
from search.indexes import Indexes
from settings import Settings
from storage.database import Database
from storage.schema import migrate, schema_exists
from storage.sessions import Session
from storage.store import Store
from upkeep.resealing import OldKeys
from upkeep.retention import Retention
from wire.connections import BOT_SESSION, Connection


@dataclass(slots=True)
class RoomState:
    """The parts of one room. All of it can be thrown away and rebuilt by `wake`."""

    name: str
    settings: Settings
    ciphers: Ciphers
    database: Database
    store: Store
    keyring: Keyring
    directory: Directory
    audience: Audience
    lanes: Lanes
    credentials: Credentials
    sessions: Sessions
    indexes: Indexes
    conversation: Conversation
    standing: Standing
    recovery_codes: RecoveryCodes
    passkeys: Passkeys
    invites: Invites
    programs: Programs
    proving: Proving
    signing_in: SigningIn
    confirmations: Confirmations
    alerts: Alerts
    bans: Bans
    vacancies: Vacancies
    retention: Retention
    quota: Quota
    uploads: Uploads
    downloads: Downloads
    removal: Removal
    ticket_office: TicketOffice
    notices: Notices
    vapid: Vapid | None
    comings: Comings
    quiets: Quiets
    presence: Presence
    budgets: Budgets
    is_stored: bool
    ended: frozenset[str]
    """Sessions that ended while the room woke; their sockets may still be open."""
    signed_in: dict[str, Session] = field(default_factory=dict)
    """A cache of sessions by id, as they are stored: code that changes a stored session removes it here."""

    @property
    def audit(self) -> Audit:
        """The list of what admins have done."""
        return self.conversation.audit

    @property
    def index(self) -> Index:
        """The index of the open channels."""
        return self.indexes.room

    def session(self, member: str, session_id: str, *, now_ms: int) -> Session:
        """The session of a connection, with the role that it has now; asked again for every frame.

        Raises:
            Unauthenticated: it has ended, or its member was removed.
        """
        if session_id.startswith(BOT_SESSION):
            return self.programs.session(member, session_id, now_ms=now_ms)
        session = self.signed_in.get(session_id) or self.sessions.find(member, session_id, now_ms=now_ms)
        if session is None or is_over(session, now_ms) or not self.directory.has_member(member):
            self.signed_in.pop(session_id, None)
            raise Unauthenticated("Please sign in.")
        session = self.signed_in[session_id] = self.sessions.seen(session, now_ms=now_ms)
        return self.sessions.with_role(session)

    def require_secured(self, session: Session) -> None:
        """The one door for what a member may do only with a secured name, where the room wants that.

        Raises:
            Forbidden: the name is not secured.
        """
        if session.role != BOT:
            self.require_secured_name(session.member)

    def require_secured_name(self, member: str) -> None:
        """As `require_secured`, of a person who is not here.

        Raises:
            Forbidden: the name is not secured.
        """
        if self.settings.must_be_secured and not self.directory.member(member).secured:
            raise Forbidden("In this room a name has to be secured first, by a recovery code or a passkey.")

    def note_connected(self, member: str, session_id: str, *, now_ms: int) -> None:
        """Note that a device is or was connected until now: a member who only listens holds their name too."""
        with contextlib.suppress(Unauthenticated):
            self.session(member, session_id, now_ms=now_ms)

    def recall(self, connections: Iterable[Connection]) -> None:
        """Count the connections that were here before the object slept."""
        for connection in connections:
            if connection.is_bot:
                self.programs.here.come(connection.member)
                continue
            self.presence.come(connection.member, told=True)
            if not connection.is_visible:
                self.presence.look(connection.member, away=True)

    def prepare(self) -> None:
        """Make the tables. Only the first login does that, not a visit or a wrong password."""
        if not self.is_stored:
            migrate(self.database)
            self.is_stored = True


async def wake(
    name: str,
    settings: Settings,
    database: Database,
    ciphers: Ciphers,
    *,
    now_ms: int,
    places: Places,
    post: Post,
    offset_of: OffsetOf,
    version: str | None = None,
    audience_of: Callable[[Directory], Audience] = Audience,
) -> RoomState:
    """Open a room: migrate its tables, wrap its keys under MASTER_KEY, end sessions of a changed password.

    Args:
        places: where the parts of files are.
        post: makes requests to the webhooks of bots.
        offset_of: knows the time zones.
        version: of code and settings together, if the platform gives one; see `Credentials.changed_roles`.
        audience_of: makes the room's audience; tests pass one that hides channels.
    Raises:
        Misconfigured: the database is newer than the code, or MASTER_KEY is not the room's.
    """
    is_stored = schema_exists(database)
    if is_stored:
        migrate(database)
    store = Store(database)
    keyring = Keyring(name, settings.master_key, settings.master_key_previous, ciphers, store.keys)
    if is_stored:
        await keyring.rewrap()
    directory = await load_directory(store, keyring) if is_stored else Directory()
    directory.default_days, directory.look.default_title = settings.retention_days, settings.chat_title
    audience = audience_of(directory)
    audience.supervised, audience.direct_messages = settings.supervision, settings.direct_messages
    has_lanes = is_stored and store.lanes.any()
    lanes = Lanes(store, keyring, directory, exist=has_lanes, supervised=settings.supervision)
    credentials = Credentials(name, settings, store, keyring, ciphers)
    sessions = Sessions(store, keyring, ciphers, directory)
    quota = Quota(settings, store, places.newest)
    uploads, removal = Uploads(store, audience, places, quota), Removal(store, places, quota)
    indexes = Indexes(store, keyring, directory)
    conversation = Conversation(store, keyring, directory, audience, lanes, uploads, indexes)
    confirmations, alerts = Confirmations(store, keyring, ciphers), Alerts(store, ciphers)
    bans, vacancies = Bans(store, directory), Vacancies(store, keyring, directory, conversation)
    quiets = Quiets(store, keyring, offset_of)
    standing = Standing(store, directory, audience, conversation, sessions, quiets)
    recovery_codes = RecoveryCodes(store, directory, standing)
    passkeys = Passkeys(store, keyring, ciphers, directory, standing)
    invites = Invites(settings, store, keyring, ciphers)
    programs = Programs(name, settings, store, keyring, ciphers, directory, audience, conversation, post)
    proving = Proving(settings, store, directory, credentials, recovery_codes, passkeys, invites, bans)
    signing_in = SigningIn(
        settings,
        store,
        keyring,
        ciphers,
        directory,
        credentials,
        proving,
        sessions,
        conversation,
        confirmations,
        alerts,
        vacancies,
        standing,
        invites,
    )
    subscriptions = Subscriptions(store, keyring)
    retention = Retention(
        store,
        directory,
        conversation,
        sessions,
        standing,
        vacancies,
        OldKeys(store, keyring, directory),
        removal,
        lanes,
        indexes,
    )
    notices = Notices(name, settings, store, keyring, directory, audience, lanes, subscriptions, quiets)
    ended: frozenset[str] = frozenset()
    if is_stored:
        changed = await credentials.changed_roles(version=version)
        ended = await end_sessions_of(changed, store, credentials, conversation.audit, directory, standing, now_ms)
        credentials.note_compared(version=version)
    return RoomState(
        name,
        settings,
        ciphers,
        database,
        store,
        keyring,
        directory,
        audience,
        lanes,
        credentials,
        sessions,
        indexes,
        conversation,
        standing,
        recovery_codes,
        passkeys,
        invites,
        programs,
        proving,
        signing_in,
        confirmations,
        alerts,
        bans,
        vacancies,
        retention,
        quota,
        uploads,
        Downloads(store, audience),
        removal,
        TicketOffice(name, settings.master_key, ciphers),
        notices,
        make_vapid(settings, ciphers),
        Comings(directory),
        quiets,
        Presence(),
        Budgets(settings.message_burst, settings.message_rate),
        is_stored,
        ended,
    )
