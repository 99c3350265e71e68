"""Hooks and bots: members with the role `bot`, which an admin makes and ends.

Here is who they are and what proves that one may use them; `live/programs.py` says who may manage them.
"""

import hmac
from collections.abc import Awaitable
from dataclasses import replace

from bot_limits import HOOK_FAILED_STEP_MS, HOOK_SECRET_BYTES, MAX_BOTS
from bots.failing import Failing
from bots.listing import shown
from bots.outgoing import Post
from bots.pace import Pace
from bots.tokens import digest_of, new_secret, written
from bots.webhooks import Webhooks
from chat.audience import EVERYBODY, Audience
from chat.audit import Noted
from chat.changes import Event
from chat.conversation import Conversation
from chat.directory import BOT, Directory, Member
from chat.directory_loading import program
from chat.name_digests import digest_of_name
from chat.naming import member_called, member_like
from chat.presence import Listeners
from chat.roster import newcomer
from encoding import b64url
from errors import Forbidden, LimitReached, NameTaken, NotFound, Unauthenticated, Undelivered
from limits import ID_BYTES, MAX_SAFE_INTEGER, SESSION_SEEN_STEP_MS
from sealing.ciphers import Ciphers
from sealing.keyring import Keyring, Sealed
from settings import Settings
from storage.bots import Bot
from storage.sessions import Session
from storage.store import Store
from wire.bots import PROGRAM, CreateBot, CreateHook
from wire.connections import BOT_SESSION

_UNKNOWN = "There is no such hook or bot."


class Programs:
    """The hooks and bots of one room."""

    def __init__(
        self,
        room: str,
        settings: Settings,
        store: Store,
        keyring: Keyring,
        ciphers: Ciphers,
        directory: Directory,
        audience: Audience,
        conversation: Conversation,
        post: Post,
    ) -> None:
        """`post` makes requests to webhooks."""
        self._room = room
        self._store = store
        self._keyring = keyring
        self._ciphers = ciphers
        self._directory = directory
        self._audience = audience
        self._conversation = conversation
        self.pace = Pace(settings.bot_messages_day, store, directory)
        self.here = Listeners()
        self.webhooks = Webhooks(room, settings.webhook_hosts, store, keyring, ciphers, directory, post)
        self.failing = Failing(store)

    # --- managing them ---

    async def create(self, by: str, frame: CreateHook | CreateBot, *, now_ms: int) -> tuple[str, str, Event]:
        """Make a hook or a bot, and its member; returns its id, its token and the event to announce.

        Args:
            by: the admin who makes it.
        Raises:
            NotFound, Archived: the admin sees no such channel, or it takes no messages.
            Malformed, Forbidden: not everybody sees the channel, its webhook cannot be there, or the operator wants no
                programs.
            LimitReached: the room has MAX_BOTS.
            NameTaken: the name is or looks like a member's, or another bot has this command.
        """
        self.pace.check_on()
        for channel in frame.channels:
            self._check_channel(by, channel)
        self._check(frame.name, now_ms)
        given = frame.webhook if isinstance(frame, CreateBot) else None
        webhook = None if given is None else self.webhooks.new(given)
        command = "" if webhook is None else webhook.command
        member_id = b64url(self._ciphers.random_bytes(ID_BYTES))
        member = newcomer(self._directory, member_id, frame.name, BOT, now_ms, created_by=by)
        member.channels, member.rights = frame.channels, frame.rights
        member.command, member.is_called = command, webhook is not None
        secret = new_secret(self._ciphers.random_bytes(HOOK_SECRET_BYTES))
        name_digest = await digest_of_name(member.name, self._keyring, now_ms=now_ms)
        items = [(member.name.encode(), member.header())]
        items += [] if webhook is None else [self.webhooks.item(member.id, webhook)]
        sealed, *more = await self._keyring.seal(items, now_ms=now_ms)
        bot = Bot(member.id, frame.kind, digest_of(secret), frame.channels, frame.rights, by, now_ms)
        bot = replace(bot, webhook=more[0] if more else None)

        def insert() -> None:
            self._check(frame.name, now_ms)  # again, as another member may have come meanwhile
            self.webhooks.check_command(command)
            member.joined_seq = self._directory.seq
            self._store.members.insert(member.row(sealed), name_digest=name_digest)
            self._store.bots.insert(bot)
            noted()

        noted = await self._noted(by, frame.kind, "create", member, now_ms)
        event = {"kind": "member", "member": member.public(), "reason": "joined"}
        recorded = await self._conversation.record(event, author=member.id, now_ms=now_ms, write=insert)
        self._directory.members[member.id] = member
        if frame.kind == PROGRAM:
            self._directory.programs[member.id] = program(bot)
        return member.id, written(self._room, member.id, secret), recorded

    def listed(self, kind: str) -> list[dict[str, object]]:
        """The hooks, or the bots, as docs/protocol.md shows them, oldest first; webhooks come from `webhooks.shown`."""
        return [shown(bot, self._directory.member(bot.id).name) for bot in self._store.bots.all() if bot.kind == kind]

    async def rotate(self, by: str, kind: str, bot_id: str, *, now_ms: int) -> str:
        """Give it another secret; returns its new token. The former one is good for nothing from now on.

        A bot's webhook gets another key.

        Raises:
            NotFound: there is none of this kind.
        """
        bot = self.find(kind, bot_id)
        secret = new_secret(self._ciphers.random_bytes(HOOK_SECRET_BYTES))
        renewed = await self.webhooks.renewed(bot, now_ms=now_ms)
        noted = await self._noted(by, kind, "rotate", self._directory.member(bot.id), now_ms)

        def write() -> None:
            self.find(kind, bot_id)
            if renewed is not None:
                self._store.bots.set_webhook(bot.id, renewed)
            self._store.bots.set_digest(bot.id, digest_of(secret))
            noted()

        self._store.transaction(write)
        return written(self._room, bot.id, secret)

    async def set_webhook(self, by: str, bot_id: str, given: tuple[str, str] | None, *, now_ms: int) -> list[Event]:
        """Give a bot another webhook with a new key, or take it away; returns the events to announce.

        Args:
            by: the admin who does it.
        Raises:
            NotFound: there is no such bot.
            Malformed, Forbidden, NameTaken: as `create`.
        """
        bot = self.find(PROGRAM, bot_id)
        member = self._directory.member(bot.id)
        webhook = None if given is None else self.webhooks.new(given, of=bot.id)
        sealed = None if webhook is None else await self.webhooks.sealed(bot.id, webhook, now_ms=now_ms)
        command = "" if webhook is None else webhook.command
        noted = await self._noted(by, PROGRAM, "webhook", member, now_ms, on=webhook is not None)

        def write() -> None:
            self.find(PROGRAM, bot_id)
            self.webhooks.check_command(command, of=bot.id)
            self._store.bots.set_webhook(bot.id, sealed)
            noted()

        recorded = []
        if member.command == command:
            self._store.transaction(write)
        else:
            event = {"kind": "member", "member": replace(member, command=command).public(), "reason": "role"}
            recorded.append(await self._conversation.record(event, author=by, now_ms=now_ms, write=write))
        member.command, member.is_called = command, webhook is not None
        return recorded

    async def test(self, by: str, bot_id: str, *, now_ms: int) -> None:
        """Send something to a bot's webhook now.

        Raises:
            NotFound: there is no such bot, or it has no webhook.
            RateLimited, Undelivered: as `Webhooks.test`.
        """
        bot = self.find(PROGRAM, bot_id)
        try:
            await self.webhooks.test(bot, self._directory.member(by), now_ms=now_ms)
        except Undelivered as error:
            self.note_failed(bot, error.failure, now_ms=now_ms)
            raise
        if bot.failing_since is not None:
            self._store.bots.set_failing(bot.id, None)

    async def revoke(self, by: str, kind: str, bot_id: str, *, now_ms: int) -> Event:
        """End it; returns the event to announce. Its messages stay, under its name.

        Raises:
            NotFound: there is none of this kind.
        """
        member = self._directory.member(self.find(kind, bot_id).id)

        def remove() -> None:
            self.find(kind, bot_id)
            self._store.remove_member(member.id, now_ms)

        def noting() -> Awaitable[Noted]:
            return self._noted(by, kind, "revoke", member, now_ms)

        event = {"kind": "member_removed", "member": member.id, "by": by}
        recorded = await self._conversation.record(event, author=by, now_ms=now_ms, write=remove, noting=noting)
        member.leave(now_ms)
        self.pace.forget(member.id)
        return recorded

    async def _noted(self, by: str, kind: str, act: str, member: Member, now_ms: int, **more: bool) -> Noted:
        about = {"member": {"id": member.id, "name": member.name}, **more}
        return await self._conversation.audit.by(by, f"{kind}.{act}", now_ms=now_ms, **about)

    # --- using them ---

    def authorised(self, kind: str, bot_id: str, digest: bytes) -> Bot:
        """The one door to doing anything as a hook or bot: its secret, of which `digest` is the digest.

        Raises:
            NotFound: there is none of this kind, or the secret is not its own; nobody is told which.
            Forbidden: the operator wants no programs.
        """
        bot = self._store.bots.get(bot_id)
        known = b"" if bot is None else bot.digest
        if not hmac.compare_digest(known, digest) or bot is None or bot.kind != kind:
            raise NotFound(_UNKNOWN)
        self.pace.check_on()
        return bot

    def opening(self, bot: Bot) -> str:
        """The session of a socket that a bot opens now. It ends with the bot, and with its present secret."""
        return BOT_SESSION + bot.digest.hex()

    def session(self, bot_id: str, session_id: str, *, now_ms: int) -> Session:
        """The session of a bot's socket; asked again for every frame.

        Raises:
            Unauthenticated: the bot was revoked, has another secret now, or the operator wants no programs.
        """
        digest = session_id.removeprefix(BOT_SESSION)
        try:
            bot = self.authorised(PROGRAM, bot_id, bytes.fromhex(digest))
        except (NotFound, Forbidden) as ended:
            raise Unauthenticated("This is not the token of a bot.") from ended
        self.note_used(bot, now_ms=now_ms)
        return Session(session_id, bot.id, BOT, bot.created_at, now_ms, MAX_SAFE_INTEGER, Sealed(0, b""))

    def note_used(self, bot: Bot, *, now_ms: int) -> None:
        """Note when it was used, at most once an hour, as for devices."""
        if bot.used_at is None or now_ms - bot.used_at >= SESSION_SEEN_STEP_MS:
            self._store.bots.set_used(bot.id, now_ms)

    def note_failed(self, bot: Bot, code: str, *, now_ms: int) -> None:
        """Note for the admins that a request was refused, and why; at most once a minute."""
        if bot.failed_at is None or now_ms - bot.failed_at >= HOOK_FAILED_STEP_MS:
            self._store.bots.set_failed(bot.id, now_ms, code)

    def note_refused(self, bot_id: str, code: str, *, now_ms: int) -> None:
        """As `note_failed`, for a frame."""
        bot = self._store.bots.get(bot_id)
        if bot is not None:
            self.note_failed(bot, code, now_ms=now_ms)

    def is_in(self, bot: Bot, channel: str) -> bool:
        """Whether a bot was put into a channel: one of its own that is still there, or one that has members."""
        try:
            self._audience.channel(bot.id, channel)
        except NotFound:
            return False
        return channel in bot.channels or self._audience.members_of(channel) is not EVERYBODY

    def find(self, kind: str, bot_id: str) -> Bot:
        """The hook or bot with this id.

        Raises:
            NotFound: there is none of this kind.
        """
        bot = self._store.bots.get(bot_id)
        if bot is None or bot.kind != kind:
            raise NotFound(_UNKNOWN)
        return bot

    def _check_channel(self, by: str, channel_id: str) -> None:
        channel = self._audience.open_channel(by, channel_id)
        if self._audience.members_of(channel.id) is not EVERYBODY:
            raise Forbidden("Programs are only where everybody sees them.")

    def _check(self, name: str, now_ms: int) -> None:
        if len(self._store.bots.all()) >= MAX_BOTS:
            raise LimitReached(f"A room has at most {MAX_BOTS} hooks and bots: revoke one.")
        directory = self._directory
        if member_called(name, directory, now_ms=now_ms) or member_like(name, directory, now_ms=now_ms):
            raise NameTaken("This name is, or looks like, that of somebody who is here.")
