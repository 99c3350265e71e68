"""The operator's settings, read in one place, once for each request or object.

`read_settings` gets every setting as text. A refusal names the missing or malformed setting but never its value: the
values are secrets, and refusals are shown and logged. docs/development/CONFIGURATION.md describes each setting.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import setting_values as values
from bot_limits import BOT_MESSAGES_DAY, MAX_BOT_MESSAGES_DAY
from encoding import is_text
from errors import ChatError, Misconfigured
from limits import DAY_MS, FILE_BYTES, MAX_FILE_BYTES, MAX_RETENTION_DAYS, MAX_ROOM_FILE_BYTES, MAX_SESSION_DAYS
from sealing.verifiers import RoomVerifier, parse_verifiers

T = TypeVar("T")

SETTING_NAMES = (
    "CHAT_TITLE",
    "ROOM_NAMES",
    "CHAT_PASSWORD",
    "CHAT_PASSWORD_VERIFIER",
    "ADMIN_PASSWORD",
    "MASTER_KEY",
    "MASTER_KEY_PREVIOUS",
    "NAMES",
    "ACCESS",
    "INVITES",
    "SUPERVISION",
    "DIRECT_MESSAGES",
    "BOT_PROTECTION",
    "TURNSTILE_SITE_KEY",
    "TURNSTILE_SECRET_KEY",
    "TURNSTILE_VERIFY_URL",
    "SESSION_DAYS",
    "RETENTION_DAYS",
    "MESSAGE_RATE",
    "BOT_MESSAGES_DAY",
    "WEBHOOK_HOSTS",
    "CALL_URL",
    "FILE_BYTES",
    "ROOM_FILE_BYTES",
    "LOCATION_HINT",
    "JURISDICTION",
    "VAPID_PRIVATE_KEY",
    "VAPID_SUBJECT",
    "PUSH_CONTENT",
    "PUSH_SERVICES",
    "PUSH_ALLOW_HTTP",
)
"""All settings; the shell reads them from `env`."""

SECRET_NAMES = (
    "CHAT_PASSWORD",
    "CHAT_PASSWORD_VERIFIER",
    "ADMIN_PASSWORD",
    "MASTER_KEY",
    "MASTER_KEY_PREVIOUS",
    "TURNSTILE_SECRET_KEY",
    "VAPID_PRIVATE_KEY",
)
"""The settings that are stored as secrets and never appear in wrangler.toml."""

SITEVERIFY_URL = "https://challenges.cloudflare.com/turnstile/v0/siteverify"


@dataclass(frozen=True)
class Settings:
    """All settings, checked. Times are in milliseconds."""

    chat_title: str
    room_names: frozenset[str] | None
    """The rooms that exist; None allows any name."""
    chat_password: str | None
    chat_password_verifiers: Mapping[str, RoomVerifier]
    """By room. A room with an entry here is opened by it and not by `chat_password`."""
    admin_password: str | None
    master_key: bytes
    master_key_previous: bytes | None
    must_be_secured: bool
    """Whether a member has to secure the name before they may change anything."""
    access: str
    """What lets new people in: one of ACCESSES."""
    invites: str
    """Who may invite: one of INVITERS."""
    supervision: bool
    """Whether admins read all private channels and conversations; everybody is told."""
    direct_messages: str
    """Who may talk to whom in private: one of TALKERS."""
    altcha: bool
    turnstile: bool
    turnstile_site_key: str | None
    turnstile_secret_key: str | None
    turnstile_verify_url: str
    session_ms: int
    retention_days: int
    """0 keeps messages for ever."""
    message_burst: int
    message_rate: float
    """Messages a second."""
    bot_messages_day: int
    """How many messages all hooks of a room may post a day (UTC); 0 turns them off."""
    webhook_hosts: frozenset[str] | None
    """Hosts that bots' webhooks may be at, also as "*.example.org"; None allows any public name."""
    call_url: str | None
    """Where people meet to talk; "{call}" in it stands for what each call has of its own."""
    file_bytes: int
    """How large a file may be before it is sealed; 0 turns files off."""
    room_file_bytes: int | None
    """How many sealed bytes all files of a room may have; None: as many as is usual for the place where they are."""
    location_hint: str | None
    """One of LOCATION_HINTS; has an effect only when a room's object is first made."""
    jurisdiction: str | None
    """One of JURISDICTIONS; an object of the same name in another one is another object."""
    vapid_private_key: str | None
    """Base64url of 32 bytes."""
    vapid_subject: str | None
    push_content: str
    """How much of a message a notification shows: one of PUSH_CONTENTS."""
    push_services: frozenset[str] | None
    """Hosts that notifications may be sent to, besides the well-known ones; None allows any."""
    push_allow_http: bool

    def challenges(self) -> list[str]:
        """The challenges that a login must answer, as room facts list them."""
        return [name for name, wanted in (("altcha", self.altcha), ("turnstile", self.turnstile)) if wanted]

    @property
    def takes_passwords(self) -> bool:
        """Whether the room's password lets people in; the admins' password always does."""
        return self.access != values.BY_INVITE

    @property
    def takes_invites(self) -> bool:
        """Whether links let new people in."""
        return self.access != values.BY_PASSWORD and self.invites != values.NOBODY

    def may_invite(self, *, is_admin: bool) -> bool:
        """Whether a member may make links for new people."""
        return self.takes_invites and (is_admin or self.invites == values.EVERY_MEMBER)

    def has_room(self, room: str) -> bool:
        """Whether a room of this name exists; asked before any object wakes."""
        return values.ROOM_NAME.fullmatch(room) is not None and (self.room_names is None or room in self.room_names)


def read_settings(env: Mapping[str, str | None]) -> Settings:
    """The settings in `env`, with their defaults; an empty text counts as not set.

    Raises:
        Misconfigured: a setting is missing or malformed, or two contradict each other; the detail names it.
    """
    given = {name: _text(env, name) for name in SETTING_NAMES}
    room_names = _read(given, "ROOM_NAMES", values.room_names, "main")
    verifiers = _read(given, "CHAT_PASSWORD_VERIFIER", parse_verifiers, "")
    chat_password = _optional(given, "CHAT_PASSWORD", values.password)
    admin_password = _optional(given, "ADMIN_PASSWORD", values.password)
    access = _read(given, "ACCESS", values.access, values.BY_BOTH)
    if access == values.BY_INVITE and admin_password is None:
        raise Misconfigured("ADMIN_PASSWORD is not set, and with ACCESS = invite only admins get in to invite others.")
    if access != values.BY_INVITE:
        _check_rooms_have_passwords(chat_password, verifiers, room_names)
    _check_passwords(chat_password, admin_password, verifiers)
    bot_protection = _read(given, "BOT_PROTECTION", values.bot_protection, "altcha")
    turnstile = bot_protection in ("turnstile", "both")
    burst, rate = _read(given, "MESSAGE_RATE", values.message_rate, "20/5")
    vapid_key = _optional(given, "VAPID_PRIVATE_KEY", values.vapid_key)
    return Settings(
        chat_title=_read(given, "CHAT_TITLE", values.title, "Durable Chat"),
        room_names=room_names,
        chat_password=chat_password,
        chat_password_verifiers=verifiers,
        admin_password=admin_password,
        master_key=_required(given, "MASTER_KEY", values.key),
        master_key_previous=_optional(given, "MASTER_KEY_PREVIOUS", values.key),
        must_be_secured=_read(given, "NAMES", values.names, values.OPEN) == values.SECURED,
        access=access,
        invites=_read(given, "INVITES", values.inviters, values.EVERY_MEMBER),
        supervision=_read(given, "SUPERVISION", values.switch, "off"),
        direct_messages=_read(given, "DIRECT_MESSAGES", values.talkers, values.EVERYONE),
        altcha=bot_protection in ("altcha", "both"),
        turnstile=turnstile,
        turnstile_site_key=(_required if turnstile else _optional)(given, "TURNSTILE_SITE_KEY", str),
        turnstile_secret_key=(_required if turnstile else _optional)(given, "TURNSTILE_SECRET_KEY", str),
        turnstile_verify_url=_read(given, "TURNSTILE_VERIFY_URL", values.verify_url, SITEVERIFY_URL),
        session_ms=_read(given, "SESSION_DAYS", values.whole_number(1, MAX_SESSION_DAYS), "30") * DAY_MS,
        retention_days=_read(given, "RETENTION_DAYS", values.whole_number(0, MAX_RETENTION_DAYS), "30"),
        message_burst=burst,
        message_rate=rate,
        bot_messages_day=_read(
            given, "BOT_MESSAGES_DAY", values.whole_number(0, MAX_BOT_MESSAGES_DAY), str(BOT_MESSAGES_DAY)
        ),
        webhook_hosts=_read(given, "WEBHOOK_HOSTS", values.webhook_hosts, ""),
        call_url=_optional(given, "CALL_URL", values.call_url),
        file_bytes=_read(given, "FILE_BYTES", values.whole_number(0, MAX_FILE_BYTES), str(FILE_BYTES)),
        room_file_bytes=_optional(given, "ROOM_FILE_BYTES", values.whole_number(0, MAX_ROOM_FILE_BYTES)),
        location_hint=_optional(given, "LOCATION_HINT", values.location_hint),
        jurisdiction=_optional(given, "JURISDICTION", values.jurisdiction),
        vapid_private_key=vapid_key,
        vapid_subject=(_required if vapid_key else _optional)(given, "VAPID_SUBJECT", values.contact),
        push_content=_read(given, "PUSH_CONTENT", values.push_content, "short"),
        push_services=_read(given, "PUSH_SERVICES", values.push_services, ""),
        push_allow_http=_read(given, "PUSH_ALLOW_HTTP", values.switch, "off"),
    )


def _text(env: Mapping[str, str | None], name: str) -> str:
    value = env.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):  # wrangler.toml may hold a number or a table
        raise Misconfigured(f"{name} must be text: put it in quotes.")
    if not is_text(value):
        raise Misconfigured(f"{name} is not valid Unicode.")
    return value.strip() if name not in ("CHAT_PASSWORD", "ADMIN_PASSWORD") else value


def _read(given: Mapping[str, str], name: str, parse: Callable[[str], T], default: str) -> T:
    try:
        return parse(given[name] or default)
    except Misconfigured:
        raise
    except (ChatError, ValueError) as error:
        hint = f": {error}" if isinstance(error, values.Hint) else "."
        raise Misconfigured(f"{name} is malformed{hint}") from None  # the cause may quote the value


def _optional(given: Mapping[str, str], name: str, parse: Callable[[str], T]) -> T | None:
    return _read(given, name, parse, "") if given[name] else None


def _required(given: Mapping[str, str], name: str, parse: Callable[[str], T]) -> T:
    if not given[name]:
        raise Misconfigured(f"{name} is not set.", secret=name if name in SECRET_NAMES else None)
    return _read(given, name, parse, "")


def _check_rooms_have_passwords(
    chat: str | None, verifiers: Mapping[str, RoomVerifier], rooms: frozenset[str] | None
) -> None:
    if chat is None and not verifiers:
        detail = "CHAT_PASSWORD is not set (and neither is CHAT_PASSWORD_VERIFIER)."
        raise Misconfigured(detail, secret="CHAT_PASSWORD")  # noqa: S106 (its name)
    if chat is None and (rooms is None or not rooms <= verifiers.keys()):
        raise Misconfigured("CHAT_PASSWORD is not set, and CHAT_PASSWORD_VERIFIER leaves out a room of ROOM_NAMES.")


def _check_passwords(chat: str | None, admin: str | None, verifiers: Mapping[str, RoomVerifier]) -> None:
    if not all(values.ROOM_NAME.fullmatch(room) for room in verifiers):
        raise Misconfigured("CHAT_PASSWORD_VERIFIER names a room that cannot exist.")
    if chat is not None and admin is not None and values.normal(chat) == values.normal(admin):
        raise Misconfigured("ADMIN_PASSWORD must not be the same as CHAT_PASSWORD: everyone would be an admin.")
