"""The recovery proofs that the page's tests expect, recomputed with OpenSSL: docs/protocol.md, "Recovery code".

The Worker never sees a code, so only the page makes proofs of them.
"""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from encoding import b64url, from_b64url
from tools.paths import ROOT

VECTORS: list[dict[str, Any]] = json.loads((ROOT / "tests/vectors/recovery_proof.json").read_text(encoding="utf-8"))
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["code"] for vector in VECTORS])
def test_openssl_makes_the_same_proof_of_a_code(vector: dict[str, Any]) -> None:
    code = "".join(CROCKFORD[byte % 32] for byte in from_b64url(vector["random"]))
    assert code == vector["code"] == vector["shown"].replace("-", "")
    assert [len(group) for group in vector["shown"].split("-")] == [5, 5, 5, 5]
    salt = from_b64url(vector["salt"])
    derived = HKDF(SHA256(), length=32, salt=salt, info=b"durable-chat recovery v1").derive(code.encode())
    assert b64url(derived) == vector["proof"]


def test_the_vectors_cover_how_people_type() -> None:
    typed = "".join(text for vector in VECTORS for text in vector["typed"])
    assert {"I", "i", "l", "L", "O", "o", " ", "\u00a0", "\u2011", "."} <= set(typed)
    assert len({vector["salt"] for vector in VECTORS}) == len(VECTORS)
