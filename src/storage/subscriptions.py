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

    @property
    def key(self) -> tuple[str, str]:
        """Which device it is."""
        return self.member, self.session


class SubscriptionTable(Table):
    """The subscriptions, one for each device."""

    def members(self) -> list[str]:
        """The members who have a device that gets notifications."""
        return [member for (member,) in self._run("SELECT DISTINCT member FROM push_subscriptions")]

    def of(self, member: str, *, now_ms: int) -> list[Subscription]:
        """A member's devices that get notifications, oldest first, without those whose session has expired."""
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
        """Store a device's address, and remove it from any other device."""
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
        """Store how often in a row a device was not reached at this address, and when to try again."""
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
        """Store how many notifications in a row the push service refused for this address."""
        self._run(
            "UPDATE push_subscriptions SET refusals = ? WHERE member = ? AND session = ? AND endpoint = ?",
            refusals,
            subscription.member,
            subscription.session,
            subscription.endpoint,
        )

    def delete(self, member: str, session: str) -> None:
        """Remove a device's address and its notices."""
        self._run("DELETE FROM push_subscriptions WHERE member = ? AND session = ?", member, session)
        self._run("DELETE FROM notices WHERE member = ? AND device = ?", member, session)

    def delete_at(self, member: str, endpoint: bytes) -> None:
        """Remove an address of a member, by its hash. Notices for the device stay."""
        self._run("DELETE FROM push_subscriptions WHERE endpoint = ? AND member = ?", endpoint, member)


def _subscription(row: Row) -> Subscription:
    member, session, endpoint, created_at, failures, retry_at, epoch, data, refusals = row
    return Subscription(member, session, endpoint, created_at, failures, retry_at, Sealed(epoch, data), refusals)
