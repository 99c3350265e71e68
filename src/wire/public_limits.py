"""The limits that clients are told: docs/protocol.md, "Limits"."""

from typing import Any

from limits import (
    MAX_BODY_CHARACTERS,
    MAX_CHANNEL_NAME_CHARACTERS,
    MAX_CHANNELS,
    MAX_EMOJIS,
    MAX_FILES_PER_MESSAGE,
    MAX_FRAME_BYTES,
    MAX_MEMBERS,
    MAX_MENTIONS,
    MAX_NAME_CHARACTERS,
    MAX_RESUME_EVENTS,
    MAX_SOCKETS_PER_MEMBER,
    MAX_TOPIC_CHARACTERS,
)


def public_limits(message_burst: int, message_rate: float, file_bytes: int) -> dict[str, Any]:
    """The `limits` that clients get: docs/protocol.md, "Limits"."""
    return {
        "frame_bytes": MAX_FRAME_BYTES,
        "body_characters": MAX_BODY_CHARACTERS,
        "name_characters": MAX_NAME_CHARACTERS,
        "channel_name_characters": MAX_CHANNEL_NAME_CHARACTERS,
        "topic_characters": MAX_TOPIC_CHARACTERS,
        "channels": MAX_CHANNELS,
        "members": MAX_MEMBERS,
        "sockets": MAX_SOCKETS_PER_MEMBER,
        "mentions": MAX_MENTIONS,
        "emojis": MAX_EMOJIS,
        "resume_events": MAX_RESUME_EVENTS,
        "files": MAX_FILES_PER_MESSAGE,
        "file_bytes": file_bytes,
        "message_burst": message_burst,
        "message_rate": message_rate,
    }
