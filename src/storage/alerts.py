"""What members have to be told about their own names."""

from dataclasses import dataclass

from storage.database import Table


@dataclass(frozen=True, slots=True)
class Alert:
    """What a member has to be told about their own name, of `kind`; `session` is the device that it is about."""

    id: str
    member: str
    session: str
    kind: str
    at: int


class AlertTable(Table):
    """The alerts that nobody has seen yet."""

    def insert(self, alert: Alert) -> None:
        """Something that a member must be told."""
        self._run(
            "INSERT INTO alerts (member, id, session, kind, at) VALUES (?, ?, ?, ?, ?)",
            alert.member,
            alert.id,
            alert.session,
            alert.kind,
            alert.at,
        )

    def of(self, member: str) -> list[Alert]:
        """What a member has to be told, oldest first."""
        found = self._run("SELECT id, member, session, kind, at FROM alerts WHERE member = ? ORDER BY at, id", member)
        return [Alert(*row) for row in found]

    def delete(self, alert: Alert) -> None:
        """It was seen."""
        self._run("DELETE FROM alerts WHERE member = ? AND id = ?", alert.member, alert.id)
