"""What the Worker hands to a room with a request of a program, besides its body. No secret is in it.

It travels in one header of a request that the Worker makes itself, as `access/handover.py` does.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, fields

DELIVERY = "X-Delivery"
"""The header that holds it."""
KEYS = ("idempotency-key", "x-github-delivery", "x-gitea-delivery", "webhook-id")
"""Headers by which senders say that a request repeats another one; the first that is there counts."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request with the token of a hook, a bot or a reply address."""

    hook: str = ""
    """The id of the hook or bot."""
    digest: str = ""
    """Of the token's secret, in hexadecimal."""
    media_type: str = ""
    boundary: str = ""
    """Between the parts of a body that has several."""
    key: str = ""
    """The same for all repetitions of a request, in hexadecimal; empty if its sender does not say."""
    reply: str = ""
    """Of a reply address: its token, which is good for some minutes."""
    wait: bool = False
    """Whether a sender as for Discord wants to see the message."""

    def written(self) -> str:
        """As a header carries it: JSON without a character beyond ASCII."""
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    @classmethod
    def read(cls, text: str) -> "Delivery":
        """What `written` made; fields that only another version of the code knows are left out."""
        given = json.loads(text)
        return cls(**{field.name: given[field.name] for field in fields(cls) if field.name in given})


def key_of(name: str, value: str) -> str:
    """The key of a request from one of the headers KEYS."""
    return hashlib.sha256(f"{name}:{value}".encode("utf-8", "replace")).hexdigest()
