"""The audience: the one door that decides who may see what of a channel.

Code that sends, shows, keeps or counts something of a channel asks here: events, catching up, history, kept answers,
typing, read positions, notifications, the list of channels, statistics, and every change that names a channel or a
message. Today everybody in the room sees every channel, and `restricted` is the one method that decides it.
"""

from collections.abc import Hashable, Iterable, Mapping
from types import MappingProxyType
from typing import TypeVar

from chat.directory import Channel, Directory
from errors import Archived, NotFound

EVERYBODY = None
"""Stands for all members of the room, so that nobody has to list them."""

Ids = TypeVar("Ids", set[str], frozenset[str])
_NOTHING: Mapping[str, frozenset[str]] = MappingProxyType({})


class Audience:
    """Decides who may see what in one room."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def restricted(self) -> Mapping[str, frozenset[str]]:
        """The channels that only some members may see, by id, each with those members.

        Everything else in this class follows from it. A deleted channel belongs here for as long as any part of it is
        stored.
        """
        return _NOTHING

    def is_everybody(self) -> bool:
        """Whether everybody sees every channel, so that nobody has to ask event by event."""
        return not self.restricted()

    # --- who ---

    def members_of(self, channel: str) -> frozenset[str] | None:
        """The members who may see a channel, or EVERYBODY; "" stands for the room itself."""
        return self.restricted().get(channel, EVERYBODY)

    def within(self, channel: str, members: Ids) -> Ids:
        """The given members who may see a channel."""
        audience = self.members_of(channel)
        return members if audience is EVERYBODY else members & audience

    def readers(self, members: Iterable[str]) -> set[str]:
        """Those of these members who read what they are told: people. A note for a bot would stay for ever."""
        known = self._directory.members
        return {member for member in members if member in known and not known[member].is_bot}

    def may_see(self, member: str, channel: str) -> bool:
        """Whether this is the id of a member who is in the room and may see the channel."""
        audience = self.members_of(channel)
        return self._directory.has_member(member) and (audience is EVERYBODY or member in audience)

    def view_of(self, member: str) -> Hashable:
        """A value that is equal for two members who may see the same, so that they can share an answer."""
        return frozenset(channel for channel, members in self.restricted().items() if member in members)

    # --- what ---

    def channel(self, member: str, channel_id: str) -> Channel:
        """A channel that a member may see.

        Raises:
            NotFound: there is no such channel, or it is hidden from the member; the refusal is the same for both.
        """
        audience = self.members_of(channel_id)
        if audience is not EVERYBODY and member not in audience:
            raise NotFound("There is no such channel.")
        return self._directory.channel(channel_id)

    def open_channel(self, member: str, channel_id: str) -> Channel:
        """A channel that a member may see and that takes changes.

        Raises:
            NotFound: as `channel`.
            Archived: it takes no changes.
        """
        channel = self.channel(member, channel_id)
        if channel.archived:
            raise Archived("This channel is archived.")
        return channel

    def channels_of(self, member: str) -> list[Channel]:
        """The channels that a member sees, without deleted ones."""
        return self._seen_by(member, self._directory.present_channels())

    def channel_like(self, member: str, name: str, *, other_than: str | None = None) -> Channel | None:
        """Another channel with this name, or one that looks like it, among those that a member sees.

        Hidden channels do not count, because a refusal would reveal them.
        """
        others = [channel for channel in self.channels_of(member) if channel.id != other_than]
        return self._directory.likeness.of_channels(name, others)

    def counted_for(self, member: str) -> list[Channel]:
        """The channels that count in the statistics that a member sees; deleted channels count too."""
        return self._seen_by(member, self._directory.channels.values())

    def _seen_by(self, member: str, channels: Iterable[Channel]) -> list[Channel]:
        restricted = self.restricted()
        if not restricted:
            return list(channels)
        return [each for each in channels if each.id not in restricted or member in restricted[each.id]]
