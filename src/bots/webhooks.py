"""The webhooks of a room's bots: where each is, its command, and the key that signs what is sent there.

All of that is sealed at rest. What can be seen of it without unsealing is in the directory: the command, and that there
is a webhook.
"""

import json
import math
from dataclasses import dataclass, replace

from bot_limits import CALL_BURST, CALL_RATE, WEBHOOK_KEY_BYTES
from bots import addresses
from bots.outgoing import NOT_ALLOWED, Answered, Post, Request, check_size, deliver
from bots.signing import signed_headers, written_secret
from chat.directory import Directory, Member
from encoding import b64url, compact_json, from_b64url
from errors import ChatError, NameTaken, NotFound, RateLimited, Undelivered
from sealing.ciphers import Ciphers
from sealing.keyring import Header, Keyring, Sealed
from storage.bots import Bot
from storage.headers import webhook_header
from storage.store import Store
from wire.rates import TokenBucket

ORIGINS = "origins"
"""The fact with the addresses under which admins have reached the room, newest first."""
_MOST_ORIGINS = 8


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a bot is called."""

    url: str
    command: str
    """"" if it is called by mentions only."""
    key: bytes

    def public(self) -> dict[str, str | None]:
        """As admins see it."""
        return {"url": self.url, "command": self.command or None}

    def plaintext(self) -> bytes:
        """The text that is sealed."""
        return compact_json({"url": self.url, "command": self.command, "key": b64url(self.key)}).encode()


class Webhooks:
    """The webhooks of one room."""

    def __init__(
        self,
        room: str,
        hosts: frozenset[str] | None,
        store: Store,
        keyring: Keyring,
        ciphers: Ciphers,
        directory: Directory,
        post: Post,
    ) -> None:
        self._room = room
        self._hosts = hosts
        self._store = store
        self._keyring = keyring
        self._ciphers = ciphers
        self._directory = directory
        self._post = post
        self._buckets: dict[str, TokenBucket] = {}

    # --- having them ---

    def hosts(self) -> list[str]:
        """Where webhooks may be, as the setting says it."""
        return ["*"] if self._hosts is None else sorted(self._hosts)

    def new(self, given: tuple[str, str], *, of: str = "") -> Webhook:
        """A webhook with a new key, at an address and with a command or "".

        Args:
            of: the bot that has or gets it.
        Raises:
            Malformed, Forbidden: it cannot be there.
            NameTaken: another bot has this command.
        """
        url, command = given
        webhook = Webhook(self._checked(url), command, self._ciphers.random_bytes(WEBHOOK_KEY_BYTES))
        self.check_command(command, of=of)
        return webhook

    def check_command(self, command: str, *, of: str = "") -> None:
        """Refuse a command that calls another bot already.

        Raises:
            NameTaken.
        """
        others = (member for member in self._directory.present_members() if member.id != of)
        if command and any(member.command == command for member in others):
            raise NameTaken("Another bot has this command.")

    async def of(self, bot: Bot) -> Webhook | None:
        """A bot's webhook; None if it has none, or one that does not open."""
        if bot.webhook is None:
            return None
        (plaintext,) = await self._keyring.open([(bot.webhook, webhook_header(bot.id))])
        if plaintext is None:
            return None
        given = json.loads(plaintext)
        return Webhook(given["url"], given["command"], from_b64url(given["key"]))

    def item(self, bot: str, webhook: Webhook) -> tuple[bytes, Header]:
        """What the keyring seals of it."""
        return webhook.plaintext(), webhook_header(bot)

    async def sealed(self, bot: str, webhook: Webhook, *, now_ms: int) -> Sealed:
        """A webhook as it is stored."""
        (sealed,) = await self._keyring.seal([self.item(bot, webhook)], now_ms=now_ms)
        return sealed

    async def renewed(self, bot: Bot, *, now_ms: int) -> Sealed | None:
        """A bot's webhook that signs with another key, as it is stored; None if it has none."""
        webhook = await self.of(bot)
        if webhook is None:
            return None
        renewed = replace(webhook, key=self._ciphers.random_bytes(WEBHOOK_KEY_BYTES))
        return await self.sealed(bot.id, renewed, now_ms=now_ms)

    async def secret_of(self, bot_id: str) -> str | None:
        """What a receiver checks the signatures of a bot with; None if it has no webhook."""
        bot = self._store.bots.get(bot_id)
        webhook = None if bot is None else await self.of(bot)
        return None if webhook is None else written_secret(webhook.key)

    async def shown(self) -> dict[str, dict[str, object]]:
        """What admins see of the webhook of each bot, by its id."""
        found: dict[str, dict[str, object]] = {}
        for bot in self._store.bots.all():
            webhook = await self.of(bot)
            public = None if webhook is None else webhook.public()
            found[bot.id] = {"webhook": public, "failing": bot.failing_since is not None}
        return found

    # --- our own addresses ---

    def origins(self) -> list[str]:
        """Under which addresses admins have reached the room: the newest first."""
        return list(json.loads(self._store.facts.get(ORIGINS) or "[]"))

    def note_origin(self, origin: str) -> None:
        """Note under which address an admin reaches the room; a row if it is another one than before."""
        known = self.origins()
        if known[:1] != [origin]:
            others = [each for each in known if each != origin]
            self._store.facts.put(ORIGINS, json.dumps([origin, *others][:_MOST_ORIGINS]))

    # --- calling them ---

    async def test(self, bot: Bot, by: Member, *, now_ms: int) -> None:
        """Send something to a bot's webhook, and see what it says.

        Raises:
            NotFound: it has none.
            RateLimited: it was called too often just now.
            Undelivered: it does not take it.
        """
        webhook = await self.of(bot)
        if webhook is None:
            raise NotFound("This bot has no webhook.")
        wait = self.wait(bot.id, now_ms)
        if wait:
            raise RateLimited("Too many requests to this webhook.", retry_after=math.ceil(wait))
        body = compact_json({"type": "test", "room": self._room, "member": {"id": by.id, "name": by.name}})
        message_id = "test_" + b64url(self._ciphers.random_bytes(12))
        check_size(await self.send(webhook, message_id, body, now_ms=now_ms))

    def wait(self, bot: str, now_ms: int) -> float:
        """Take one request to a bot's webhook; how many seconds it has to wait, or 0."""
        return self._buckets.setdefault(bot, TokenBucket.full(CALL_BURST, CALL_RATE, now_ms)).take(now_ms)

    async def send(self, webhook: Webhook, message_id: str, body: str, *, now_ms: int) -> Answered:
        """Send something signed.

        Raises:
            Undelivered: it was not taken, or the operator does not allow the address any more.
        """
        try:
            url = self._checked(webhook.url)
        except ChatError as error:
            raise Undelivered("WEBHOOK_HOSTS does not allow this address any more.", failure=NOT_ALLOWED) from error
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "DurableChat",
            **signed_headers(webhook.key, message_id, body, now_ms=now_ms),
        }
        return await deliver(self._post, Request(url, headers, body))

    def _checked(self, url: str) -> str:
        own = [origin.partition("://")[2].partition(":")[0] for origin in self.origins()]
        return addresses.checked(url, hosts=self._hosts, own=own)
