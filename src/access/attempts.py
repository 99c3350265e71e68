"""How long an address has to wait after failed logins. Pure decisions: the caller stores what they return.

Guessing in parallel must not give more guesses. So record `after_failure` *before* the hashing starts, and take it back
when the proof was right: then overlapping requests see each other.
"""

import hmac
import ipaddress
from dataclasses import replace

from limits import (
    CHALLENGE_HARD_FAILURES,
    LOGIN_FAILURE_WINDOW_MS,
    LOGIN_FAILURES_ALLOWED,
    LOGIN_WAIT_FIRST_SECONDS,
    LOGIN_WAIT_LONGEST_SECONDS,
    ROOM_ATTACK_FAILURES,
)
from storage.attempts import Attempts

UNKNOWN_ADDRESS = "unknown"
"""All requests whose address cannot be read share this one bucket, and so its five failures."""


def wait_seconds(attempts: Attempts | None, now_ms: int) -> int:
    """Whole seconds until this address may try again, 0 for now; never more than LOGIN_WAIT_LONGEST_SECONDS."""
    if attempts is None or attempts.blocked_until <= now_ms:
        return 0
    seconds = -((now_ms - attempts.blocked_until) // 1_000)
    return min(seconds, LOGIN_WAIT_LONGEST_SECONDS)  # holds even if the clock was set back


def after_failure(attempts: Attempts | None, now_ms: int) -> Attempts:
    """The row to store after one more failure.

    The first LOGIN_FAILURES_ALLOWED - 1 failures cost nothing. Each later one starts a wait: 30 s, 60 s, … 900 s.
    """
    known = None if attempts is None or _is_forgotten(attempts, now_ms) else attempts
    failures = known.failures + 1 if known else 1
    blocks = known.blocks if known else 0
    if failures < LOGIN_FAILURES_ALLOWED:
        return Attempts(failures, now_ms, 0, blocks)
    seconds = min(LOGIN_WAIT_FIRST_SECONDS * 2 ** min(blocks, 16), LOGIN_WAIT_LONGEST_SECONDS)
    return Attempts(failures, now_ms, now_ms + seconds * 1_000, blocks + 1)


def before_failure(attempts: Attempts) -> Attempts | None:
    """The row without its latest failure, which turned out to be none; None if no other is left. Makes nobody wait."""
    if attempts.failures <= 1:
        return None
    waited = attempts.failures >= LOGIN_FAILURES_ALLOWED
    return replace(
        attempts,
        failures=attempts.failures - 1,
        blocked_until=0,
        blocks=attempts.blocks - 1 if waited else attempts.blocks,
    )


def forgotten_at(attempts: Attempts) -> int:
    """The time in ms from which this row has no effect and may be removed."""
    return max(attempts.window_started_at, attempts.blocked_until) + LOGIN_FAILURE_WINDOW_MS


def is_suspect(attempts: Attempts | None, now_ms: int) -> bool:
    """Whether this address failed often enough to get the harder challenge; one mistyped password is not enough."""
    if attempts is None or _is_forgotten(attempts, now_ms):
        return False
    return attempts.failures >= CHALLENGE_HARD_FAILURES


def room_is_attacked(failures_in_hour: int) -> bool:
    """Whether so many logins failed, from any address, that everyone gets the harder challenge."""
    return failures_in_hour >= ROOM_ATTACK_FAILURES


def address_bucket(ip: str) -> str:
    """The unit that is counted as one address: an IPv4 address, or the /64 network that one IPv6 customer gets."""
    try:
        address = ipaddress.ip_address(ip.strip())
    except ValueError:
        return UNKNOWN_ADDRESS
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address) >> 64 << 64, 64)))


def address_digest(key: bytes, ip: str) -> bytes:
    """32 bytes for the bucket of `ip`: HMAC-SHA-256 under a secret key, so that the table holds no addresses.

    A plain hash would not hide them: there are only 2^32 IPv4 addresses to try.
    """
    return hmac.digest(key, address_bucket(ip).encode(), "sha256")


def _is_forgotten(attempts: Attempts, now_ms: int) -> bool:
    return now_ms >= forgotten_at(attempts)
