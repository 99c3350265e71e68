"""The tables of messages that people keep at hand, as migrations of storage/schema.py."""

PINS = (
    # One row for each pinned message. `pin_seq` is that of the change that pinned it, `author` who did.
    """CREATE TABLE pins (
        channel TEXT NOT NULL, seq INTEGER NOT NULL, pin_seq INTEGER NOT NULL, at INTEGER NOT NULL,
        author TEXT NOT NULL, PRIMARY KEY (channel, seq)) STRICT, WITHOUT ROWID""",
)

SAVED = (
    # One row for each message that a member has saved; `at` is when, and distinct for each of a member's.
    """CREATE TABLE saved (
        member TEXT NOT NULL, channel TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (member, channel, seq)) STRICT, WITHOUT ROWID""",
)

FORMER = (
    # What an edited message said before: a sealed list.
    "ALTER TABLE messages ADD COLUMN former_epoch INTEGER",
    "ALTER TABLE messages ADD COLUMN former BLOB",
)
