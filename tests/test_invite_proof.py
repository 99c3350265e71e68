"""The proofs of invite links that the page's tests expect, recomputed with OpenSSL: docs/protocol.md, "Invites".

The Worker never sees the secret of a link, so only the page makes proofs of them.
"""

import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from encoding import b64url, from_b64url
from tools.paths import ROOT

VECTORS: list[dict[str, Any]] = json.loads((ROOT / "tests/vectors/invite_proof.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["secret"] for vector in VECTORS])
def test_openssl_makes_the_same_proof_and_digest_of_a_secret(vector: dict[str, Any]) -> None:
    secret = from_b64url(vector["secret"])
    assert len(secret) == 16
    assert len(vector["secret"]) == 22
    proof = HKDF(SHA256(), length=32, salt=b"", info=b"durable-chat invite v1").derive(secret)
    assert b64url(proof) == vector["proof"]
    assert b64url(hashlib.sha256(proof).digest()) == vector["digest"]


def test_the_vectors_have_every_kind_of_character() -> None:
    secrets = "".join(vector["secret"] for vector in VECTORS)
    assert {"-", "_"} <= set(secrets)
    assert len({vector["digest"] for vector in VECTORS}) == len(VECTORS) > 3
