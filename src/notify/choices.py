"""What members want to be notified of, channel by channel."""

from itertools import islice

from chat.directory import Directory
from limits import SMALL_ROOM_MEMBERS
from notify.subscriptions import Subscriptions
from storage.store import Store
from wire.frames import NOTIFY_LEVELS

ALL, MENTIONS, NONE = NOTIFY_LEVELS


class Choices:
    """The table of choices, kept in memory for whoever has a device that gets notifications."""

    def __init__(self, store: Store, directory: Directory, subscriptions: Subscriptions) -> None:
        self._store = store
        self._directory = directory
        self._subscriptions = subscriptions
        self._levels: dict[str, dict[str, str]] | None = None  # channel, member, level; rebuilt from storage

    def choose(self, member: str, channel: str, level: str | None) -> bool:
        """Keep what a member wants to be told of a channel; None goes back to the default.

        Returns:
            whether that is news: what was chosen already is not written again.
        """
        chosen = {place: level for _, place, level in self._store.notify_choices([member])}
        if chosen.get(channel) == level:
            return False
        self._store.put_notify_choice(member, channel, level)
        self._levels = None
        return True

    def forget(self) -> None:
        """Somebody has a device now who had none."""
        self._levels = None

    def level(self, member: str, channel: str) -> str:
        """What a member is told of a channel."""
        return self._of(channel).get(member) or self.default()

    def default(self) -> str:
        """What those are told who chose nothing: everything, as long as there are few."""
        present = (member for member in self._directory.members.values() if member.removed_at is None)
        return ALL if len(list(islice(present, SMALL_ROOM_MEMBERS))) < SMALL_ROOM_MEMBERS else MENTIONS

    def concerned(self, channel: str, notified: frozenset[str]) -> set[str]:
        """Whom a message concerns that mentions or answers `notified`.

        Work in proportion to them, not to everybody who has a device.
        """
        subscribed, levels = self._subscriptions.members(), self._of(channel)
        if self.default() == ALL:
            wants_all = {member for member in subscribed if levels.get(member, ALL) == ALL}
        else:
            wants_all = {member for member, level in levels.items() if level == ALL} & subscribed
        return wants_all | {member for member in notified & subscribed if levels.get(member) != NONE}

    def _of(self, channel: str) -> dict[str, str]:
        if self._levels is None:
            self._levels = {}
            for member, place, level in self._store.notify_choices(self._subscriptions.members()):
                self._levels.setdefault(place, {})[member] = level
        return self._levels.get(channel, {})
