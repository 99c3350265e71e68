"""What storage/registry.py knows of the table of replies."""

from storage.entries import Entry

REPLY_ENTRIES: tuple[Entry, ...] = (
    Entry(
        "replies",
        goes="when the reply is deleted, or the answered message is removed, and with the channel",
        with_channel="DELETE FROM replies WHERE channel = ?",
    ),
)
