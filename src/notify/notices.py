"""Which member to notify of what: decided when messages are stored, and again when the notification is sent.

A stored notice says that a member should be notified of a channel from a `seq` on. The content is looked up when the
notification is sent: so several messages become one notification, and messages that were read or deleted meanwhile are
left out. If one device could not take a channel's notice, the notice is kept for that device alone.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from chat.audience import Audience
from chat.changes import Posted
from chat.directory import Directory
from chat.lane_loading import Lanes
from chat.quiet import Quiets
from chat.unread import NOTHING_READ, read_up_to
from limits import (
    PUSH_BATCH,
    PUSH_RETRY_FIRST_MS,
    PUSH_RETRY_LONGEST_MS,
    PUSH_TIMEOUT_SECONDS,
    PUSH_TRIES,
    PUSH_WINDOW_MS,
)
from notify.choices import Choices
from notify.news import TRIAL, News
from notify.push_failures import note_push_failure
from notify.push_services import checked_device, one_spelling
from notify.subscriptions import Subscriptions
from notify.web_push import Device, Verdict
from notify.wording import Notification, Notifications, Told
from sealing.keyring import Keyring
from settings import Settings
from storage.notices import Notice
from storage.store import Store
from storage.subscriptions import Subscription

_NEXT_MS = int(PUSH_TIMEOUT_SECONDS * 1_000)  # by then a device that is being sent something has answered or failed


@dataclass(frozen=True, slots=True)
class Due:
    """The notifications to send now, and the notices that they settle, each with the newest `seq` that it covers."""

    notifications: Sequence[Notification]
    settled: Sequence[tuple[Notice, int]]


class Notices:
    """Notifications that members who are not looking still have to get."""

    def __init__(
        self,
        room: str,
        settings: Settings,
        store: Store,
        keyring: Keyring,
        directory: Directory,
        audience: Audience,
        lanes: Lanes,
        subscriptions: Subscriptions,
        quiets: Quiets,
    ) -> None:
        self._settings = settings
        self._lanes = lanes
        self._store = store
        self._directory = directory
        self._audience = audience
        self._subscriptions = subscriptions
        self.notifications = Notifications(room, settings, store, keyring, directory, audience, subscriptions)
        self.choices = Choices(store, directory, subscriptions)
        self._quiets = quiets
        self._news = News(store, directory, audience, self.choices, quiets)
        self._waiting: set[tuple[str, str]] = set()  # notices that no round has taken yet: no need to store them again
        self._taken: dict[tuple[str, str, str], int] = {}  # notices that are on their way, and their `seq`
        self._busy: set[tuple[str, str]] = set()  # devices with a notification on its way

    # --- devices ---

    async def subscribe(self, member: str, session: str, device: Device, *, now_ms: int) -> None:
        """Notify this device from now on.

        Raises:
            Malformed: its address or keys are not what a push service gives.
            Unauthenticated: its session is over.
        """
        settings = self._settings
        checked = checked_device(device, services=settings.push_services, allow_http=settings.push_allow_http)
        await self._subscriptions.put(member, session, checked, now_ms=now_ms)
        self.choices.forget()

    async def unsubscribe(self, member: str, endpoint: str, *, now_ms: int) -> None:
        """Stop notifying this member's device; harmless if it was not subscribed."""
        await self._subscriptions.delete(member, one_spelling(endpoint), now_ms=now_ms)

    # --- when messages are stored ---

    async def note(self, posted: Sequence[Posted], *, is_visible: Callable[[str], bool], now_ms: int) -> bool:
        """Store notices of new messages for members who want them, have a device and are not looking.

        A member who is not to be disturbed counts as one who looks. Costs one written row for a member and channel,
        however many messages come within PUSH_WINDOW_MS, and no row if nobody has to be notified.

        Returns:
            Whether there is a new notice.
        """
        if self._settings.vapid_private_key is None or not self._subscriptions.members():
            return False
        notices: dict[tuple[str, str], Notice] = {}
        for message in posted:
            concerned = self.choices.concerned(message.channel, message.notified) - {message.author}
            for member in self._audience.within(message.channel, concerned):
                key = member, message.channel
                if key not in self._waiting and key not in notices and not is_visible(member):
                    notices[key] = Notice(member, message.channel, "", message.seq, 0, now_ms + PUSH_WINDOW_MS)
        await self._quiets.know({member for member, _ in notices})
        notices = {key: each for key, each in notices.items() if not self._quiets.is_quiet(key[0], now_ms)}
        if notices:
            self._store.notices.put(notices.values())
            self._waiting |= notices.keys()
        return bool(notices)

    async def note_missed(self, member: str, since_ms: int, *, now_ms: int) -> bool:
        """Store notices for a member whose connection has been dead since `since_ms`, although they seemed to look.

        What came while they were not to be disturbed is left out.

        Returns:
            Whether there is a new notice.
        """
        if self._settings.vapid_private_key is None or member not in self._subscriptions.members():
            return False
        await self._quiets.know([member])
        if self._quiets.is_quiet(member, now_ms):
            return False
        notices = []
        channels = self._audience.all_of(member)
        positions = read_up_to(member, channels, self._directory, self._store)
        for channel in channels:
            read_seq = positions.get(channel.id, NOTHING_READ)[0]
            if channel.last_seq > read_seq and (newest := self._news.newest(member, channel.id, read_seq)):
                message = next(iter(self._store.messages.page_after(channel.id, newest - 1, 1)), None)
                if message is None or self._quiets.is_quiet(member, message.sent_at):
                    continue
                if message.sent_at > since_ms:
                    notices.append(Notice(member, channel.id, "", newest, 0, now_ms))
        if notices:
            self._store.notices.put(notices)
        return bool(notices)

    def note_trial(self, member: str, session: str, *, now_ms: int) -> bool:
        """Store a test notification for this device; False if the device has no address."""
        is_set_up = self._settings.vapid_private_key is not None
        if not is_set_up or not any(each.session == session for each in self._subscriptions.of(member, now_ms=now_ms)):
            return False
        self._store.notices.put([Notice(member, TRIAL, session, 0, 0, now_ms)])
        return True

    def next_at(self) -> int | None:
        """The time in ms at which the next notice is due."""
        return self._store.notices.next_at()

    def give_up(self) -> None:
        """Drop all notices, because sending none is better than repeating the same mistake without end."""
        self._taken.clear()
        self._waiting.clear()
        self._busy.clear()
        self._store.notices.drop()

    # --- when it is time ---

    async def due(self, *, is_visible: Callable[[str], bool], now_ms: int) -> Due:
        """The notifications to send now, up to about PUSH_BATCH; notices without news are deleted."""
        told: list[tuple[Told, Subscription]] = []
        settled: list[tuple[Notice, int]] = []
        busy = frozenset(self._busy)
        reached: set[tuple[str, str, str]] = set()  # devices, each with a channel that this round notifies it of
        waiting = self._store.notices.due(now_ms, PUSH_BATCH + len(self._taken))
        for member in {notice.member for notice in waiting}:
            await self._lanes.know(member)
        await self._quiets.know({notice.member for notice in waiting})
        for notice in waiting:
            if len(told) >= PUSH_BATCH:
                break
            if self._taken.get(notice.key, -1) >= notice.seq:
                continue
            self._waiting.discard((notice.member, notice.channel))
            news = self._news.of(notice, is_visible=is_visible, now_ms=now_ms)
            if news is None:
                self._store.notices.delete(notice, self._directory.lane(notice.channel).seq)
                continue
            devices = self._devices(notice, busy, reached, now_ms)
            if not devices:
                continue
            told += [(news, device) for device in devices]
            settled.append((notice, news.message.seq if news.message is not None else notice.seq))
            self._taken[notice.key] = notice.seq
            self._busy |= {device.key for device in devices}
            reached |= {(*device.key, notice.channel) for device in devices}
        notifications = await self.notifications.of(told)
        self._busy -= {device.key for _, device in told} - {each.subscription.key for each in notifications}
        return Due(notifications, settled)

    def settle(self, due: Due) -> None:
        """Delete the notices that were sent or are kept for single devices; later messages keep theirs."""
        for notice, up_to_seq in due.settled:
            self._store.notices.delete(notice, up_to_seq)
            if self._taken.get(notice.key) == notice.seq:
                del self._taken[notice.key]

    def landed(self, notification: Notification) -> None:
        """Let the next notification go to this device, whatever became of the last one."""
        self._busy.discard(notification.subscription.key)

    def answered(self, notification: Notification, verdict: Verdict, *, wait_ms: int, now_ms: int) -> None:
        """Act on a push service's answer. It applies to the address that we used; the device may have a new one.

        Args:
            wait_ms: how long the service asks us to wait, 0 if it does not.
        """
        subscription = notification.subscription
        if verdict is Verdict.GONE:
            self._store.subscriptions.delete_at(subscription.member, subscription.endpoint)
        elif verdict is Verdict.LATER:
            self._retry(notification, wait_ms, now_ms)
        elif verdict is Verdict.DELIVERED:
            if subscription.failures:
                self._store.subscriptions.set_failures(subscription, 0, 0)
            if subscription.refusals:
                self._store.subscriptions.set_refusals(subscription, 0)

    def not_taken_from_us(self, notification: Notification) -> None:
        """Count an answer that rejects our key or token, as after a change of our key.

        A service may answer so by mistake a few times. After PUSH_REFUSALS in a row the device gets nothing more; at
        its next start `Subscriptions.put` tells it to register again.
        """
        self._store.subscriptions.set_refusals(notification.subscription, notification.subscription.refusals + 1)

    def failed(self, notification: Notification, status: int | None, *, now_ms: int) -> None:
        """Count for admins that a notification of an open channel was not taken; `status` is None without an answer."""
        if not self._directory.lane(notification.notice.channel).id:
            note_push_failure(self._store, status, now_ms=now_ms)

    def _retry(self, notification: Notification, wait_ms: int, now_ms: int) -> None:
        """Try again later, on this device only, unless this was the last try; the wait grows with each failure."""
        notice, subscription = notification.notice, notification.subscription
        pause_ms = min(PUSH_RETRY_FIRST_MS * 4 ** min(subscription.failures, 8), PUSH_RETRY_LONGEST_MS)
        retry_at = now_ms + (wait_ms or pause_ms)
        failures = subscription.failures + 1
        self._store.subscriptions.set_failures(subscription, failures, retry_at)
        if notice.tries + 1 < PUSH_TRIES:
            again = replace(notice, device=subscription.session, tries=notice.tries + 1, due_at=retry_at)
            self._store.notices.put([again])

    def _devices(
        self, notice: Notice, busy: Collection[tuple[str, str]], reached: Collection[tuple[str, str, str]], now_ms: int
    ) -> list[Subscription]:
        """The devices to try now. A device that is busy or has to wait gets a notice of its own.

        Without a device to try now, the notice is deleted: another notice covers it, or the member has no device left.
        """
        devices = [
            replace(each, retry_at=now_ms + _NEXT_MS) if each.key in busy else each
            for each in self._subscriptions.of(notice.member, now_ms=now_ms)
            if notice.device in ("", each.session) and (*each.key, notice.channel) not in reached
        ]
        ready = [each for each in devices if each.retry_at <= now_ms]
        later = [each for each in devices if each.retry_at > now_ms]
        if not ready:  # before the next step, as a notice that is put off may take the same row
            self._store.notices.delete(notice, self._directory.lane(notice.channel).seq)
        if later:
            self._store.notices.put(replace(notice, device=each.session, due_at=each.retry_at) for each in later)
        return ready
