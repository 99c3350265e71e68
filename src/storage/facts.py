"""Single values that a room remembers: its salt, how far changes were forgotten, the admins' retention."""

from typing import Any

from storage.database import Table

_FORGOTTEN_SEQ = "forgotten_seq"


class FactTable(Table):
    """Facts about the room, by name."""

    def get(self, name: str) -> Any:
        """A fact about the room, or None."""
        found = self._run("SELECT value FROM room_facts WHERE name = ?", name)
        return found[0][0] if found else None

    def delete(self, name: str) -> None:
        """Remove a fact, if it is there."""
        self._run("DELETE FROM room_facts WHERE name = ?", name)

    def put(self, name: str, value: Any) -> None:
        """Store or replace a fact."""
        self._run("INSERT OR REPLACE INTO room_facts (name, value) VALUES (?, ?)", name, value)

    @property
    def forgotten_seq(self) -> int:
        """Changes up to this one may be gone: whoever has seen no later one loads the room anew."""
        return int(self.get(_FORGOTTEN_SEQ) or 0)

    def forget_up_to(self, seq: int) -> None:
        """Raise `forgotten_seq`. It is never lowered: after a restore it is above all changes that are stored."""
        self.put(_FORGOTTEN_SEQ, max(seq, self.forgotten_seq))
