"""The digest by which a present member's name is found in storage, where the name itself is sealed."""

import hmac

from sealing.keyring import Keyring
from text.names import folded


async def digest_of_name(name: str, keyring: Keyring, *, now_ms: int) -> bytes:
    """A keyed digest that is equal for all spellings of one name (docs/protocol.md, "Names")."""
    key = await keyring.index_key("member name", now_ms=now_ms)
    return hmac.digest(key, folded(name).encode(), "sha256")
