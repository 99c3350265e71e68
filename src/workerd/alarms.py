"""The alarm of an object, which the platform keeps while the object sleeps."""

from typing import Any

from workerd.turns import settled
from workerd.values import from_js


class StoredAlarm:
    """An object's one alarm, as `live.alarm.Bell`."""

    def __init__(self, storage: Any) -> None:
        """`storage` is the SDK's `ctx.storage`; we bypass its wrapper."""
        self._storage = storage._binding

    async def get(self) -> int | None:
        """As `Bell.get`."""
        present = from_js(await settled(self._storage.getAlarm()))
        return None if present is None else int(present)

    async def set(self, at_ms: int) -> None:
        """As `Bell.set`."""
        await settled(self._storage.setAlarm(at_ms))
