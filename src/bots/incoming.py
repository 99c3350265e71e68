"""What a request to a hook says, whatever tool has sent it."""

from collections.abc import Callable
from dataclasses import dataclass, field

NameOf = Callable[[str], str | None]
"""The name of the member with an id; None if there is none."""


@dataclass(frozen=True, slots=True)
class Passing:
    """A build or pipeline that passed or failed: only a failure, and the first success after it, is worth a message."""

    what: str
    """The same text for each run of one thing on one branch."""
    failed: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that somebody wants to see in the chat."""

    body: str
    """In the chat's dialect; not cut yet."""
    name: str = ""
    """Under which name the sender wants it shown; "" for the hook's own."""
    emoji: str = ""
    channel: str = ""
    """Id or name of the channel that the sender wants; "" for the hook's own."""
    passing: Passing | None = None
    is_discord: bool = False
    """Whether the sender takes us for Discord, and expects its answers."""


@dataclass(slots=True)
class People:
    """Finds members by the ids in a message, and notes who was found."""

    name_of: NameOf
    mentioned: list[str] = field(default_factory=list)

    def mention(self, member: str, otherwise: str = "") -> str:
        """The text for a member's id: the name of who has it, else what the sender says, else the id."""
        name = self.name_of(member)
        if name is None:
            return f"@{otherwise.lstrip('@') or member}"
        if member not in self.mentioned:
            self.mentioned.append(member)
        return f"@{name}"
