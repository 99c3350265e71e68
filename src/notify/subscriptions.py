"""Devices that get notifications. Their addresses are stored sealed, and found again by a keyed hash."""

import hmac
from collections.abc import Sequence

from access.sessions import is_over
from errors import SubscriptionRefused, Unauthenticated
from limits import MAX_SUBSCRIPTIONS, PUSH_REFUSALS
from notify.web_push import Device
from sealing.keyring import Keyring
from storage.headers import device_header
from storage.store import Store
from storage.subscriptions import Subscription


class Subscriptions:
    """The table of devices that get notifications; a device is a session and has one address."""

    def __init__(self, store: Store, keyring: Keyring) -> None:
        self._store = store
        self._keyring = keyring
        self._members: set[str] | None = None  # members who may have a device: rebuilt from storage, never too few

    def members(self) -> set[str]:
        """The members who may have a device; kept in memory, because every message asks for them."""
        if self._members is None:
            self._members = set(self._store.subscriptions.members())
        return self._members

    async def put(self, member: str, session: str, device: Device, *, now_ms: int) -> None:
        """Store a device's address; beyond MAX_SUBSCRIPTIONS the member's oldest one is deleted.

        Repeating it changes nothing. Other members' devices with the same address are deleted: a browser has one
        address, and the member who used it before must get no more notifications there.

        Raises:
            SubscriptionRefused: the push service takes nothing from us for this address.
            Unauthenticated: the session is over, perhaps since the request came.
        """
        endpoint = await self._digest(device.endpoint, now_ms)
        known = self._store.subscriptions.of(member, now_ms=now_ms)
        for each in known:
            if each.endpoint == endpoint and each.refusals >= PUSH_REFUSALS:
                raise SubscriptionRefused("The push service takes nothing for this address: make a new subscription.")
            if each.endpoint == endpoint and each.session == session:
                return
        sealed = (await self._keyring.seal([(device.plaintext(), device_header(member, session))], now_ms=now_ms))[0]
        others = [each for each in known if each.session != session and each.endpoint != endpoint]
        surplus = others[: max(0, len(others) - MAX_SUBSCRIPTIONS + 1)]

        def write() -> None:
            if not any(each.id == session and not is_over(each, now_ms) for each in self._store.sessions.of(member)):
                raise Unauthenticated("Please sign in.")
            for each in surplus:
                self._store.subscriptions.delete(member, each.session)
            self._store.subscriptions.put(Subscription(member, session, endpoint, now_ms, 0, 0, sealed))

        self._store.transaction(write)
        self.members().add(member)

    async def delete(self, member: str, endpoint: str, *, now_ms: int) -> None:
        """Stop notifying a member's device at this address; harmless if there is none."""
        self._store.subscriptions.delete_at(member, await self._digest(endpoint, now_ms))

    def of(self, member: str, *, now_ms: int) -> list[Subscription]:
        """A member's signed-in devices whose push services take what we send, oldest first."""
        found = [each for each in self._store.subscriptions.of(member, now_ms=now_ms) if each.refusals < PUSH_REFUSALS]
        if not found:
            self.members().discard(member)
        return found

    async def open(self, subscriptions: Sequence[Subscription]) -> list[Device | None]:
        """The addresses and keys of these devices; None for one whose stored bytes are damaged."""
        items = [(each.sealed, device_header(each.member, each.session)) for each in subscriptions]
        texts = await self._keyring.open(items)
        return [None if text is None else Device.from_plaintext(text) for text in texts]

    async def _digest(self, endpoint: str, now_ms: int) -> bytes:
        key = await self._keyring.index_key("push endpoint", now_ms=now_ms)
        return hmac.digest(key, endpoint.encode(), "sha256")
