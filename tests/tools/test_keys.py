"""bin/keys: what it prints is what the settings take."""

import subprocess
import sys

from cryptography.hazmat.primitives.asymmetric import ec

from encoding import b64url, from_b64url
from settings import read_settings
from tests.fakes import public_bytes
from tools.keys import _P256_ORDER, MAKERS, vapid_private_key, vapid_public_key
from tools.paths import ROOT


def keys(*arguments: str) -> str:
    command = [sys.executable, str(ROOT / "bin" / "keys"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=True).stdout


def test_all_keys_are_printed_by_name_and_taken_as_settings() -> None:
    printed = dict(line.split("=") for line in keys().splitlines())
    assert set(printed) == {*MAKERS, "VAPID_PUBLIC_KEY"}
    settings = read_settings({**printed, "CHAT_PASSWORD": "long enough", "VAPID_SUBJECT": "mailto:a@example.org"})
    assert b64url(settings.master_key) == printed["MASTER_KEY"]
    assert settings.vapid_private_key == printed["VAPID_PRIVATE_KEY"]
    assert vapid_public_key(printed["VAPID_PRIVATE_KEY"]) == printed["VAPID_PUBLIC_KEY"]


def test_one_key_is_printed_alone_and_never_the_same_twice() -> None:
    first, second = keys("MASTER_KEY"), keys("MASTER_KEY")
    assert len(from_b64url(first.strip())) == 32
    assert first != second


def test_a_vapid_key_is_a_private_key_of_p256_and_its_public_half_belongs_to_it() -> None:
    smallest, largest = b64url(b"\x01".rjust(32, b"\0")), b64url((_P256_ORDER - 1).to_bytes(32, "big"))
    for key in (smallest, largest, *(vapid_private_key() for _ in range(20))):
        private = ec.derive_private_key(int.from_bytes(from_b64url(key), "big"), ec.SECP256R1())
        assert from_b64url(vapid_public_key(key)) == public_bytes(private)
