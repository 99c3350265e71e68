"""Which addresses webhooks may have: the chat makes requests to them, so none may lead to anything that is near it."""

import re
from collections.abc import Collection

from bot_limits import MAX_WEBHOOK_URL_CHARACTERS
from errors import Forbidden, Malformed
from text.hosts import is_public_host

# Stricter than the URL standard, so that Python and the platform cannot read different hosts from one address: no
# name before an @, no port but the usual one, no brackets, no dot behind the host, nothing behind a #.
_ADDRESS = re.compile(
    r"https://(?P<host>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+)(?::443)?"
    r"(?P<path>(?:/[!\"$-\[\]-~]*)?)",
    re.IGNORECASE | re.ASCII,
)
_LONGEST_HOST_CHARACTERS = 253


def checked(url: str, *, hosts: frozenset[str] | None, own: Collection[str]) -> str:
    """The address of a webhook in its one spelling.

    Args:
        hosts: where webhooks may be, also as "*.example.org"; None allows every public name.
        own: hosts under which people reach the chat itself.
    Raises:
        Malformed: no webhook can have this address.
        Forbidden: the operator does not allow it, or it is our own.
    """
    found = _ADDRESS.fullmatch(url) if len(url) <= MAX_WEBHOOK_URL_CHARACTERS else None
    host = "" if found is None else found["host"].lower()
    if found is None or len(host) > _LONGEST_HOST_CHARACTERS or not is_public_host(host):
        raise Malformed("webhook: url has to be https: with a public name, on the usual port.")
    if host in own:
        raise Forbidden("webhook: url is an address of this chat.")
    if hosts is not None and not _is_among(host, hosts):
        raise Forbidden("webhook: the setting WEBHOOK_HOSTS does not name this host.")
    return f"https://{host}{found['path'] or '/'}"


def _is_among(host: str, hosts: frozenset[str]) -> bool:
    """Whether a host is one of these, or below one that begins with "*."."""
    labels = host.split(".")
    above = (".".join(["*", *labels[number:]]) for number in range(1, len(labels)))
    return host in hosts or any(name in hosts for name in above)
