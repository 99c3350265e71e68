"""bin/verifier: CHAT_PASSWORD_VERIFIER for a typed password, so that the server never holds the password itself.

The password is typed or read from a pipe. It is never on the command line, which other programs can read and shells
remember. The rules are the Worker's own, src/sealing/verifiers.py. Needs no set-up.
"""

import argparse
import asyncio
import getpass
import hashlib
import hmac
import secrets
import sys
import unicodedata
from collections.abc import Sequence

from tools.paths import ROOT

sys.path.insert(0, str(ROOT / "src"))

from encoding import from_b64url
from errors import Malformed
from limits import MAX_PASSWORD_CHARACTERS, MIN_PASSWORD_CHARACTERS
from sealing.verifiers import SALT_BYTES, RoomVerifier, format_verifier, make_verifier, stretch
from setting_values import ROOM_NAME


class HashlibDerivation:
    """`ciphers.KeyDerivation` in plain Python."""

    async def pbkdf2(self, password: bytes, salt: bytes, iterations: int, length: int) -> bytes:
        """PBKDF2-HMAC-SHA-256."""
        return hashlib.pbkdf2_hmac("sha256", password, salt, iterations, length)

    async def hkdf(self, ikm: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
        """HKDF-SHA-256 (RFC 5869), up to 32 bytes, for which one round is enough."""
        extracted = hmac.digest(salt, ikm, "sha256")
        return hmac.digest(extracted, info + b"\x01", "sha256")[:length]


def main(arguments: Sequence[str]) -> int:
    """Print the verifier for one room."""
    parser = argparse.ArgumentParser(
        prog="bin/verifier",
        description="Print CHAT_PASSWORD_VERIFIER for a password that is asked for. Several rooms: join with commas.",
    )
    parser.add_argument("--room", default="main", help="the room that the password opens (%(default)s)")
    parser.add_argument("--salt", help="of a room that people have been in: kdf.salt of GET /api/rooms/ROOM")
    options = parser.parse_args(arguments)
    room = options.room
    if not ROOM_NAME.fullmatch(room):
        parser.error(f"no room can be called {room!r}")
    kdf_salt = _salt(options.salt, parser)
    password = ask()
    if problem := problem_with(password):
        print(problem, file=sys.stderr)
        return 1
    print(asyncio.run(verifier_text(room, password, kdf_salt)))
    return 0


async def verifier_text(room: str, password: str, kdf_salt: bytes) -> str:
    """`room:kdf_salt.verifier_salt.hash`, with a fresh verifier salt."""
    derivation = HashlibDerivation()
    proof = await stretch(password, kdf_salt, derivation)
    made = await make_verifier(proof, salt=secrets.token_bytes(SALT_BYTES), ciphers=derivation)
    return format_verifier(room, RoomVerifier(kdf_salt, made))


def fresh_salts(count: int) -> list[bytes]:
    """Salts for rooms that nobody has been in."""
    return [secrets.token_bytes(SALT_BYTES) for _ in range(count)]


def problem_with(password: str) -> str | None:
    """Why this cannot be a chat's password; None if it can."""
    if not MIN_PASSWORD_CHARACTERS <= len(unicodedata.normalize("NFKC", password)) <= MAX_PASSWORD_CHARACTERS:
        return f"A password has {MIN_PASSWORD_CHARACTERS} to {MAX_PASSWORD_CHARACTERS} characters."
    return None


def ask() -> str:
    """A password, typed twice without being shown, or one line from a pipe."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    while True:
        password = getpass.getpass("Password: ")
        if password == getpass.getpass("Once more: "):
            return password
        print("They differ; please try again.", file=sys.stderr)


def _salt(text: str | None, parser: argparse.ArgumentParser) -> bytes:
    """A fresh salt, or the one with which a room's browsers already stretch, as that never changes."""
    if text is None:
        return secrets.token_bytes(SALT_BYTES)
    try:
        salt = from_b64url(text)
    except Malformed:
        salt = b""
    if len(salt) != SALT_BYTES:
        parser.error(f"a salt is {SALT_BYTES} bytes as base64url without padding")
    return salt
