"""What members must be told about their own name, and are told until they have seen it.

Somebody signed in under it elsewhere, or took it while it was free. It is stored for those who were not there. The
device that an alert is about cannot put it away, nor can one that came later: a stranger who got in could hide it.
"""

from access.sessions import ID_BYTES
from encoding import b64url, compact_json
from sealing.ciphers import Ciphers
from storage.store import Alert, PastDevice, Session, Store

NEW_DEVICE = "new_device"
REPLACED = "replaced"


def concerns(alert: Alert, session: Session) -> bool:
    """Whether a device of the alert's member is told, and may say that it was seen."""
    if alert.kind == REPLACED:
        return session.id == alert.session
    return session.id != alert.session and session.created_at <= alert.at


def alert_frame(alert: Alert) -> str:
    """`{"type":"alert",…}`."""
    return compact_json({"type": "alert", "id": alert.id, "kind": alert.kind, "at": alert.at})


class Alerts:
    """What waits to be seen."""

    def __init__(self, store: Store, ciphers: Ciphers) -> None:
        self._store = store
        self._ciphers = ciphers

    def note_device(self, session: Session, *, now_ms: int) -> Alert | None:
        """A new device is signed in as its member; None if there is no older one to be told."""
        alert = Alert(self._new_id(), session.member, session.id, NEW_DEVICE, now_ms)
        if not any(concerns(alert, other) for other in self._store.sessions_of(session.member)):
            return None
        self._store.insert_alert(alert)
        return alert

    def note_replaced(self, session: Session, past: PastDevice) -> None:
        """A browser whose member was replaced is signed in again, as whomever: it is told there from now on."""
        self._store.insert_alert(Alert(self._new_id(), session.member, session.id, REPLACED, past.replaced_at))
        self._store.forget_past_device(past.token_digest)

    def of(self, session: Session) -> list[Alert]:
        """What a device has to be told, oldest first."""
        return [alert for alert in self._store.alerts(session.member) if concerns(alert, session)]

    def see(self, session: Session, alert_id: str) -> bool:
        """Somebody has seen an alert on this device; says whether there was one to put away."""
        seen = [alert for alert in self.of(session) if alert.id == alert_id]
        for alert in seen:
            self._store.delete_alert(alert)
        return bool(seen)

    def _new_id(self) -> str:
        return b64url(self._ciphers.random_bytes(ID_BYTES))
