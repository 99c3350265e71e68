"""bin/verifier: its line lets the typed password in and no other, and the password is nowhere to be seen."""

import subprocess
import sys

import pytest

from sealing.verifiers import parse_verifiers, proves, stretch
from settings import read_settings
from tests.fakes import OpenSslCiphers
from tools.paths import ROOT

PASSWORD = "Верная лошадь, ﬁve"


def verifier(*arguments: str, typed: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "bin" / "verifier"), *arguments]
    return subprocess.run(command, input=typed, capture_output=True, text=True, timeout=300, check=False)


async def test_the_printed_verifier_lets_the_password_in_and_no_other() -> None:
    printed = verifier("--room", "team", typed=f"{PASSWORD}\n").stdout.strip()
    settings = read_settings({"CHAT_PASSWORD_VERIFIER": printed, "MASTER_KEY": "A" * 43, "ROOM_NAMES": "team"})
    entry = settings.chat_password_verifiers["team"]
    ciphers = OpenSslCiphers()
    assert await proves(await stretch(PASSWORD, entry.kdf_salt, ciphers), entry.verifier, ciphers)
    assert not await proves(await stretch(PASSWORD + "!", entry.kdf_salt, ciphers), entry.verifier, ciphers)


def test_two_calls_share_no_salt_and_nothing_shows_the_password() -> None:
    first, second = verifier(typed=PASSWORD), verifier(typed=PASSWORD)
    one, other = parse_verifiers(first.stdout)["main"], parse_verifiers(second.stdout)["main"]
    assert one.kdf_salt != other.kdf_salt
    assert one.verifier.salt != other.verifier.salt
    assert PASSWORD not in first.stdout + first.stderr


@pytest.mark.parametrize("typed", ["", "\n", "1234567\n", "x" * 1_001])
def test_a_password_that_the_settings_would_refuse_is_refused_here(typed: str) -> None:
    refused = verifier(typed=typed)
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "8 to 1000 characters" in refused.stderr


@pytest.mark.parametrize("room", ["Main", "", "a b", "../x"])
def test_a_room_that_cannot_exist_is_refused(room: str) -> None:
    refused = verifier("--room", room, typed=PASSWORD)
    assert refused.returncode == 2
    assert refused.stdout == ""


def test_a_room_that_people_have_been_in_keeps_its_salt() -> None:
    salt = "AAECAwQFBgcICQoLDA0ODw"
    entry = parse_verifiers(verifier("--salt", salt, typed=PASSWORD).stdout)["main"]
    assert entry.kdf_salt == bytes(range(16))


@pytest.mark.parametrize("salt", ["", "AAEC", "AAECAwQFBgcICQoLDA0ODw==", "!" * 22])
def test_what_is_no_salt_is_refused(salt: str) -> None:
    assert verifier("--salt", salt, typed=PASSWORD).returncode == 2
