"""Parses the text of each setting. An error never quotes the text, which may be a secret.

Every function here raises Malformed, or Hint with the form that the setting should have.
"""

import re
import unicodedata
from collections.abc import Callable
from urllib.parse import urlsplit

from encoding import from_b64url
from errors import Malformed
from limits import MAX_MESSAGE_RATE, MAX_PASSWORD_CHARACTERS, MAX_TITLE_CHARACTERS, MIN_PASSWORD_CHARACTERS
from sealing.ciphers import KEY_BYTES
from text.hosts import is_public_host
from text.names import clean_line

ROOM_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
"""The form of a room's name (docs/protocol.md); use it with `fullmatch`."""

PUSH_CONTENTS = ("short", "full", "none")
"""The beginning of a message, as much as fits, or only that there is a message."""

OPEN, SECURED = "open", "secured"
"""Whether names may be used without a recovery code or a passkey, or have to be secured."""

BY_PASSWORD, BY_INVITE, BY_BOTH = "password", "invite", "both"
"""What lets new people in."""

EVERY_MEMBER, ONLY_ADMINS, NOBODY = "members", "admins", "off"
"""Who may invite."""

EVERYONE, WITH_ADMINS, NO_TALK = "everyone", "with-admins", "off"
"""Who may talk to whom in direct conversations: everybody, only where an admin takes part, nobody."""

LOCATION_HINTS = ("wnam", "enam", "sam", "weur", "eeur", "apac", "apac-ne", "apac-se", "oc", "afr", "me")
"""The regions that Cloudflare takes as location hints of Durable Objects."""

JURISDICTIONS = ("eu", "fedramp", "us")
"""Where Cloudflare promises to keep and run Durable Objects that were made for it."""

_VAPID_KEY_BYTES = 32
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # NIST SP 800-186, section 3.2.1.3
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+")
# Apple's push service refuses a contact that cannot be an address; RFC 8292, section 2.1, asks for one of these two.
_CONTACT = re.compile(r"mailto:[^\s<>@:,;]+@[^\s<>@:,;]+|https://[^\s<>/@]+(?:/[^\s<>]*)?")
_LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


CALL_MARK = "{call}"
"""What stands in CALL_URL for something that nobody guesses, another one for each call."""
# Only what RFC 3986, section 2, allows in a path, query and fragment; no name or password before the host.
# It fits into a message.
_CALL_URL = re.compile(
    r"(?=.{1,500}\Z)https://[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?/(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]|\{call\})*"
)


class Hint(ValueError):
    """Says what form a setting should have, without quoting it."""


def password(text: str) -> str:
    """A password that is neither too short to resist guessing nor so long that it burdens the server."""
    # Counted after NFKC, because that is what is compared: it may join eight marks into a single character.
    if not MIN_PASSWORD_CHARACTERS <= len(normal(text)) <= MAX_PASSWORD_CHARACTERS:
        raise Hint(f"it must have {MIN_PASSWORD_CHARACTERS} to {MAX_PASSWORD_CHARACTERS} characters.")
    return text


def normal(password: str) -> str:
    """The form in which passwords are compared: NFKC makes spellings of one text equal."""
    return unicodedata.normalize("NFKC", password)


def key(text: str) -> bytes:
    """A key of KEY_BYTES, from base64url."""
    found = from_b64url(text)
    if len(found) != KEY_BYTES:
        raise Hint(f"it must be {KEY_BYTES} bytes as base64url without padding; bin/keys makes one.")
    return found


def vapid_key(text: str) -> str:
    """A private key of P-256: checked, and still in base64url."""
    found = from_b64url(text)
    if len(found) != _VAPID_KEY_BYTES or not 0 < int.from_bytes(found, "big") < _P256_ORDER:
        raise Hint(f"it must be {_VAPID_KEY_BYTES} bytes as base64url without padding; bin/keys makes one.")
    return text


def push_content(text: str) -> str:
    """One of PUSH_CONTENTS."""
    return _one_of(text, *PUSH_CONTENTS)


def push_services(text: str) -> frozenset[str] | None:
    """Host names, or None for any host."""
    if text == "*":
        return None
    hosts = frozenset(host.strip() for host in text.split(",")) if text else frozenset()
    if not all(_HOST.fullmatch(host) for host in hosts):
        raise Hint("it is host names in lower case between commas, or *.")
    return hosts


def webhook_hosts(text: str) -> frozenset[str] | None:
    """Public host names, or "*." and such a name for all names below it; None for any public name."""
    if text == "*":
        return None
    hosts = frozenset(host.strip() for host in text.split(",")) if text else frozenset()
    names = [host.removeprefix("*.") for host in hosts]
    if not all(_HOST.fullmatch(name) and is_public_host(name) for name in names):
        raise Hint('it is public host names in lower case between commas, also as "*.example.org", or *.')
    return hosts


def room_names(text: str) -> frozenset[str] | None:
    """Names of rooms, or None for any name."""
    if text == "*":
        return None
    names = frozenset(name.strip() for name in text.split(","))
    if not all(ROOM_NAME.fullmatch(name) for name in names):
        raise Hint("names have up to 63 of a-z, 0-9 and -, do not start with -, and stand between commas.")
    return names


def names(text: str) -> str:
    """Whether names have to be secured."""
    return _one_of(text, OPEN, SECURED)


def access(text: str) -> str:
    """What lets new people in."""
    return _one_of(text, BY_PASSWORD, BY_INVITE, BY_BOTH)


def inviters(text: str) -> str:
    """Who may invite."""
    return _one_of(text, EVERY_MEMBER, ONLY_ADMINS, NOBODY)


def talkers(text: str) -> str:
    """Who may talk to whom in direct conversations."""
    return _one_of(text, EVERYONE, WITH_ADMINS, NO_TALK)


def _one_of(text: str, *choices: str) -> str:
    if text not in choices:
        *others, last = (f'"{choice}"' for choice in choices)
        raise Hint(f"it is {', '.join(others)} or {last}.")
    return text


def bot_protection(text: str) -> str:
    """The challenges that a login has to answer."""
    return _one_of(text, "off", "altcha", "turnstile", "both")


def message_rate(text: str) -> tuple[int, float]:
    """How many messages at once, and how many a second."""
    match = re.fullmatch(r"([0-9]{1,7})/([0-9]{1,7}(?:\.[0-9]{1,3})?)", text)
    burst, rate = (int(match[1]), float(match[2])) if match else (0, 0.0)
    if not (1 <= burst <= MAX_MESSAGE_RATE and 0 < rate <= MAX_MESSAGE_RATE):
        raise Hint('it is "burst/per-second", such as "20/5".')
    return burst, int(rate) if rate.is_integer() else rate


def location_hint(text: str) -> str:
    """One of LOCATION_HINTS."""
    if text not in LOCATION_HINTS:
        raise Hint(f"it is one of {', '.join(LOCATION_HINTS)}.")
    return text


def jurisdiction(text: str) -> str:
    """One of JURISDICTIONS."""
    return _one_of(text, *JURISDICTIONS)


def title(text: str) -> str:
    """One line with something visible in it."""
    line = clean_line(text, limit=MAX_TITLE_CHARACTERS, what="The title")
    if not line:
        raise Malformed("The title is empty.")
    return line


def whole_number(lowest: int, highest: int) -> Callable[[str], int]:
    """A parser for a whole number within limits."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,13}", text) or not lowest <= int(text) <= highest:
            raise Hint(f"it is a whole number from {lowest} to {highest}.")
        return int(text)

    return parse


def verify_url(text: str) -> str:
    """The address where Turnstile's answers are checked."""
    url = urlsplit(text)
    if url.scheme != "https" and not (url.scheme == "http" and url.hostname in _LOCAL_HOSTS):
        raise Hint("it is an https: address; http: only on this machine.")
    return text


def call_url(text: str) -> str:
    """The address at which people meet; CALL_MARK at most once, after the host."""
    if not _CALL_URL.fullmatch(text) or text.count(CALL_MARK) > 1:
        raise Hint(f'it is an https: address such as "https://meet.example.org/{CALL_MARK}".')
    return text


def contact(text: str) -> str:
    """The contact that a push service may write to."""
    if not _CONTACT.fullmatch(text):
        raise Hint("it is an address such as mailto:you@your-domain.org, or an https: page.")
    return text


def switch(text: str) -> bool:
    """A setting that is either on or off."""
    if text not in ("on", "off"):
        raise Hint('it is "on" or "off".')
    return text == "on"
