"""What client/core/archive/age.ts seals, opened by another implementation of age."""

import subprocess

import pyrage
import pytest

from tools import paths

CHUNK = 65_536
_SEAL = """
import { sealed } from "./client/core/archive/age.ts"
const [size, passphrase] = process.argv.slice(1)
const random = (bytes) => crypto.getRandomValues(new Uint8Array(bytes))
async function* plain() {
  for (let at = 0; at < size; at += 50_000) yield new Uint8Array(Math.min(50_000, size - at)).fill(at / 50_000)
}
for await (const chunk of sealed(plain(), passphrase, { random, workFactor: 10 })) process.stdout.write(chunk)
"""


def _sealed(size: int, passphrase: str) -> bytes:
    command = [str(paths.node()), "--input-type=module", "--eval", _SEAL, str(size), passphrase]
    return subprocess.run(command, cwd=paths.ROOT, capture_output=True, check=True).stdout


def _plain(size: int) -> bytes:
    return b"".join(bytes([at // 50_000]) * min(50_000, size - at) for at in range(0, size, 50_000))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 300_000])
def test_it_opens_with_its_passphrase_and_no_other(size: int) -> None:
    sealed = _sealed(size, "пароль, 8 знаков 🐎")
    assert pyrage.passphrase.decrypt(sealed, "пароль, 8 знаков 🐎") == _plain(size)
    with pytest.raises(pyrage.DecryptError):
        pyrage.passphrase.decrypt(sealed, "пароль, 8 знаков")


def test_what_was_cut_or_changed_does_not_open() -> None:
    sealed = _sealed(3 * CHUNK, "correct horse")
    for damaged in (sealed[:-1], sealed[: -CHUNK - 16], sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed + b"x"):
        with pytest.raises(pyrage.DecryptError):
            pyrage.passphrase.decrypt(damaged, "correct horse")
