"""The signature of what is sent to a webhook: the Standard Webhooks scheme, version 1 (standardwebhooks.com).

A receiver that knows the secret sees that the chat has sent it, and that it is not an old one sent again.
"""

import base64
import hmac

from bot_limits import WEBHOOK_KEY_BYTES

_PREFIX = "whsec_"


def written_secret(key: bytes) -> str:
    """The secret as the receiver is told it."""
    assert len(key) == WEBHOOK_KEY_BYTES
    return _PREFIX + base64.b64encode(key).decode("ascii")


def signed_headers(key: bytes, message_id: str, body: str, *, now_ms: int) -> dict[str, str]:
    """The three headers of a request.

    Args:
        message_id: the same each time that this is sent; without a dot.
        body: exactly what is sent.
    """
    timestamp = str(now_ms // 1_000)
    signature = hmac.digest(key, f"{message_id}.{timestamp}.{body}".encode(), "sha256")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": "v1," + base64.b64encode(signature).decode("ascii"),
    }
