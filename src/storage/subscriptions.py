"""The devices that notifications go to."""

from dataclasses import dataclass

from limits import SESSION_IDLE_MS
from sealing.keyring import Sealed
from storage.database import Row, Table

_SUBSCRIPTION = "member, session, endpoint, created_at, failures, retry_at, epoch, sealed, refusals"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a device gets its notifications; address and keys are in `sealed`, `endpoint` is a keyed hash."""

    member: str
    session: str
    endpoint: bytes
    created_at: int
    failures: int
    retry_at: int
    sealed: Sealed
    refusals: int = 0


class SubscriptionTable(Table):
    """The subscriptions, one for each device."""

    def members(self) -> list[str]:
        """Whoever has a device that gets notifications."""
        return [member for (member,) in self._run("SELECT DISTINCT member FROM push_subscriptions")]

    def of(self, member: str, *, now_ms: int) -> list[Subscription]:
        """A member's devices that get notifications, oldest first; none whose session is over (`sessions.is_over`)."""
        found = self._run(
            "SELECT " + _SUBSCRIPTION + " FROM push_subscriptions AS device WHERE member = ? AND EXISTS"
            " (SELECT 1 FROM sessions WHERE member = device.member AND id = session AND expires_at > ? AND seen_at > ?)"
            " ORDER BY created_at, session",
            member,
            now_ms,
            now_ms - SESSION_IDLE_MS,
        )
        return [_subscription(row) for row in found]

    def put(self, subscription: Subscription) -> None:
        """Store a device's address, which is then no other device's."""
        self._run(
            "INSERT OR REPLACE INTO push_subscriptions (" + _SUBSCRIPTION + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            subscription.member,
            subscription.session,
            subscription.endpoint,
            subscription.created_at,
            subscription.failures,
            subscription.retry_at,
            subscription.sealed.epoch,
            subscription.sealed.data,
            subscription.refusals,
        )

    def set_failures(self, subscription: Subscription, failures: int, retry_at: int) -> None:
        """How often in a row a device could not be reached here, and when to try again; a new address has none."""
        self._run(
            "UPDATE push_subscriptions SET failures = ?, retry_at = ?"
            " WHERE member = ? AND session = ? AND endpoint = ?",
            failures,
            retry_at,
            subscription.member,
            subscription.session,
            subscription.endpoint,
        )

    def set_refusals(self, subscription: Subscription, refusals: int) -> None:
        """How many notifications in a row a service would not take from us here; a new address has none."""
        self._run(
            "UPDATE push_subscriptions SET refusals = ? WHERE member = ? AND session = ? AND endpoint = ?",
            refusals,
            subscription.member,
            subscription.session,
            subscription.endpoint,
        )

    def delete(self, member: str, session: str) -> None:
        """A device gets no more notifications."""
        self._run("DELETE FROM push_subscriptions WHERE member = ? AND session = ?", member, session)
        self._run("DELETE FROM notices WHERE member = ? AND device = ?", member, session)

    def delete_at(self, member: str, endpoint: bytes) -> None:
        """No device of a member gets notifications at an address, by its hash; what waits for the device stays."""
        self._run("DELETE FROM push_subscriptions WHERE endpoint = ? AND member = ?", endpoint, member)


def _subscription(row: Row) -> Subscription:
    member, session, endpoint, created_at, failures, retry_at, epoch, data, refusals = row
    return Subscription(member, session, endpoint, created_at, failures, retry_at, Sealed(epoch, data), refusals)
