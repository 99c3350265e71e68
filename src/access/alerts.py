"""Alerts about a member's own name, shown until the member has seen them.

Somebody signed in under the name on another device, or took the name while it was free. An alert is stored, because the
member may be away. The device that an alert is about cannot dismiss it, nor can a device that signed in later: a
stranger who got in could hide the alert that way.
"""

from encoding import b64url, compact_json
from limits import ID_BYTES
from sealing.ciphers import Ciphers
from storage.alerts import Alert
from storage.sessions import PastDevice, Session
from storage.store import Store

NEW_DEVICE = "new_device"
CREDENTIALS_ENDED = "credentials_ended"
"""As NEW_DEVICE, and an admin has let it in: the member's recovery code and passkeys have ended."""
REPLACED = "replaced"


def concerns(alert: Alert, session: Session) -> bool:
    """Whether this device of the alert's member shows the alert and may dismiss it."""
    if alert.kind == REPLACED:
        return session.id == alert.session
    return session.id != alert.session and session.created_at <= alert.at


def alert_frame(alert: Alert) -> str:
    """`{"type":"alert",…}`."""
    return compact_json({"type": "alert", "id": alert.id, "kind": alert.kind, "at": alert.at})


class Alerts:
    """The alerts that nobody has seen yet."""

    def __init__(self, store: Store, ciphers: Ciphers) -> None:
        self._store = store
        self._ciphers = ciphers

    def note_device(self, session: Session, *, has_ended_credentials: bool = False, now_ms: int) -> Alert | None:
        """Store an alert that a new device has signed in as its member; None if no older device could show it."""
        kind = CREDENTIALS_ENDED if has_ended_credentials else NEW_DEVICE
        alert = Alert(self._new_id(), session.member, session.id, kind, now_ms)
        if not any(concerns(alert, other) for other in self._store.sessions.of(session.member)):
            return None
        self._store.alerts.insert(alert)
        return alert

    def note_replaced(self, session: Session, past: PastDevice | None) -> None:
        """Store an alert for a browser that has signed in again, under whatever name, if its former name was taken."""
        if past is None:
            return
        self._store.alerts.insert(Alert(self._new_id(), session.member, session.id, REPLACED, past.replaced_at))
        self._store.past_devices.forget(past.token_digest)

    def of(self, session: Session) -> list[Alert]:
        """The alerts that a device shows, oldest first."""
        return [alert for alert in self._store.alerts.of(session.member) if concerns(alert, session)]

    def see(self, session: Session, alert_id: str) -> bool:
        """Dismiss an alert that somebody has seen on this device; returns whether there was such an alert."""
        seen = [alert for alert in self.of(session) if alert.id == alert_id]
        for alert in seen:
            self._store.alerts.delete(alert)
        return bool(seen)

    def _new_id(self) -> str:
        return b64url(self._ciphers.random_bytes(ID_BYTES))
