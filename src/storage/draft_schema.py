"""The table of drafts, as a migration of storage/schema.py."""

DRAFTS = (
    # One row for what a member has begun in a channel.
    """CREATE TABLE drafts (
        member TEXT NOT NULL, channel TEXT NOT NULL, epoch INTEGER NOT NULL, sealed BLOB NOT NULL,
        PRIMARY KEY (member, channel)) STRICT, WITHOUT ROWID""",
)
