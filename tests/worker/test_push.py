"""Web Push in real workerd: to a push service over real HTTP, with everything that such a service may answer."""

import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import httpx
import pytest

from encoding import b64url, from_b64url
from limits import MAX_SUBSCRIPTIONS, PUSH_RETRY_FIRST_MS, PUSH_TIMEOUT_SECONDS, PUSH_TTL_SECONDS, PUSH_WINDOW_MS
from tests.conftest import StartServer
from tests.fakes import private_key, public_bytes
from tests.people import Line, Person
from tests.places import Place
from tests.push_service import NO_ANSWER, Browser, PushService, check_vapid, wait_until
from tests.server import ADMIN_PASSWORD, Server
from tests.worker.gathering import FAST, let_pass
from tests.worker.raw_socket import RawSocket

VAPID_KEY = bytes(range(100, 132))
SUBJECT = "mailto:ops@chat.example.org"
SETTINGS = {
    **FAST,
    "VAPID_PRIVATE_KEY": b64url(VAPID_KEY),
    "VAPID_SUBJECT": SUBJECT,
    "PUSH_ALLOW_HTTP": "on",
}
QUIET_SECONDS = PUSH_WINDOW_MS / 1_000 + 1.0
"""After this long whatever was to come has come."""


@pytest.fixture(scope="module")
def pushing() -> Iterator[Server]:
    """A running chat with Web Push, that may send to this machine."""
    running = Server.start(settings=SETTINGS)
    yield running
    running.stop()


@pytest.fixture
def room(pushing: Server) -> Iterator[Place]:
    place = Place(pushing)
    yield place
    place.close()


@pytest.fixture
def opened() -> Iterator[Callable[[Server], Place]]:
    """Rooms on servers of the test's own, which everybody leaves at the end."""
    places: list[Place] = []

    def open_place(server: Server) -> Place:
        places.append(Place(server))
        return places[-1]

    yield open_place
    for place in places:
        place.close()


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    running = PushService()
    yield running
    running.stop()


def subscribe(person: Person, browser: Browser) -> None:
    answer = person.http.put("/push", json={"subscription": browser.subscription})
    assert answer.status_code == 204, answer.text


def away(place: Place, name: str, browser: Browser) -> Person:
    """A member who gets notifications and has no connection."""
    person = place.member(name)
    subscribe(person, browser)
    return person


def crowd(place: Place) -> Line:
    """So many members that only mentions are told; the line of one of them."""
    for name in ("Clara", "David"):
        place.member(name)
    return place.member("Boris").come()


def stored(place: Place) -> list[tuple[Any, ...]]:
    return place.rows("SELECT session, failures, retry_at FROM push_subscriptions ORDER BY created_at")


def notices(place: Place) -> list[tuple[Any, ...]]:
    return place.rows("SELECT member, channel, device, tries, due_at FROM notices")


def wait_until_all_is_told(place: Place, line: Line) -> None:
    """Until nothing waits to be sent: what is to be told is stored with its message, and removed once it was sent."""
    line.history(limit=1)
    wait_until(lambda: notices(place) == [])


# --- one notification ---


def test_an_absent_member_gets_one_notification_that_only_their_browser_can_open(
    room: Place, service: PushService
) -> None:
    browser = service.browser()
    anna = away(room, "Anna", browser)
    sent = room.member("Boris").come().say("Hello Anna ❤")
    (request,) = service.wait_for(browser)
    assert browser.open(request.body) == {
        "type": "message",
        "reason": "message",
        "room": room.room,
        "title": "Durable Chat",
        "channel": "general",
        "channel_name": "general",
        "seq": sent["seq"],
        "id": sent["id"],
        "sender": "Boris",
        "text": "Hello Anna ❤",
        "count": 1,
        "unread": 1,
        "tag": f"{room.room}/general",
    }
    headers = request.headers
    claims = check_vapid(
        headers["authorization"],
        origin=service.origin,
        subject=SUBJECT,
        public_key=public_bytes(private_key(VAPID_KEY)),
    )
    assert 0 < claims["exp"] - time.time() <= 24 * 3_600
    assert headers["ttl"] == str(PUSH_TTL_SECONDS)
    assert headers["content-encoding"] == "aes128gcm"
    assert headers["content-type"] == "application/octet-stream"
    assert headers["urgency"] == "high"
    assert len(from_b64url(headers["topic"])) == 24
    assert "cookie" not in headers
    assert "origin" not in headers
    assert b"Anna" not in request.body
    assert headers["content-length"] == str(len(request.body))
    time.sleep(QUIET_SECONDS)
    assert len(service.requests(browser)) == 1
    assert notices(room) == []
    assert anna.http.get("/push").json() == {"public_key": b64url(public_bytes(private_key(VAPID_KEY)))}


def test_a_burst_is_one_notification_for_each_absent_member_and_none_for_those_present(
    room: Place, service: PushService
) -> None:
    browsers = {name: service.browser() for name in ("Anna", "Clara", "David", "Emil")}
    people = {name: away(room, name, browser) for name, browser in browsers.items()}
    present, hidden = people["David"].come(), people["Emil"].come()
    hidden.put({"type": "visible", "visible": False})
    for name in ("Anna", "Clara"):
        line = people[name].come()
        assert line.ask("notify", channel="general", level="all")["type"] == "ok"
        line.close()
    hidden.ask("notify", channel="general", level="all")
    present.ask("notify", channel="general", level="all")
    speaker = room.member("Boris").come()
    wait_until(lambda: not online(room, speaker) & {"Anna", "Clara"})
    last = speaker.say_many(25)[-1]
    for name in ("Anna", "Clara", "Emil"):
        told = service.next(browsers[name])
        assert (told["seq"], told["count"], told["text"]) == (last["seq"], 25, "message 24")
    time.sleep(QUIET_SECONDS)
    assert {name: len(service.requests(browser)) for name, browser in browsers.items()} == {
        "Anna": 1,
        "Clara": 1,
        "David": 0,
        "Emil": 1,
    }


def online(place: Place, line: Line) -> set[str]:
    """Who is here, by name, as a fresh socket is told."""
    watcher = place._people[-1].come()
    names = {member["name"] for member in watcher.welcome["members"] if member["online"]}
    watcher.close()
    return names


def test_who_comes_back_and_looks_is_not_notified(room: Place, service: PushService) -> None:
    browser = service.browser()
    anna = away(room, "Anna", browser)
    line = anna.come()
    boris = room.member("Boris").come()
    line.put({"type": "visible", "visible": False})
    line.put({"type": "visible", "visible": True})
    line.history()
    boris.say("do you see this?")
    wait_until_all_is_told(room, boris)
    assert service.requests(browser) == []
    line.put({"type": "visible", "visible": False})
    line.history()
    sent = boris.say("and this?")
    assert service.next(browser)["seq"] == sent["seq"]
    assert len(service.requests(browser)) == 1


def test_whose_line_breaks_is_told_what_came_since_it_last_showed_life(room: Place, service: PushService) -> None:
    browser = service.browser()
    line = RawSocket(away(room, "Anna", browser))
    line.put({"type": "hello", "last_seq": None})
    line.put("ping")
    line.read_up_to(b"pong")
    boris = room.member("Boris").come()
    sent = boris.say("are you there?")
    boris.history()
    assert service.requests(browser) == []
    line.close()
    assert service.next(browser)["seq"] == sent["seq"]


def test_who_leaves_in_peace_is_not_told_what_they_saw(room: Place, service: PushService) -> None:
    browser = service.browser()
    line = away(room, "Anna", browser).come()
    line.put("ping")
    boris = room.member("Boris").come()
    boris.say("bye")
    line.event("message")
    line.close()
    wait_until(lambda: online(room, boris) == {"Boris"})
    wait_until_all_is_told(room, boris)
    assert service.requests(browser) == []


def test_what_was_read_within_the_window_is_not_told(room: Place, service: PushService) -> None:
    browser = service.browser()
    line = away(room, "Anna", browser).come()
    boris = room.member("Boris").come()
    line.put({"type": "visible", "visible": False})
    line.history()
    sent = boris.say("read in another window")
    line.put({"type": "read", "channel": "general", "seq": sent["seq"]})
    wait_until_all_is_told(room, line)
    assert service.requests(browser) == []


def test_what_was_deleted_within_the_window_is_not_told(room: Place, service: PushService) -> None:
    browser = service.browser()
    away(room, "Anna", browser)
    boris = room.member("Boris").come()
    sent = boris.say("a slip")
    boris.ask("delete", id=sent["id"])
    wait_until_all_is_told(room, boris)
    assert service.requests(browser) == []


def test_in_a_crowd_mentions_and_replies_are_told_and_nothing_else(room: Place, service: PushService) -> None:
    browser = service.browser()
    anna = away(room, "Anna", browser)
    line = anna.come()
    question = line.say("who knows?")
    line.close()
    boris = crowd(room)
    boris.say("idle talk")
    wait_until_all_is_told(room, boris)
    assert service.requests(browser) == []
    boris.say("not me", reply_to=question["id"])
    assert service.next(browser)["reason"] == "mention"
    boris.say("Anna!", mentions=[anna.id])
    told = service.next(browser, 2)
    assert (told["text"], told["count"]) == ("Anna!", 2)
    first, second = service.requests(browser)
    assert first.headers["topic"] == second.headers["topic"]


def test_a_channel_may_be_silenced_or_told_in_full_and_every_device_knows(room: Place, service: PushService) -> None:
    browser = service.browser()
    anna = away(room, "Anna", browser)
    line, other = anna.come(), anna.come()
    assert [channel["notify"] for channel in line.welcome["channels"]] == [None]
    assert line.ask("notify", channel="general", level="none")["type"] == "ok"
    told = other.next("notify")
    assert (told["channel"], told["level"]) == ("general", "none")
    assert line.ask("notify", channel="nowhere", level="all")["code"] == "not_found"
    assert line.ask("notify", channel="general", level="loud")["code"] == "malformed"
    line.close()
    other.close()
    boris = crowd(room)
    boris.say("Anna!", mentions=[anna.id])
    wait_until_all_is_told(room, boris)
    assert service.requests(browser) == []
    line = anna.come()
    assert [channel["notify"] for channel in line.welcome["channels"]] == ["none"]
    line.ask("notify", channel="general", level="all")
    line.close()
    wait_until(lambda: "Anna" not in online(room, boris))
    sent = boris.say("anything at all")
    assert service.next(browser)["seq"] == sent["seq"]


def test_quiet_hours_go_by_the_clocks_of_their_zone_as_the_platform_knows_it(room: Place, service: PushService) -> None:
    browser = service.browser()
    anna = away(room, "Anna", browser)
    line = anna.come()
    ahead = 5 * 60 + 45  # in Kathmandu, all the year
    now = int(time.time()) // 60 + ahead
    hours = {"from": (now - 60) % 1_440, "to": (now + 60) % 1_440, "days": [1, 2, 3, 4, 5, 6, 7]}
    assert line.ask("quiet", hours={**hours, "zone": "Europe/Atlantis"})["code"] == "malformed"
    assert line.ask("quiet", hours={**hours, "zone": "Asia/Kathmandu"})["type"] == "ok"
    line.close()
    boris = room.member("Boris").come()
    wait_until(lambda: "Anna" not in online(room, boris))
    boris.say("it is night there")
    boris.history()
    assert notices(room) == []
    line = anna.come()
    assert line.welcome["quiet"] == {"until": None, "hours": {**hours, "zone": "Asia/Kathmandu"}}
    line.ask("quiet", hours={**hours, "zone": "UTC"})
    line.close()
    wait_until(lambda: "Anna" not in online(room, boris))
    sent = boris.say("and here it is not")
    assert service.next(browser)["seq"] == sent["seq"]
    assert len(service.requests(browser)) == 1


# --- what a push service may answer ---


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(room: Place, service: PushService, status: int) -> None:
    gone, good = service.browser(status), service.browser()
    anna = away(room, "Anna", gone)
    boris = room.member("Boris").come()
    boris.say("hello")
    service.wait_for(gone)
    wait_until(lambda: notices(room) == [])
    assert stored(room) == []
    boris.say("still there?")
    wait_until_all_is_told(room, boris)
    assert len(service.requests(gone)) == 1
    subscribe(anna, good)
    boris.say("welcome back")
    assert service.next(good)["text"] == "welcome back"


@pytest.mark.parametrize("status", [400, 403, 413])
def test_what_a_service_refuses_is_not_sent_again_but_the_next_message_is(
    room: Place, service: PushService, status: int
) -> None:
    browser = service.browser(status)
    away(room, "Anna", browser)
    boris = room.member("Boris").come()
    boris.say("first")
    service.wait_for(browser)
    wait_until(lambda: notices(room) == [])
    assert len(stored(room)) == 1
    boris.say("second")
    service.wait_for(browser, 2)


@pytest.mark.parametrize("status", [429, 500])
def test_a_busy_service_is_asked_again_when_it_says_and_three_times_at_most(
    room: Place, service: PushService, status: int
) -> None:
    busy, other = service.browser(status, Retry_After="3"), service.browser()
    anna = away(room, "Anna", busy)
    subscribe(second_device(room, anna), other)
    room.member("Boris").come().say("hello")
    service.wait_for(busy, 3)
    wait_until(lambda: notices(room) == [])
    assert [failures for _, failures, _ in stored(room)] == [3, 0]
    time.sleep(3 + QUIET_SECONDS)
    times = [request.at for request in service.requests(busy)]
    assert len(times) == 3
    assert all(3 <= later - earlier < PUSH_RETRY_FIRST_MS / 1_000 for earlier, later in pairwise(times))
    assert len(service.requests(other)) == 1
    told = room.member("Root", password=ADMIN_PASSWORD).http.get("/stats").json()["push"]
    assert (told["failures"], told["last_status"]) == (3, status)
    assert 6_000 <= told["last_at"] - told["since"] < 2 * PUSH_RETRY_FIRST_MS


def second_device(place: Place, person: Person) -> Person:
    """The same member in another browser."""
    line = person.come()
    other = place.stranger(person.name)
    assert other.sign_in().status_code == httpx.codes.CONFLICT
    code = line.next("confirmation")["code"]
    assert other.sign_in(code=code).status_code == httpx.codes.CREATED
    line.close()
    return other


def test_a_service_that_recovers_is_forgiven(room: Place, service: PushService) -> None:
    browser = service.browser(500, Retry_After="5")
    away(room, "Anna", browser)
    boris = room.member("Boris").come()
    first = boris.say("one")
    service.wait_for(browser)
    service.answer(browser, 201)
    boris.say("two")
    told = service.next(browser, 2)
    assert told["count"] == 2
    assert told["seq"] > first["seq"]
    wait_until(lambda: [each[1:] for each in stored(room)] == [(0, 0)] and notices(room) == [])


def test_without_a_word_about_when_the_first_try_again_is_after_half_a_minute(
    room: Place, service: PushService
) -> None:
    browser = service.browser(502)
    away(room, "Anna", browser)
    room.member("Boris").come().say("hello")
    service.wait_for(browser)
    wait_until(lambda: [tries for *_, tries, _ in notices(room)] == [1])
    ((*_, due_at),) = notices(room)
    ((*_, retry_at),) = stored(room)
    failed_at = room.member("Root", password=ADMIN_PASSWORD).http.get("/stats").json()["push"]["last_at"]
    assert due_at == retry_at == failed_at + PUSH_RETRY_FIRST_MS


def test_a_service_that_says_nothing_holds_up_neither_the_chat_nor_other_notifications(
    room: Place, service: PushService
) -> None:
    silent, other = service.browser(NO_ANSWER), service.browser()
    anna = away(room, "Anna", silent)
    subscribe(second_device(room, anna), other)
    boris = room.member("Boris").come()
    boris.say("hello")
    (asked,) = service.wait_for(silent)
    service.wait_for(other)
    for number in range(20):
        assert boris.say(f"message {number}")["type"] == "ack"
    told = service.wait_for(other, 2)[1]
    assert told.at - asked.at < PUSH_TIMEOUT_SECONDS, "the first answer is still waited for"
    wait_until(lambda: [failures for _, failures, _ in stored(room)] == [1, 0])


def test_a_service_that_is_not_there_is_tried_again_later(room: Place, service: PushService) -> None:
    browser = Browser("http://127.0.0.1:9/discard")
    away(room, "Anna", browser)
    room.member("Boris").come().say("hello")
    wait_until(lambda: [tries for *_, tries, _ in notices(room)] == [1])
    assert [failures for _, failures, _ in stored(room)] == [1]


def test_a_redirect_is_not_followed(room: Place, service: PushService) -> None:
    elsewhere = service.browser()
    browser = service.browser(307, Location=elsewhere.endpoint)
    away(room, "Anna", browser)
    room.member("Boris").come().say("hello")
    service.wait_for(browser)
    wait_until(lambda: notices(room) == [])
    assert service.requests(elsewhere) == []


def test_a_try_again_survives_a_restart(
    start_server: StartServer, opened: Callable[[Server], Place], service: PushService
) -> None:
    """What is to be tried again stands in storage, and the alarm comes back to it though nobody else does."""
    server = start_server(settings=SETTINGS)
    place = opened(server)
    browser = service.browser(503, Retry_After="3000")
    away(place, "Anna", browser)
    place.member("Boris").come().say("hello")
    service.wait_for(browser)
    wait_until(lambda: [tries for *_, tries, _ in notices(place)] == [1])
    place.close()
    server.stop()
    let_pass(place, 3_000_000)
    service.answer(browser, 201)
    server.restart()
    assert service.next(browser, 2)["text"] == "hello"
    wait_until(lambda: notices(place) == [])


# --- devices ---


def test_only_addresses_and_keys_of_push_services_are_taken(
    start_server: StartServer, opened: Callable[[Server], Place]
) -> None:
    """Without PUSH_ALLOW_HTTP, as in production."""
    place = opened(start_server(settings={**SETTINGS, "PUSH_ALLOW_HTTP": "off"}))
    anna = place.member("Anna")
    good = "https://updates.push.services.mozilla.com/wpush/v2/gAAAA"
    for endpoint in ("http://127.0.0.1:9/", "https://example.org/", "https://127.0.0.1/", "https://localhost/", good):
        status = anna.http.put("/push", json={"subscription": Browser(endpoint).subscription}).status_code
        assert status == (204 if endpoint == good else 400), endpoint
    damages: list[dict[str, Any]] = [
        {"keys": {}},
        {"keys": None},
        {"endpoint": 7},
        {"keys": {"p256dh": "AAAA", "auth": "AAAA"}},
    ]
    for damage in damages:
        body = {"subscription": {**Browser(good).subscription, **damage}}
        answer = anna.http.put("/push", json=body)
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert place.rows("SELECT count(*) FROM push_subscriptions") == [(1,)]


def test_without_a_key_there_is_no_push(start_server: StartServer, opened: Callable[[Server], Place]) -> None:
    place = opened(start_server(settings={"ROOM_NAMES": "*"}))
    anna = place.member("Anna")
    browser = Browser("https://fcm.googleapis.com/x")
    for answer in (
        anna.http.get("/push"),
        anna.http.put("/push", json={"subscription": browser.subscription}),
        anna.http.request("DELETE", "/push", json={"endpoint": browser.endpoint}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert anna.come().ask("push.test")["code"] == "not_found"


def test_address_and_keys_are_stored_sealed(room: Place, service: PushService) -> None:
    browser = service.browser()
    away(room, "Anna", browser)
    stored_bytes = room.stored_bytes()
    for secret in (browser.endpoint, b64url(browser.auth), b64url(public_bytes(browser.key))):
        assert secret.encode() not in stored_bytes
        assert from_b64url(secret) not in stored_bytes if "/" not in secret else True


def test_an_eleventh_device_takes_the_place_of_the_oldest(room: Place, service: PushService) -> None:
    browsers = [service.browser() for _ in range(MAX_SUBSCRIPTIONS + 1)]
    anna = room.member("Anna")
    subscribe(anna, browsers[0])
    for browser in browsers[1:]:
        other = room.stranger("Anna")
        assert other.sign_in(ADMIN_PASSWORD).status_code == httpx.codes.CREATED
        subscribe(other, browser)
    assert len(stored(room)) == MAX_SUBSCRIPTIONS
    room.member("Boris").come().say("hello")
    for browser in browsers[1:]:
        service.wait_for(browser)
    assert service.requests(browsers[0]) == []


def test_signing_out_ends_notifications_of_that_device_only(room: Place, service: PushService) -> None:
    phone, laptop, ended = service.browser(), service.browser(), service.browser()
    anna = away(room, "Anna", laptop)
    other, third = second_device(room, anna), second_device(room, anna)
    subscribe(other, phone)
    subscribe(third, ended)
    assert other.http.delete("/session").status_code == 204
    assert third.http.request("DELETE", "/push", json={"endpoint": ended.endpoint}).status_code == 204
    assert third.http.request("DELETE", "/push", json={"endpoint": ended.endpoint}).status_code == 204
    room.member("Boris").come().say("hello")
    service.wait_for(laptop)
    assert service.requests(phone) == service.requests(ended) == []


def test_a_removed_member_is_not_notified_any_more(room: Place, service: PushService) -> None:
    browser = service.browser()
    anna = away(room, "Anna", browser)
    boris = room.member("Boris").come()
    admin = room.member("Olga", password=ADMIN_PASSWORD).come()
    anna_line = anna.come()
    anna_line.ask("notify", channel="general", level="all")
    anna_line.close()
    assert admin.ask("member.remove", id=anna.id)["type"] == "ack"
    boris.say("who is gone?")
    wait_until_all_is_told(room, boris)
    assert service.requests(browser) == []
    for table in ("push_subscriptions", "notify_choices", "notices"):
        assert room.rows(f"SELECT count(*) FROM {table}") == [(0,)]


def test_a_browser_that_changes_hands_notifies_its_new_owner_only(room: Place, service: PushService) -> None:
    browser = service.browser()
    away(room, "Anna", browser)
    boris = away(room, "Boris", browser)
    assert len(stored(room)) == 1
    assert room.rows("SELECT member FROM push_subscriptions") == [(boris.id,)]


def test_somebody_may_send_a_test_to_the_device_they_use(room: Place, service: PushService) -> None:
    browser, other = service.browser(), service.browser()
    anna = away(room, "Anna", browser)
    phone = second_device(room, anna)
    line = phone.come()
    assert line.ask("push.test")["code"] == "not_found"
    subscribe(phone, other)
    assert line.ask("push.test")["type"] == "ok"
    assert service.next(other) == {
        "type": "test",
        "room": room.room,
        "title": "Durable Chat",
        "tag": f"{room.room}/",
    }
    assert service.requests(browser) == []


# --- what it costs ---


def test_a_message_costs_nothing_more_where_nobody_is_to_be_notified(room: Place, service: PushService) -> None:
    """Nothing is written for whoever looks, and one row for all that an absent member misses at a time."""
    browser = service.browser(503, Retry_After="3000")
    line = away(room, "Anna", browser).come()
    boris = room.member("Boris").come()
    boris.say_many(5)
    boris.history(limit=1)
    assert notices(room) == []
    line.put({"type": "visible", "visible": False})
    line.history()
    boris.say_many(5)
    assert service.next(browser)["count"] == 5 + 5
    wait_until(lambda: len(notices(room)) == 1)
    assert len(service.requests(browser)) == 1
