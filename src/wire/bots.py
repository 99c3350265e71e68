"""The frames with which admins manage hooks. docs/protocol.md, "Hooks", describes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wire import fields
from wire.fields import Fields

HOOK_RIGHTS = NAME, CHANNEL, MENTION = "name", "channel", "mention"
"""What the sender of a message may choose: its shown name, its channel, whom it mentions."""
USUAL_RIGHTS = (NAME,)
"""What a hook may do of which nothing else is said."""


@dataclass(frozen=True, slots=True)
class CreateHook:
    """A new hook: what is sent to its address stands in a channel under a name."""

    ref: str | None
    name: str
    channel: str
    rights: tuple[str, ...]

    @classmethod
    def _read(cls, given: Fields) -> "CreateHook":
        rights = fields.rights(given, HOOK_RIGHTS) if "rights" in given else USUAL_RIGHTS
        return cls(fields.ref(given), fields.member_name(given), fields.identifier(given, "channel"), rights)


@dataclass(frozen=True, slots=True)
class ListHooks:
    """The admin asks which hooks there are."""

    ref: str | None

    @classmethod
    def _read(cls, given: Fields) -> "ListHooks":
        return cls(fields.ref(given))


@dataclass(frozen=True, slots=True)
class RotateHook:
    """A new secret for a hook; its former address ends."""

    ref: str | None
    id: str

    @classmethod
    def _read(cls, given: Fields) -> "RotateHook":
        return cls(fields.ref(given), fields.identifier(given, "id"))


@dataclass(frozen=True, slots=True)
class RevokeHook:
    """The admin ends a hook; what it has posted stays."""

    ref: str | None
    id: str

    @classmethod
    def _read(cls, given: Fields) -> "RevokeHook":
        return cls(fields.ref(given), fields.identifier(given, "id"))


BotQuestion = CreateHook | ListHooks | RotateHook | RevokeHook

BOT_QUESTIONS: Mapping[str, Callable[[Fields], BotQuestion]] = {
    "hook.create": CreateHook._read,
    "hooks": ListHooks._read,
    "hook.rotate": RotateHook._read,
    "hook.revoke": RevokeHook._read,
}
"""The function that reads the frames of each `type`."""
