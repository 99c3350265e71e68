"""The tables of private channels and direct conversations, a migration of storage/schema.py."""

LANES = (
    # Private channels and direct conversations: each counts a `seq` of its own. As `channels`, and `forgotten_seq` is
    # up to where its changes were forgotten.
    """CREATE TABLE lanes (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, created_by TEXT NOT NULL, created_at INTEGER NOT NULL,
        archived INTEGER NOT NULL, retention_days INTEGER, purged_seq INTEGER NOT NULL,
        purged_position INTEGER NOT NULL, forgotten_seq INTEGER NOT NULL, deleted_at INTEGER, epoch INTEGER NOT NULL,
        sealed BLOB NOT NULL) STRICT, WITHOUT ROWID""",
    # `place` is the order in which people came. Nothing up to `since_seq` is shown to the member; what is up to
    # `added_seq` was said before they came. `leads`: keeps a private channel, or has opened a direct conversation.
    """CREATE TABLE lane_members (
        member TEXT NOT NULL, channel TEXT NOT NULL, place INTEGER NOT NULL, since_seq INTEGER NOT NULL,
        added_seq INTEGER NOT NULL, leads INTEGER NOT NULL, PRIMARY KEY (member, channel)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX lane_members_channel ON lane_members (channel)",
    # As `changes`, for each lane by itself.
    """CREATE TABLE lane_changes (
        channel TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, author TEXT NOT NULL, epoch INTEGER NOT NULL,
        sealed BLOB NOT NULL, PRIMARY KEY (channel, seq)) STRICT, WITHOUT ROWID""",
    # As `segments`, for each lane by itself.
    """CREATE TABLE lane_segments (
        channel TEXT NOT NULL, up_to_seq INTEGER NOT NULL, after_seq INTEGER NOT NULL, since INTEGER NOT NULL,
        until INTEGER NOT NULL, revision INTEGER NOT NULL, epoch INTEGER NOT NULL, sealed BLOB NOT NULL,
        PRIMARY KEY (channel, up_to_seq)) STRICT""",
)
