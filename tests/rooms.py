"""A whole room on CPython: the production SQL on sqlite3, real sealing, and helpers in the words of the chat.

Only the password stretching is a stand-in: one round instead of 100,000, and every call is noted, so that a test can
say how many guesses reached the hash.
"""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from access.attempts import address_bucket
from access.confirmations import Waiting
from access.forms import LoginForm
from access.guessing import Finding, Guessing, Spent
from access.proving import Login
from access.signing_in import SignedIn
from access.webauthn import Assertion
from bots.tokens import token_of
from chat.audience import Audience
from chat.changes import Author, Event, Outcome, Request
from chat.directory import BOT, GENERAL, Directory
from chat.history import history_page
from encoding import b64url, compact_json
from errors import WrongProof
from files.layout import OBJECT
from files.store import Places
from live.announcements import signed_in
from live.effects import Answer, CloseConnection, Effect, Enqueue, Tell
from live.reception import Reception
from live.state import RoomState, wake
from sealing.ciphers import Item
from sealing.keyring import Sealed
from sealing.verifiers import stretch
from settings import Settings, read_settings
from storage.database import NotUnique, Row
from storage.entries import SealedColumn
from storage.registry import REGISTRY
from storage.schema import ADDRESS_MIGRATIONS, migrate
from storage.sealed import SealedRow
from storage.sessions import PastDevice, Session
from storage.store import Store
from tests.fakes import MemoryFileStore, OpenSslCiphers, offset_of
from tests.receiver import Receiver
from wire.bots import BOT_RIGHTS, PROGRAM, CreateBot
from wire.changes import Change, CreateChannel, Send
from wire.connections import Connection
from wire.questions import History

T = TypeVar("T")
NOON = 1_800_000_000_000
SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
PASSWORD = "correct horse battery"
ADMIN_PASSWORD = "staple of the admins"
HOME = "203.0.113.7"
ORIGIN = "https://chat.example"
"""Of the address at which everybody sees the room."""
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
_BIGGEST = 2**53


class SqliteDatabase:
    """`storage.database.Database` in memory, as particular as workerd's.

    Numbers are bound as REAL, so that a column or comparison which needs INTEGER shows; whole numbers come back as int,
    as Pyodide gives them. `fail_at` makes statements that contain a text fail, as a full disk would.
    """

    def __init__(self) -> None:
        # What is let go of is collected by whichever thread comes by.
        self.connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self.fail_at: str | None = None
        try:
            self.connection.execute("SELECT unhex('00')")
        except sqlite3.OperationalError:  # SQLite before 3.41
            self.connection.create_function(
                "unhex", 1, lambda text: None if text is None else bytes.fromhex(text), deterministic=True
            )

    def __del__(self) -> None:
        self.connection.close()

    def execute(self, statement: str, *parameters: Any) -> list[Row]:
        if self.fail_at is not None and self.fail_at in statement:
            raise sqlite3.OperationalError("disk full")
        try:
            found = self.connection.execute(statement, [_bound(value) for value in parameters]).fetchall()
        except sqlite3.IntegrityError as error:
            if "UNIQUE constraint failed" in str(error):
                raise NotUnique from error
            raise
        if not statement.startswith("SELECT"):
            return []  # as src/workerd/database.py reads nothing else
        return [tuple(_plain(value) for value in row) for row in found]

    def transaction(self, work: Callable[[], T]) -> T:
        self.connection.execute("SAVEPOINT work")
        try:
            result = work()
        except BaseException:
            self.connection.execute("ROLLBACK TO work")
            self.connection.execute("RELEASE work")
            raise
        self.connection.execute("RELEASE work")
        return result

    def tables(self) -> list[str]:
        found = self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return [name for (name,) in found]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows of a table by column; for looking, never for writing."""
        found = self.connection.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]

    def count(self, table: str) -> int:
        return int(self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def count_of(self, table: str, column: str) -> int:
        """How many rows have something in a column."""
        return int(self.connection.execute(f"SELECT count({column}) FROM {table}").fetchone()[0])

    def sealed_columns(self) -> list[tuple[str, str]]:
        """Table and name of every column of bytes that hold sealed texts."""
        return [
            (table, name)
            for table in self.tables()
            for _, name, kind, *_ in self.connection.execute(f"PRAGMA table_info({table})")
            if kind == "BLOB" and name not in PLAIN_BYTES
        ]

    def dump(self) -> str:
        """Everything that is stored, as SQL: two equal dumps are two equal databases."""
        return "\n".join(self.connection.iterdump())

    def tamper(self, statement: str, *parameters: Any) -> None:
        """What somebody with access to the storage does to it."""
        self.connection.execute(statement, parameters)

    def copy(self) -> "SqliteDatabase":
        """The database as a thief takes it home."""
        stolen = SqliteDatabase()
        self.connection.backup(stolen.connection)
        return stolen


class QuickCiphers(OpenSslCiphers):
    """OpenSSL, but PBKDF2 with one round whatever was asked for.

    `stretched` notes each call's iterations, `opened` counts the texts that were opened.
    """

    def __init__(self) -> None:
        self.stretched: list[int] = []
        self.opened = 0

    async def open(self, key: bytes, items: Sequence[Item]) -> list[bytes | None]:
        self.opened += len(items)
        return await super().open(key, items)

    async def pbkdf2(self, password: bytes, salt: bytes, iterations: int, length: int) -> bytes:
        self.stretched.append(iterations)
        return await super().pbkdf2(password, salt + iterations.to_bytes(4, "big"), 1, length)


@dataclass(slots=True)
class Person:
    """Somebody with a device that is signed in."""

    id: str
    name: str
    session: Session
    token: bytes

    @property
    def author(self) -> Author:
        return Author(self.id, self.session.role)


class Restricted(Audience):
    """An audience that hides channels from all but some members."""

    def __init__(self, directory: Directory, members: Mapping[str, frozenset[str]]) -> None:
        super().__init__(directory)
        self._members = members

    def restricted(self) -> Mapping[str, frozenset[str]]:
        return self._members


class ChatRoom:
    """A room that a test drives: `state` is what is awake now, `database` what survives."""

    def __init__(self, name: str, settings: Mapping[str, str], database: SqliteDatabase, now_ms: int) -> None:
        self.name = name
        self.given = dict(settings)
        self.database = database
        self.ciphers = QuickCiphers()
        self.files = MemoryFileStore()
        self.now_ms = now_ms
        self.receiver = Receiver()
        self.state: RoomState
        self.reception: Reception
        self.restricted: dict[str, frozenset[str]] | None = None
        """Which members see which channel, if not everybody sees all; from the next `wake` on, or as it is changed."""
        self.addresses: dict[str, SqliteDatabase] = {}
        self._ids = 1 << 20  # far from those that a test picks itself

    # --- time and sleep ---

    def later(self, milliseconds: int) -> None:
        self.now_ms += milliseconds

    async def wake(self, *, version: str | None = None, **settings: str) -> None:
        """Sleep, then wake from storage alone, perhaps with other settings; an empty text takes one away."""
        self.given |= settings
        self.state = await wake(
            self.name,
            self.settings,
            self.database,
            self.ciphers,
            now_ms=self.now_ms,
            places=Places({OBJECT: self.files}, OBJECT),
            post=self.receiver.post,
            offset_of=offset_of,
            version=version,
            audience_of=self._audience_of,
        )
        self.reception = Reception(self.state, let_in=asyncio.sleep)

    def _audience_of(self, directory: Directory) -> Audience:
        return Audience(directory) if self.restricted is None else Restricted(directory, self.restricted)

    @property
    def settings(self) -> Settings:
        return read_settings(self.given)

    # --- people ---

    async def proof(self, password: str) -> bytes:
        """What a browser sends for a password."""
        salt = await self.state.credentials.salt(stored=self.state.is_stored)
        return await stretch(password, salt, OpenSslOnce(self.ciphers))

    async def sign_in(
        self,
        name: str,
        *,
        password: str = PASSWORD,
        address: str = HOME,
        agent: str = FIREFOX,
        current: Session | None = None,
        device: bytes | None = None,
        code: str | None = None,
        confirmation: str | None = None,
        spent: Sequence[Spent] = (),
        hard: bool = False,
        past: PastDevice | None = None,
        recovery: bytes | None = None,
        invite: bytes | None = None,
        passkey: Assertion | None = None,
        with_password: str | None = None,
    ) -> SignedIn | Waiting:
        """Try to sign in, as the shell would do it.

        Args:
            recovery, invite, passkey: stand in place of the password.
            with_password: a password that goes along with `recovery` or `passkey`.
        """
        used = password if (recovery, invite, passkey) == (None, None, None) else with_password
        proof = None if used is None else await self.proof(used)
        form = LoginForm(name, proof, None, None, code, confirmation, recovery, invite, passkey)
        login = Login(form, address, agent, tuple(spent), hard, current, device, past, ORIGIN)
        guessing = self.guessing_of(address)
        must_be_hard = self.settings.altcha and not hard
        by_link = invite is not None
        guessing.begin(spent, must_be_hard=must_be_hard, by_link=by_link, now_ms=self.now_ms)
        finding = Finding.NONE
        try:
            stored = self.state.is_stored
            proven = await self.state.proving.prove(login, stored=stored, now_ms=self.now_ms)
            finding = self.state.proving.finding(proven)
            self.state.prepare()
            return await self.state.signing_in.sign_in(
                login, proven, was_stored=stored, now_ms=self.now_ms, is_online=self.state.presence.is_online
            )
        except WrongProof:
            finding = Finding.WRONG
            raise
        finally:
            guessing.settle(finding, by_link=by_link, now_ms=self.now_ms)

    def guessing_of(self, address: str) -> Guessing:
        """What the object of an address knows, whichever room is asked."""
        bucket = address_bucket(address)
        if bucket not in self.addresses:
            self.addresses[bucket] = SqliteDatabase()
            migrate(self.addresses[bucket], ADDRESS_MIGRATIONS)
        return Guessing(Store(self.addresses[bucket]))

    async def join(self, name: str, *, admin: bool = False, **more: Any) -> Person:
        """Sign in and get in."""
        result = await self.sign_in(name, password=ADMIN_PASSWORD if admin else PASSWORD, **more)
        assert isinstance(result, SignedIn), f"{name} has to wait"
        signed_in(self.state, result)
        return Person(result.member.id, name, result.session, result.token)

    # --- changes ---

    def new_id(self) -> str:
        self._ids += 1
        return uuid(self._ids)

    def text(self, body: str, channel: str = GENERAL, **more: Any) -> Send:
        """A new message, named."""
        name = more.pop("id", None) or self.new_id()
        mentions, files = tuple(more.pop("mentions", ())), tuple(more.pop("files", ()))
        return Send(name, name, channel, body, more.pop("reply_to", None), mentions, files)

    async def commit(self, *changes: tuple[Person, Change], wants_acks: bool = True) -> Outcome:
        """Changes that arrive together."""
        requests = [
            Request(person.author, frame, b64url(self.ciphers.random_bytes(9)), wants_acks) for person, frame in changes
        ]
        outcome = await self.state.conversation.commit(requests, now_ms=self.now_ms)
        if outcome.failure is not None:
            raise outcome.failure
        return outcome

    async def ask(self, person: Person, change: Change) -> dict[str, Any]:
        """One change; its answer."""
        return parsed((await self.commit((person, change))).answers[0])

    async def asked(self, person: Person, frame: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a change as a client sends it, refusals included."""
        (effect,) = await self.receive(await self.connect(person), {"ref": "asked", **frame})
        if isinstance(effect, Answer):
            return parsed(effect.text)
        assert isinstance(effect, Enqueue)
        return parsed((await self.state.conversation.commit([effect.request], now_ms=self.now_ms)).answers[0])

    async def say(self, person: Person, body: str, channel: str = GENERAL, **more: Any) -> dict[str, Any]:
        """Post a message that is accepted; its ack."""
        return accepted(await self.ask(person, self.text(body, channel, **more)))

    async def create_channel(self, person: Person, name: str, topic: str = "") -> str:
        """Create a channel that is accepted; its id."""
        return str(accepted(await self.ask(person, CreateChannel("ref", name, topic)))["channel"])

    # --- sockets ---

    def socket(self, person: Person) -> Connection:
        """A socket that has not said hello."""
        session = person.session
        return Connection(b64url(self.ciphers.random_bytes(9)), person.id, session.id, session.expires_at)

    async def receive(self, connection: Connection, frame: Mapping[str, Any] | str | None) -> list[Effect]:
        """What follows from a frame."""
        text = frame if frame is None or isinstance(frame, str) else compact_json(frame)
        follows = self.reception.receive(connection, text, now_ms=self.now_ms)
        return follows if isinstance(follows, list) else await follows

    async def hello(self, connection: Connection, last_seq: int | None = None) -> list[dict[str, Any]]:
        """Say hello; all that is answered."""
        return answers(await self.receive(connection, {"type": "hello", "last_seq": last_seq}))

    async def connect(self, person: Person) -> Connection:
        """A socket that was welcomed."""
        connection = self.socket(person)
        assert (await self.hello(connection))[0]["type"] == "welcome"
        return connection

    async def welcome(self, person: Person, last_seq: int | None = None) -> dict[str, Any]:
        """What a fresh socket of this person is told first; the socket is gone again."""
        return (await self.catch_up(person, last_seq))[0]

    async def catch_up(self, person: Person, last_seq: int | None) -> list[dict[str, Any]]:
        """All that a fresh socket of this person is told; the socket is gone again."""
        told = await self.hello(self.socket(person), last_seq)
        self.gone(person)
        return told

    def gone(self, person: Person) -> None:
        """One socket of a person or bot is gone."""
        is_bot = person.session.role == BOT
        (self.state.programs.here if is_bot else self.state.presence).go(person.id)

    async def missed(self, person: Person, last_seq: int) -> list[dict[str, Any]]:
        """The events that a person who was away is told."""
        welcome, *frames = await self.catch_up(person, last_seq)
        assert welcome["resumed"] is True
        assert {frame["type"] for frame in frames} == {"events"}
        return [event for frame in frames for event in frame["events"]]

    async def channel_of(self, person: Person, channel: str = GENERAL) -> dict[str, Any]:
        """A channel as the welcome shows it to a person."""
        return next(each for each in (await self.welcome(person))["channels"] if each["id"] == channel)

    async def history(
        self,
        channel: str = GENERAL,
        /,
        *,
        before: int | None = None,
        after: int | None = None,
        limit: int = 100,
        has: tuple[str, ...] = (),
    ) -> dict[str, Any]:
        """A page of a channel."""
        request = History("ref", channel, before, after, limit, has)
        state = self.state
        found = state.directory.channel(channel)
        return dict(
            json.loads(
                await history_page(request, found, state.store, state.keyring, as_of=state.directory.lane(channel).seq)
            )
        )

    async def bodies(self, channel: str = GENERAL) -> list[str]:
        """The texts that a channel shows, oldest first."""
        return [message.get("body", "") for message in (await self.history(channel))["messages"]]

    async def bot(self, by: Person, *channels: str, rights: tuple[str, ...] = BOT_RIGHTS, name: str = "Robo") -> Person:
        """A bot that an admin makes, with the session that its sockets have."""
        frame = CreateBot(None, name, channels or (GENERAL,), rights)
        _, token, _ = await self.state.programs.create(by.id, frame, now_ms=self.now_ms)
        return self.bot_with(token)

    def bot_with(self, token: str) -> Person:
        """The bot of a token."""
        known = token_of(token, "", None)
        programs = self.state.programs
        bot = programs.authorised(PROGRAM, known.id, known.digest)
        session = programs.session(bot.id, programs.opening(bot), now_ms=self.now_ms)
        return Person(bot.id, self.state.directory.members[bot.id].name, session, token.encode())

    # --- what is stored ---

    async def plaintexts(self) -> list[str]:
        """Everything sealed that the database holds, opened; nothing is left out."""
        items = [
            (row.sealed, column.header(*row.place))
            for entry in REGISTRY
            for column in entry.sealed
            for row in sealed_texts(self.database, entry.table, column)
        ]
        opened = await self.state.keyring.open(items)
        blobs = sum(self.database.count_of(table, column) for table, column in self.database.sealed_columns())
        assert len(items) == blobs, "a sealed column is missing from the registry"
        assert None not in opened
        return [text.decode(errors="replace") for text in opened if text is not None]


class OpenSslOnce(OpenSslCiphers):
    """A browser's stretching: the same function as the room's, but not counted as the room's work."""

    def __init__(self, room: QuickCiphers) -> None:
        self._room = room

    async def pbkdf2(self, password: bytes, salt: bytes, iterations: int, length: int) -> bytes:
        derived = await self._room.pbkdf2(password, salt, iterations, length)
        self._room.stretched.pop()
        return derived


async def make_room(
    name: str = "main", *, database: SqliteDatabase | None = None, now_ms: int = NOON, **settings: str
) -> ChatRoom:
    """An awake room of that name, with nobody in it yet."""
    given = {
        "CHAT_PASSWORD": PASSWORD,
        "ADMIN_PASSWORD": ADMIN_PASSWORD,
        "MASTER_KEY": b64url(bytes(range(32))),
        "ROOM_NAMES": "*",
        "BOT_PROTECTION": "off",
    } | settings
    room = ChatRoom(name, given, database or SqliteDatabase(), now_ms)
    await room.wake()
    return room


def sign_in_again(room: ChatRoom, person: Person, session: str) -> None:
    """One more device of a person: a session of this id, unless there is one."""
    if room.state.sessions.find(person.id, session, now_ms=room.now_ms) is None:
        now_ms = room.now_ms
        device = replace(person.session, id=session, created_at=now_ms, seen_at=now_ms, expires_at=now_ms + 30 * DAY)
        room.state.store.sessions.insert(device, token_digest=session.encode())


def uuid(number: int) -> str:
    """The id of the test's message number so and so."""
    return f"{number:08x}-0000-4000-8000-000000000000"


def parsed(frame: str | None) -> dict[str, Any]:
    """A frame as a client reads it."""
    assert frame is not None, "there is no answer"
    value = json.loads(frame)
    assert isinstance(value, dict)
    return value


def accepted(answer: dict[str, Any]) -> dict[str, Any]:
    assert answer["type"] == "ack", answer
    return answer


def refused(answer: dict[str, Any]) -> str:
    """The code of a refusal."""
    assert answer["type"] == "error", answer
    return str(answer["code"])


def events(happened: Outcome | Sequence[Event]) -> list[dict[str, Any]]:
    """Events as a client reads them."""
    found = happened.events if isinstance(happened, Outcome) else happened
    return [parsed(event.text) for event in found]


def answers(effects: Sequence[Effect]) -> list[dict[str, Any]]:
    """The frames that the asking socket gets."""
    return [parsed(effect.text) for effect in effects if isinstance(effect, Answer)]


def told(effects: Sequence[Effect]) -> list[tuple[dict[str, Any], frozenset[str] | None, str | None]]:
    """The frames that others get, with whom they are for (None: everybody) and which connection they pass over."""
    return [(parsed(effect.text), effect.members, effect.but) for effect in effects if isinstance(effect, Tell)]


def errors(effects: Sequence[Effect]) -> list[str]:
    """The codes of the refusals among these."""
    return [each["code"] for each in answers(effects) if each["type"] == "error"]


async def refusal(room: ChatRoom, connection: Connection, frame: dict[str, Any] | str | None) -> dict[str, Any]:
    """The refusal that a frame leads to, and nothing besides."""
    (effect,) = await room.receive(connection, frame)
    (answer,) = answers([effect])
    assert answer["type"] == "error"
    return answer


def closed(effects: Sequence[Effect]) -> int | None:
    """The code that the asking socket is closed with."""
    codes = [int(effect.code) for effect in effects if isinstance(effect, CloseConnection)]
    assert len(codes) <= 1
    return codes[0] if codes else None


# Keys, digests and ids: bytes that hide no text.
PLAIN_BYTES = {
    "id",
    "token_digest",
    "name_digest",
    "digest",
    "address",
    "endpoint",
    "salt",
    "hash",
    "fingerprint",
    "public_key",
    "wrapped",
    "files",
}


def sealed_texts(database: SqliteDatabase, table: str, column: SealedColumn) -> list[SealedRow]:
    """What a column of the registry holds, with the place of each text."""
    columns = ", ".join((column.epoch, column.name, *column.place))
    found = database.connection.execute(f"SELECT {columns} FROM {table} WHERE {column.name} IS NOT NULL")
    return [SealedRow(Sealed(epoch, data), tuple(place)) for epoch, data, *place in found]


def _bound(value: Any) -> Any:
    if isinstance(value, int):
        assert abs(value) < _BIGGEST, "JavaScript would lose digits"
        return float(value)
    assert value is None or isinstance(value, (float, str, bytes)), f"workerd cannot bind a {type(value).__name__}"
    return value


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
