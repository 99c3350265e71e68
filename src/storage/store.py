"""Every SQL statement of the room, and the rows they take and give. No rules, no ciphers, no clock.

One file on purpose, although long: this is the only place with SQL in it, so that a reader (and a test) can see
that each statement is a constant and every value is bound. It runs on the Durable Object's storage and, in tests, on
Python's own sqlite3, through the same small `Database` port. Message ids are UUID texts outside, 16 bytes inside.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Protocol, TypeVar
from uuid import UUID

from limits import MAX_BOUND_PARAMETERS, MAX_ROW_BYTES, PAST_DEVICE_MS, SESSION_IDLE_MS
from sealing.datakeys import DataKey
from sealing.keyring import Sealed

T = TypeVar("T")
Row = tuple[Any, ...]
_BATCH_BYTES = 1_000_000  # one JSON parameter of a multi-row insert, half of what the platform takes
_BATCH_OVERHEAD_BYTES = 200  # of a message in it, its sealed text aside; at most


class NotUnique(Exception):
    """A statement would have stored something twice that may be there once; it stored nothing."""


class Database(Protocol):
    """What a store needs of SQLite; workerd's storage and sqlite3 both give it."""

    def execute(self, statement: str, *parameters: Any) -> list[Row]:
        """Run one statement with bound `?` parameters and return all its rows.

        Raises:
            NotUnique: a UNIQUE constraint would not hold any more.
        """

    def transaction(self, work: Callable[[], T]) -> T:
        """Run `work`; keep all of what it wrote, or nothing if it raises."""


@dataclass(slots=True)  # docs/decisions/values-that-are-not-frozen.md
class NewMessage:
    """A message about to be stored."""

    channel: str
    seq: int
    position: int
    id: str
    author: str
    sent_at: int
    sealed: Sealed


@dataclass(frozen=True)
class Attempts:
    """The failed logins of one address that are not forgotten yet. Times in milliseconds since 1970."""

    failures: int
    window_started_at: int
    """The latest failure; LOGIN_FAILURE_WINDOW_MS without another and without a wait, and all is forgotten."""
    blocked_until: int
    """0 while the address has never had to wait."""
    blocks: int
    """How often it had to wait so far; each wait is twice as long as the one before."""


@dataclass(frozen=True, slots=True)
class Message:
    """A stored message. `sealed` is None once deleted; `changed_seq` is the newest change of any kind to it."""

    channel: str
    seq: int
    id: str
    author: str
    sent_at: int
    edited_at: int | None
    deleted_at: int | None
    changed_seq: int
    sealed: Sealed | None
    reactions: Sealed | None

    @property
    def size_bytes(self) -> int:
        """How much of it is sealed."""
        return sum(len(each.data) for each in (self.sealed, self.reactions) if each is not None)


@dataclass(frozen=True, slots=True)
class Change:
    """A stored event that is not a new message."""

    seq: int
    at: int
    channel: str
    author: str
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel as stored; name and topic are in `sealed`."""

    id: str
    created_by: str
    created_at: int
    archived: bool
    retention_days: int | None
    purged_seq: int
    purged_position: int
    deleted_at: int | None
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class Newest:
    """Where a channel stands: its newest message."""

    seq: int
    position: int
    author: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a channel stood with one of its messages."""

    seq: int
    position: int
    sent_at: int


@dataclass(frozen=True, slots=True)
class Oldest:
    """Where a channel begins: its oldest message that is still stored, without an epoch once deleted."""

    sent_at: int
    epoch: int | None
    was_edited: bool


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as stored; the name is in `sealed`. What was said up to `joined_seq` was there before them."""

    id: str
    role: str
    seen_at: int
    removed_at: int | None
    sealed: Sealed
    joined_seq: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """One device of a member."""

    id: str
    member: str
    role: str
    created_at: int
    seen_at: int
    expires_at: int
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a device gets its notifications; address and keys are in `sealed`, `endpoint` is a keyed hash."""

    member: str
    session: str
    endpoint: bytes
    created_at: int
    failures: int
    retry_at: int
    sealed: Sealed
    refusals: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody is to be told of a channel's messages from `seq` on; `device` is empty for all of theirs."""

    member: str
    channel: str
    device: str
    seq: int
    tries: int
    due_at: int


@dataclass(frozen=True, slots=True)
class Credential:
    """What a proof is checked against. `fingerprint` is empty, except where an older version stored one."""

    salt: bytes
    hash: bytes
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Somebody waits to sign in under a name that is held."""

    id: str
    token_digest: bytes
    member: str
    created_at: int
    expires_at: int
    tries: int
    approved: bool
    address: bytes
    """The keyed digest of the address that asked."""
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class PastDevice:
    """A device that was signed out without having been asked, and whose member's name somebody else has taken since."""

    token_digest: bytes
    member: str
    replaced_at: int


@dataclass(frozen=True, slots=True)
class Alert:
    """What a member has to be told about their own name, of `kind`; `session` is the device that it is about."""

    id: str
    member: str
    session: str
    kind: str
    at: int


_MESSAGE = (
    "channel, seq, id, author, sent_at, edited_at, deleted_at, changed_seq, epoch, sealed, reactions_epoch, reactions"
)


_NEW_MESSAGE = "channel, seq, position, id, author, sent_at, changed_seq, epoch, sealed"
_SUBSCRIPTION = "member, session, endpoint, created_at, failures, retry_at, epoch, sealed, refusals"


class Store:
    """The room's tables, by what is asked of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def _run(self, statement: str, *parameters: Any) -> list[Row]:
        """Refuse here what only production refuses, so that local tests cannot miss it."""
        if len(parameters) > MAX_BOUND_PARAMETERS:
            raise ValueError(f"{len(parameters)} bound parameters, the platform takes {MAX_BOUND_PARAMETERS}")
        for value in parameters:
            if isinstance(value, (bytes, str)) and _size(value) > MAX_ROW_BYTES:
                raise ValueError(f"a value of {_size(value)} bytes, the platform takes {MAX_ROW_BYTES}")
        return self._database.execute(statement, *parameters)

    def transaction(self, work: Callable[[], T]) -> T:
        """Everything that `work` writes, or nothing."""
        return self._database.transaction(work)

    # --- facts ---

    def fact(self, name: str) -> Any:
        """A fact about the room, or None."""
        found = self._run("SELECT value FROM room_facts WHERE name = ?", name)
        return found[0][0] if found else None

    def set_fact(self, name: str, value: Any) -> None:
        """Store or replace a fact."""
        self._run("INSERT OR REPLACE INTO room_facts (name, value) VALUES (?, ?)", name, value)

    def newest_change(self) -> int:
        """The `seq` of the newest change still stored, 0 if none is."""
        return int(self._run("SELECT max(seq) FROM changes")[0][0] or 0)

    # --- messages ---

    def insert_messages(self, messages: Sequence[NewMessage]) -> None:
        """Store messages that belong together with one statement for every megabyte of them.

        Raises:
            NotUnique: one of them is stored already.
        """
        if len(messages) == 1:  # the usual case, and the shorter way for it
            self._insert_message(messages[0])
            return
        for batch in _batches(messages):
            self._run(
                "INSERT INTO messages (" + _NEW_MESSAGE + ")"
                " SELECT value ->> 0, value ->> 1, value ->> 2, unhex(value ->> 3), value ->> 4, value ->> 5,"
                " value ->> 1, value ->> 6, unhex(value ->> 7) FROM json_each(?)",
                batch,
            )

    def _insert_message(self, message: NewMessage) -> None:
        self._run(
            "INSERT INTO messages (" + _NEW_MESSAGE + ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?2, ?7, ?8)",
            message.channel,
            message.seq,
            message.position,
            UUID(message.id).bytes,
            message.author,
            message.sent_at,
            message.sealed.epoch,
            message.sealed.data,
        )

    def sent_before(self, ids: Sequence[str]) -> dict[str, Message]:
        """Those of these messages that are stored already, by id."""
        wanted = json.dumps([UUID(text).hex for text in ids])
        found = self._run(
            "SELECT " + _MESSAGE + " FROM messages WHERE id IN (SELECT unhex(value) FROM json_each(?))", wanted
        )
        return {message.id: message for message in map(_message, found)}

    def message(self, message_id: str) -> Message | None:
        """A message by its id."""
        found = self._run("SELECT " + _MESSAGE + " FROM messages WHERE id = ?", UUID(message_id).bytes)
        return _message(found[0]) if found else None

    def page_before(self, channel: str, before: int, limit: int) -> list[Message]:
        """Up to `limit` messages older than `before`, newest first."""
        return [
            _message(row)
            for row in self._run(
                "SELECT " + _MESSAGE + " FROM messages WHERE channel = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
                channel,
                before,
                limit,
            )
        ]

    def page_after(self, channel: str, after: int, limit: int) -> list[Message]:
        """Up to `limit` messages newer than `after`, oldest first."""
        return [
            _message(row)
            for row in self._run(
                "SELECT " + _MESSAGE + " FROM messages WHERE channel = ? AND seq > ? ORDER BY seq LIMIT ?",
                channel,
                after,
                limit,
            )
        ]

    def edit_message(self, message: Message, sealed: Sealed, *, edited_at: int, changed_seq: int) -> None:
        """Replace a message's text."""
        self._run(
            "UPDATE messages SET edited_at = ?, changed_seq = ?, epoch = ?, sealed = ? WHERE channel = ? AND seq = ?",
            edited_at,
            changed_seq,
            sealed.epoch,
            sealed.data,
            message.channel,
            message.seq,
        )

    def erase_message(self, message: Message, *, deleted_at: int, changed_seq: int) -> None:
        """Remove a message's text and reactions; that it was there stays known."""
        self._run(
            "UPDATE messages SET deleted_at = ?, changed_seq = ?, epoch = NULL, sealed = NULL,"
            " reactions_epoch = NULL, reactions = NULL WHERE channel = ? AND seq = ?",
            deleted_at,
            changed_seq,
            message.channel,
            message.seq,
        )

    def reacted_messages(self, sent_until_ms: int, limit: int) -> list[Message]:
        """Messages with reactions that were sent until then."""
        found = self._run(
            "SELECT " + _MESSAGE + " FROM messages WHERE reactions IS NOT NULL AND sent_at <= ? LIMIT ?",
            sent_until_ms,
            limit,
        )
        return [_message(row) for row in found]

    def set_reactions(self, message: Message, sealed: Sealed, *, changed_seq: int) -> None:
        """Replace a message's reactions."""
        self._run(
            "UPDATE messages SET changed_seq = ?, reactions_epoch = ?, reactions = ? WHERE channel = ? AND seq = ?",
            changed_seq,
            sealed.epoch,
            sealed.data,
            message.channel,
            message.seq,
        )

    def newest_message(self, channel: str) -> Newest | None:
        """Where a channel stands; reads one row."""
        found = self._run(
            "SELECT seq, position, author FROM messages WHERE channel = ? ORDER BY seq DESC LIMIT 1", channel
        )
        return Newest(*found[0]) if found else None

    def position_at(self, channel: str, seq: int) -> int:
        """How many messages the channel had up to `seq`, counting removed ones; reads one row."""
        found = self._run(
            "SELECT position FROM messages WHERE channel = ? AND seq <= ? ORDER BY seq DESC LIMIT 1", channel, seq
        )
        return int(found[0][0]) if found else 0

    def has_others(self, channel: str, member: str) -> bool:
        """Whether anybody else has written in a channel; reads up to the first such message."""
        return bool(self._run("SELECT 1 FROM messages WHERE channel = ? AND author <> ? LIMIT 1", channel, member))

    def newest_up_to(self, channels: Sequence[str], seq: int) -> dict[str, tuple[int, int]]:
        """Of channels the newest message up to a `seq`, as (`seq`, position); reads one row for each."""
        found = self._run(
            "SELECT value, (SELECT json_array(seq, position) FROM messages WHERE channel = value AND seq <= ?"
            " ORDER BY seq DESC LIMIT 1) FROM json_each(?)",
            seq,
            json.dumps(channels),
        )
        standing = {channel: json.loads(newest) for channel, newest in found if newest is not None}
        return {channel: (at, position) for channel, (at, position) in standing.items()}

    def authors_between(
        self, ranges: Sequence[tuple[str, int, int | None]], limit: int
    ) -> dict[str, list[tuple[int, str, bool]]]:
        """Of channels the newest `limit` messages between two of their `seq`: its own, author, whether deleted."""
        found = self._run(
            "SELECT asked.value ->> 0, (SELECT json_group_array(json_array(seq, author, is_deleted)) FROM"
            " (SELECT seq, author, deleted_at IS NOT NULL AS is_deleted FROM messages WHERE channel = asked.value ->> 0"
            " AND seq > asked.value ->> 1 AND seq < coalesce(asked.value ->> 2, 9e15) ORDER BY seq DESC LIMIT ?))"
            " FROM json_each(?) AS asked",
            limit,
            json.dumps(ranges),
        )
        return {
            channel: [(seq, author, bool(is_deleted)) for seq, author, is_deleted in json.loads(rows)]
            for channel, rows in found
        }

    def standing_before(self, channel: str, seq: int) -> Standing | None:
        """Where a channel stood before a `seq`; reads one row."""
        found = self._run(
            "SELECT seq, position, sent_at FROM messages WHERE channel = ? AND seq < ? ORDER BY seq DESC LIMIT 1",
            channel,
            seq,
        )
        return Standing(*found[0]) if found else None

    def oldest_message(self, channel: str) -> Oldest | None:
        """Where a channel begins; reads one row."""
        found = self._run(
            "SELECT sent_at, epoch, edited_at IS NOT NULL FROM messages WHERE channel = ? ORDER BY seq LIMIT 1", channel
        )
        return Oldest(found[0][0], found[0][1], bool(found[0][2])) if found else None

    # --- changes ---

    def insert_change(self, change: Change) -> None:
        """Store an event."""
        self._run(
            "INSERT INTO changes (seq, at, channel, author, epoch, sealed) VALUES (?, ?, ?, ?, ?, ?)",
            change.seq,
            change.at,
            change.channel,
            change.author,
            change.sealed.epoch,
            change.sealed.data,
        )

    def changes_after(self, seq: int, limit: int) -> list[Change]:
        """Events newer than `seq`, oldest first."""
        found = self._run(
            "SELECT seq, at, channel, author, epoch, sealed FROM changes WHERE seq > ? ORDER BY seq LIMIT ?", seq, limit
        )
        return [_change(row) for row in found]

    def changes_sealed_in(self, epochs: Iterable[int], limit: int) -> list[Change]:
        """Events sealed under some data keys, oldest first."""
        found = self._run(
            "SELECT seq, at, channel, author, epoch, sealed FROM changes"
            " WHERE epoch IN (SELECT value FROM json_each(?)) ORDER BY seq LIMIT ?",
            json.dumps(list(epochs)),
            limit,
        )
        return [_change(row) for row in found]

    def reseal_change(self, seq: int, sealed: Sealed) -> None:
        """The same event under a newer data key."""
        self._run("UPDATE changes SET epoch = ?, sealed = ? WHERE seq = ?", sealed.epoch, sealed.data, seq)

    # --- channels ---

    def channels(self) -> list[ChannelRow]:
        """All channels, deleted ones that still hold messages too, oldest first."""
        found = self._run(
            "SELECT id, created_by, created_at, archived, retention_days, purged_seq, purged_position, deleted_at,"
            " epoch, sealed FROM channels ORDER BY created_at, id"
        )
        return [_channel(row) for row in found]

    def put_channel(self, channel: ChannelRow) -> None:
        """Store a channel, new or changed."""
        self._run(
            "INSERT OR REPLACE INTO channels (id, created_by, created_at, archived, retention_days, purged_seq,"
            " purged_position, deleted_at, epoch, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            channel.id,
            channel.created_by,
            channel.created_at,
            int(channel.archived),
            channel.retention_days,
            channel.purged_seq,
            channel.purged_position,
            channel.deleted_at,
            channel.sealed.epoch,
            channel.sealed.data,
        )

    def forget_channel(self, channel: str) -> None:
        """The last trace of a deleted channel whose messages are gone."""
        self._run("DELETE FROM channels WHERE id = ?", channel)
        self._run("DELETE FROM read_positions WHERE channel = ?", channel)
        self._run("DELETE FROM mentions WHERE channel = ?", channel)
        self._run("DELETE FROM notify_choices WHERE channel = ?", channel)
        self._run("DELETE FROM notices WHERE channel = ?", channel)

    # --- members ---

    def members(self) -> list[MemberRow]:
        """All members, removed ones too: their old messages still need a name."""
        found = self._run(
            "SELECT id, role, seen_at, removed_at, epoch, sealed, joined_seq FROM members ORDER BY joined_at, id"
        )
        return [_member(row) for row in found]

    def member_named(self, name_digest: bytes) -> str | None:
        """The id of the present member with this name."""
        found = self._run("SELECT id FROM members WHERE name_digest = ? AND removed_at IS NULL", name_digest)
        return found[0][0] if found else None

    def insert_member(self, member: MemberRow, *, name_digest: bytes, joined_at: int) -> None:
        """Store a new member."""
        self._run(
            "INSERT INTO members (id, name_digest, role, joined_at, seen_at, epoch, sealed, joined_seq)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            member.id,
            name_digest,
            member.role,
            joined_at,
            member.seen_at,
            member.sealed.epoch,
            member.sealed.data,
            member.joined_seq,
        )

    def set_member_role(self, member: str, role: str) -> None:
        """Change the role that others see."""
        self._run("UPDATE members SET role = ? WHERE id = ?", role, member)

    def set_member_seen(self, member: str, seen_at: int) -> None:
        """Note that the member was here."""
        self._run("UPDATE members SET seen_at = ? WHERE id = ?", seen_at, member)

    def remove_member(self, member: str, removed_at: int) -> None:
        """All devices are signed out and the name becomes free; what was written stays."""
        self._run("DELETE FROM sessions WHERE member = ?", member)
        self._run("UPDATE members SET removed_at = ?, role = 'member' WHERE id = ?", removed_at, member)
        self._run("DELETE FROM read_positions WHERE member = ?", member)
        self._run("DELETE FROM mentions WHERE member = ?", member)
        self._run("DELETE FROM confirmations WHERE member = ?", member)
        self._run("DELETE FROM push_subscriptions WHERE member = ?", member)
        self._run("DELETE FROM notify_choices WHERE member = ?", member)
        self._run("DELETE FROM notices WHERE member = ?", member)
        self._run("DELETE FROM alerts WHERE member = ?", member)

    def replace_member(self, member: str, replaced_at: int) -> None:
        """As `remove_member`; and the member's devices can be told that somebody else has the name now."""
        for session in self.sessions_of(member):
            self.retire_session(member, session.id, is_own=False, at=replaced_at)
        self._run("UPDATE past_devices SET replaced_at = ? WHERE member = ?", replaced_at, member)
        self.remove_member(member, replaced_at)

    def silent_members(self, now_ms: int, seen_before_ms: int, limit: int) -> list[str]:
        """Present members without a live session, message or channel, those least seen first.

        Reads the author of every message.
        """
        found = self._run(
            "SELECT id FROM members WHERE removed_at IS NULL"
            " AND id NOT IN (SELECT member FROM sessions WHERE expires_at > ? AND seen_at > ?)"
            " AND id NOT IN (SELECT author FROM messages) AND id NOT IN (SELECT created_by FROM channels)"
            " ORDER BY seen_at LIMIT ?",
            now_ms,
            seen_before_ms,
            limit,
        )
        return [member for (member,) in found]

    def unnamed_former_members(self) -> list[str]:
        """Former members who wrote no message, made no channel, are the author of no change and are not banned.

        Reads the author of every message and change.
        """
        found = self._run(
            "SELECT id FROM members WHERE removed_at IS NOT NULL"
            " AND id NOT IN (SELECT author FROM messages) AND id NOT IN (SELECT created_by FROM channels)"
            " AND id NOT IN (SELECT author FROM changes) AND id NOT IN (SELECT member FROM bans)"
        )
        return [member for (member,) in found]

    def forget_member(self, member: str) -> None:
        """Remove the last that is known of a former member."""
        self._run("DELETE FROM members WHERE id = ? AND removed_at IS NOT NULL", member)

    # --- bans ---

    def ban(self, member: str, at: int) -> None:
        """Ban a member and every device that is signed in; before `remove_member`, which signs them out."""
        self._run("INSERT OR REPLACE INTO bans (member, at) VALUES (?, ?)", member, at)
        self._run(
            "INSERT OR REPLACE INTO banned_devices (token_digest, member)"
            " SELECT token_digest, member FROM sessions WHERE member = ?1"
            " UNION SELECT token_digest, member FROM past_devices WHERE member = ?1",
            member,
        )

    def bans(self) -> list[tuple[str, int]]:
        """Who is banned, and since when in ms."""
        return [(member, at) for member, at in self._run("SELECT member, at FROM bans")]

    def is_banned_device(self, token_digest: bytes) -> bool:
        """Whether a banned member's browser has this cookie."""
        return bool(self._run("SELECT 1 FROM banned_devices WHERE token_digest = ?", token_digest))

    def lift_ban(self, member: str) -> None:
        """Forget a ban with its devices."""
        self._run("DELETE FROM bans WHERE member = ?", member)
        self._run("DELETE FROM banned_devices WHERE member = ?", member)

    def reseal_channel(self, channel: str, sealed: Sealed) -> None:
        """The same name and topic under a newer data key."""
        self._run("UPDATE channels SET epoch = ?, sealed = ? WHERE id = ?", sealed.epoch, sealed.data, channel)

    def reseal_member(self, member: str, sealed: Sealed) -> None:
        """The same name under a newer data key."""
        self._run("UPDATE members SET epoch = ?, sealed = ? WHERE id = ?", sealed.epoch, sealed.data, member)

    # --- sessions ---

    def session(self, token_digest: bytes) -> Session | None:
        """The session of a cookie."""
        found = self._run(
            "SELECT id, member, role, created_at, seen_at, expires_at, epoch, sealed FROM sessions"
            " WHERE token_digest = ?",
            token_digest,
        )
        return _session(found[0]) if found else None

    def sessions_of(self, member: str) -> list[Session]:
        """A member's devices, oldest first."""
        found = self._run(
            "SELECT id, member, role, created_at, seen_at, expires_at, epoch, sealed FROM sessions"
            " WHERE member = ? ORDER BY created_at, id",
            member,
        )
        return [_session(row) for row in found]

    def sessions(self) -> list[Session]:
        """All devices of the room."""
        found = self._run("SELECT id, member, role, created_at, seen_at, expires_at, epoch, sealed FROM sessions")
        return [_session(row) for row in found]

    def insert_session(self, session: Session, *, token_digest: bytes) -> None:
        """A device signs in."""
        self._run(
            "INSERT INTO sessions (token_digest, id, member, role, created_at, seen_at, expires_at, epoch, sealed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            token_digest,
            session.id,
            session.member,
            session.role,
            session.created_at,
            session.seen_at,
            session.expires_at,
            session.sealed.epoch,
            session.sealed.data,
        )

    def set_session_seen(self, member: str, session: str, seen_at: int) -> None:
        """Note that a device was used."""
        self._run("UPDATE sessions SET seen_at = ? WHERE member = ? AND id = ?", seen_at, member, session)

    def reseal_session(self, session: Session, sealed: Sealed) -> None:
        """The same device's description under a newer data key."""
        self._run(
            "UPDATE sessions SET epoch = ?, sealed = ? WHERE member = ? AND id = ?",
            sealed.epoch,
            sealed.data,
            session.member,
            session.id,
        )

    def delete_session(self, member: str, session: str) -> None:
        """A device is signed out."""
        self._run("DELETE FROM sessions WHERE member = ? AND id = ?", member, session)
        self.delete_subscription(member, session)

    def retire_session(self, member: str, session: str, *, is_own: bool, at: int) -> None:
        """A device is signed out that still has its cookie, for PAST_DEVICE_MS from `at`.

        Args:
            is_own: nobody has signed it out: its time was over, or the password has changed.
        """
        self._run(
            "INSERT INTO past_devices (token_digest, member, expires_at, is_own)"
            " SELECT token_digest, member, ?, ? FROM sessions WHERE member = ? AND id = ?",
            at + PAST_DEVICE_MS,
            int(is_own),
            member,
            session,
        )
        self.delete_session(member, session)

    def own_past_device(self, token_digest: bytes, now_ms: int) -> str | None:
        """The member whose device this cookie was until its session ended by itself."""
        found = self._run(
            "SELECT member FROM past_devices"
            " WHERE token_digest = ? AND is_own = 1 AND replaced_at IS NULL AND expires_at > ?",
            token_digest,
            now_ms,
        )
        return str(found[0][0]) if found else None

    def past_device(self, token_digest: bytes) -> PastDevice | None:
        """The device of a cookie that is good no more, if its member was replaced."""
        found = self._run(
            "SELECT token_digest, member, replaced_at FROM past_devices"
            " WHERE token_digest = ? AND replaced_at IS NOT NULL",
            token_digest,
        )
        return PastDevice(*found[0]) if found else None

    def forget_past_device(self, token_digest: bytes) -> None:
        """The device has been told."""
        self._run("DELETE FROM past_devices WHERE token_digest = ?", token_digest)

    # --- alerts ---

    def insert_alert(self, alert: Alert) -> None:
        """Something that a member must be told."""
        self._run(
            "INSERT INTO alerts (member, id, session, kind, at) VALUES (?, ?, ?, ?, ?)",
            alert.member,
            alert.id,
            alert.session,
            alert.kind,
            alert.at,
        )

    def alerts(self, member: str) -> list[Alert]:
        """What a member has to be told, oldest first."""
        found = self._run("SELECT id, member, session, kind, at FROM alerts WHERE member = ? ORDER BY at, id", member)
        return [Alert(*row) for row in found]

    def delete_alert(self, alert: Alert) -> None:
        """It was seen."""
        self._run("DELETE FROM alerts WHERE member = ? AND id = ?", alert.member, alert.id)

    # --- reading ---

    def read_positions(self, member: str) -> dict[str, tuple[int, int]]:
        """Per channel how far a member has read: (`seq`, position)."""
        found = self._run("SELECT channel, read_seq, read_position FROM read_positions WHERE member = ?", member)
        return {channel: (seq, position) for channel, seq, position in found}

    def set_read_position(self, member: str, channel: str, seq: int, position: int) -> None:
        """A member has read up to `seq`."""
        self._run(
            "INSERT OR REPLACE INTO read_positions (member, channel, read_seq, read_position) VALUES (?, ?, ?, ?)",
            member,
            channel,
            seq,
            position,
        )
        self._run("DELETE FROM mentions WHERE member = ? AND channel = ? AND seq <= ?", member, channel, seq)

    def insert_mentions(self, mentions: Iterable[tuple[str, str, int]]) -> None:
        """Note who is mentioned and has not read so far: (member, channel, `seq`)."""
        batch = list(mentions)
        if batch:
            self._run(
                "INSERT OR IGNORE INTO mentions (member, channel, seq)"
                " SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) WHERE NOT EXISTS"
                " (SELECT 1 FROM read_positions WHERE member = value ->> 0 AND channel = value ->> 1"
                " AND read_seq >= value ->> 2)",
                json.dumps(batch),
            )

    def delete_mentions(self, members: Sequence[str], channel: str, seq: int) -> None:
        """A message mentions these members no more."""
        if members:
            self._run(
                "DELETE FROM mentions WHERE member IN (SELECT value FROM json_each(?)) AND channel = ? AND seq = ?",
                json.dumps(list(members)),
                channel,
                seq,
            )

    def mentioned_in(self, channel: str, seq: int) -> set[str]:
        """Whom a message mentions who have not read it; reads all mentions, so only where nothing else tells."""
        found = self._run("SELECT member FROM mentions WHERE channel = ? AND seq = ?", channel, seq)
        return {member for (member,) in found}

    def mention_counts(self, member: str) -> dict[str, int]:
        """Per channel how many unread messages mention a member."""
        found = self._run("SELECT channel, count(*) FROM mentions WHERE member = ? GROUP BY channel", member)
        return dict(found)

    def newest_mention(self, member: str, channel: str) -> int:
        """The newest unread message of a channel that mentions a member, 0 if there is none."""
        found = self._run("SELECT max(seq) FROM mentions WHERE member = ? AND channel = ?", member, channel)
        return int(found[0][0] or 0)

    def newest_from_others(self, member: str, channel: str, after: int) -> int:
        """The newest message after a `seq` that somebody else wrote and nobody deleted, 0 if there is none."""
        found = self._run(
            "SELECT seq FROM messages WHERE channel = ? AND seq > ? AND author <> ? AND deleted_at IS NULL"
            " ORDER BY seq DESC LIMIT 1",
            channel,
            after,
            member,
        )
        return int(found[0][0]) if found else 0

    # --- notifications ---

    def subscribed_members(self) -> list[str]:
        """Whoever has a device that gets notifications."""
        return [member for (member,) in self._run("SELECT DISTINCT member FROM push_subscriptions")]

    def subscriptions(self, member: str, *, now_ms: int) -> list[Subscription]:
        """A member's devices that get notifications, oldest first; none whose session is over (`sessions.is_over`)."""
        found = self._run(
            "SELECT " + _SUBSCRIPTION + " FROM push_subscriptions AS device WHERE member = ? AND EXISTS"
            " (SELECT 1 FROM sessions WHERE member = device.member AND id = session AND expires_at > ? AND seen_at > ?)"
            " ORDER BY created_at, session",
            member,
            now_ms,
            now_ms - SESSION_IDLE_MS,
        )
        return [_subscription(row) for row in found]

    def subscriptions_sealed_in(self, epochs: Iterable[int]) -> list[Subscription]:
        """Devices whose addresses are sealed under some data keys."""
        found = self._run(
            "SELECT " + _SUBSCRIPTION + " FROM push_subscriptions WHERE epoch IN (SELECT value FROM json_each(?))",
            json.dumps(list(epochs)),
        )
        return [_subscription(row) for row in found]

    def put_subscription(self, subscription: Subscription) -> None:
        """Store a device's address, which is then no other device's."""
        self._run(
            "INSERT OR REPLACE INTO push_subscriptions (" + _SUBSCRIPTION + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            subscription.member,
            subscription.session,
            subscription.endpoint,
            subscription.created_at,
            subscription.failures,
            subscription.retry_at,
            subscription.sealed.epoch,
            subscription.sealed.data,
            subscription.refusals,
        )

    def reseal_subscription(self, subscription: Subscription, sealed: Sealed) -> None:
        """The same address under a newer data key; nothing if the device has a new one."""
        self._run(
            "UPDATE push_subscriptions SET epoch = ?, sealed = ? WHERE member = ? AND session = ? AND endpoint = ?",
            sealed.epoch,
            sealed.data,
            subscription.member,
            subscription.session,
            subscription.endpoint,
        )

    def set_subscription_failures(self, subscription: Subscription, failures: int, retry_at: int) -> None:
        """How often in a row a device could not be reached here, and when to try again; a new address has none."""
        self._run(
            "UPDATE push_subscriptions SET failures = ?, retry_at = ?"
            " WHERE member = ? AND session = ? AND endpoint = ?",
            failures,
            retry_at,
            subscription.member,
            subscription.session,
            subscription.endpoint,
        )

    def set_subscription_refusals(self, subscription: Subscription, refusals: int) -> None:
        """How many notifications in a row a service would not take from us here; a new address has none."""
        self._run(
            "UPDATE push_subscriptions SET refusals = ? WHERE member = ? AND session = ? AND endpoint = ?",
            refusals,
            subscription.member,
            subscription.session,
            subscription.endpoint,
        )

    def delete_subscription(self, member: str, session: str) -> None:
        """A device gets no more notifications."""
        self._run("DELETE FROM push_subscriptions WHERE member = ? AND session = ?", member, session)
        self._run("DELETE FROM notices WHERE member = ? AND device = ?", member, session)

    def delete_subscription_at(self, member: str, endpoint: bytes) -> None:
        """No device of a member gets notifications at an address, by its hash; what waits for the device stays."""
        self._run("DELETE FROM push_subscriptions WHERE endpoint = ? AND member = ?", endpoint, member)

    def notify_choices(self, members: Iterable[str]) -> list[tuple[str, str, str]]:
        """What members have chosen: (member, channel, level)."""
        found = self._run(
            "SELECT member, channel, level FROM notify_choices WHERE member IN (SELECT value FROM json_each(?))",
            json.dumps(list(members)),
        )
        return [(member, channel, level) for member, channel, level in found]

    def put_notify_choice(self, member: str, channel: str, level: str | None) -> None:
        """Store what a member chose for a channel; None goes back to the default."""
        if level is None:
            self._run("DELETE FROM notify_choices WHERE member = ? AND channel = ?", member, channel)
        else:
            self._run(
                "INSERT OR REPLACE INTO notify_choices (member, channel, level) VALUES (?, ?, ?)",
                member,
                channel,
                level,
            )

    def put_notices(self, notices: Iterable[Notice]) -> None:
        """Remember who is to be told; a later notice takes the place of the former one, but no lower `seq` does."""
        batch = [[each.member, each.channel, each.device, each.seq, each.tries, each.due_at] for each in notices]
        self._run(
            "INSERT INTO notices (member, channel, device, seq, tries, due_at)"
            " SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?)"
            " WHERE true ON CONFLICT DO UPDATE"
            " SET seq = max(seq, excluded.seq), tries = excluded.tries, due_at = excluded.due_at",
            json.dumps(batch),
        )

    def due_notices(self, now_ms: int, limit: int) -> list[Notice]:
        """Who is to be told now."""
        found = self._run(
            "SELECT member, channel, device, seq, tries, due_at FROM notices WHERE due_at <= ? ORDER BY due_at LIMIT ?",
            now_ms,
            limit,
        )
        return [Notice(*row) for row in found]

    def next_notice_at(self) -> int | None:
        """When somebody is to be told next."""
        found = self._run("SELECT min(due_at) FROM notices")
        return None if found[0][0] is None else int(found[0][0])

    def delete_notice(self, notice: Notice, up_to_seq: int) -> None:
        """Somebody was told of everything up to a `seq`, or need not be; a later try and what came meanwhile stay."""
        self._run(
            "DELETE FROM notices WHERE member = ? AND channel = ? AND device = ? AND seq <= ? AND tries <= ?",
            notice.member,
            notice.channel,
            notice.device,
            up_to_seq,
            notice.tries,
        )

    def drop_notices(self) -> None:
        """Nobody is to be told of anything any more."""
        self._run("DELETE FROM notices")

    # --- signing in ---

    def credential(self, role: str) -> Credential | None:
        """What a proof for this role is checked against."""
        found = self._run("SELECT salt, hash, fingerprint FROM credentials WHERE role = ?", role)
        return Credential(*found[0]) if found else None

    def put_credential(self, role: str, credential: Credential) -> None:
        """Store or replace what a proof is checked against."""
        self._run(
            "INSERT OR REPLACE INTO credentials (role, salt, hash, fingerprint) VALUES (?, ?, ?, ?)",
            role,
            credential.salt,
            credential.hash,
            credential.fingerprint,
        )

    def delete_credential(self, role: str) -> None:
        """Nobody can prove this role any more."""
        self._run("DELETE FROM credentials WHERE role = ?", role)

    def attempts(self, address: bytes) -> Attempts | None:
        """Failed logins of an address; the empty address counts for the whole room."""
        found = self._run(
            "SELECT failures, window_started_at, blocked_until, blocks FROM attempts WHERE address = ?", address
        )
        return Attempts(*found[0]) if found else None

    def put_attempts(self, address: bytes, attempts: Attempts) -> None:
        """Store the count of an address."""
        self._run(
            "INSERT OR REPLACE INTO attempts (address, failures, window_started_at, blocked_until, blocks)"
            " VALUES (?, ?, ?, ?, ?)",
            address,
            attempts.failures,
            attempts.window_started_at,
            attempts.blocked_until,
            attempts.blocks,
        )

    def delete_attempts(self, address: bytes) -> None:
        """A success clears the count."""
        self._run("DELETE FROM attempts WHERE address = ?", address)

    def use_challenge(self, digest: bytes, expires_at: int) -> bool:
        """Whether this answer is used for the first time; it is remembered until it expires."""
        if self._run("SELECT 1 FROM used_challenges WHERE digest = ?", digest):
            return False
        self._run("INSERT INTO used_challenges (digest, expires_at) VALUES (?, ?)", digest, expires_at)
        return True

    def last_challenge_expiry(self) -> int:
        """When the last used answer may be forgotten; 0 if none is remembered."""
        return int(self._run("SELECT coalesce(max(expires_at), 0) FROM used_challenges")[0][0])

    def confirmations(self, member: str) -> list[Confirmation]:
        """Who waits to sign in under this member's name."""
        found = self._run(
            "SELECT id, token_digest, member, created_at, expires_at, tries, approved, address, epoch, sealed"
            " FROM confirmations WHERE member = ? ORDER BY created_at",
            member,
        )
        return [_confirmation(row) for row in found]

    def all_confirmations(self) -> list[Confirmation]:
        """Everybody who waits."""
        found = self._run(
            "SELECT id, token_digest, member, created_at, expires_at, tries, approved, address, epoch, sealed"
            " FROM confirmations ORDER BY created_at"
        )
        return [_confirmation(row) for row in found]

    def put_confirmation(self, confirmation: Confirmation) -> None:
        """Store a waiting login, new or changed."""
        self._run(
            "INSERT OR REPLACE INTO confirmations"
            " (id, token_digest, member, created_at, expires_at, tries, approved, address, epoch, sealed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            confirmation.id,
            confirmation.token_digest,
            confirmation.member,
            confirmation.created_at,
            confirmation.expires_at,
            confirmation.tries,
            int(confirmation.approved),
            confirmation.address,
            confirmation.sealed.epoch,
            confirmation.sealed.data,
        )

    def delete_confirmation(self, confirmation: str) -> None:
        """A waiting login is settled."""
        self._run("DELETE FROM confirmations WHERE id = ?", confirmation)

    # --- data keys (the KeyStore of sealing/keyring.py) ---

    def data_keys(self) -> list[DataKey]:
        """All data keys, oldest first."""
        found = self._run("SELECT epoch, wrapped, created_at, reserved, master FROM data_keys ORDER BY epoch")
        return [DataKey(*row) for row in found]

    def add_data_key(self, key: DataKey) -> None:
        """Store a new data key."""
        self._run(
            "INSERT INTO data_keys (epoch, wrapped, created_at, reserved, master) VALUES (?, ?, ?, ?, ?)",
            key.epoch,
            key.wrapped,
            key.created_at,
            key.reserved,
            key.master,
        )

    def rewrap_data_key(self, epoch: int, wrapped: bytes, master: str) -> None:
        """The same data key under another master key."""
        self._run("UPDATE data_keys SET wrapped = ?, master = ? WHERE epoch = ?", wrapped, master, epoch)

    def reserve_seals(self, epoch: int, reserved: int) -> None:
        """How many seals may have been made with a data key."""
        self._run("UPDATE data_keys SET reserved = ? WHERE epoch = ?", reserved, epoch)

    def delete_data_keys(self, epochs: Sequence[int]) -> None:
        """What these keys sealed can never be opened again."""
        self._run("DELETE FROM data_keys WHERE epoch IN (SELECT value FROM json_each(?))", json.dumps(list(epochs)))

    # --- clean-up ---

    def oldest_messages(self, channel: str, limit: int) -> list[tuple[int, int, int]]:
        """A channel's oldest messages: (`seq`, position, sent at)."""
        found = self._run(
            "SELECT seq, position, sent_at FROM messages WHERE channel = ? ORDER BY seq LIMIT ?", channel, limit
        )
        return [(seq, position, sent_at) for seq, position, sent_at in found]

    def delete_messages(self, channel: str, up_to_seq: int, up_to_position: int) -> None:
        """Remove a channel's messages up to one of them, for good, and remember how far that was."""
        self._run("DELETE FROM messages WHERE channel = ? AND seq <= ?", channel, up_to_seq)
        self._run("DELETE FROM mentions WHERE channel = ? AND seq <= ?", channel, up_to_seq)
        self._run(
            "UPDATE channels SET purged_seq = ?, purged_position = ? WHERE id = ?", up_to_seq, up_to_position, channel
        )

    def purge_changes(self, before_ms: int, limit: int) -> int:
        """Remove up to `limit` of the oldest changes made before a time; return the newest removed `seq`, or 0."""
        found = self._run("SELECT seq, at FROM changes ORDER BY seq LIMIT ?", limit)
        old = [seq for seq, _ in takewhile(lambda row: row[1] < before_ms, found)]
        if old:
            self._run("DELETE FROM changes WHERE seq <= ?", old[-1])
        return old[-1] if old else 0

    def oldest_change_at(self) -> int | None:
        """When the oldest stored change was made."""
        found = self._run("SELECT at FROM changes ORDER BY seq LIMIT 1")
        return int(found[0][0]) if found else None

    def delete_expired(self, now_ms: int, attempts_before_ms: int) -> None:
        """Forget what is over: challenges, waiting logins, counts of failures, cookies, alerts without a device."""
        self._run("DELETE FROM used_challenges WHERE expires_at <= ?", now_ms)
        # One that can no longer be used still counts, so that clean-up gives nobody more codes to guess at.
        self._run("DELETE FROM confirmations WHERE expires_at <= ? AND created_at <= ?", now_ms, attempts_before_ms)
        self._run(
            "DELETE FROM attempts WHERE window_started_at <= ? AND blocked_until <= ?", attempts_before_ms, now_ms
        )
        self._run("DELETE FROM past_devices WHERE expires_at <= ?", now_ms)
        self._run("DELETE FROM alerts WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.member = alerts.member)")


def _size(value: bytes | str) -> int:
    return len(value) if isinstance(value, bytes) or value.isascii() else len(value.encode())


def _batches(messages: Sequence[NewMessage]) -> Iterable[str]:
    """JSON arrays with the values of messages, each array of about _BATCH_BYTES at most."""
    batch: list[list[str | int]] = []
    size = 0
    for message in messages:
        length = 2 * len(message.sealed.data) + _BATCH_OVERHEAD_BYTES
        if batch and size + length > _BATCH_BYTES:
            yield json.dumps(batch)
            batch, size = [], 0
        batch.append(
            [
                message.channel,
                message.seq,
                message.position,
                message.id.replace("-", ""),
                message.author,
                message.sent_at,
                message.sealed.epoch,
                message.sealed.data.hex(),
            ]
        )
        size += length
    if batch:
        yield json.dumps(batch)


def _sealed(epoch: int | None, data: bytes | None) -> Sealed | None:
    return None if epoch is None or data is None else Sealed(epoch, data)


def _message(row: Row) -> Message:
    channel, seq, blob, author, sent_at, edited_at, deleted_at, changed_seq, epoch, data, reactions_epoch, reactions = (
        row
    )
    return Message(
        channel,
        seq,
        str(UUID(bytes=blob)),
        author,
        sent_at,
        edited_at,
        deleted_at,
        changed_seq,
        _sealed(epoch, data),
        _sealed(reactions_epoch, reactions),
    )


def _change(row: Row) -> Change:
    seq, at, channel, author, epoch, data = row
    return Change(seq, at, channel, author, Sealed(epoch, data))


def _channel(row: Row) -> ChannelRow:
    (
        channel,
        created_by,
        created_at,
        archived,
        retention_days,
        purged_seq,
        purged_position,
        deleted_at,
        epoch,
        data,
    ) = row
    return ChannelRow(
        channel,
        created_by,
        created_at,
        bool(archived),
        retention_days,
        purged_seq,
        purged_position,
        deleted_at,
        Sealed(epoch, data),
    )


def _member(row: Row) -> MemberRow:
    member, role, seen_at, removed_at, epoch, data, joined_seq = row
    return MemberRow(member, role, seen_at, removed_at, Sealed(epoch, data), joined_seq)


def _session(row: Row) -> Session:
    session, member, role, created_at, seen_at, expires_at, epoch, data = row
    return Session(session, member, role, created_at, seen_at, expires_at, Sealed(epoch, data))


def _subscription(row: Row) -> Subscription:
    member, session, endpoint, created_at, failures, retry_at, epoch, data, refusals = row
    return Subscription(member, session, endpoint, created_at, failures, retry_at, Sealed(epoch, data), refusals)


def _confirmation(row: Row) -> Confirmation:
    confirmation, digest, member, created_at, expires_at, tries, approved, address, epoch, data = row
    return Confirmation(
        confirmation, digest, member, created_at, expires_at, tries, bool(approved), address, Sealed(epoch, data)
    )
