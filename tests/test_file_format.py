"""Sealed files, sealed and opened a second time with OpenSSL: docs/protocol.md, "Files".

The Worker never opens a file, so only the page seals. Its tests (client/core/files/sealing.test.ts) hold it to the same
vectors: what either of the two seals is the same to the last byte, so each opens what the other one sealed.
"""

import json
from hashlib import sha256
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from encoding import from_b64url
from files.layout import BLOCK_BYTES, CHUNK_BYTES, OBJECT, SEALED_CHUNK_BYTES, part_count, sealed_bytes
from tests.sealed_files import additional, seal, unseal
from tools.paths import ROOT

VECTORS: list[dict[str, Any]] = json.loads((ROOT / "tests/vectors/files.json").read_text(encoding="utf-8"))
SIZES = [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 4 * CHUNK_BYTES, 4 * CHUNK_BYTES + 1]


def _plain(size: int) -> bytes:
    """Bytes that do not repeat where chunks begin."""
    return b"".join(sha256(number.to_bytes(4, "big")).digest() for number in range(-(-size // 32)))[:size]


@pytest.mark.parametrize("vector", VECTORS, ids=[str(vector["size"]) for vector in VECTORS])
def test_openssl_seals_a_file_to_the_same_bytes_and_opens_it(vector: dict[str, Any]) -> None:
    plain = _plain(vector["size"])
    sealed = seal(plain, vector["key"], vector["id"])
    assert sha256(sealed).hexdigest() == vector["sealed_sha256"]
    assert len(sealed) == vector["sealed_bytes"] == sealed_bytes(vector["size"])
    assert part_count(len(sealed), OBJECT) == vector["parts"]
    assert unseal(sealed, vector["key"], vector["id"]) == plain


@pytest.mark.parametrize("vector", VECTORS, ids=[str(vector["size"]) for vector in VECTORS])
def test_a_thumbnail_is_sealed_under_a_nonce_that_no_chunk_has(vector: dict[str, Any]) -> None:
    nonce = bytes([1, *bytes(10), 1])
    sealed = AESGCM(from_b64url(vector["key"])).encrypt(nonce, _plain(vector["thumb"]), additional(vector["id"]))
    assert sha256(sealed).hexdigest() == vector["sealed_thumb_sha256"]


def test_the_vectors_have_every_size_at_which_something_changes() -> None:
    assert [vector["size"] for vector in VECTORS] == SIZES
    assert len({vector["key"] for vector in VECTORS}) == len({vector["id"] for vector in VECTORS}) == len(VECTORS)
    assert BLOCK_BYTES[OBJECT] == 4 * SEALED_CHUNK_BYTES


def test_what_was_changed_does_not_open() -> None:
    vector = VECTORS[-1]
    sealed = seal(_plain(vector["size"]), vector["key"], vector["id"])
    first, second = sealed[:SEALED_CHUNK_BYTES], sealed[SEALED_CHUNK_BYTES : 2 * SEALED_CHUNK_BYTES]
    rest = sealed[2 * SEALED_CHUNK_BYTES :]
    flipped = bytes([sealed[0] ^ 1]) + sealed[1:]
    for damaged in (flipped, second + first + rest, first + rest, sealed[: 4 * SEALED_CHUNK_BYTES], sealed[:-1]):
        with pytest.raises(InvalidTag):
            unseal(damaged, vector["key"], vector["id"])
    with pytest.raises(InvalidTag):
        unseal(sealed, vector["key"], VECTORS[0]["id"])
