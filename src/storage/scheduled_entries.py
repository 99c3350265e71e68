"""What storage/registry.py knows of the table of messages that are sent later."""

from storage.entries import Entry, Resealed, SealedColumn, Stays
from storage.headers import scheduled_header

SCHEDULED_ENTRIES: tuple[Entry, ...] = (
    Entry(
        "scheduled",
        goes="when the message is sent or its author deletes it; one that could not be sent after CHANGES_KEPT_MS;"
        " and when another gets the name",
        with_member="DELETE FROM scheduled WHERE member = ?",
        with_channel=Stays("at its time the author learns that it was not sent, and why"),
        sealed=(
            SealedColumn(
                "sealed",
                "epoch",
                "scheduled",
                scheduled_header,
                ("member", "channel", "id"),
                Resealed(
                    find="SELECT epoch, sealed, member, channel, id FROM scheduled"
                    " WHERE epoch IN (SELECT value FROM json_each(?)) ORDER BY member, id LIMIT ? OFFSET ?",
                    update="UPDATE scheduled SET epoch = ?, sealed = ?"
                    " WHERE member = ? AND channel = ? AND id = ? AND epoch = ?",
                ),
            ),
        ),
    ),
)
