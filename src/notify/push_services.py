"""Which addresses and keys a browser may register for notifications.

The server sends requests to addresses that members name. These checks keep those addresses to push services.
"""

import logging
import re
from dataclasses import replace

from errors import Malformed
from limits import MAX_ENDPOINT_CHARACTERS
from logs import about
from notify.web_push import Device
from sealing.ciphers import PUBLIC_KEY_BYTES
from text.hosts import is_public_host

log = logging.getLogger("durable_chat.push")
AUTH_BYTES = 16
KNOWN_SERVICES = (
    "fcm.googleapis.com",  # Chrome, and Edge on Android, Brave, Opera, Samsung Internet, Vivaldi
    "jmt17.google.com",  # Chromium without Google's brand, as Linux distributions build it
    "*.push.services.mozilla.com",  # Firefox: `updates` today
    "*.push.apple.com",  # Safari: `web` today; Apple asks servers to allow the whole domain
    "*.notify.windows.com",  # Edge on Windows
)
"""The hosts in browsers' subscriptions, as `PushManager.subscribe` gave them in each browser in 2026; Apple's and
Microsoft's documents name the wildcards. PUSH_SERVICES adds others, and the log names each host that was refused."""

# Stricter than the URL standard, so that Python and the platform cannot read different hosts from one address.
_ENDPOINT = re.compile(
    r"(https?)://([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*)(:[0-9]{1,5})?((?:/[!\"$-\[\]-~]*)?)", re.IGNORECASE | re.ASCII
)
_DEFAULT_PORT = ":443"
_LONGEST_HOST_CHARACTERS = 253
_P = 2**256 - 2**224 + 2**192 + 2**96 - 1  # P-256, NIST SP 800-186, section 3.2.1.3
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B


def checked_device(device: Device, *, services: frozenset[str] | None, allow_http: bool) -> Device:
    """The device, with its address in the one spelling that we store.

    Args:
        services: hosts besides KNOWN_SERVICES; None allows every public name.
        allow_http: accept any http: or https: address; for tests only.
    Raises:
        Malformed: a key is not valid, or the address is not a push service's. The detail gives the reason.
    """
    if len(device.auth) != AUTH_BYTES:
        raise Malformed(f"auth is not {AUTH_BYTES} bytes.")
    if not is_public_key(device.p256dh):
        raise Malformed("p256dh is not a public key of P-256.")
    endpoint = one_spelling(device.endpoint)
    found = _ENDPOINT.fullmatch(endpoint)
    if found is None:
        raise Malformed("endpoint is not the address of a push service.")
    if not allow_http:
        _check_address(found[1], found[2], found[3], services)
    return replace(device, endpoint=endpoint)


def one_spelling(endpoint: str) -> str:
    """An address as a browser would write it: scheme and host in small letters, without the default port.

    Text that is not the address of a push service is returned unchanged.
    """
    found = _ENDPOINT.fullmatch(endpoint) if len(endpoint) <= MAX_ENDPOINT_CHARACTERS else None
    if found is None:
        return endpoint if len(endpoint) <= MAX_ENDPOINT_CHARACTERS else ""
    scheme, host, port, path = found[1].lower(), found[2].lower(), found[3] or "", found[4]
    return f"{scheme}://{host}{'' if (scheme, port) == ('https', _DEFAULT_PORT) else port}{path}"


def _check_address(scheme: str, host: str, port: str | None, services: frozenset[str] | None) -> None:
    if scheme != "https" or port is not None:
        raise Malformed("endpoint is not https: on the default port.")
    if _is_known(host) or (is_public_host(host) if services is None else host in services):
        return
    # The operator may want to add this host. The rest of the address is the device's secret and is not logged.
    log.warning("a push service is not in the list", extra=about(host=host[:_LONGEST_HOST_CHARACTERS]))
    raise Malformed("endpoint belongs to no push service that is allowed here.")


def is_public_key(key: bytes) -> bool:
    """Whether these bytes are an uncompressed point of P-256."""
    if len(key) != PUBLIC_KEY_BYTES or key[0] != 4:
        return False
    x, y = int.from_bytes(key[1:33], "big"), int.from_bytes(key[33:], "big")
    return x < _P and y < _P and (y * y - x * x * x + 3 * x - _B) % _P == 0


def _is_known(host: str) -> bool:
    return any(host.endswith(name[1:]) if name.startswith("*") else host == name for name in KNOWN_SERVICES)
