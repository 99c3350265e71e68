"""What storage/registry.py knows of the table of drafts."""

from storage.entries import Entry, Resealed, SealedColumn
from storage.headers import draft_header

DRAFT_ENTRIES: tuple[Entry, ...] = (
    Entry(
        "drafts",
        goes="when the member sends or empties the text, loses the channel, and when another gets the name",
        with_member="DELETE FROM drafts WHERE member = ?",
        with_channel="DELETE FROM drafts WHERE channel = ?",
        sealed=(
            SealedColumn(
                "sealed",
                "epoch",
                "draft",
                draft_header,
                ("member", "channel"),
                Resealed(
                    find="SELECT epoch, sealed, member, channel FROM drafts"
                    " WHERE epoch IN (SELECT value FROM json_each(?)) ORDER BY member, channel LIMIT ? OFFSET ?",
                    update="UPDATE drafts SET epoch = ?, sealed = ? WHERE member = ? AND channel = ? AND epoch = ?",
                ),
            ),
        ),
    ),
)
