"""bin/keys: new random keys for the settings, to be stored with `bin/wrangler secret put NAME`. Needs no set-up."""

import argparse
import base64
import secrets
from collections.abc import Callable, Sequence

_KEY_BYTES = 32

# The curve P-256, NIST SP 800-186, section 3.2.1.3.
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_P256_PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1
_P256_BASE = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_Point = tuple[int, int]


def main(arguments: Sequence[str]) -> int:
    """Print one key alone, ready for a pipe, or all of them by name, with the public half of VAPID_PRIVATE_KEY."""
    parser = argparse.ArgumentParser(
        prog="bin/keys",
        description="Print fresh random keys for the settings, and the public half of the VAPID key: that one is"
        " no setting; browsers ask the chat for it, and push services see it.",
    )
    parser.add_argument("name", nargs="?", choices=MAKERS, help="print only this one, without its name")
    name = parser.parse_args(arguments).name
    if name:
        print(MAKERS[name]())
        return 0
    keys = {each: make() for each, make in MAKERS.items()}
    keys["VAPID_PUBLIC_KEY"] = vapid_public_key(keys["VAPID_PRIVATE_KEY"])
    print("\n".join(f"{each}={key}" for each, key in keys.items()))
    return 0


def master_key() -> str:
    """MASTER_KEY: 32 random bytes."""
    return _b64url(secrets.token_bytes(_KEY_BYTES))


def vapid_private_key() -> str:
    """VAPID_PRIVATE_KEY: a P-256 private key, a number from 1 to one less than the order of the curve."""
    return _b64url((1 + secrets.randbelow(_P256_ORDER - 1)).to_bytes(_KEY_BYTES, "big"))


def vapid_public_key(private_key: str) -> str:
    """The public half of a VAPID key: 65 bytes, an uncompressed point of P-256."""
    left = int.from_bytes(base64.urlsafe_b64decode(private_key + "=" * (-len(private_key) % 4)), "big")
    found: _Point | None = None
    step: _Point | None = _P256_BASE
    while left:
        if left & 1:
            found = _added(found, step)
        step = _added(step, step)
        left >>= 1
    assert found is not None
    return _b64url(b"\x04" + b"".join(part.to_bytes(_KEY_BYTES, "big") for part in found))


MAKERS: dict[str, Callable[[], str]] = {"MASTER_KEY": master_key, "VAPID_PRIVATE_KEY": vapid_private_key}


def _added(one: _Point | None, other: _Point | None) -> _Point | None:
    """The sum of two points of P-256; None is the point at infinity. Not in constant time: the key is new and ours."""
    if one is None or other is None:
        return other if one is None else one
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % _P256_PRIME == 0:
        return None
    rise, run = (3 * x1 * x1 - 3, 2 * y1) if one == other else (y2 - y1, x2 - x1)
    slope = rise * pow(run, -1, _P256_PRIME) % _P256_PRIME
    x = (slope * slope - x1 - x2) % _P256_PRIME
    return x, (slope * (x1 - x) - y1) % _P256_PRIME


def _b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
