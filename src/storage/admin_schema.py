"""The tables of what admins have done, whom they keep out and whom they made one: migrations of storage/schema.py."""

BANS = (
    # Members whom an admin keeps out; the name is in the row of the former member.
    "CREATE TABLE bans (member TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    # The digests of the tokens that the banned member's browsers had.
    "CREATE TABLE banned_devices (token_digest BLOB PRIMARY KEY, member TEXT NOT NULL) STRICT, WITHOUT ROWID",
)

AUDIT = (
    # One row for each act of an admin. `at` is when, and distinct for each.
    "CREATE TABLE audit (at INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT",
)

MADE_ADMINS = (
    # Whether an admin has made them one, which gives all their devices the role.
    "ALTER TABLE members ADD COLUMN made_admin INTEGER NOT NULL DEFAULT 0",
    # How somebody ceased to be a member: 'left' or 'removed'. NULL: they are one, or went before this was noted.
    "ALTER TABLE members ADD COLUMN went TEXT",
)
