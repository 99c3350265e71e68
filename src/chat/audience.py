"""The audience: the one door that says who may see what of a channel.

Whatever sends, shows, keeps or counts something of a channel asks here: events, catching up, history, kept answers,
typing, read positions, notifications, the list of channels, statistics, and every change that names a channel or a
message. Today everybody in the room sees every channel, and `restricted` is the one method that says so.
"""

from collections.abc import Hashable, Iterable, Mapping
from types import MappingProxyType
from typing import TypeVar

from chat.directory import Channel, Directory
from errors import Archived, NotFound

EVERYBODY = None
"""Stands for all members who are in the room, so that nobody has to list them."""

Ids = TypeVar("Ids", set[str], frozenset[str])
_NOTHING: Mapping[str, frozenset[str]] = MappingProxyType({})


class Audience:
    """Who may see what in one room."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def restricted(self) -> Mapping[str, frozenset[str]]:
        """The channels that not everybody may see, by id, each with the members who may.

        Everything else in this class follows from it. A channel that was deleted belongs here for as long as anything
        of it is stored.
        """
        return _NOTHING

    # --- who ---

    def members_of(self, channel: str) -> frozenset[str] | None:
        """The members who may see a channel, or EVERYBODY; "" stands for the room itself."""
        return self.restricted().get(channel, EVERYBODY)

    def within(self, channel: str, members: Ids) -> Ids:
        """Those of some members who may see a channel."""
        audience = self.members_of(channel)
        return members if audience is EVERYBODY else members & audience

    def may_see(self, member: str, channel: str) -> bool:
        """Whether this is the id of a member who is in the room and may see the channel."""
        audience = self.members_of(channel)
        return self._directory.has_member(member) and (audience is EVERYBODY or member in audience)

    def view_of(self, member: str) -> Hashable:
        """The same for two members who may see the same, so that one may get what was answered to the other."""
        return frozenset(channel for channel, members in self.restricted().items() if member in members)

    # --- what ---

    def channel(self, member: str, channel_id: str) -> Channel:
        """A channel that is there for a member.

        Raises:
            NotFound: there is none; the refusal is the same whether it is hidden from the member or never existed.
        """
        audience = self.members_of(channel_id)
        if audience is not EVERYBODY and member not in audience:
            raise NotFound("There is no such channel.")
        return self._directory.channel(channel_id)

    def open_channel(self, member: str, channel_id: str) -> Channel:
        """A channel that is there for a member and takes changes.

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
        """Another channel that is called so, or could be taken for one that is, among those that a member sees.

        A name is not taken by a channel that is hidden: the refusal would give it away.
        """
        others = [channel for channel in self.channels_of(member) if channel.id != other_than]
        return self._directory.likeness.of_channels(name, others)

    def counted_for(self, member: str) -> list[Channel]:
        """The channels that count in the figures that a member sees; messages of deleted ones did happen."""
        return self._seen_by(member, self._directory.channels.values())

    def _seen_by(self, member: str, channels: Iterable[Channel]) -> list[Channel]:
        restricted = self.restricted()
        if not restricted:
            return list(channels)
        return [each for each in channels if each.id not in restricted or member in restricted[each.id]]
