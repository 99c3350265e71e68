"""What storage/registry.py knows of the tables with statuses, pictures, quiet hours and former names."""

from storage.entries import Entry, Resealed, SealedColumn
from storage.headers import former_name_header, picture_header, profile_header, quiet_header

_PICTURES_AT_ONCE = 50  # are sealed again in one run: 1.6 MB in memory

PROFILE_ENTRIES: tuple[Entry, ...] = (
    Entry(
        "profiles",
        goes="when the member takes the status away or its time is over; the room's when an admin does",
        with_member="DELETE FROM profiles WHERE member = ?",
        sealed=(
            SealedColumn(
                "sealed",
                "epoch",
                "profile",
                profile_header,
                ("member",),
                Resealed(
                    find="SELECT epoch, sealed, member FROM profiles"
                    " WHERE epoch IN (SELECT value FROM json_each(?)) ORDER BY member LIMIT ? OFFSET ?",
                    update="UPDATE profiles SET epoch = ?, sealed = ? WHERE member = ? AND epoch = ?",
                ),
            ),
        ),
    ),
    Entry(
        "pictures",
        goes="when the member takes the picture away; the room's when an admin does",
        with_member="DELETE FROM pictures WHERE member = ?",
        sealed=(
            SealedColumn(
                "sealed",
                "epoch",
                "picture",
                picture_header,
                ("member", "id"),
                Resealed(
                    find="SELECT epoch, sealed, member, id FROM pictures"
                    " WHERE epoch IN (SELECT value FROM json_each(?)) ORDER BY member LIMIT ? OFFSET ?",
                    update="UPDATE pictures SET epoch = ?, sealed = ? WHERE member = ? AND id = ? AND epoch = ?",
                    at_once=_PICTURES_AT_ONCE,
                ),
            ),
        ),
    ),
    Entry(
        "quiet",
        goes="when the member takes both away, the hours and the time; and when another gets the name",
        with_member="DELETE FROM quiet WHERE member = ?",
        sealed=(
            SealedColumn(
                "sealed",
                "epoch",
                "quiet",
                quiet_header,
                ("member",),
                Resealed(
                    find="SELECT epoch, sealed, member FROM quiet"
                    " WHERE epoch IN (SELECT value FROM json_each(?)) ORDER BY member LIMIT ? OFFSET ?",
                    update="UPDATE quiet SET epoch = ?, sealed = ? WHERE member = ? AND epoch = ?",
                ),
            ),
        ),
    ),
    Entry(
        "former_names",
        goes="after 30 days, and when another gets the member's present name",
        with_member="DELETE FROM former_names WHERE member = ?",
        sealed=(
            SealedColumn(
                "sealed",
                "epoch",
                "former name",
                former_name_header,
                ("member", "at"),
                Resealed(
                    find="SELECT epoch, sealed, member, at FROM former_names"
                    " WHERE epoch IN (SELECT value FROM json_each(?)) ORDER BY member, at LIMIT ? OFFSET ?",
                    update="UPDATE former_names SET epoch = ?, sealed = ? WHERE member = ? AND at = ? AND epoch = ?",
                ),
            ),
        ),
    ),
)
