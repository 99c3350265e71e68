"""A device that keeps passkeys, and the browser in front of it, as far as a server sees them; `cryptography` signs."""

import hashlib
import json
import os
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from encoding import b64url

ES256, EDDSA, RS256 = ALGORITHMS = (-7, -8, -257)
PRESENT, VERIFIED, HAS_CREDENTIAL = 0x01, 0x04, 0x40


@dataclass(frozen=True)
class Page:
    """What the browser's page is about to ask of a device, and everything that may be wrong with it."""

    origin: str
    challenge: str
    """As the server gave it."""
    rp_id: str = ""
    """The host name, unless another one is given."""
    type: str = ""
    flags: int = PRESENT | VERIFIED
    more: dict[str, Any] = field(default_factory=dict)
    """Further fields of the browser's JSON."""

    def client_data(self, kind: str) -> bytes:
        """The browser's JSON."""
        said = {"type": self.type or kind, "challenge": self.challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said | self.more, separators=(",", ":")).encode()

    def rp_id_hash(self) -> bytes:
        """What binds the answer to the host name."""
        host = self.origin.partition("://")[2].partition(":")[0]
        return hashlib.sha256((self.rp_id or host).encode()).digest()


class Device:
    """One passkey: its key pair and id, and how often it has signed."""

    def __init__(self, algorithm: int = ES256) -> None:
        self.algorithm = algorithm
        self.key = _fresh(algorithm)
        self.id = os.urandom(16)
        self.count = 0

    @property
    def public(self) -> bytes:
        """The public key as browsers hand it out: SPKI."""
        return self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, message: bytes) -> bytes:
        """A signature as devices make it: for ECDSA in DER."""
        match self.key:
            case ec.EllipticCurvePrivateKey():
                return self.key.sign(message, ec.ECDSA(SHA256()))
            case ed25519.Ed25519PrivateKey():
                return self.key.sign(message)
            case _:
                return self.key.sign(message, PKCS1v15(), SHA256())

    def raw_signature(self, message: bytes) -> bytes:
        """A signature as SubtleCrypto takes it: for ECDSA the two numbers."""
        signature = self.sign(message)
        if self.algorithm != ES256:
            return signature
        r, s = decode_dss_signature(signature)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def made(self, page: Page, name: str = "Laptop") -> dict[str, Any]:
        """The body of `POST …/passkeys`."""
        page = replace(page, flags=page.flags | HAS_CREDENTIAL)
        return {
            "challenge": page.challenge,
            "client_data": b64url(page.client_data("webauthn.create")),
            "authenticator_data": b64url(self._authenticator_data(page) + self._attested()),
            "public_key": b64url(self.public),
            "algorithm": self.algorithm,
            "id": b64url(self.id),
            "name": name,
        }

    def used(self, page: Page) -> dict[str, Any]:
        """The field `passkey` of a login."""
        self.count += 1
        client_data, data = page.client_data("webauthn.get"), self._authenticator_data(page)
        return {
            "id": b64url(self.id),
            "challenge": page.challenge,
            "client_data": b64url(client_data),
            "authenticator_data": b64url(data),
            "signature": b64url(self.sign(data + hashlib.sha256(client_data).digest())),
        }

    def _authenticator_data(self, page: Page) -> bytes:
        return page.rp_id_hash() + bytes([page.flags]) + self.count.to_bytes(4, "big")

    def _attested(self) -> bytes:
        # The key in COSE form would follow, in CBOR, which the chat does not read.
        return bytes(16) + len(self.id).to_bytes(2, "big") + self.id + b"\xa5..."


def _fresh(algorithm: int) -> ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey:
    if algorithm == ES256:
        return ec.generate_private_key(ec.SECP256R1())
    if algorithm == EDDSA:
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(65_537, 2_048)
