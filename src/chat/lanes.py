"""What a lane is, and who is in it: values only.

A lane counts a `seq` of its own. The room itself is the lane without an id, in which all open channels are; each
private channel and each direct conversation is another one. So nothing that happens in a lane shows in the numbers of
others. chat/directory.py keeps the lanes.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from wire.lanes import OPEN, PRIVATE

__all__ = ["DIRECT", "OPEN", "PRIVATE", "Lane", "Membership", "Program"]

DIRECT = "direct"
"""The third kind of channel: two to nine people who stay, or one person's notes."""


class Membership(NamedTuple):
    """How somebody is in a lane."""

    since_seq: int = 0
    """Nothing up to here is ever given to the member."""
    added_seq: int = 0
    """Where the lane stood when they were added: what was said before is not unread."""
    leads: bool = False
    """They keep the private channel, or have opened the direct conversation."""
    place: int = 0
    """Those who came later have a higher one."""


@dataclass(frozen=True, slots=True)
class Program:
    """What a bot may do, and in which open channels. Hooks have none: they only post."""

    channels: frozenset[str]
    rights: frozenset[str]


@dataclass(slots=True)
class Lane:
    """A private channel, a direct conversation, or the room itself."""

    id: str = ""
    kind: str = OPEN
    seq: int = 0
    """That of the newest change."""
    forgotten_seq: int = 0
    """Changes up to here are not stored any more."""
    members: dict[str, Membership] = field(default_factory=dict)
    """Those who came first stand first. Some may have left the room since."""
    _audience: frozenset[str] | None = None

    def advance(self, seq: int) -> None:
        """Note the newest change."""
        if not self.seq:
            self._audience = None
        self.seq = seq

    def put(self, member: str, membership: Membership) -> None:
        """Add a member, or change how they are in it."""
        self.members[member] = membership
        self._audience = None

    def drop(self, member: str) -> None:
        """Take a member away."""
        del self.members[member]
        self._audience = None

    @property
    def audience(self) -> frozenset[str]:
        """The members who know of it: those who opened it, and of a conversation the others once anything was said."""
        if self._audience is None:
            is_silent = self.kind == DIRECT and not self.seq
            self._audience = frozenset(member for member, each in self.members.items() if each.leads or not is_silent)
        return self._audience

    def audience_after(self, seq: int) -> frozenset[str]:
        """The members who may be given something about a message with this `seq`."""
        audience = self.audience
        hidden = {member for member in audience if self.members[member].since_seq >= seq}
        return audience - hidden if hidden else audience

    def since(self, member: str) -> int:
        """Up to which `seq` nothing is given to a member."""
        membership = self.members.get(member)
        return 0 if membership is None else membership.since_seq

    def next_place(self) -> int:
        """The place of the next member."""
        return 1 + max((each.place for each in self.members.values()), default=-1)
