"""Sends notifications to push services, a few at a time, and notes the result of each.

The chat does not wait for it: a slow or broken service costs nothing but its own tries. The shell makes the requests
(`post`).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from limits import PUSH_AT_ONCE
from notify.notices import Notices
from notify.web_push import (
    NOT_FROM_US,
    SALT_BYTES,
    PushRequest,
    Vapid,
    Verdict,
    encrypt,
    padding_for,
    push_request,
    retry_after_ms,
    verdict,
)
from notify.wording import Notification
from sealing.ciphers import Ciphers

log = logging.getLogger("durable_chat.push")


@dataclass(frozen=True, slots=True)
class PushAnswer:
    """A push service's answer: its status, and its Retry-After if it gave one."""

    status: int
    retry_after: str | None


Post = Callable[[PushRequest], Awaitable[PushAnswer]]
"""Makes one request; raises OSError if no answer comes in time."""


class Courier:
    """Sends the notifications that are due."""

    def __init__(self, notices: Notices, vapid: Vapid, ciphers: Ciphers, post: Post) -> None:
        self._notices = notices
        self._vapid = vapid
        self._ciphers = ciphers
        self._post = post
        self._turns = asyncio.Semaphore(PUSH_AT_ONCE)

    async def run(self, *, is_visible: Callable[[str], bool], clock: Callable[[], int]) -> None:
        """Send one batch. Several batches may be under way, because an answer can take long.

        Args:
            clock: gives the time in milliseconds.
        """
        due = await self._notices.due(is_visible=is_visible, now_ms=clock())
        await asyncio.gather(*(self._send(notification, clock) for notification in due.notifications))
        self._notices.settle(due)

    async def _send(self, notification: Notification, clock: Callable[[], int]) -> None:
        try:
            async with self._turns:
                request = await self._sealed(notification, clock())
                if not self._notices.notifications.may_go(notification):
                    return
                answer = await self._exchange(request)
            self._note(notification, answer, clock())
        except Exception:
            log.exception("a notification could not be sent")
        finally:
            self._notices.landed(notification)

    def _note(self, notification: Notification, answer: PushAnswer | None, now_ms: int) -> None:
        status = answer.status if answer is not None else None
        found = verdict(status)
        if found in (Verdict.REFUSED, Verdict.LATER):
            log.warning("a push service answered %s", status)
            self._notices.failed(notification, status, now_ms=now_ms)
        if status in NOT_FROM_US:
            self._notices.not_taken_from_us(notification)
        wait_ms = retry_after_ms(answer.retry_after, now_ms=now_ms) if answer is not None else 0
        self._notices.answered(notification, found, wait_ms=wait_ms, now_ms=now_ms)

    async def _sealed(self, notification: Notification, now_ms: int) -> PushRequest:
        """Seal one notification for its device."""
        device, text = notification.device, notification.payload
        salt = self._ciphers.random_bytes(SALT_BYTES)
        body = await encrypt(text, device, salt=salt, ciphers=self._ciphers, padding=padding_for(text))
        authorization = await self._vapid.authorization(device.endpoint, now_ms=now_ms)
        return push_request(
            device, body, authorization=authorization, urgent=notification.is_urgent, topic=notification.topic
        )

    async def _exchange(self, request: PushRequest) -> PushAnswer | None:
        """Send it; None if no answer comes."""
        try:
            return await self._post(request)
        except OSError:
            return None
