"""The tables of bots, hooks and their calls, as migrations of storage/schema.py."""

BOTS = (
    # One row a bot or hook, under the id of its member. `digest` is that of its secret; `channels` and `rights` are
    # JSON. `failure` is why the last request was refused at `failed_at`.
    """CREATE TABLE bots (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, digest BLOB NOT NULL, channels TEXT NOT NULL, rights TEXT NOT NULL,
        created_by TEXT NOT NULL, created_at INTEGER NOT NULL, used_at INTEGER, failed_at INTEGER, failure TEXT)
        STRICT, WITHOUT ROWID""",
)

WEBHOOKS = (
    # Where mentions and commands of a bot are sent, what they are signed with, and its command: all in `sealed`.
    "ALTER TABLE bots ADD COLUMN epoch INTEGER",
    "ALTER TABLE bots ADD COLUMN sealed BLOB",
    # When its last try for something failed, and nothing got through since.
    "ALTER TABLE bots ADD COLUMN failing_since INTEGER",
)

CALLS = (
    # One row for each bot that a message calls and whose webhook has not taken it yet: `member` is the bot. What was
    # said stays in the message alone.
    """CREATE TABLE calls (
        member TEXT NOT NULL, channel TEXT NOT NULL, seq INTEGER NOT NULL, tries INTEGER NOT NULL,
        due_at INTEGER NOT NULL, PRIMARY KEY (member, channel, seq)) STRICT, WITHOUT ROWID""",
    # How often a bot was called on a day, in days since 1970.
    "ALTER TABLE bots ADD COLUMN called_on INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE bots ADD COLUMN called INTEGER NOT NULL DEFAULT 0",
)
