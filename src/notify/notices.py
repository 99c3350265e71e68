"""Who is to be notified of what: decided when messages are stored, and once more when the notification leaves.

A notice in storage says that a member is to be told of a channel from a `seq` on. What it tells is looked up when it
leaves, so several messages become one notification, and what was read or deleted meanwhile is not told. A channel's
notice that a device could not take is kept for that device alone.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from chat.conversation import Posted
from chat.directory import Directory
from chat.unread import count_unread, read_up_to
from limits import (
    PUSH_BATCH,
    PUSH_RETRY_FIRST_MS,
    PUSH_RETRY_LONGEST_MS,
    PUSH_TIMEOUT_SECONDS,
    PUSH_TRIES,
    PUSH_WINDOW_MS,
)
from notify.choices import ALL, NONE, Choices
from notify.endpoints import checked_device, one_spelling
from notify.failures import note_push_failure
from notify.subscriptions import Subscriptions
from notify.web_push import Device, Verdict
from notify.wording import Deliveries, Delivery, Told
from sealing.keyring import Keyring
from settings import Settings
from storage.store import Notice, Store, Subscription

TRIAL = ""
"""The channel of a notification that somebody sends to themselves."""

_NEXT_MS = int(PUSH_TIMEOUT_SECONDS * 1_000)  # when a device that is being sent something has answered or not


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be sent now, and the notices that it settles: each with the newest `seq` that is told."""

    deliveries: Sequence[Delivery]
    settled: Sequence[tuple[Notice, int]]


class Notices:
    """What is still to be told to members who are not looking."""

    def __init__(
        self,
        room: str,
        settings: Settings,
        store: Store,
        keyring: Keyring,
        directory: Directory,
        subscriptions: Subscriptions,
    ) -> None:
        self._settings = settings
        self._store = store
        self._directory = directory
        self._subscriptions = subscriptions
        self._deliveries = Deliveries(room, settings, store, keyring, directory, subscriptions)
        self.choices = Choices(store, directory, subscriptions)
        self._waiting: set[tuple[str, str]] = set()  # notices that nobody took yet: no need to store them again
        self._taken: dict[tuple[str, str, str], int] = {}  # notices that are on their way, and their `seq`
        self._busy: set[tuple[str, str]] = set()  # devices that something is on its way to

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
        """Do not notify this member's device any more; harmless if there is none."""
        await self._subscriptions.delete(member, one_spelling(endpoint), now_ms=now_ms)

    # --- when messages are stored ---

    def note(self, posted: Sequence[Posted], *, is_visible: Callable[[str], bool], now_ms: int) -> bool:
        """Remember who is to be told of new messages: whoever wants it, has a device for it and is not looking.

        Costs one written row for a member and channel, however many messages come within PUSH_WINDOW_MS, and none
        where nobody is to be told.

        Returns:
            whether anybody is.
        """
        if self._settings.vapid_private_key is None or not self._subscriptions.members():
            return False
        notices: dict[tuple[str, str], Notice] = {}
        for message in posted:
            for member in self.choices.concerned(message.channel, message.notified) - {message.author}:
                key = member, message.channel
                if key not in self._waiting and key not in notices and not is_visible(member):
                    notices[key] = Notice(member, message.channel, "", message.seq, 0, now_ms + PUSH_WINDOW_MS)
        if notices:
            self._store.put_notices(notices.values())
            self._waiting |= notices.keys()
        return bool(notices)

    def note_missed(self, member: str, since_ms: int, *, now_ms: int) -> bool:
        """Remember that a member's line has been dead since then, although they seemed to look until now.

        Returns:
            whether there is anything to tell.
        """
        if self._settings.vapid_private_key is None or member not in self._subscriptions.members():
            return False
        notices = []
        channels = self._directory.present_channels()
        positions = read_up_to(member, channels, self._directory, self._store)
        for channel in channels:
            read_seq = positions.get(channel.id, (0, 0))[0]
            if channel.last_seq > read_seq and (newest := self._newest(member, channel.id, read_seq)):
                message = next(iter(self._store.page_after(channel.id, newest - 1, 1)), None)
                if message is not None and message.sent_at > since_ms:
                    notices.append(Notice(member, channel.id, "", newest, 0, now_ms))
        if notices:
            self._store.put_notices(notices)
        return bool(notices)

    def note_trial(self, member: str, session: str, *, now_ms: int) -> bool:
        """Somebody wants to see whether notifications reach this device; False where it has no address."""
        is_set_up = self._settings.vapid_private_key is not None
        if not is_set_up or not any(each.session == session for each in self._subscriptions.of(member, now_ms=now_ms)):
            return False
        self._store.put_notices([Notice(member, TRIAL, session, 0, 0, now_ms)])
        return True

    def next_at(self) -> int | None:
        """When somebody is to be told next."""
        return self._store.next_notice_at()

    def give_up(self) -> None:
        """Forget all that is to be told: rather nothing than the same mistake again and again."""
        self._taken.clear()
        self._waiting.clear()
        self._busy.clear()
        self._store.drop_notices()

    # --- when it is time ---

    async def due(self, *, is_visible: Callable[[str], bool], now_ms: int) -> Due:
        """What is to be sent now, up to about PUSH_BATCH requests; notices with nothing to tell are forgotten."""
        told: list[tuple[Told, Subscription]] = []
        settled: list[tuple[Notice, int]] = []
        busy = frozenset(self._busy)
        reached: set[tuple[str, str, str]] = set()  # devices and the channel that this round tells them of
        for notice in self._store.due_notices(now_ms, PUSH_BATCH + len(self._taken)):
            if len(told) >= PUSH_BATCH:
                break
            if self._taken.get(_key(notice), -1) >= notice.seq:
                continue
            self._waiting.discard((notice.member, notice.channel))
            news = self._news(notice, is_visible)
            if news is None:
                self._store.delete_notice(notice, self._directory.seq)
                continue
            devices = self._devices(notice, busy, reached, now_ms)
            if not devices:
                continue
            told += [(news, device) for device in devices]
            settled.append((notice, news.message.seq if news.message is not None else notice.seq))
            self._taken[_key(notice)] = notice.seq
            self._busy |= {_device_key(device) for device in devices}
            reached |= {(*_device_key(device), notice.channel) for device in devices}
        deliveries = await self._deliveries.of(told)
        self._busy -= {_device_key(device) for _, device in told} - {
            _device_key(each.subscription) for each in deliveries
        }
        return Due(deliveries, settled)

    def settle(self, due: Due) -> None:
        """These were told, or are kept for single devices: what came meanwhile stays."""
        for notice, up_to_seq in due.settled:
            self._store.delete_notice(notice, up_to_seq)
            if self._taken.get(_key(notice)) == notice.seq:
                del self._taken[_key(notice)]

    def landed(self, delivery: Delivery) -> None:
        """Whatever came of it, the device may be sent the next one."""
        self._busy.discard(_device_key(delivery.subscription))

    def answered(self, delivery: Delivery, verdict: Verdict, *, wait_ms: int, now_ms: int) -> None:
        """What follows from a push service's answer, for the address that was asked: the device may have a new one.

        Args:
            wait_ms: how long the service asks to wait, 0 if it does not.
        """
        subscription = delivery.subscription
        if verdict is Verdict.GONE:
            self._store.delete_subscription_at(subscription.member, subscription.endpoint)
        elif verdict is Verdict.LATER:
            self._retry(delivery, wait_ms, now_ms)
        elif verdict is Verdict.DELIVERED:
            if subscription.failures:
                self._store.set_subscription_failures(subscription, 0, 0)
            if subscription.refusals:
                self._store.set_subscription_refusals(subscription, 0)

    def not_taken_from_us(self, delivery: Delivery) -> None:
        """A push service does not accept who we say we are, as after a change of our key; a few times it may err.

        After PUSH_REFUSALS in a row the device gets nothing more, and learns at its next start that it has to register
        anew: `Subscriptions.put`.
        """
        self._store.set_subscription_refusals(delivery.subscription, delivery.subscription.refusals + 1)

    def failed(self, status: int | None, *, now_ms: int) -> None:
        """A push service did not take a notification: `status` is its answer, None where there was none in time."""
        note_push_failure(self._store, status, now_ms=now_ms)

    def _retry(self, delivery: Delivery, wait_ms: int, now_ms: int) -> None:
        """Try again later, on this device only, unless that was the last time; later each time in a row."""
        notice, subscription = delivery.notice, delivery.subscription
        pause_ms = min(PUSH_RETRY_FIRST_MS * 4 ** min(subscription.failures, 8), PUSH_RETRY_LONGEST_MS)
        retry_at = now_ms + (wait_ms or pause_ms)
        failures = subscription.failures + 1
        self._store.set_subscription_failures(subscription, failures, retry_at)
        if notice.tries + 1 < PUSH_TRIES:
            again = replace(notice, device=subscription.session, tries=notice.tries + 1, due_at=retry_at)
            self._store.put_notices([again])

    def _devices(
        self, notice: Notice, busy: Collection[tuple[str, str]], reached: Collection[tuple[str, str, str]], now_ms: int
    ) -> list[Subscription]:
        """The devices to try now; one that is being sent something, or has to wait, gets a notice of its own.

        Where there is none to try now, the notice goes: another one tells it, or nobody is left.
        """
        devices = [
            replace(each, retry_at=now_ms + _NEXT_MS) if _device_key(each) in busy else each
            for each in self._subscriptions.of(notice.member, now_ms=now_ms)
            if notice.device in ("", each.session) and (*_device_key(each), notice.channel) not in reached
        ]
        ready = [each for each in devices if each.retry_at <= now_ms]
        later = [each for each in devices if each.retry_at > now_ms]
        if not ready:  # first, as one that is put off may take the same row
            self._store.delete_notice(notice, self._directory.seq)
        if later:
            self._store.put_notices(replace(notice, device=each.session, due_at=each.retry_at) for each in later)
        return ready

    # --- what is told ---

    def _news(self, notice: Notice, is_visible: Callable[[str], bool]) -> Told | None:
        """What there is to tell, or None: they look, have read it, want nothing of it, or it was deleted."""
        member = notice.member
        if not self._directory.has_member(member):
            return None
        if notice.channel == TRIAL:
            return Told(notice, None, None, is_mention=False, count=0, is_urgent=True)
        channel = self._directory.channels.get(notice.channel)
        level = self.choices.level(member, notice.channel)
        if channel is None or channel.deleted_at is not None or level == NONE or is_visible(member):
            return None
        read = read_up_to(member, [channel], self._directory, self._store)
        unread = count_unread(member, [channel], read, self._store)[channel.id]
        mention = self._store.newest_mention(member, channel.id)
        newest = self._newest(member, channel.id, max(read.get(channel.id, (0, 0))[0], notice.seq - 1))
        if newest < notice.seq or not unread:
            return None
        message = next(iter(self._store.page_after(channel.id, newest - 1, 1)), None)
        if message is None or message.deleted_at is not None:
            return None
        is_mention = mention >= notice.seq
        count = unread if level == ALL else self._store.mention_counts(member).get(channel.id, 0)
        return Told(
            notice,
            channel,
            message,
            is_mention,
            count=count,
            is_urgent=is_mention or self.choices.default() == ALL,
        )

    def _newest(self, member: str, channel: str, after: int) -> int:
        """The newest unread message that a member wants to be told of, 0 if there is none."""
        level = self.choices.level(member, channel)
        if level == ALL:
            return self._store.newest_from_others(member, channel, after)
        return self._store.newest_mention(member, channel) if level != NONE else 0


def _key(notice: Notice) -> tuple[str, str, str]:
    return notice.member, notice.channel, notice.device


def _device_key(subscription: Subscription) -> tuple[str, str]:
    return subscription.member, subscription.session
