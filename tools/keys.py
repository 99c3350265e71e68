"""bin/keys: fresh random keys for the settings, to be stored with `npx wrangler secret put NAME`. Needs no set-up."""

import argparse
import base64
import secrets
from collections.abc import Callable, Sequence

_KEY_BYTES = 32
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # NIST SP 800-186, section 3.2.1.3


def main(arguments: Sequence[str]) -> int:
    """Print one key alone, ready for a pipe, or all of them by name."""
    parser = argparse.ArgumentParser(prog="bin/keys", description="Print fresh random keys for the settings.")
    parser.add_argument("name", nargs="?", choices=MAKERS, help="print only this one, without its name")
    name = parser.parse_args(arguments).name
    if name:
        print(MAKERS[name]())
    else:
        print("\n".join(f"{each}={make()}" for each, make in MAKERS.items()))
    return 0


def master_key() -> str:
    """MASTER_KEY: 32 random bytes."""
    return _b64url(secrets.token_bytes(_KEY_BYTES))


def vapid_private_key() -> str:
    """VAPID_PRIVATE_KEY: a P-256 private key, a number from 1 to the order of the curve less 1."""
    return _b64url((1 + secrets.randbelow(_P256_ORDER - 1)).to_bytes(_KEY_BYTES, "big"))


MAKERS: dict[str, Callable[[], str]] = {"MASTER_KEY": master_key, "VAPID_PRIVATE_KEY": vapid_private_key}


def _b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
