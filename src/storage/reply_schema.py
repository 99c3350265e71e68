"""The table of replies, as a migration of storage/schema.py."""

REPLIES = (
    # One row for each standing reply, clustered by what it answers: `answered` is the `seq` of that message. The text
    # says it too, sealed; here it is as plain as who wrote when.
    """CREATE TABLE replies (
        channel TEXT NOT NULL, answered INTEGER NOT NULL, seq INTEGER NOT NULL, sent_at INTEGER NOT NULL,
        PRIMARY KEY (channel, answered, seq)) STRICT, WITHOUT ROWID""",
)
