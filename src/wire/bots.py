"""The frames with which admins manage hooks and bots. docs/protocol.md, "Hooks" and "Bots", describes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from errors import Malformed
from wire import fields
from wire.fields import Fields

HOOK, PROGRAM = "hook", "bot"
"""The kinds: an address that programs post to, and a program that reads, answers and acts."""
HOOK_RIGHTS = NAME, CHANNEL, MENTION = "name", "channel", "mention"
"""What the sender of a message may choose: its shown name, its channel, whom it mentions."""
USUAL_RIGHTS = (NAME,)
"""What a hook may do of which nothing else is said."""


BOT_RIGHTS = POST, READ, EDIT, REACT, MENTION, FILES = "post", "read", "edit", "react", "mention", "files"
"""What a bot may do in its channels; `edit` is for its own messages, and for deleting them, `files` for sending files
and, with `read`, for fetching them."""


@dataclass(frozen=True, slots=True)
class CreateHook:
    """A new hook: what is sent to its address stands in a channel under a name."""

    kind: ClassVar[str] = HOOK
    ref: str | None
    name: str
    channel: str
    rights: tuple[str, ...]

    @property
    def channels(self) -> tuple[str, ...]:
        """All channels that it belongs to: one."""
        return (self.channel,)

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


@dataclass(frozen=True, slots=True)
class CreateBot:
    """A new bot, its channels, and what it may do there."""

    kind: ClassVar[str] = PROGRAM
    ref: str | None
    name: str
    channels: tuple[str, ...]
    rights: tuple[str, ...]
    webhook: tuple[str, str] | None = None
    """Where it hears of mentions and commands, and its command or ""."""

    @classmethod
    def _read(cls, given: Fields) -> "CreateBot":
        if "rights" not in given:
            raise Malformed("rights is missing.")
        rights, channels = fields.rights(given, BOT_RIGHTS), fields.bot_channels(given)
        return cls(fields.ref(given), fields.member_name(given), channels, rights, fields.webhook(given))


@dataclass(frozen=True, slots=True)
class ListBots:
    """The admin asks which bots there are."""

    ref: str | None

    @classmethod
    def _read(cls, given: Fields) -> "ListBots":
        return cls(fields.ref(given))


@dataclass(frozen=True, slots=True)
class RotateBot:
    """A new secret for a bot; its former one ends."""

    ref: str | None
    id: str

    @classmethod
    def _read(cls, given: Fields) -> "RotateBot":
        return cls(fields.ref(given), fields.identifier(given, "id"))


@dataclass(frozen=True, slots=True)
class RevokeBot:
    """The admin ends a bot; what it has posted stays."""

    ref: str | None
    id: str

    @classmethod
    def _read(cls, given: Fields) -> "RevokeBot":
        return cls(fields.ref(given), fields.identifier(given, "id"))


@dataclass(frozen=True, slots=True)
class SetWebhook:
    """Another webhook for a bot, or none."""

    ref: str | None
    id: str
    webhook: tuple[str, str] | None

    @classmethod
    def _read(cls, given: Fields) -> "SetWebhook":
        if "webhook" not in given:
            raise Malformed("webhook is missing.")
        return cls(fields.ref(given), fields.identifier(given, "id"), fields.webhook(given))


@dataclass(frozen=True, slots=True)
class TryWebhook:
    """The admin wants to see whether a bot's webhook answers."""

    ref: str | None
    id: str

    @classmethod
    def _read(cls, given: Fields) -> "TryWebhook":
        return cls(fields.ref(given), fields.identifier(given, "id"))


BotQuestion = (
    CreateHook
    | ListHooks
    | RotateHook
    | RevokeHook
    | CreateBot
    | ListBots
    | RotateBot
    | RevokeBot
    | SetWebhook
    | TryWebhook
)

BOT_QUESTIONS: Mapping[str, Callable[[Fields], BotQuestion]] = {
    "hook.create": CreateHook._read,
    "hooks": ListHooks._read,
    "hook.rotate": RotateHook._read,
    "hook.revoke": RevokeHook._read,
    "bot.create": CreateBot._read,
    "bots": ListBots._read,
    "bot.rotate": RotateBot._read,
    "bot.revoke": RevokeBot._read,
    "bot.webhook": SetWebhook._read,
    "bot.test": TryWebhook._read,
}
"""The function that reads the frames of each `type`."""
