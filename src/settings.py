"""What the operator sets, read in one place, once for each request or object.

`read_settings` gets every setting as text and refuses what is missing or malformed by name, never by value: the
values are secrets, and the refusal is shown and logged. docs/development/CONFIGURATION.md describes each one.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from encoding import from_b64url, is_text
from errors import ChatError, Malformed, Misconfigured
from limits import (
    DAY_MS,
    MAX_MESSAGE_RATE,
    MAX_PASSWORD_CHARACTERS,
    MAX_RETENTION_DAYS,
    MAX_SESSION_DAYS,
    MAX_TITLE_CHARACTERS,
    MIN_PASSWORD_CHARACTERS,
)
from sealing.ciphers import KEY_BYTES
from sealing.verifiers import RoomVerifier, parse_verifiers
from text.names import clean_line

T = TypeVar("T")

SETTING_NAMES = (
    "CHAT_TITLE",
    "ROOM_NAMES",
    "CHAT_PASSWORD",
    "CHAT_PASSWORD_VERIFIER",
    "ADMIN_PASSWORD",
    "MASTER_KEY",
    "MASTER_KEY_PREVIOUS",
    "BOT_PROTECTION",
    "TURNSTILE_SITE_KEY",
    "TURNSTILE_SECRET_KEY",
    "TURNSTILE_VERIFY_URL",
    "SESSION_DAYS",
    "RETENTION_DAYS",
    "MESSAGE_RATE",
    "LOCATION_HINT",
    "VAPID_PRIVATE_KEY",
    "VAPID_SUBJECT",
    "PUSH_CONTENT",
    "PUSH_SERVICES",
    "PUSH_ALLOW_HTTP",
)
"""All settings, for the shell to read from `env`."""

SECRET_NAMES = (
    "CHAT_PASSWORD",
    "CHAT_PASSWORD_VERIFIER",
    "ADMIN_PASSWORD",
    "MASTER_KEY",
    "MASTER_KEY_PREVIOUS",
    "TURNSTILE_SECRET_KEY",
    "VAPID_PRIVATE_KEY",
)
"""Those of them that are stored as secrets and never stand in wrangler.toml."""

ROOM_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
"""What a room may be called (docs/protocol.md); to be matched whole."""

PUSH_CONTENTS = ("short", "full", "none")
"""The beginning of a message, as much of it as fits, or only that there is one."""

LOCATION_HINTS = ("wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me")
"""The regions that Cloudflare knows as location hints of Durable Objects."""

SITEVERIFY_URL = "https://challenges.cloudflare.com/turnstile/v0/siteverify"
_VAPID_KEY_BYTES = 32
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # NIST SP 800-186, section 3.2.1.3
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+")
# Apple's push service refuses whatever cannot be an address: RFC 8292, section 2.1, asks for one of these two.
_CONTACT = re.compile(r"mailto:[^\s<>@:,;]+@[^\s<>@:,;]+|https://[^\s<>/@]+(?:/[^\s<>]*)?")
_LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Settings:
    """The settings of design decision 9, checked. Times in milliseconds."""

    chat_title: str
    room_names: frozenset[str] | None
    """None opens any name."""
    chat_password: str | None
    chat_password_verifiers: Mapping[str, RoomVerifier]
    """By room; a room named here is opened by this and not by `chat_password`."""
    admin_password: str | None
    master_key: bytes
    master_key_previous: bytes | None
    altcha: bool
    turnstile: bool
    turnstile_site_key: str | None
    turnstile_secret_key: str | None
    turnstile_verify_url: str
    session_ms: int
    retention_days: int
    """0 keeps messages."""
    message_burst: int
    message_rate: float
    """A second."""
    location_hint: str | None
    """One of LOCATION_HINTS; counts only when a room's object is first made."""
    vapid_private_key: str | None
    """Base64url of 32 bytes."""
    vapid_subject: str | None
    push_content: str
    """How much of a message a notification holds: one of PUSH_CONTENTS."""
    push_services: frozenset[str] | None
    """Hosts besides the well-known ones that notifications may be sent to; None allows any."""
    push_allow_http: bool

    def challenges(self) -> list[str]:
        """What a login must carry, as room facts tell it."""
        return [name for name, wanted in (("altcha", self.altcha), ("turnstile", self.turnstile)) if wanted]

    def has_room(self, room: str) -> bool:
        """Whether a room of this name exists; asked before any object wakes."""
        return ROOM_NAME.fullmatch(room) is not None and (self.room_names is None or room in self.room_names)


def read_settings(env: Mapping[str, str | None]) -> Settings:
    """The settings in `env`, with their defaults; an empty text counts as not set.

    Raises:
        Misconfigured: one is missing or malformed, or two contradict each other; the detail names it.
    """
    given = {name: _text(env, name) for name in SETTING_NAMES}
    room_names = _read(given, "ROOM_NAMES", _room_names, "main")
    verifiers = _read(given, "CHAT_PASSWORD_VERIFIER", parse_verifiers, "")
    chat_password = _optional(given, "CHAT_PASSWORD", _password)
    admin_password = _optional(given, "ADMIN_PASSWORD", _password)
    _check_passwords(chat_password, admin_password, verifiers, room_names)
    bot_protection = _read(given, "BOT_PROTECTION", _bot_protection, "altcha")
    turnstile = bot_protection in ("turnstile", "both")
    burst, rate = _read(given, "MESSAGE_RATE", _message_rate, "20/5")
    vapid_key = _optional(given, "VAPID_PRIVATE_KEY", _vapid_key)
    return Settings(
        chat_title=_read(given, "CHAT_TITLE", _title, "Durable Chat"),
        room_names=room_names,
        chat_password=chat_password,
        chat_password_verifiers=verifiers,
        admin_password=admin_password,
        master_key=_required(given, "MASTER_KEY", _key),
        master_key_previous=_optional(given, "MASTER_KEY_PREVIOUS", _key),
        altcha=bot_protection in ("altcha", "both"),
        turnstile=turnstile,
        turnstile_site_key=(_required if turnstile else _optional)(given, "TURNSTILE_SITE_KEY", str),
        turnstile_secret_key=(_required if turnstile else _optional)(given, "TURNSTILE_SECRET_KEY", str),
        turnstile_verify_url=_read(given, "TURNSTILE_VERIFY_URL", _verify_url, SITEVERIFY_URL),
        session_ms=_read(given, "SESSION_DAYS", _whole_number(1, MAX_SESSION_DAYS), "30") * DAY_MS,
        retention_days=_read(given, "RETENTION_DAYS", _whole_number(0, MAX_RETENTION_DAYS), "30"),
        message_burst=burst,
        message_rate=rate,
        location_hint=_optional(given, "LOCATION_HINT", _location_hint),
        vapid_private_key=vapid_key,
        vapid_subject=(_required if vapid_key else _optional)(given, "VAPID_SUBJECT", _contact),
        push_content=_read(given, "PUSH_CONTENT", _push_content, "short"),
        push_services=_read(given, "PUSH_SERVICES", _push_services, ""),
        push_allow_http=_read(given, "PUSH_ALLOW_HTTP", _switch, "off"),
    )


def _text(env: Mapping[str, str | None], name: str) -> str:
    value = env.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):  # a number or a table in wrangler.toml
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
        hint = f": {error.detail}" if isinstance(error, _Hint) else "."
        raise Misconfigured(f"{name} is malformed{hint}") from None  # the cause may quote the value


def _optional(given: Mapping[str, str], name: str, parse: Callable[[str], T]) -> T | None:
    return _read(given, name, parse, "") if given[name] else None


def _required(given: Mapping[str, str], name: str, parse: Callable[[str], T]) -> T:
    if not given[name]:
        raise Misconfigured(f"{name} is not set.")
    return _read(given, name, parse, "")


class _Hint(Malformed):
    """Says what a setting should look like, without a word of what it is."""


def _check_passwords(
    chat: str | None, admin: str | None, verifiers: Mapping[str, RoomVerifier], rooms: frozenset[str] | None
) -> None:
    if not all(ROOM_NAME.fullmatch(room) for room in verifiers):
        raise Misconfigured("CHAT_PASSWORD_VERIFIER names a room that cannot exist.")
    if chat is None and not verifiers:
        raise Misconfigured("CHAT_PASSWORD is not set (and neither is CHAT_PASSWORD_VERIFIER).")
    if chat is None and (rooms is None or not rooms <= verifiers.keys()):
        raise Misconfigured("CHAT_PASSWORD is not set, and CHAT_PASSWORD_VERIFIER leaves out a room of ROOM_NAMES.")
    if chat is not None and admin is not None and _normal(chat) == _normal(admin):
        raise Misconfigured("ADMIN_PASSWORD must not be the same as CHAT_PASSWORD: everyone would be an admin.")


def _password(text: str) -> str:
    # The limit is by what is compared, so that a password of eight marks that NFKC joins to one is no way around it.
    if not MIN_PASSWORD_CHARACTERS <= len(_normal(text)) <= MAX_PASSWORD_CHARACTERS:
        raise _Hint(f"it must have {MIN_PASSWORD_CHARACTERS} to {MAX_PASSWORD_CHARACTERS} characters.")
    return text


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _key(text: str) -> bytes:
    key = from_b64url(text)
    if len(key) != KEY_BYTES:
        raise _Hint(f"it must be {KEY_BYTES} bytes as base64url without padding; bin/keys makes one.")
    return key


def _vapid_key(text: str) -> str:
    key = from_b64url(text)
    if len(key) != _VAPID_KEY_BYTES or not 0 < int.from_bytes(key, "big") < _P256_ORDER:
        raise _Hint(f"it must be {_VAPID_KEY_BYTES} bytes as base64url without padding; bin/keys makes one.")
    return text


def _push_content(text: str) -> str:
    if text not in PUSH_CONTENTS:
        raise _Hint('it is "short", "full" or "none".')
    return text


def _push_services(text: str) -> frozenset[str] | None:
    if text == "*":
        return None
    hosts = frozenset(host.strip() for host in text.split(",")) if text else frozenset()
    if not all(_HOST.fullmatch(host) for host in hosts):
        raise _Hint("it is host names in lower case between commas, or *.")
    return hosts


def _room_names(text: str) -> frozenset[str] | None:
    if text == "*":
        return None
    names = frozenset(name.strip() for name in text.split(","))
    if not all(ROOM_NAME.fullmatch(name) for name in names):
        raise _Hint("names have up to 63 of a-z, 0-9 and -, do not start with -, and stand between commas.")
    return names


def _bot_protection(text: str) -> str:
    if text not in ("off", "altcha", "turnstile", "both"):
        raise _Hint('it is "off", "altcha", "turnstile" or "both".')
    return text


def _message_rate(text: str) -> tuple[int, float]:
    match = re.fullmatch(r"([0-9]{1,7})/([0-9]{1,7}(?:\.[0-9]{1,3})?)", text)
    burst, rate = (int(match[1]), float(match[2])) if match else (0, 0.0)
    if not (1 <= burst <= MAX_MESSAGE_RATE and 0 < rate <= MAX_MESSAGE_RATE):
        raise _Hint('it is "burst/per-second", such as "20/5".')
    return burst, int(rate) if rate.is_integer() else rate


def _location_hint(text: str) -> str:
    if text not in LOCATION_HINTS:
        raise _Hint(f"it is one of {', '.join(LOCATION_HINTS)}.")
    return text


def _title(text: str) -> str:
    title = clean_line(text, limit=MAX_TITLE_CHARACTERS, what="The title")
    if not title:
        raise Malformed("The title is empty.")
    return title


def _whole_number(lowest: int, highest: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", text) or not lowest <= int(text) <= highest:
            raise _Hint(f"it is a whole number from {lowest} to {highest}.")
        return int(text)

    return parse


def _verify_url(text: str) -> str:
    url = urlsplit(text)
    if url.scheme != "https" and not (url.scheme == "http" and url.hostname in _LOCAL_HOSTS):
        raise _Hint("it is an https: address; http: only on this machine.")
    return text


def _contact(text: str) -> str:
    if not _CONTACT.fullmatch(text):
        raise _Hint("it is an address such as mailto:you@your-domain.org, or an https: page.")
    return text


def _switch(text: str) -> bool:
    if text not in ("on", "off"):
        raise _Hint('it is "on" or "off".')
    return text == "on"
