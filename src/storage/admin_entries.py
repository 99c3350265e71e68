"""What storage/registry.py knows of the tables of what admins have done and whom they keep out."""

from storage.entries import Entry, Resealed, SealedColumn, Stays
from storage.headers import audit_header

ADMIN_ENTRIES: tuple[Entry, ...] = (
    Entry("bans", goes="when an admin lifts the ban", with_member=Stays("a ban is for a member who was removed")),
    Entry(
        "banned_devices",
        goes="when an admin lifts the ban",
        with_member=Stays("the browsers of a member who was removed must stay out"),
    ),
    Entry(
        "audit",
        goes="after AUDIT_KEPT_MS",
        sealed=(
            SealedColumn(
                "sealed",
                "epoch",
                "audit",
                audit_header,
                ("at",),
                Resealed(
                    find="SELECT epoch, sealed, at FROM audit"
                    " WHERE epoch IN (SELECT value FROM json_each(?)) ORDER BY at LIMIT ? OFFSET ?",
                    update="UPDATE audit SET epoch = ?, sealed = ? WHERE at = ? AND epoch = ?",
                ),
            ),
        ),
    ),
)
