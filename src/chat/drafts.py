"""What members have begun to write and not sent, so that it follows them to their other devices.

Nobody else learns of it, and no message is made of it here: their own devices send and empty what is in their fields.
"""

from collections.abc import Iterable
from typing import Any

from chat.audience import Audience
from chat.directory import Channel, Directory
from errors import LimitReached, Unauthenticated
from limits import MAX_DRAFTS
from sealing.keyring import Keyring
from storage.headers import draft_header
from storage.store import Store


class Drafts:
    """Keeps one text for each member and channel."""

    def __init__(self, store: Store, keyring: Keyring, directory: Directory, audience: Audience) -> None:
        self._store = store
        self._keyring = keyring
        self._directory = directory
        self._audience = audience

    async def keep(self, member: str, channel_id: str, body: str, *, now_ms: int) -> Channel | None:
        """Keep what a member has begun in a channel, or nothing for ""; None if there was nothing to forget.

        In the writer's turn (`Conversation.in_turn_awaited`): otherwise a text that is still being sealed would be
        stored after a later frame has emptied it, or after the member has left the channel.

        Raises:
            NotFound, Archived, Forbidden: as `Audience.open_channel`; an empty text only needs a channel that is seen.
            LimitReached: the member has begun texts in as many other channels as they may.
            Unauthenticated: the member was removed meanwhile.
        """
        table = self._store.drafts
        channel = self._audience.channel(member, channel_id)
        if not body:
            if not table.has(member, channel.id):
                return None
            table.delete(member, channel.id)
            return channel
        self._audience.open_channel(member, channel.id)
        if not table.has(member, channel.id) and len(self._present(member)) >= MAX_DRAFTS:
            raise LimitReached(f"You have begun texts in {MAX_DRAFTS} channels, which is the most that is kept.")
        header = draft_header(member, channel.id)
        (sealed,) = await self._keyring.seal([(body.encode(), header)], now_ms=now_ms)
        if not self._directory.has_member(member):
            raise Unauthenticated("Please sign in.")
        table.put(member, channel.id, sealed)
        return channel

    async def listed(self, member: str, channels: Iterable[Channel]) -> list[dict[str, Any]]:
        """What a member has begun in these channels; what does not open has no body."""
        wanted = {channel.id for channel in channels}
        rows = [(channel, sealed) for channel, sealed in self._store.drafts.of(member) if channel in wanted]
        opened = await self._keyring.open([(sealed, draft_header(member, channel)) for channel, sealed in rows])
        return [
            {"channel": channel, **({} if text is None else {"body": text.decode()})}
            for (channel, _), text in zip(rows, opened, strict=True)
        ]

    def _present(self, member: str) -> list[str]:
        """Where the member has begun something; what is left of channels that they see no longer goes now."""
        seen = {channel.id for channel in self._audience.all_of(member)}
        begun = self._store.drafts.channels(member)
        for channel in begun:
            if channel not in seen:
                self._store.drafts.delete(member, channel)
        return [channel for channel in begun if channel in seen]
