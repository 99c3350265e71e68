"""The table of messages that are sent later, a migration of storage/schema.py."""

SCHEDULED = (
    # One row a message. `failed` says why it could not be sent at its time; empty: it waits.
    """CREATE TABLE scheduled (
        member TEXT NOT NULL, id TEXT NOT NULL, channel TEXT NOT NULL, due_at INTEGER NOT NULL, failed TEXT NOT NULL,
        epoch INTEGER NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (member, id)) STRICT, WITHOUT ROWID""",
    # The alarm looks for the next one without reading those of everybody.
    "CREATE INDEX scheduled_due ON scheduled (due_at) WHERE failed = ''",
)
