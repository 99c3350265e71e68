"""What an edited message said before: a sealed list in the row of the message, which goes with its text."""

import json
from collections.abc import Mapping
from typing import Any

from encoding import compact_json
from limits import MAX_FORMER_TEXTS
from sealing.keyring import Header, Keyring
from storage.headers import message_header
from storage.messages import Message
from storage.store import Store


async def former_texts(message: Message, store: Store, keyring: Keyring) -> list[dict[str, Any]]:
    """The former texts of a message, oldest first, each with `at`, since when it said so; none if they do not open."""
    sealed = store.former.of(message)
    if sealed is None:
        return []
    (opened,) = await keyring.open([(sealed, message_header("former", message))])
    return [] if opened is None else list(json.loads(opened))


async def with_former(
    message: Message, texts: Mapping[str, Any], body: str, store: Store, keyring: Keyring
) -> list[tuple[bytes, Header]]:
    """What is to be sealed as the former texts once the message says `body`; nothing if that is no other text.

    Args:
        texts: the unsealed texts of the message as it is; empty if they do not open.
    """
    if texts.get("body", body) == body:
        return []
    said = {"body": texts["body"], "at": message.edited_at or message.sent_at}
    former = [*await former_texts(message, store, keyring), said][-MAX_FORMER_TEXTS:]
    return [(compact_json(former).encode(), message_header("former", message))]
