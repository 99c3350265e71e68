"""Single values that a room remembers: its salt, how far changes were forgotten, the admins' retention."""

from typing import Any

from storage.database import Table


class FactTable(Table):
    """Facts about the room, by name."""

    def get(self, name: str) -> Any:
        """A fact about the room, or None."""
        found = self._run("SELECT value FROM room_facts WHERE name = ?", name)
        return found[0][0] if found else None

    def put(self, name: str, value: Any) -> None:
        """Store or replace a fact."""
        self._run("INSERT OR REPLACE INTO room_facts (name, value) VALUES (?, ?)", name, value)
