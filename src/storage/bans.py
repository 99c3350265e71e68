"""The members whom an admin keeps out, with their devices."""

from storage.database import Table


class BanTable(Table):
    """The bans and the devices that they hold for."""

    def put(self, member: str, at: int) -> None:
        """Ban a member and all their devices. Call it before `Store.remove_member`, which signs the devices out."""
        self._run("INSERT OR REPLACE INTO bans (member, at) VALUES (?, ?)", member, at)
        self._run(
            "INSERT OR REPLACE INTO banned_devices (token_digest, member)"
            " SELECT token_digest, member FROM sessions WHERE member = ?1"
            " UNION SELECT token_digest, member FROM past_devices WHERE member = ?1",
            member,
        )

    def all(self) -> list[tuple[str, int]]:
        """The banned members, each with the time of the ban in ms."""
        return [(member, at) for member, at in self._run("SELECT member, at FROM bans")]

    def has_device(self, token_digest: bytes) -> bool:
        """Whether a banned member's browser has this cookie."""
        return bool(self._run("SELECT 1 FROM banned_devices WHERE token_digest = ?", token_digest))

    def lift(self, member: str) -> None:
        """Forget a ban and its devices."""
        self._run("DELETE FROM bans WHERE member = ?", member)
        self._run("DELETE FROM banned_devices WHERE member = ?", member)
