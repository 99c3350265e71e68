"""What storage/registry.py knows of the tables of private channels and direct conversations."""

from storage.entries import Entry, HoldsKey, Resealed, SealedColumn, Stays
from storage.headers import lane_change_header, lane_header, lane_segment_header

LANE_ENTRIES: tuple[Entry, ...] = (
    Entry(
        "lanes",
        goes="once the lane is deleted and its last message is gone",
        with_member=Stays("a private channel outlives the member who created it"),
        with_channel="DELETE FROM lanes WHERE id = ?",
        sealed=(
            SealedColumn(
                "sealed",
                "epoch",
                "lane",
                lane_header,
                ("id", "created_by"),
                Resealed(
                    find="SELECT epoch, sealed, id, created_by FROM lanes"
                    " WHERE epoch IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ? OFFSET ?",
                    update="UPDATE lanes SET epoch = ?, sealed = ? WHERE id = ? AND created_by = ? AND epoch = ?",
                ),
            ),
        ),
    ),
    Entry(
        "lane_members",
        goes="when the member leaves the lane, and with the lane",
        with_member=Stays("a conversation still shows who was in it, and Store.remove_member ends the others"),
        with_channel="DELETE FROM lane_members WHERE channel = ?",
    ),
    Entry(
        "lane_changes",
        goes="after CHANGES_KEPT_MS, and with the lane",
        with_member=Stays("a browser that was away is sent the event whoever made it"),
        with_channel="DELETE FROM lane_changes WHERE channel = ?",
        sealed=(
            SealedColumn(
                "sealed",
                "epoch",
                "change",
                lane_change_header,
                ("channel", "seq", "author"),
                Resealed(
                    find="SELECT epoch, sealed, channel, seq, author FROM lane_changes"
                    " WHERE epoch IN (SELECT value FROM json_each(?)) ORDER BY channel, seq LIMIT ? OFFSET ?",
                    update="UPDATE lane_changes SET epoch = ?, sealed = ?"
                    " WHERE channel = ? AND seq = ? AND author = ? AND epoch = ?",
                ),
            ),
        ),
    ),
    Entry(
        "lane_segments",
        goes="with the last of its messages, or when it must be made anew, and with the lane",
        with_channel="DELETE FROM lane_segments WHERE channel = ?",
        sealed=(
            SealedColumn(
                "sealed",
                "epoch",
                "segment",
                lane_segment_header,
                ("channel", "after_seq", "up_to_seq"),
                HoldsKey(epochs="SELECT DISTINCT epoch FROM lane_segments"),
            ),
        ),
    ),
)

WITH_MEMBERSHIP = (
    "DELETE FROM lane_members WHERE member = ? AND channel = ?",
    "DELETE FROM read_positions WHERE member = ? AND channel = ?",
    "DELETE FROM activity WHERE member = ? AND channel = ?",
    "DELETE FROM notify_choices WHERE member = ? AND channel = ?",
    "DELETE FROM stars WHERE member = ? AND channel = ?",
    "DELETE FROM notices WHERE member = ? AND channel = ?",
    "DELETE FROM saved WHERE member = ? AND channel = ?",
    "DELETE FROM drafts WHERE member = ? AND channel = ?",
)
"""The statements that remove what is stored of a member in a lane that they are not in any more."""
