"""The room's tables, as numbered migrations that only ever get added to.

Each migration runs once, in one transaction with the note that it ran. SQLite's own `user_version` is refused by the
platform, so the version is a row. What a row costs decides the shape: `WITHOUT ROWID` tables are clustered by their
key and cost one written row, every index one more (docs/architecture.md, "Costs").
"""

from errors import Misconfigured
from storage.activity_schema import ACTIVITY
from storage.admin_schema import AUDIT, BANS, MADE_ADMINS
from storage.bot_schema import BOTS, CALLS, WEBHOOKS
from storage.database import Database
from storage.draft_schema import DRAFTS
from storage.kept_schema import FORMER, PINS, SAVED
from storage.lane_schema import LANES
from storage.profile_schema import FORMER_NAMES, PROFILES, QUIET
from storage.reply_schema import REPLIES
from storage.scheduled_schema import SCHEDULED

FIRST_VERSION = (
    # One row a fact about the room itself: salt, how far changes were forgotten, the admins' retention.
    "CREATE TABLE room_facts (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID",
    # Clustered by channel, so a page of history is one range. `position` counts the channel's messages upward.
    """CREATE TABLE messages (
        channel TEXT NOT NULL, seq INTEGER NOT NULL, position INTEGER NOT NULL, id BLOB NOT NULL, author TEXT NOT NULL,
        sent_at INTEGER NOT NULL, edited_at INTEGER, deleted_at INTEGER, changed_seq INTEGER NOT NULL,
        epoch INTEGER, sealed BLOB, reactions_epoch INTEGER, reactions BLOB,
        PRIMARY KEY (channel, seq)) STRICT, WITHOUT ROWID""",
    "CREATE UNIQUE INDEX messages_id ON messages (id)",
    # Everything that takes a seq and is not a new message; `sealed` is the event as it was sent.
    """CREATE TABLE changes (
        seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, channel TEXT NOT NULL, author TEXT NOT NULL,
        epoch INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT""",
    # `purged_*` remember where the channel stood when its newest messages were removed.
    """CREATE TABLE channels (
        id TEXT PRIMARY KEY, created_by TEXT NOT NULL, created_at INTEGER NOT NULL, archived INTEGER NOT NULL,
        retention_days INTEGER, purged_seq INTEGER NOT NULL, purged_position INTEGER NOT NULL, deleted_at INTEGER,
        epoch INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE members (
        id TEXT PRIMARY KEY, name_digest BLOB NOT NULL, role TEXT NOT NULL, joined_at INTEGER NOT NULL,
        seen_at INTEGER NOT NULL, removed_at INTEGER, epoch INTEGER NOT NULL, sealed BLOB NOT NULL)
        STRICT, WITHOUT ROWID""",
    "CREATE UNIQUE INDEX members_name ON members (name_digest) WHERE removed_at IS NULL",
    """CREATE TABLE sessions (
        token_digest BLOB PRIMARY KEY, id TEXT NOT NULL, member TEXT NOT NULL, role TEXT NOT NULL,
        created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
        epoch INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID""",
    "CREATE INDEX sessions_member ON sessions (member)",
    """CREATE TABLE read_positions (
        member TEXT NOT NULL, channel TEXT NOT NULL, read_seq INTEGER NOT NULL, read_position INTEGER NOT NULL,
        PRIMARY KEY (member, channel)) STRICT, WITHOUT ROWID""",
    # Only while unread: who is mentioned where.
    """CREATE TABLE mentions (
        member TEXT NOT NULL, channel TEXT NOT NULL, seq INTEGER NOT NULL,
        PRIMARY KEY (member, channel, seq)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE credentials (
        role TEXT PRIMARY KEY, salt BLOB NOT NULL, hash BLOB NOT NULL, fingerprint BLOB NOT NULL)
        STRICT, WITHOUT ROWID""",
    # `address` is a keyed hash; the empty one counts for the whole room.
    """CREATE TABLE attempts (
        address BLOB PRIMARY KEY, failures INTEGER NOT NULL, window_started_at INTEGER NOT NULL,
        blocked_until INTEGER NOT NULL, blocks INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
    "CREATE TABLE used_challenges (digest BLOB PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE confirmations (
        id TEXT PRIMARY KEY, token_digest BLOB NOT NULL, member TEXT NOT NULL, created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL, tries INTEGER NOT NULL, approved INTEGER NOT NULL,
        epoch INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE data_keys (
        epoch INTEGER PRIMARY KEY, wrapped BLOB NOT NULL, created_at INTEGER NOT NULL, reserved INTEGER NOT NULL,
        master TEXT NOT NULL) STRICT""",
)

PUSH = (
    # One row a device. `endpoint` is a keyed hash of the address; the address and the keys are in `sealed`.
    """CREATE TABLE push_subscriptions (
        member TEXT NOT NULL, session TEXT NOT NULL, endpoint BLOB NOT NULL, created_at INTEGER NOT NULL,
        failures INTEGER NOT NULL, retry_at INTEGER NOT NULL, epoch INTEGER NOT NULL, sealed BLOB NOT NULL,
        PRIMARY KEY (member, session)) STRICT, WITHOUT ROWID""",
    "CREATE UNIQUE INDEX push_subscriptions_endpoint ON push_subscriptions (endpoint)",
    """CREATE TABLE notify_choices (
        member TEXT NOT NULL, channel TEXT NOT NULL, level TEXT NOT NULL, PRIMARY KEY (member, channel))
        STRICT, WITHOUT ROWID""",
    # Notifications still to send, by member and channel: to all devices, or once more to one. No channel: a test.
    """CREATE TABLE notices (
        member TEXT NOT NULL, channel TEXT NOT NULL, device TEXT NOT NULL, seq INTEGER NOT NULL,
        tries INTEGER NOT NULL, due_at INTEGER NOT NULL, PRIMARY KEY (member, channel, device))
        STRICT, WITHOUT ROWID""",
)

WAITING = (
    # The keyed digest of the address that asks, so that none asks too much.
    "ALTER TABLE confirmations ADD COLUMN address BLOB NOT NULL DEFAULT x''",
)

ARRIVALS = (
    # Where the room stood when a member came: what was said before is not unread. Members of before have read from 0.
    "ALTER TABLE members ADD COLUMN joined_seq INTEGER NOT NULL DEFAULT 0",
)

REFUSALS = (
    # How many notifications in a row a push service would not take from us for this address.
    "ALTER TABLE push_subscriptions ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0",
)

ALERTS = (
    # Alerts to members about their own name, until they have seen them.
    """CREATE TABLE alerts (
        member TEXT NOT NULL, id TEXT NOT NULL, session TEXT NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (member, id)) STRICT, WITHOUT ROWID""",
    # Devices that were signed out from elsewhere or expired, for PAST_DEVICE_MS. `is_own`: nobody signed them out, so
    # with the password they are still the member's. `replaced_at`: the name is taken.
    """CREATE TABLE past_devices (
        token_digest BLOB PRIMARY KEY, member TEXT NOT NULL, expires_at INTEGER NOT NULL, is_own INTEGER NOT NULL,
        replaced_at INTEGER)
        STRICT, WITHOUT ROWID""",
)

CLAIMS = (
    # How a session began: a changed password ends those that began with it, and no others.
    "ALTER TABLE sessions ADD COLUMN began TEXT NOT NULL DEFAULT 'password'",
    # The digest of the proof that a browser makes from its member's recovery code.
    """CREATE TABLE recovery_codes (
        member TEXT PRIMARY KEY, digest BLOB NOT NULL, created_at INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
    # One row a passkey. `algorithm` is COSE's number, `public_key` the key as SPKI; its name is in `sealed`.
    """CREATE TABLE passkeys (
        id TEXT PRIMARY KEY, member TEXT NOT NULL, algorithm INTEGER NOT NULL, public_key BLOB NOT NULL,
        sign_count INTEGER NOT NULL, created_at INTEGER NOT NULL, used_at INTEGER,
        epoch INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID""",
    # `digest` is that of the proof in a login. `uses`: how many in all, NULL for any number. `session`: the device that
    # made it; a link for another device lasts no longer than that one. The label is in `sealed`.
    """CREATE TABLE invites (
        digest BLOB PRIMARY KEY, id TEXT NOT NULL, kind TEXT NOT NULL, member TEXT NOT NULL, session TEXT NOT NULL,
        created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, uses INTEGER,
        epoch INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID""",
    # One row for each member who came by an invite.
    """CREATE TABLE invite_uses (
        invite TEXT NOT NULL, member TEXT NOT NULL, PRIMARY KEY (invite, member)) STRICT, WITHOUT ROWID""",
)

FILES = (
    # One row a file, clustered by its state (reserved, sent, gone): no index is needed to find what is to be removed,
    # and a changed state costs one written row all the same. `bytes` and `thumb` are sealed sizes, `place` is where the
    # parts are, `seq` that of the message. `gone_at`: when the message was erased, or the file given up.
    """CREATE TABLE files (
        state TEXT NOT NULL, id BLOB NOT NULL, member TEXT NOT NULL, channel TEXT NOT NULL, bytes INTEGER NOT NULL,
        thumb INTEGER NOT NULL, parts INTEGER NOT NULL, place TEXT NOT NULL, created_at INTEGER NOT NULL, seq INTEGER,
        gone_at INTEGER, PRIMARY KEY (state, id)) STRICT, WITHOUT ROWID""",
    # The ids of a message's files, 16 bytes each, so that erasing it finds them without opening anything.
    "ALTER TABLE messages ADD COLUMN files BLOB",
)

SEARCH = (
    # What the search knows of the messages after one `seq` and up to another: one row for about a thousand of them.
    # `since` and `until` are when they were sent. A table with rowids, because the rows are long.
    """CREATE TABLE segments (
        up_to_seq INTEGER PRIMARY KEY, after_seq INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
        revision INTEGER NOT NULL, epoch INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT""",
)

IMPORTED = (
    # Up to where a channel's messages came from elsewhere: nobody has them to read, and no day counts them.
    "ALTER TABLE channels ADD COLUMN imported_seq INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE channels ADD COLUMN imported_position INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE lanes ADD COLUMN imported_seq INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE lanes ADD COLUMN imported_position INTEGER NOT NULL DEFAULT 0",
)

HUES = (
    # Which of the twelve colours is a member's; those who are here already get theirs by the order in which they came.
    "ALTER TABLE members ADD COLUMN hue INTEGER NOT NULL DEFAULT 0",
    """UPDATE members SET hue = placed.place % 12 FROM (
        SELECT id, ROW_NUMBER() OVER (ORDER BY removed_at IS NOT NULL, joined_at, id) - 1 AS place FROM members
        ) AS placed WHERE placed.id = members.id""",
)

STARS = (
    # The channels that somebody wants at the top of their list.
    """CREATE TABLE stars (
        member TEXT NOT NULL, channel TEXT NOT NULL, PRIMARY KEY (member, channel)) STRICT, WITHOUT ROWID""",
)

MARKED = (
    # Where a channel stood when a member marked it unread by hand; 0: they have read on since.
    "ALTER TABLE read_positions ADD COLUMN marked_seq INTEGER NOT NULL DEFAULT 0",
)

POLLS = (
    # The votes of a poll, and when it was closed: one sealed text in the row of the message that it is.
    "ALTER TABLE messages ADD COLUMN votes_epoch INTEGER",
    "ALTER TABLE messages ADD COLUMN votes BLOB",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    FIRST_VERSION,
    PUSH,
    WAITING,
    ARRIVALS,
    REFUSALS,
    BANS,
    ALERTS,
    CLAIMS,
    FILES,
    SEARCH,
    BOTS,
    LANES,
    IMPORTED,
    WEBHOOKS,
    CALLS,
    HUES,
    PINS,
    STARS,
    MARKED,
    SAVED,
    FORMER,
    PROFILES,
    AUDIT,
    ACTIVITY,
    POLLS,
    SCHEDULED,
    QUIET,
    REPLIES,
    DRAFTS,
    MADE_ADMINS,
    FORMER_NAMES,
)

# The tables of an address's object (access/guessing.py). It empties itself, so they are always made from this text.
ADDRESS_MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # The empty address counts the failures, `forgiven` those that were cleared.
        """CREATE TABLE attempts (
            address BLOB PRIMARY KEY, failures INTEGER NOT NULL, window_started_at INTEGER NOT NULL,
            blocked_until INTEGER NOT NULL, blocks INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
        "CREATE TABLE used_challenges (digest BLOB PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    ),
)

FILES_MIGRATIONS: tuple[tuple[str, ...], ...] = (
    # A part is one row and so costs one. Nobody asks for more than one at a time, so their order does not matter.
    (
        """CREATE TABLE parts (id BLOB NOT NULL, part TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (id, part))
            STRICT, WITHOUT ROWID""",
    ),
)

# That table is the first in the list of tables; without LIMIT each look would read, and be billed for, all of the list.
_HAS_VERSION = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_version' LIMIT 1"
_CREATE_VERSION = "CREATE TABLE schema_version (version INTEGER NOT NULL)"
_INSERT_VERSION = "INSERT INTO schema_version (version) VALUES (0)"
_READ_VERSION = "SELECT version FROM schema_version"
_WRITE_VERSION = "UPDATE schema_version SET version = ?"


def schema_exists(database: Database) -> bool:
    """Whether anything was ever stored here; looking writes nothing, so a stranger's visit leaves no trace."""
    return bool(database.execute(_HAS_VERSION))


def schema_is_current(database: Database) -> bool:
    """Whether there are tables, and all those that this code knows."""
    return schema_exists(database) and database.execute(_READ_VERSION)[0][0] == len(MIGRATIONS)


def migrate(database: Database, migrations: tuple[tuple[str, ...], ...] = MIGRATIONS) -> int:
    """Bring the tables to the newest version; return how many migrations ran.

    Raises:
        Misconfigured: the database was written by newer code; an older one could damage it.
    """
    present = database.execute(_READ_VERSION)[0][0] if schema_exists(database) else None
    if present is not None and present > len(migrations):
        raise Misconfigured(
            f"The room's database is version {present} and this code knows {len(migrations)}: deploy the newer code."
        )
    for number in range(present or 0, len(migrations)):
        database.transaction(lambda number=number: _run(database, number, migrations[number]))  # type: ignore[misc]
    return len(migrations) - (present or 0)


def _run(database: Database, number: int, statements: tuple[str, ...]) -> None:
    if number == 0:
        database.execute(_CREATE_VERSION)
        database.execute(_INSERT_VERSION)
    for statement in statements:
        database.execute(statement)
    database.execute(_WRITE_VERSION, number + 1)
