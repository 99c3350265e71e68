"""A room whose members are away and have devices that get notifications."""

import json
from collections.abc import Sequence
from typing import Any

from chat.changes import Posted
from chat.directory import GENERAL
from encoding import b64url
from limits import (
    PUSH_WINDOW_MS,
)
from notify.notices import Due, Notices
from notify.web_push import Device, Verdict
from notify.wording import Notification
from tests.fakes import public_bytes
from tests.push_service import Browser
from tests.rooms import ChatRoom, Person, events, sign_in_again

PUSH: dict[str, Any] = {
    "VAPID_PRIVATE_KEY": b64url(bytes(range(100, 132))),
    "VAPID_SUBJECT": "mailto:ops@chat.example.org",
}


class Absent:
    """A room in which people have devices; whoever is in `looking` looks at the chat."""

    def __init__(self, room: ChatRoom) -> None:
        self.room = room
        self.looking: set[str] = set()

    @property
    def notices(self) -> Notices:
        return self.room.state.notices

    async def member(self, name: str) -> Person:
        """Somebody with a device who is away."""
        person = await self.room.join(name)
        await self.register(person)
        return person

    async def register(self, person: Person, device: str = "", address: str = "") -> None:
        browser = Browser(f"https://fcm.googleapis.com/{person.name}{device}{address}")
        found = Device(browser.endpoint, public_bytes(browser.key), browser.auth)
        session = person.session.id + device
        sign_in_again(self.room, person, session)
        await self.notices.subscribe(person.id, session, found, now_ms=self.room.now_ms)

    async def say(self, author: Person, body: str, channel: str = GENERAL, **more: Any) -> int:
        """Say something, and note whom it concerns; its `seq`."""
        return (await self.say_all((author, body), channel=channel, **more))[-1]

    async def say_all(self, *said: tuple[Person, str], channel: str = GENERAL, **more: Any) -> list[int]:
        """Several messages that arrive together."""
        outcome = await self.room.commit(*((author, self.room.text(body, channel, **more)) for author, body in said))
        await self.note(outcome.posted)
        return [event["seq"] for event in events(outcome) if "seq" in event]

    async def note(self, posted: Sequence[Posted]) -> bool:
        return await self.notices.note(posted, is_visible=self.looking.__contains__, now_ms=self.room.now_ms)

    async def due(self, after_ms: int = PUSH_WINDOW_MS) -> Due:
        """What leaves after so long."""
        self.room.later(after_ms)
        return await self.notices.due(is_visible=self.looking.__contains__, now_ms=self.room.now_ms)

    async def told(self, after_ms: int = PUSH_WINDOW_MS) -> list[tuple[str, dict[str, Any]]]:
        """What leaves and is delivered: for each notification its member's name and what it says."""
        due = await self.due(after_ms)
        self.answer(due, Verdict.DELIVERED)
        return [(self.name_of(each), json.loads(each.payload)) for each in due.notifications]

    def answer(self, due: Due, verdict: Verdict, *, wait_ms: int = 0) -> None:
        for notification in due.notifications:
            self.notices.answered(notification, verdict, wait_ms=wait_ms, now_ms=self.room.now_ms)
            self.notices.landed(notification)
        self.notices.settle(due)

    def name_of(self, notification: Notification) -> str:
        return self.room.state.directory.members[notification.notice.member].name

    @property
    def waiting(self) -> int:
        return self.room.database.count("notices")
