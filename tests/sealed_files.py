"""Files as browsers seal and send them (docs/protocol.md, "Files"), with OpenSSL."""

import os
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from encoding import b64url, from_b64url
from files.layout import CHUNK_BYTES, SEALED_CHUNK_BYTES
from tests.people import Person


def additional(file: str) -> bytes:
    """What is authenticated besides: of which file a chunk is."""
    return b"durable-chat file v1" + from_b64url(file)


def nonce(index: int, *, last: bool) -> bytes:
    """That of a chunk."""
    return bytes(7) + index.to_bytes(4, "big") + bytes([last])


def seal(plain: bytes, key: str, file: str) -> bytes:
    """All chunks of a file."""
    chunks = [plain[at : at + CHUNK_BYTES] for at in range(0, len(plain), CHUNK_BYTES)] or [b""]
    cipher = AESGCM(from_b64url(key))
    return b"".join(
        cipher.encrypt(nonce(index, last=index == len(chunks) - 1), chunk, additional(file))
        for index, chunk in enumerate(chunks)
    )


def unseal(sealed: bytes, key: str, file: str) -> bytes:
    """The file again."""
    chunks = [sealed[at : at + SEALED_CHUNK_BYTES] for at in range(0, len(sealed), SEALED_CHUNK_BYTES)]
    cipher = AESGCM(from_b64url(key))
    return b"".join(
        cipher.decrypt(nonce(index, last=index == len(chunks) - 1), chunk, additional(file))
        for index, chunk in enumerate(chunks)
    )


def upload(person: Person, plain: bytes, *, name: str, kind: str, channel: str = "general") -> dict[str, Any]:
    """Store a file; what its message has to say of it."""
    told = {"id": b64url(os.urandom(16)), "key": b64url(os.urandom(32)), "name": name, "type": kind, "size": len(plain)}
    sealed = seal(plain, str(told["key"]), str(told["id"]))
    form = {"id": told["id"], "channel": channel, "size": len(sealed), "thumb": 0}
    answer = person.http.post("/files", json=form).raise_for_status().json()
    for number in range(answer["parts"]):
        part = sealed[number * answer["part_bytes"] : (number + 1) * answer["part_bytes"]]
        headers = {"Upload-Ticket": answer["ticket"]}
        person.http.put(f"/files/{told['id']}/parts/{number}", content=part, headers=headers).raise_for_status()
    return told
