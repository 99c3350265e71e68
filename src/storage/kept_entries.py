"""What storage/registry.py knows of the tables of messages that people keep at hand."""

from storage.entries import Entry, Stays

KEPT_ENTRIES: tuple[Entry, ...] = (
    Entry(
        "pins",
        goes="when the message is unpinned, deleted or removed, and with the channel",
        with_member=Stays("a message is pinned for all, whoever pinned it"),
        with_channel="DELETE FROM pins WHERE channel = ?",
    ),
    Entry(
        "saved",
        goes="when the member saves it no longer, and once the message is gone and the member looks",
        with_member="DELETE FROM saved WHERE member = ?",
        with_channel="DELETE FROM saved WHERE channel = ?",
    ),
)
