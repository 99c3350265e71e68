"""bin/keys: what it prints is what the settings take."""

import subprocess
import sys

from cryptography.hazmat.primitives.asymmetric import ec

from encoding import b64url, from_b64url
from settings import read_settings
from tools.keys import MAKERS, vapid_private_key
from tools.paths import ROOT


def keys(*arguments: str) -> str:
    command = [sys.executable, str(ROOT / "bin" / "keys"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


def test_all_keys_are_printed_by_name_and_taken_as_settings() -> None:
    printed = dict(line.split("=") for line in keys().splitlines())
    assert set(printed) == set(MAKERS)
    settings = read_settings({**printed, "CHAT_PASSWORD": "long enough", "VAPID_SUBJECT": "mailto:a@example.org"})
    assert b64url(settings.master_key) == printed["MASTER_KEY"]
    assert settings.vapid_private_key == printed["VAPID_PRIVATE_KEY"]


def test_one_key_is_printed_alone_and_never_the_same_twice() -> None:
    first, second = keys("MASTER_KEY"), keys("MASTER_KEY")
    assert len(from_b64url(first.strip())) == 32
    assert first != second


def test_a_vapid_key_is_a_private_key_of_p256() -> None:
    for _ in range(20):
        number = int.from_bytes(from_b64url(vapid_private_key()), "big")
        assert ec.derive_private_key(number, ec.SECP256R1()).key_size == 256
