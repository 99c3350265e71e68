"""What a member is to be notified of in a channel: decided when the notification is sent."""

from collections.abc import Callable

from chat.audience import Audience
from chat.directory import Directory
from chat.quiet import Quiets
from chat.unread import NOTHING_READ, count_unread, read_up_to
from notify.choices import ALL, NONE, Choices
from notify.wording import Told
from storage.notices import Notice
from storage.store import Store

TRIAL = ""
"""The channel of a test notification that a member sends to their own device."""


class News:
    """Looks up what is new for a member."""

    def __init__(
        self, store: Store, directory: Directory, audience: Audience, choices: Choices, quiets: Quiets
    ) -> None:
        self._store = store
        self._directory = directory
        self._audience = audience
        self._choices = choices
        self._quiets = quiets

    def of(self, notice: Notice, *, is_visible: Callable[[str], bool], now_ms: int) -> Told | None:
        """The news for a member; None if they look, have read it or do not want it, or if it was deleted.

        Nor is there any while the member is not to be disturbed; a test notification is what they ask for.
        """
        member = notice.member
        if not self._directory.has_member(member):
            return None
        if notice.channel == TRIAL:
            return Told(notice, None, None, is_mention=False, count=0, is_urgent=True)
        channel = self._directory.find(notice.channel)
        level = self._choices.level(member, notice.channel)
        if channel is None or channel.deleted_at is not None or not self._audience.may_see(member, channel.id):
            return None
        if level == NONE or is_visible(member) or self._quiets.is_quiet(member, now_ms):
            return None
        read = read_up_to(member, [channel], self._directory, self._store)
        unread = count_unread(member, [channel], read, self._store)[channel.id]
        mention = self._store.activity.newest_mention(member, channel.id)
        newest = self.newest(member, channel.id, max(read.get(channel.id, NOTHING_READ)[0], notice.seq - 1))
        if newest < notice.seq or not unread:
            return None
        message = next(iter(self._store.messages.page_after(channel.id, newest - 1, 1)), None)
        if message is None or message.deleted_at is not None:
            return None
        is_mention = mention >= notice.seq
        count = unread if level == ALL else self._store.activity.mention_counts(member).get(channel.id, 0)
        is_urgent = is_mention or self._choices.default(channel.id) == ALL
        return Told(notice, channel, message, is_mention, count=count, is_urgent=is_urgent)

    def newest(self, member: str, channel: str, after: int) -> int:
        """The `seq` of the newest unread message that a member wants to be notified of, 0 without one."""
        level = self._choices.level(member, channel)
        if level == ALL:
            return self._store.positions.newest_from_others(member, channel, after)
        return self._store.activity.newest_mention(member, channel) if level != NONE else 0
