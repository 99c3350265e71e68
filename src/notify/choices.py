"""What each member wants to be notified of, by channel."""

from itertools import islice

from chat.directory import Directory
from chat.lanes import DIRECT
from limits import SMALL_ROOM_MEMBERS
from notify.subscriptions import Subscriptions
from storage.store import Store
from wire.questions import LEVELS

ALL, MENTIONS, NONE = LEVELS


class Choices:
    """The table of choices, kept in memory for members who may have a device that gets notifications."""

    def __init__(self, store: Store, directory: Directory, subscriptions: Subscriptions) -> None:
        self._store = store
        self._directory = directory
        self._subscriptions = subscriptions
        self._levels: dict[str, dict[str, str]] | None = None  # channel, member, level; rebuilt from storage

    def choose(self, member: str, channel: str, level: str | None) -> bool:
        """Store the level that a member chose for a channel; None goes back to the default.

        Returns:
            Whether the choice is new; an unchanged one is not written again.
        """
        chosen = {place: level for _, place, level in self._store.notify_choices.of([member])}
        if chosen.get(channel) == level:
            return False
        self._store.notify_choices.put(member, channel, level)
        self._levels = None
        return True

    def forget(self) -> None:
        """Forget what is in memory, because a member without a device has one now."""
        self._levels = None

    def level(self, member: str, channel: str) -> str:
        """The level at which a member is notified of a channel."""
        return self._of(channel).get(member) or self.default(channel)

    def default(self, channel: str) -> str:
        """The level of members who chose none: everything in a conversation and a small room, mentions in others."""
        if self._directory.lane(channel).kind == DIRECT:
            return ALL
        members = self._directory.members.values()
        people = (member for member in members if member.removed_at is None and not member.is_bot)
        return ALL if len(list(islice(people, SMALL_ROOM_MEMBERS))) < SMALL_ROOM_MEMBERS else MENTIONS

    def concerned(self, channel: str, notified: frozenset[str]) -> set[str]:
        """The members to notify of a message that mentions or answers `notified`.

        The work grows with their number, not with the number of members who have a device.
        """
        subscribed, levels = self._subscriptions.members(), self._of(channel)
        if self.default(channel) == ALL:
            wants_all = {member for member in subscribed if levels.get(member, ALL) == ALL}
        else:
            wants_all = {member for member, level in levels.items() if level == ALL} & subscribed
        return wants_all | {member for member in notified & subscribed if levels.get(member) != NONE}

    def _of(self, channel: str) -> dict[str, str]:
        if self._levels is None:
            self._levels = {}
            for member, place, level in self._store.notify_choices.of(self._subscriptions.members()):
                self._levels.setdefault(place, {})[member] = level
        return self._levels.get(channel, {})
