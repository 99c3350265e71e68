"""What members must learn about their own names."""

from dataclasses import dataclass

from storage.database import Table


@dataclass(frozen=True, slots=True)
class Alert:
    """News of some `kind` about a member's own name; `session` is the device that it is about."""

    id: str
    member: str
    session: str
    kind: str
    at: int


class AlertTable(Table):
    """The alerts that their members have not seen yet."""

    def insert(self, alert: Alert) -> None:
        """Store an alert for a member."""
        self._run(
            "INSERT INTO alerts (member, id, session, kind, at) VALUES (?, ?, ?, ?, ?)",
            alert.member,
            alert.id,
            alert.session,
            alert.kind,
            alert.at,
        )

    def of(self, member: str) -> list[Alert]:
        """A member's alerts, oldest first."""
        found = self._run("SELECT id, member, session, kind, at FROM alerts WHERE member = ? ORDER BY at, id", member)
        return [Alert(*row) for row in found]

    def delete(self, alert: Alert) -> None:
        """Remove an alert that the member has seen."""
        self._run("DELETE FROM alerts WHERE member = ? AND id = ?", alert.member, alert.id)

    def delete_unshown(self) -> None:
        """Remove the alerts that no device is left to show (`access.alerts.concerns`)."""
        self._run(
            "DELETE FROM alerts WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.member = alerts.member AND"
            " CASE alerts.kind WHEN 'replaced' THEN sessions.id = alerts.session"
            " ELSE sessions.id <> alerts.session AND sessions.created_at <= alerts.at END)"
        )
