"""What the sealed texts of each table are bound to. `registry.py` says which columns they stand in.

A header is made from columns of the text's own row, so a text that was moved to another row does not open.
"""

from sealing.keyring import Header
from storage.message_ids import named_by
from storage.messages import Message


def message_header(kind: str, message: Message) -> Header:
    """The header of a stored message's text, or of its reactions.

    Args:
        kind: "message", "reactions", "former" or "votes".
    """
    return Header(kind, message.channel, message.author, message.id, message.seq, message.sent_at)


def text_header(channel: str, author: str, message_id: bytes, seq: int, sent_at: int) -> Header:
    """The header of a message's text, from the columns of its row."""
    return Header("message", channel, author, named_by(message_id)[0], seq, sent_at)


def reactions_header(channel: str, author: str, message_id: bytes, seq: int, sent_at: int) -> Header:
    """The header of a message's reactions, from the columns of its row."""
    return Header("reactions", channel, author, named_by(message_id)[0], seq, sent_at)


def former_header(channel: str, author: str, message_id: bytes, seq: int, sent_at: int) -> Header:
    """The header of a message's former texts, from the columns of its row."""
    return Header("former", channel, author, named_by(message_id)[0], seq, sent_at)


def votes_header(channel: str, author: str, message_id: bytes, seq: int, sent_at: int) -> Header:
    """The header of a poll's votes, from the columns of its message's row."""
    return Header("votes", channel, author, named_by(message_id)[0], seq, sent_at)


def change_header(seq: int, channel: str, author: str) -> Header:
    """The header of a stored event: its own place in the order, so two of them cannot be swapped."""
    return Header("change", channel, author, str(seq))


def channel_header(channel: str, created_by: str) -> Header:
    """The header of a channel's name and topic."""
    return Header("channel", channel=channel, author=created_by, id=channel)


def lane_header(lane: str, created_by: str) -> Header:
    """The header of a lane's name and topic."""
    return Header("lane", channel=lane, author=created_by, id=lane)


def lane_change_header(lane: str, seq: int, author: str) -> Header:
    """As `change_header`, for an event with a `seq` of its lane."""
    return Header("change", lane, author, f"{lane} {seq}")


def member_header(member: str) -> Header:
    """The header of a member's name."""
    return Header("member", author=member, id=member)


def agent_header(member: str, session: str) -> Header:
    """The header of a device's description."""
    return Header("agent", author=member, id=session)


def confirmation_header(confirmation: str) -> Header:
    """The header of the description of a device that waits to sign in."""
    return Header("agent", id=f"confirmation {confirmation}")


def device_header(member: str, session: str) -> Header:
    """The header of the address that a device's notifications go to, with its keys."""
    return Header("push", author=member, id=session)


def passkey_header(member: str, passkey: str) -> Header:
    """The header of a passkey's name."""
    return Header("passkey", author=member, id=passkey)


def invite_header(member: str, invite: str) -> Header:
    """The header of an invite's label."""
    return Header("invite", author=member, id=invite)


def webhook_header(bot: str) -> Header:
    """The header of a bot's webhook."""
    return Header("webhook", author=bot, id=bot)


def profile_header(member: str) -> Header:
    """The header of a member's status; of the room's name and colour for ""."""
    return Header("profile", author=member, id=member)


def quiet_header(member: str) -> Header:
    """The header of when a member is not to be disturbed."""
    return Header("quiet", author=member, id=member)


def former_name_header(member: str, at: int) -> Header:
    """The header of what a member was called until a time."""
    return Header("former name", author=member, id=str(at))


def picture_header(member: str, picture: str) -> Header:
    """The header of a member's picture; of the room's for ""."""
    return Header("picture", author=member, id=picture)


def scheduled_header(member: str, channel: str, message_id: str) -> Header:
    """The header of a message that is sent later."""
    return Header("scheduled", channel=channel, author=member, id=message_id)


def draft_header(member: str, channel: str) -> Header:
    """The header of what a member has begun to write in a channel."""
    return Header("draft", channel=channel, author=member)


def audit_header(at: int) -> Header:
    """The header of what an admin did at a time."""
    return Header("audit", id=str(at), sent_at=at)


def segment_header(after_seq: int, up_to_seq: int) -> Header:
    """The header of a segment of the search: the range of messages that it has."""
    return Header("segment", id=f"{after_seq} {up_to_seq}")


def lane_segment_header(lane: str, after_seq: int, up_to_seq: int) -> Header:
    """As `segment_header`, of a lane's messages."""
    return Header("segment", channel=lane, id=f"{after_seq} {up_to_seq}")
