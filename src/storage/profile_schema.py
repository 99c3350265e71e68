"""The tables of how members and the room look, of quiet hours and former names, as migrations of storage/schema.py."""

PROFILES = (
    # One row a member who has a status, and one under "" for the name and colour that admins gave the room.
    """CREATE TABLE profiles (member TEXT PRIMARY KEY, epoch INTEGER NOT NULL, sealed BLOB NOT NULL)
        STRICT, WITHOUT ROWID""",
    # The same of pictures; their ids are read without them, as SQLite puts what is long elsewhere.
    """CREATE TABLE pictures (member TEXT PRIMARY KEY, id TEXT NOT NULL, epoch INTEGER NOT NULL, sealed BLOB NOT NULL)
        STRICT, WITHOUT ROWID""",
)

QUIET = (
    # When a member is not to be disturbed: one row each, of those who said so.
    """CREATE TABLE quiet (member TEXT PRIMARY KEY, epoch INTEGER NOT NULL, sealed BLOB NOT NULL)
        STRICT, WITHOUT ROWID""",
)

FORMER_NAMES = (
    # What members were called until they changed it: one row each time.
    """CREATE TABLE former_names (
        member TEXT NOT NULL, at INTEGER NOT NULL, epoch INTEGER NOT NULL, sealed BLOB NOT NULL,
        PRIMARY KEY (member, at)) STRICT, WITHOUT ROWID""",
)
