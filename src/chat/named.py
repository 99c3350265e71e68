"""The message that a frame names by its id, as far as its author may see it."""

from chat.audience import Audience
from errors import NotFound
from storage.messages import Message
from storage.store import Store


def message_named(store: Store, audience: Audience, member: str, message_id: str, channel: str | None) -> Message:
    """A message that the member may see; a hidden one is refused like one that does not exist.

    Of several with the same id, that of an open channel is meant unless the frame names a channel.

    Raises:
        NotFound.
    """
    for message in store.messages.named(message_id):
        is_meant = channel is None or message.channel == channel
        if is_meant and audience.may_see_message(member, message):
            return message
    raise NotFound("There is no such message.")


def standing_message(store: Store, audience: Audience, member: str, message_id: str, channel: str | None) -> Message:
    """As `message_named`, of messages that were not deleted."""
    message = message_named(store, audience, member, message_id, channel)
    if message.deleted_at is not None:
        raise NotFound("There is no such message.")
    return message
