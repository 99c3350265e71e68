"""The audience: the one door that decides who may see what of a channel.

Code that sends, shows, keeps or counts something of a channel asks here: events, catching up, history, kept answers,
typing, read positions, notifications, the list of channels, statistics, and every change that names a channel or a
message. Everybody sees the open channels, and the members of a lane see it (chat/lanes.py). A lane that is not in the
directory exists for nobody who asks, because everybody's own lanes are.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from chat.directory import ADMIN, Channel, Directory
from chat.lanes import DIRECT, OPEN, Lane
from errors import Archived, Forbidden, NameTaken, NotFound
from setting_values import EVERYONE, WITH_ADMINS
from storage.messages import Message
from text.names import folded
from wire.bots import READ

EVERYBODY = None
"""Stands for all members of the room, so that nobody has to list them."""

Ids = TypeVar("Ids", set[str], frozenset[str])
_NOTHING: Mapping[str, frozenset[str]] = MappingProxyType({})


class Audience:
    """Decides who may see what in one room."""

    supervised: bool = False
    """Whether admins read all lanes, too."""
    direct_messages: str = EVERYONE
    """Who may talk to whom in direct conversations."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def restricted(self) -> Mapping[str, frozenset[str]]:
        """The open channels that only some members may see all the same, by id, each with those members.

        There are none. Tests have some, so that nothing takes it for granted that an open channel is everybody's. A
        deleted channel belongs here for as long as any part of it is stored.
        """
        return _NOTHING

    def is_everybody(self) -> bool:
        """Whether everybody sees every open channel, so that nobody has to ask event by event."""
        return not self.restricted()

    # --- who ---

    def members_of(self, channel: str) -> frozenset[str] | None:
        """The members who may see a channel, or EVERYBODY; "" stands for the room itself."""
        lane = self._directory.lanes.get(channel)
        if lane is None:
            return self.restricted().get(channel, EVERYBODY)
        return lane.audience | self.supervisors() if self.supervised else lane.audience

    def within(self, channel: str, members: Ids) -> Ids:
        """The given members who take part in a channel."""
        lane = self._directory.lanes.get(channel)
        audience = self.members_of(channel) if lane is None else lane.audience
        if audience is EVERYBODY or audience is members:  # the latter nearly always
            return members
        return members & audience

    def is_bot(self, member: str) -> bool:
        """Whether this is a bot, which has a socket of its own; a hook is none."""
        return member in self._directory.programs

    def is_outside(self, member: str, channel: str) -> bool:
        """Whether this is a bot, and a channel that it is not in: unlike people, a bot does not see every open one."""
        program = self._directory.programs.get(member)
        return program is not None and channel not in program.channels and channel not in self._directory.lanes

    def hears(self, member: str) -> bool:
        """Whether a member may be told what is said: everybody but a bot without the right to read."""
        program = self._directory.programs.get(member)
        return program is None or READ in program.rights

    def given(self, lane: str, members: frozenset[str]) -> frozenset[str]:
        """Those of these members who are still in a lane, and whoever reads along."""
        present = self.within(lane, members)
        if self._directory.programs:
            present = frozenset(member for member in present if self.hears(member))
        return present | self.supervisors() if self.supervised else present

    def supervisors(self) -> frozenset[str]:
        """The admins who read along in all lanes."""
        if not self.supervised:
            return frozenset()
        return frozenset(member.id for member in self._directory.present_members() if member.role == ADMIN)

    def may_talk(self, people: Collection[str]) -> bool:
        """Whether these people may have a direct conversation; notes are everybody's own."""
        if self.direct_messages == EVERYONE or len(people) == 1:
            return True
        roles = {self._directory.members[each].role for each in people if self._directory.has_member(each)}
        return self.direct_messages == WITH_ADMINS and ADMIN in roles

    def readers(self, members: Iterable[str]) -> set[str]:
        """Those of these members who read what they are told: people. A note for a bot would stay for ever."""
        known = self._directory.members
        return {member for member in members if member in known and not known[member].is_bot}

    def may_see(self, member: str, channel: str) -> bool:
        """Whether this is the id of a member who is in the room and may see the channel."""
        audience = self.members_of(channel)
        if not self._directory.has_member(member) or (channel and self.is_outside(member, channel)):
            return False
        return audience is EVERYBODY or member in audience

    def may_see_message(self, member: str, message: Message) -> bool:
        """Whether a member who is in the room may be given a stored message; those of a deleted channel are gone."""
        if message.lane and message.lane not in self._directory.lanes:
            return False
        return self.may_see_place(member, message.channel, message.seq)

    def may_see_place(self, member: str, channel: str, seq: int) -> bool:
        """As `may_see_message`, where nothing but the place of a message is known."""
        found = self._directory.find(channel)
        if found is None or found.deleted_at is not None:
            return False
        return self.may_see(member, channel) and seq > self.since(member, channel)

    def with_status(self, event: dict[str, Any]) -> dict[str, Any]:
        """A stored event; one that shows a member with their present status, as stored ones have none."""
        if event["kind"] != "member":
            return event
        known = self._directory.members.get(event["member"]["id"])
        if known is None or known.status is None:
            return event
        return {**event, "member": {**event["member"], "status": known.status}}

    def lane(self, member: str, channel: str) -> Lane:
        """The lane that a channel is in, as far as a member can know: the room's for every other name."""
        lane = self._directory.lane(channel)
        audience = self.members_of(channel)
        return lane if audience is EVERYBODY or member in audience else self._directory.room

    def will_see(self, member: str, channel: str) -> bool:
        """As `may_see`; also whether a member is in a conversation and hears of it with the message that is posted."""
        if channel not in self._directory.lanes:
            return self.may_see(member, channel)
        return self._directory.has_member(member) and member in self._directory.lanes[channel].members

    def since(self, member: str, channel: str) -> int:
        """Up to which `seq` of a channel nothing is ever given to a member."""
        lane = self._directory.lanes.get(channel)
        return 0 if lane is None else lane.since(member)

    def view_of(self, member: str) -> Hashable:
        """A value that is equal for two members who may see the same of the open channels, so that they can share an
        answer about these.
        """
        seen = frozenset(channel for channel, members in self.restricted().items() if member in members)
        program = self._directory.programs.get(member)
        return seen if program is None else (seen, program.channels)

    # --- what ---

    def channel(self, member: str, channel_id: str) -> Channel:
        """A channel that a member may see.

        Raises:
            NotFound: there is no such channel, or it is hidden from the member; the refusal is the same for both.
        """
        audience = self.members_of(channel_id)
        if (audience is not EVERYBODY and member not in audience) or self.is_outside(member, channel_id):
            raise NotFound("There is no such channel.")
        return self._directory.channel(channel_id)

    def open_channel(self, member: str, channel_id: str) -> Channel:
        """A channel that a member may see and that takes changes.

        Raises:
            NotFound: as `channel`.
            Archived: it takes no changes.
            Forbidden: the member only reads along, or such conversations are not wanted here.
        """
        channel = self.channel(member, channel_id)
        if channel.archived:
            raise Archived("This channel is archived.")
        self._check_part(member, channel_id)
        return channel

    def channel_to_fill(self, member: str, channel_id: str) -> Channel:
        """As `open_channel`, archived or not: what was said elsewhere may be put there."""
        channel = self.channel(member, channel_id)
        self._check_part(member, channel_id)
        return channel

    def _check_part(self, member: str, channel_id: str) -> None:
        """Refuse whoever only reads along, and conversations that are not wanted."""
        lane = self._directory.lanes.get(channel_id)
        if lane is None:
            return
        if member not in lane.members:
            raise Forbidden("You only read along here.")
        if lane.kind == DIRECT and not self.may_talk(lane.members):
            raise Forbidden("This chat does not want such conversations.")

    def channels_of(self, member: str) -> list[Channel]:
        """The open channels that a member sees, without deleted ones."""
        seen = self._seen_by(member, self._directory.present_channels())
        return [channel for channel in seen if not self.is_outside(member, channel.id)]

    def lanes_of(self, member: str) -> list[Lane]:
        """The private channels and conversations that a member sees, without deleted ones."""
        directory = self._directory
        if not directory.has_member(member):
            return []
        lanes = directory.lanes_of.get(member, {}).values()
        own = [lane for lane in lanes if member in lane.audience]
        if self.supervised and member in self.supervisors():
            own += [lane for lane in directory.lanes.values() if member not in lane.audience]
        return [lane for lane in own if directory.hidden[lane.id].deleted_at is None]

    def all_of(self, member: str) -> list[Channel]:
        """The channels of every kind that a member sees, without deleted ones."""
        return self.channels_of(member) + [self._directory.hidden[lane.id] for lane in self.lanes_of(member)]

    def channel_like(
        self, member: str, name: str, *, kind: str = OPEN, other_than: str | None = None
    ) -> Channel | None:
        """Another channel with this name, or one that looks like it, among those that a member sees.

        Hidden channels do not count, because a refusal would reveal them. For an open one only open ones count: others
        would see that its author was refused.
        """
        seen = self.channels_of(member) if kind == OPEN else self.all_of(member)
        others = [channel for channel in seen if channel.id != other_than and channel.name]
        return self._directory.likeness.of_channels(name, others)

    def require_new_name(self, member: str, name: str, *, kind: str = OPEN, other_than: str | None = None) -> None:
        """Refuse a name that a member could mix up with that of another channel.

        Raises:
            NameTaken.
        """
        other = self.channel_like(member, name, kind=kind, other_than=other_than)
        if other is not None:
            is_same = folded(other.name) == folded(name)
            raise NameTaken(
                "Another channel has this name." if is_same else "This name looks like that of another channel."
            )

    def counted_for(self, member: str) -> list[Channel]:
        """The channels that count in the statistics that a member sees: open ones, deleted or not."""
        return self._seen_by(member, self._directory.channels.values())

    def _seen_by(self, member: str, channels: Iterable[Channel]) -> list[Channel]:
        restricted = self.restricted()
        if not restricted:
            return list(channels)
        return [each for each in channels if each.id not in restricted or member in restricted[each.id]]
