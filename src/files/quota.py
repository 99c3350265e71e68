"""How much the files of a room take, and how much they may."""

from errors import LimitReached
from files.layout import ROOM_BYTES
from limits import MAX_FILES
from settings import Settings
from storage.store import Store


class Quota:
    """Counts the files of a room once, and then adds."""

    def __init__(self, settings: Settings, store: Store, place: str) -> None:
        """`place` is that of new files."""
        self._store = store
        self._used: tuple[int, int] | None = None
        self.room_bytes = ROOM_BYTES[place] if settings.room_file_bytes is None else settings.room_file_bytes

    def used(self) -> tuple[int, int]:
        """How many files there are, and their sealed bytes. Those that are to be removed still count."""
        if self._used is None:
            self._used = self._store.files.totals()
        return self._used

    def check(self, size: int) -> None:
        """Refuse a new file of `size` sealed bytes if it does not fit.

        Raises:
            LimitReached: with how much the files of open channels take, and how much all may. That it does not fit
                tells how much there is in all; who has it in private is not said.
        """
        count, used = self.used()
        if count >= MAX_FILES or used + size > self.room_bytes:
            shown = used - self._store.files.totals_in_lanes()[1]
            raise LimitReached(
                "The room has no space left for this file.", used_bytes=shown, room_file_bytes=self.room_bytes
            )

    def add(self, size: int) -> None:
        """Count a new file."""
        count, used = self.used()
        self._used = count + 1, used + size

    def forget(self) -> None:
        """Count again when it is needed next, because files were removed."""
        self._used = None
