"""From a notice to a notification: opens the texts and makes the notification for each device."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chat.audience import Audience
from chat.contents import message_texts
from chat.directory import Channel, Directory
from chat.unread import count_unread, read_up_to
from encoding import b64url
from notify.payload import News, payload, trial_payload
from notify.subscriptions import Subscriptions
from notify.web_push import Device
from sealing.keyring import Keyring
from settings import Settings
from storage.messages import Message
from storage.notices import Notice
from storage.store import Store
from storage.subscriptions import Subscription

_TOPIC_BYTES = 24  # 32 base64url characters, the maximum that RFC 8030 allows


@dataclass(frozen=True, slots=True)
class Told:
    """A notice that still has news."""

    notice: Notice
    channel: Channel | None
    message: Message | None
    is_mention: bool
    count: int
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification for one device."""

    notice: Notice
    subscription: Subscription
    device: Device
    payload: bytes
    topic: str
    is_urgent: bool
    seq: int = 0
    """That of the message that it shows."""


class Notifications:
    """Makes the notifications of one room."""

    def __init__(
        self,
        room: str,
        settings: Settings,
        store: Store,
        keyring: Keyring,
        directory: Directory,
        audience: Audience,
        subscriptions: Subscriptions,
    ) -> None:
        self._room = room
        self._settings = settings
        self._store = store
        self._keyring = keyring
        self._directory = directory
        self._audience = audience
        self._subscriptions = subscriptions

    async def of(self, told: Sequence[tuple[Told, Subscription]]) -> list[Notification]:
        """A notification for each device; a device whose stored address is damaged is forgotten."""
        messages = {_place(each.message): each.message for each, _ in told if each.message is not None}
        texts = dict(zip(messages, await message_texts(list(messages.values()), self._keyring), strict=True))
        devices = await self._subscriptions.open([subscription for _, subscription in told])
        key = await self._keyring.derive("push topic")
        notifications = []
        for (each, subscription), device in zip(told, devices, strict=True):
            if device is None:  # the browser registers again when it comes back
                self._store.subscriptions.delete_at(subscription.member, subscription.endpoint)
                continue
            notice = each.notice
            if each.channel is not None and not self._audience.may_see(notice.member, each.channel.id):
                continue  # the member has lost the channel while its texts were opened
            said = (texts.get(_place(each.message)) or {}) if each.message is not None else {}
            topic = b64url(hmac.digest(key, f"{notice.member} {notice.channel}".encode(), "sha256")[:_TOPIC_BYTES])
            text, seq = self._payload(each, said), 0 if each.message is None else each.message.seq
            notifications.append(Notification(notice, subscription, device, text, topic, each.is_urgent, seq))
        return notifications

    def may_go(self, notification: Notification) -> bool:
        """Whether a notification that was ready may still be sent: its member may have lost the channel meanwhile."""
        member, channel = notification.notice.member, notification.notice.channel
        if not channel:  # a test that somebody sends to themselves
            return self._directory.has_member(member)
        is_seen = self._audience.may_see(member, channel) and channel in {
            each.id for each in self._audience.all_of(member)
        }
        return is_seen and notification.seq > self._audience.since(member, channel)

    def _payload(self, told: Told, said: Mapping[str, Any]) -> bytes:
        title = self._directory.look.title
        channel, message = told.channel, told.message
        if channel is None or message is None:
            return trial_payload(self._room, title)
        author = self._directory.members.get(message.author)
        kinds = [file["type"] for file in said.get("files", ())]
        news = News(
            self._room,
            title,
            channel.id,
            channel.name,
            message.seq,
            message.id,
            sender=said.get("shown_as", {}).get("name") or (author.name if author is not None else ""),
            text=said.get("body", ""),
            reason="mention" if told.is_mention else "message",
            count=told.count,
            unread=self._unread(told.notice.member),
            files=len(kinds),
            kind=channel.kind,
            pictures=sum(kind.startswith("image/") for kind in kinds),
        )
        return payload(news, self._settings.push_content)

    def _unread(self, member: str) -> int:
        """How many unread messages a member has in all channels, for the app's badge."""
        channels = self._audience.all_of(member)
        read = read_up_to(member, channels, self._directory, self._store)
        return sum(count_unread(member, channels, read, self._store).values())


def _place(message: Message) -> tuple[str, int]:
    """What no two messages share: an id can be in two lanes."""
    return message.channel, message.seq
