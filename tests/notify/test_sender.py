"""notify/sender.py: what is due is sent, a few at a time, and nobody waits for a slow or broken service."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from chat.directory import GENERAL
from errors import SubscriptionRefused
from limits import PUSH_AT_ONCE, PUSH_REFUSALS, PUSH_RETRY_FIRST_MS
from notify.push_failures import push_failures
from notify.registration import parse_subscription
from notify.sender import Courier, PushAnswer
from notify.web_push import PushRequest, Vapid
from tests.fakes import OpenSslCiphers
from tests.lanes import add, create_private, open_direct, secure
from tests.notify.absent import PUSH
from tests.push_service import Browser
from tests.rooms import ChatRoom, Person, accepted, make_room, uuid
from wire.changes import Delete
from wire.lanes import PartMember

KEY = bytes(range(100, 132))


class Services:
    """Every push service at once: notes what comes, and answers as it is told."""

    def __init__(self) -> None:
        self.received: list[PushRequest] = []
        self.answers: Callable[[PushRequest], PushAnswer] = lambda _: PushAnswer(201, None)
        self.most_at_once = 0
        self._open = 0

    async def post(self, request: PushRequest) -> PushAnswer:
        self.received.append(request)
        self._open += 1
        self.most_at_once = max(self.most_at_once, self._open)
        await asyncio.sleep(0)
        self._open -= 1
        return self.answers(request)


class Office:
    """A room whose notifications leave when the test says so."""

    def __init__(self, room: ChatRoom) -> None:
        self.room = room
        self.services = Services()
        ciphers = OpenSslCiphers()
        vapid = Vapid(KEY, "mailto:ops@chat.example.org", ciphers)
        self.courier = Courier(room.state.notices, vapid, ciphers, self.services.post)
        self.browsers: list[Browser] = []

    async def member(self, name: str) -> Person:
        """Somebody with a device who is away."""
        person = await self.room.join(name)
        browser = Browser(f"https://fcm.googleapis.com/{name}")
        self.browsers.append(browser)
        device = parse_subscription(json.dumps({"subscription": browser.subscription}))
        await self.room.state.notices.subscribe(person.id, person.session.id, device, now_ms=self.room.now_ms)
        return person

    async def say(self, author: Person, *mentioned: Person, channel: str = GENERAL) -> None:
        text = self.room.text("hello", channel, mentions=[each.id for each in mentioned])
        outcome = await self.room.commit((author, text))
        await self.room.state.notices.note(outcome.posted, is_visible=lambda _: False, now_ms=self.room.now_ms)

    async def run(self, after_ms: int = 2_000) -> None:
        self.room.later(after_ms)
        await self.courier.run(is_visible=lambda _: False, clock=lambda: self.room.now_ms)

    @property
    def waiting(self) -> list[int]:
        """The tries of what waits."""
        return [row["tries"] for row in self.room.database.rows("notices")]


@pytest.fixture
async def office() -> Office:
    return Office(await make_room(**PUSH))


async def test_what_is_due_is_sent_sealed_and_signed(office: Office) -> None:
    await office.member("Anna")
    await office.say(await office.room.join("Boris"))
    await office.run()
    (request,) = office.services.received
    assert office.browsers[0].open(request.body)["text"] == "hello"
    assert request.url == "https://fcm.googleapis.com/Anna"
    assert request.headers["Authorization"].startswith("vapid t=")
    assert office.waiting == []
    await office.run()
    assert len(office.services.received) == 1


async def test_no_more_requests_are_open_than_the_platform_allows(office: Office) -> None:
    people = [await office.member(f"Member-{number}") for number in range(3 * PUSH_AT_ONCE)]
    await office.say(people[0], *people[1:])
    await office.run()
    assert len(office.services.received) == 3 * PUSH_AT_ONCE - 1
    assert office.services.most_at_once == PUSH_AT_ONCE


async def test_no_answer_is_tried_again_and_a_refusal_is_not(office: Office) -> None:
    def answer(request: PushRequest) -> PushAnswer:
        if request.url.endswith("Anna"):
            raise OSError("no answer")
        return PushAnswer(403, None)

    office.services.answers = answer
    people = [await office.member(name) for name in ("Anna", "Clara")]
    await office.say(await office.room.join("Boris"), *people)
    await office.run()
    assert office.waiting == [1]
    await office.run(PUSH_RETRY_FIRST_MS)
    assert sorted(request.url[-5:] for request in office.services.received) == ["/Anna", "/Anna", "Clara"]
    assert office.waiting == [2]
    noted = push_failures(office.room.state.store)
    assert (noted.count, noted.last_at, noted.last_status) == (3, office.room.now_ms, None)


async def counts(office: Office) -> tuple[int, int]:
    """What the newest notification says: `count` and `unread`."""
    await office.run()
    told = office.browsers[0].open(office.services.received[-1].body)
    return told["count"], told["unread"]


async def test_ones_own_messages_are_not_counted(office: Office) -> None:
    anna, boris = await office.member("Anna"), await office.room.join("Boris")
    await office.say(anna)
    await office.say(boris)
    assert await counts(office) == (1, 1)


async def test_a_message_that_is_deleted_before_it_is_told_is_not_counted(office: Office) -> None:
    await office.member("Anna")
    boris = await office.room.join("Boris")
    await office.room.say(boris, "X", id=uuid(1))
    await office.room.ask(boris, Delete("d", uuid(1)))
    await office.say(boris)
    assert await counts(office) == (1, 1)


async def test_what_was_said_before_one_came_is_not_counted(office: Office) -> None:
    boris = await office.room.join("Boris")
    for _ in range(10):
        await office.room.say(boris, "before")
    await office.room.create_channel(boris, "plans")
    await office.member("Anna")
    await office.say(boris)
    assert await counts(office) == (1, 1)


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_service_that_takes_nothing_from_us_is_left_alone_and_the_device_learns_of_it(
    office: Office, status: int
) -> None:
    office.services.answers = lambda _: PushAnswer(status, None)
    anna, boris = await office.member("Anna"), await office.room.join("Boris")
    for _ in range(PUSH_REFUSALS + 2):
        await office.say(boris)
        await office.run()
    assert len(office.services.received) == PUSH_REFUSALS
    assert office.waiting == []
    notices, now_ms = office.room.state.notices, office.room.now_ms
    old, new = office.browsers[0], Browser("https://fcm.googleapis.com/new")
    devices = [parse_subscription(json.dumps({"subscription": each.subscription})) for each in (old, new)]
    with pytest.raises(SubscriptionRefused):
        await notices.subscribe(anna.id, anna.session.id, devices[0], now_ms=now_ms)
    assert notices.note_trial(anna.id, anna.session.id, now_ms=now_ms) is False
    office.services.answers = lambda _: PushAnswer(201, None)
    await notices.subscribe(anna.id, anna.session.id, devices[1], now_ms=now_ms)
    await office.say(boris)
    await office.run()
    assert office.services.received[-1].url == new.endpoint


async def test_only_refusals_in_a_row_count(office: Office) -> None:
    await office.member("Anna")
    boris = await office.room.join("Boris")
    for status in (403, 403, 201, 403, 413, 403, 201):
        office.services.answers = lambda _, status=status: PushAnswer(status, None)  # type: ignore[misc]
        await office.say(boris)
        await office.run()
    assert len(office.services.received) == 7
    assert [row["refusals"] for row in office.room.database.rows("push_subscriptions")] == [0]


async def test_who_is_removed_while_a_notification_waits_to_be_sent_does_not_get_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, boris = await office.member("Anna"), await office.room.join("Boris")
    await secure(office.room, anna, boris)
    lane = await create_private(office.room, boris, "plans", anna)
    await office.say(boris, anna, channel=lane)
    seal = Vapid.authorization

    async def meanwhile(*arguments: Any, **more: Any) -> str:
        monkeypatch.undo()
        accepted(await office.room.ask(boris, PartMember("ref", lane, anna.id)))
        accepted(await add(office.room, boris, lane, anna, history="none"))
        return await seal(*arguments, **more)

    monkeypatch.setattr(Vapid, "authorization", meanwhile)
    await office.run()
    assert (office.services.received, office.waiting) == ([], [])
    await office.say(boris, anna, channel=lane)
    await office.run()
    assert len(office.services.received) == 1, "what is said from then on is hers"


async def test_what_is_not_taken_of_a_lane_is_not_in_the_figures_of_admins(office: Office) -> None:
    anna, boris = await office.member("Anna"), await office.room.join("Boris")
    await secure(office.room, anna, boris)
    office.services.answers = lambda _: PushAnswer(403, None)
    await office.say(boris, channel=await open_direct(office.room, boris, anna))
    await office.run()
    assert (len(office.services.received), push_failures(office.room.state.store).count) == (1, 0)


async def test_a_device_that_is_gone_is_no_failure(office: Office) -> None:
    office.services.answers = lambda _: PushAnswer(410, None)
    await office.member("Anna")
    await office.say(await office.room.join("Boris"))
    await office.run()
    assert push_failures(office.room.state.store).count == 0


async def test_a_service_says_when(office: Office) -> None:
    office.services.answers = lambda _: PushAnswer(429, "90")
    await office.member("Anna")
    await office.say(await office.room.join("Boris"))
    await office.run()
    assert office.room.state.notices.next_at() == office.room.now_ms + 90_000


async def test_a_mistake_of_ours_costs_one_notification_and_no_more(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    def answer(request: PushRequest) -> PushAnswer:
        if request.url.endswith("Anna"):
            raise RuntimeError("a bug")
        return PushAnswer(201, None)

    office.services.answers = answer
    people = [await office.member(name) for name in ("Anna", "Clara")]
    await office.say(await office.room.join("Boris"), *people)
    await office.run()
    assert len(office.services.received) == 2
    assert office.waiting == []
    assert "a notification could not be sent" in caplog.text
    await office.say(people[0], people[1])
    await office.run()
    assert len(office.services.received) == 3


async def test_one_service_that_hangs_does_not_hold_up_the_next_batch(office: Office) -> None:
    release = asyncio.Event()
    quick = office.services.post

    async def post(request: PushRequest) -> PushAnswer:
        if request.url.endswith("Anna"):
            await release.wait()
        return await quick(request)

    office.courier._post = post
    anna, clara = [await office.member(name) for name in ("Anna", "Clara")]
    boris = await office.room.join("Boris")
    await office.say(boris, anna)
    hanging = asyncio.ensure_future(office.run())
    for _ in range(20):
        await asyncio.sleep(0)
    await office.say(boris, clara)
    await office.run()
    assert [request.url[-5:] for request in office.services.received] == ["Clara"]
    release.set()
    await hanging
    assert [request.url[-4:] for request in office.services.received] == ["lara", "Anna"]
    assert office.waiting == []
