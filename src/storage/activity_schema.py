"""The tables of what happened around what members said, a migration of storage/schema.py."""

ACTIVITY = (
    # One row for each message that mentions or answers a member, and for each of their messages with reactions of
    # others. `at` is when, of a member's rows nearly always distinct; `unread` counts in the channel's `mentions`, and
    # is 0 for reactions. What counts stands together, so nothing else is read for it.
    """CREATE TABLE activity (
        member TEXT NOT NULL, kind TEXT NOT NULL, unread INTEGER NOT NULL, at INTEGER NOT NULL, channel TEXT NOT NULL,
        seq INTEGER NOT NULL, PRIMARY KEY (member, kind, unread, at, channel, seq)) STRICT, WITHOUT ROWID""",
    # Up to when a member has seen it.
    "CREATE TABLE activity_seen (member TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    # What is unread moves here; whether a message mentions or answers is sealed in it. Times become distinct.
    """INSERT INTO activity (member, kind, unread, at, channel, seq)
        SELECT member, 'mention', 1,
            sent_at + ROW_NUMBER() OVER (PARTITION BY member ORDER BY sent_at, mentions.channel, mentions.seq) - 1,
            mentions.channel, mentions.seq
        FROM mentions JOIN messages ON messages.channel = mentions.channel AND messages.seq = mentions.seq""",
    "DROP TABLE mentions",
)
