"""What storage/registry.py knows of the tables of what happened around what members said."""

from storage.entries import Entry

ACTIVITY_ENTRIES: tuple[Entry, ...] = (
    Entry(
        "activity",
        goes="with its message, with the last reaction of others, and when a member has more than MAX_ACTIVITY",
        with_member="DELETE FROM activity WHERE member = ?",
        with_channel="DELETE FROM activity WHERE channel = ?",
    ),
    Entry(
        "activity_seen",
        goes="with its member",
        with_member="DELETE FROM activity_seen WHERE member = ?",
    ),
)
