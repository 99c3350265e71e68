"""Notifications as a browser shows them: pushed to the real service worker, clicked, and switched on by a person.

The push service is on this machine (tests/push_service.py); what it gets is opened, and handed to the service worker
through the DevTools protocol, as Chromium does with what comes from Google. There is no Google here, and without it
`pushManager.subscribe` fails; so it and `getSubscription` are replaced by ones that give a subscription to our service.
A click is an event that the test makes in the worker; browsers let only a person's click open and focus windows, so
these two are noted down. Hidden is a page that says so of itself: headless Chromium has every page in sight.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import CDPSession, Page, Worker, expect

from encoding import b64url
from tests.browser.conftest import OpenWindow
from tests.browser.test_lanes import secure
from tests.browser.visitor import Theme, Visitor, until
from tests.people import Line, Person
from tests.places import Place
from tests.push_service import Browser, PushService, wait_until
from tests.server import ADMIN_PASSWORD, Server

SETTINGS = {
    "ROOM_NAMES": "*",
    "MESSAGE_RATE": "100000/100000",
    "CHAT_TITLE": "Harbour",
    "PUSH_ALLOW_HTTP": "on",
    "VAPID_PRIVATE_KEY": b64url(bytes(range(100, 132))),
    "VAPID_SUBJECT": "mailto:ops@chat.example.org",
}
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari"

_PUSH_MANAGER = """(subscriptions) => {
  if (!globalThis.PushManager) return
  let {given, key} = subscriptions
  const shelf = globalThis.localStorage
  const kept = () => (shelf ? shelf.getItem("test:key") : key)
  const keep = (text) => shelf ? (text ? shelf.setItem("test:key", text) : shelf.removeItem("test:key")) : (key = text)
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0))
  const subscription = () => kept() ? {
    endpoint: given.endpoint,
    options: {applicationServerKey: bytes(kept()).buffer},
    toJSON: () => given,
    unsubscribe: async () => { keep(null); return true },
  } : null
  PushManager.prototype.getSubscription = async () => subscription()
  PushManager.prototype.subscribe = async ({applicationServerKey, userVisibleOnly}) => {
    if (!userVisibleOnly) throw new Error("Chromium wants userVisibleOnly")
    keep(applicationServerKey)
    return subscription()
  }
}"""

_SHOWN = """async () => (await registration.getNotifications())
  .map(({title, body, tag, lang, data, icon, badge}) => ({title, body, tag, lang, data, icon, badge}))"""

_FOCUSED = """async () => (await clients.matchAll({type: "window", includeUncontrolled: true}))
  .filter(({focused}) => focused).map(({url}) => url)"""

_KEPT_LANGUAGE = """async () => {
  const kept = await caches.match("/notifications/language")
  return kept === undefined ? null : kept.text()
}"""

_CLICK = """async (tag) => {
  const [notification] = await registration.getNotifications({tag})
  const asked = []
  clients.openWindow = async (address) => asked.push(["open", address])
  WindowClient.prototype.focus = async function () { asked.push(["focus", new URL(this.url).pathname]) }
  await happen(new NotificationEvent("notificationclick", {notification}))
  return asked
}"""

# Nobody may wait for an event that a script made; the test waits in the browser's place.
_HAPPEN = """void (globalThis.happen = (event) => new Promise((resolve, reject) => {
  event.waitUntil = (work) => work.then(resolve, reject)
  dispatchEvent(event)
}))"""


@pytest.fixture(scope="module")
def browser(whole_browser: Chromium) -> Chromium:
    return whole_browser


@pytest.fixture(scope="module")
def pushing() -> Iterator[Server]:
    """A chat that can notify."""
    running = Server.start(settings=SETTINGS)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    running = PushService()
    yield running
    running.stop()


@pytest.fixture
def admin(pushing: Server, room: str) -> Iterator[Person]:
    somebody = Person(pushing.url, "Boris", room=room).enter(ADMIN_PASSWORD)
    yield somebody
    somebody.leave()


@pytest.fixture
def boris(admin: Person) -> Line:
    return admin.come()


@pytest.fixture
def anna(window: OpenWindow, pushing: Server, service: PushService) -> "Device":
    """Anna on a device that may show notifications and does not yet."""
    return Device.open(window, pushing, service.browser())


class Device:
    """A browser with its subscription to the push service, and what its service worker shows."""

    def __init__(self, visitor: Visitor, server: Server, subscribed: Browser) -> None:
        self.visitor = visitor
        self.server = server
        self.subscribed = subscribed

    @classmethod
    def open(cls, window: OpenWindow, server: Server, subscribed: Browser, **look: Any) -> "Device":
        visitor = window(server=server, service_workers="allow", **look)
        given = json.dumps({"given": subscribed.subscription, "key": None})
        visitor.context.add_init_script(f"({_PUSH_MANAGER})({given})")
        visitor.context.grant_permissions(["notifications"], origin=server.url)
        visitor.come()
        visitor.page.reload()
        visitor.sign_in("Anna")
        visitor.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        until(visitor.page, lambda: visitor.context.service_workers)
        return cls(visitor, server, subscribed)

    @property
    def page(self) -> Page:
        return self.visitor.page

    @property
    def worker(self) -> Worker:
        return self.visitor.context.service_workers[0]

    def open_settings(self) -> None:
        self.page.get_by_role("button", name="Settings").click()

    def turn_on(self) -> None:
        self.open_settings()
        self.page.get_by_role("button", name="Turn on").click()
        expect(self.page.get_by_role("button", name="Turn off")).to_be_visible()

    def turn_on_and_hide(self) -> None:
        self.turn_on()
        self.page.keyboard.press("Escape")
        self.hide()

    def hide(self) -> None:
        """The page goes to the background, and the server knows: it answers what was asked after that."""
        with self.page.expect_event("console", lambda message: message.text == "told"):
            self.page.evaluate(
                """() => {
                  const {send} = WebSocket.prototype
                  WebSocket.prototype.send = function (data) {
                    send.call(this, data)
                    if (!data.includes('"visible"')) return
                    this.addEventListener("message", ({data}) => data.includes('"asked after"') && console.log("told"))
                    const question = {type: "history", ref: "asked after", channel: "general", before: null, limit: 1}
                    send.call(this, JSON.stringify(question))
                  }
                  Object.defineProperty(document, "visibilityState", {value: "hidden", configurable: true})
                  document.dispatchEvent(new Event("visibilitychange"))
                }"""
            )
        self.blur()

    def blur(self) -> None:
        """Another window takes the focus, and the service worker knows."""
        self._devtools().send("Emulation.setFocusEmulationEnabled", {"enabled": False})
        elsewhere = self.visitor.context.new_page()
        elsewhere.goto(f"{self.server.url}/icon.svg")
        elsewhere.bring_to_front()
        wait_until(lambda: self.worker.evaluate(_FOCUSED) == [elsewhere.url])

    def go_away(self, admin: Person) -> None:
        """Leave the room to the admin alone, who knows when the server has noticed."""
        self.page.goto(f"{self.server.url}/icon.svg")
        wait_until(lambda: admin.http.get("/stats").json()["online"] == 1)

    def push(self, told: dict[str, Any]) -> None:
        """Hand a message to the service worker, as the browser does with what its push service brings."""
        devtools = self._devtools()
        with_registration: list[dict[str, Any]] = []
        devtools.on(
            "ServiceWorker.workerRegistrationUpdated", lambda news: with_registration.extend(news["registrations"])
        )
        devtools.send("ServiceWorker.enable")
        until(self.page, lambda: with_registration)
        registration = with_registration[0]["registrationId"]
        order = {"origin": f"{self.server.url}/", "registrationId": registration, "data": json.dumps(told)}
        devtools.send("ServiceWorker.deliverPushMessage", order)

    def shown(self, count: int = 1) -> list[dict[str, Any]]:
        """The notifications, once there are so many."""
        found: list[dict[str, Any]] = []

        def are_there() -> bool:
            found[:] = self.worker.evaluate(_SHOWN)
            return len(found) == count

        wait_until(are_there)
        return found

    def click(self, tag: str) -> list[list[str]]:
        """What the worker wants done when somebody presses a notification."""
        self.worker.evaluate(_HAPPEN)
        return list(self.worker.evaluate(_CLICK, tag))

    def _devtools(self) -> CDPSession:
        return self.visitor.context.new_cdp_session(self.page)


def news(room: str, **parts: Any) -> dict[str, Any]:
    """What the server pushes (docs/protocol.md)."""
    return {
        "type": "message",
        "reason": "message",
        "room": room,
        "title": "Harbour",
        "channel": "general",
        "channel_name": "general",
        "seq": 1,
        "id": "m1",
        "sender": "Boris",
        "text": "Hello",
        "count": 1,
        "unread": 1,
        "tag": f"{room}/general",
        **parts,
    }


# --- from the server to the screen ---


def test_who_hides_the_page_is_notified_and_a_click_on_it_leads_to_the_message(
    anna: Device, boris: Line, service: PushService, room: str
) -> None:
    channel = boris.ask("channel.create", name="plans")["channel"]
    anna.turn_on_and_hide()
    sent = boris.say("Coffee?", channel=channel)
    told = service.next(anna.subscribed)
    anna.push(told)
    (notification,) = anna.shown()
    assert notification == {
        "title": "Boris in #plans",
        "body": "Coffee?",
        "tag": f"{room}/{channel}",
        "lang": "en",
        "data": {"room": room, "channel": channel, "seq": sent["seq"]},
        "icon": f"{anna.server.url}/icon-192.png",
        "badge": f"{anna.server.url}/icon-badge.png",
    }
    anna.server.wait_for_log("GET /icon-badge.png 200")
    assert anna.click(notification["tag"]) == [["focus", f"/r/{room}"]]
    anna.visitor.sees("Coffee?")
    expect(anna.page).to_have_url(f"{anna.server.url}/r/{room}#{channel}/{sent['seq']}")
    assert anna.shown(0) == []


def test_a_direct_message_notifies_by_default_under_its_senders_name(
    anna: Device, admin: Person, service: PushService, room: str
) -> None:
    secure(anna.visitor)
    me = anna.page.evaluate("fetch(`/api/rooms/${location.pathname.split('/').at(-1)}/session`).then((a) => a.json())")
    member = me["member"]["id"]
    admin.secure()
    boris = admin.come(lanes={})
    anna.turn_on_and_hide()
    lane = boris.ask("direct.open", members=[member])["channel"]
    sent = boris.say("between the two of us", channel=lane)
    anna.push(service.next(anna.subscribed))
    (notification,) = anna.shown()
    assert (notification["title"], notification["body"]) == ("Boris", "between the two of us")
    assert notification["data"] == {"room": room, "channel": lane, "seq": sent["seq"]}
    assert anna.click(notification["tag"]) == [["focus", f"/r/{room}"]]
    anna.visitor.sees("between the two of us")
    assert anna.shown(0) == []


def test_a_private_channel_that_is_lost_takes_its_notifications_along(anna: Device, admin: Person, room: str) -> None:
    secure(anna.visitor)
    member = anna.page.evaluate(
        "fetch(`/api/rooms/${location.pathname.split('/').at(-1)}/session`).then((a) => a.json())"
    )["member"]["id"]
    admin.secure()
    keeper = admin.come(lanes={})
    lane = keeper.ask("channel.create", name="secret", kind="private", members=[member], history="all")["channel"]
    expect(anna.page.locator(".channel-list__item", has_text="secret")).to_be_visible()
    anna.blur()
    anna.push(news(room, channel=lane, tag=f"{room}/{lane}", seq=1_000))
    anna.push(news(room, seq=1_000))
    assert len(anna.shown(2)) == 2
    keeper.ask("channel.remove", id=lane, member=member)
    assert [each["tag"] for each in anna.shown(1)] == [f"{room}/general"]


def test_with_the_room_closed_a_click_opens_it_at_the_message(
    anna: Device, admin: Person, boris: Line, service: PushService, room: str
) -> None:
    anna.turn_on()
    for number in range(3):
        boris.say(f"message {number}")
    anna.go_away(admin)
    sent = boris.say("Are you there?")
    told = service.next(anna.subscribed)
    anna.push(told)
    (notification,) = anna.shown()
    ((what, address),) = anna.click(notification["tag"])
    assert (what, address) == ("open", f"/r/{room}#general/{sent['seq']}")
    anna.page.goto(anna.server.url + address)
    anna.visitor.sees("Are you there?")
    expect(anna.page.locator(".message--highlit")).to_contain_text("Are you there?")


def test_what_was_read_is_put_away_and_what_was_not_stays(anna: Device, boris: Line, room: str) -> None:
    channel = boris.ask("channel.create", name="plans")["channel"]
    first = boris.say("in general")
    second = boris.say("in plans", channel=channel)
    anna.blur()
    anna.visitor.sees("in general")
    anna.push(news(room, channel=channel, tag=f"{room}/{channel}", seq=second["seq"]))
    anna.push(news(room, seq=second["seq"] + 1))
    anna.push(news("elsewhere", tag="elsewhere/general", seq=first["seq"]))
    assert len(anna.shown(3)) == 3
    anna.page.get_by_role("button", name="plans").click()
    assert {each["tag"] for each in anna.shown(2)} == {f"{room}/general", "elsewhere/general"}


def test_nothing_pops_up_for_whoever_looks_at_the_room(anna: Device, room: str) -> None:
    anna.push(news(room))
    anna.push(news("elsewhere", tag="elsewhere/general"))
    anna.shown()
    anna.push(news("elsewhere", tag="elsewhere/plans"))  # by now the first would be shown as well
    assert {each["tag"] for each in anna.shown(2)} == {"elsewhere/general", "elsewhere/plans"}


def test_nothing_pops_up_for_whoever_came_to_the_room_by_a_link(anna: Device, room: str) -> None:
    anna.page.goto(f"{anna.server.url}/join#{room}.AAECAwQFBgcICQoLDA0ODw")
    anna.visitor.wait_until_live()
    anna.push(news(room))
    anna.push(news("elsewhere", tag="elsewhere/general"))
    anna.shown()
    anna.push(news("elsewhere", tag="elsewhere/plans"))  # by now the first would be shown as well
    assert {each["tag"] for each in anna.shown(2)} == {"elsewhere/general", "elsewhere/plans"}


def test_a_newer_message_of_a_channel_takes_the_place_of_the_former(anna: Device, room: str) -> None:
    anna.blur()
    anna.push(news(room))
    anna.shown()
    anna.push(news(room, text="And another", seq=2, count=2))
    wait_until(lambda: [each["body"] for each in anna.shown()] == ["And another\nand 1 more"])


def test_notifications_speak_the_language_that_was_chosen_in_the_settings(anna: Device, room: str) -> None:
    anna.open_settings()
    anna.page.get_by_label("Language").select_option("ru")
    expect(anna.page.get_by_role("heading", name="Настройки")).to_be_visible()
    wait_until(lambda: anna.worker.evaluate(_KEPT_LANGUAGE) == "ru")  # the page does not wait for that itself
    anna.blur()
    anna.push(news(room, reason="mention", count=3))
    (notification,) = anna.shown()
    assert (notification["title"], notification["body"], notification["lang"]) == (
        "Boris вам в #general",
        "Hello\nи ещё 2",
        "ru",
    )


def test_the_app_wears_the_number_of_unread_messages(anna: Device, boris: Line, room: str) -> None:
    anna.page.evaluate("navigator.setAppBadge = async (count) => { globalThis.badge = count }")
    channel = boris.ask("channel.create", name="plans")["channel"]
    boris.say_many(3, channel=channel)
    wait_until(lambda: anna.page.evaluate("globalThis.badge") == 3)
    anna.page.get_by_role("button", name="plans").click()
    wait_until(lambda: anna.page.evaluate("globalThis.badge") == 0)
    anna.worker.evaluate("() => { navigator.setAppBadge = async (count) => { globalThis.badge = count } }")
    anna.push(news(room, unread=7))
    wait_until(lambda: anna.worker.evaluate("globalThis.badge") == 7)


# --- the switch ---


def test_nobody_is_asked_before_they_press_the_button_and_a_test_can_be_sent(
    anna: Device, service: PushService
) -> None:
    anna.page.evaluate(
        """() => {
          const ask = Notification.requestPermission.bind(Notification)
          globalThis.questions = 0
          Notification.requestPermission = () => { globalThis.questions += 1; return ask() }
        }"""
    )
    anna.open_settings()
    expect(anna.page.get_by_text("Your browser will ask")).to_be_visible()
    assert anna.page.evaluate("questions") == 0
    anna.page.get_by_role("button", name="Turn on").click()
    anna.page.get_by_role("button", name="Send a test notification").click()
    assert anna.page.evaluate("questions") == 1
    expect(anna.page.get_by_text("Test notification sent")).to_be_visible()
    assert anna.visitor.flaws() == []
    anna.visitor.picture("notifications-on")
    told = service.next(anna.subscribed)
    anna.push(told)
    (notification,) = anna.shown()
    assert (notification["title"], notification["body"]) == (
        "Harbour",
        "Notifications work. New messages will look like this.",
    )


def test_a_device_that_the_server_forgot_is_told_so(anna: Device, service: PushService, room: str) -> None:
    anna.turn_on()
    service.answer(anna.subscribed, 410)
    stored = Place(anna.server, room)
    for said in ("Test notification sent", "no longer knows this device"):
        anna.page.get_by_role("button", name="Send a test notification").click()
        expect(anna.page.get_by_role("status").get_by_text(said)).to_be_visible()
        wait_until(lambda: stored.rows("SELECT * FROM push_subscriptions") == [])


def test_switched_off_the_device_is_forgotten_here_and_there(anna: Device) -> None:
    anna.turn_on()
    with anna.page.expect_response("**/push") as answered:
        anna.page.get_by_role("button", name="Turn off").click()
    assert (answered.value.request.method, answered.value.status) == ("DELETE", 204)
    expect(anna.page.get_by_role("button", name="Turn on")).to_be_visible()
    assert anna.page.evaluate("localStorage.getItem('test:key')") is None
    methods: list[str] = []
    anna.page.on("request", lambda request: methods.append(request.method) if "/push" in request.url else None)
    anna.visitor.reload()
    anna.open_settings()
    expect(anna.page.get_by_role("button", name="Turn on")).to_be_visible()
    assert set(methods) == {"GET"}


def test_at_every_start_the_device_registers_again_under_the_present_key(anna: Device) -> None:
    anna.turn_on()
    key = anna.page.evaluate("localStorage.getItem('test:key')")
    anna.page.evaluate("(other) => localStorage.setItem('test:key', other)", b64url(b"\x04" + bytes(64)))
    with anna.page.expect_response(lambda answer: answer.request.method == "PUT") as answered:
        anna.visitor.reload()
    assert answered.value.status == 204
    assert anna.page.evaluate("localStorage.getItem('test:key')") == key


def test_another_member_of_the_same_browser_is_not_signed_up_by_the_first(anna: Device) -> None:
    anna.turn_on()
    anna.visitor.context.clear_cookies()
    anna.page.reload()
    methods: list[str] = []
    anna.page.on("request", lambda request: methods.append(request.method) if "/push" in request.url else None)
    anna.visitor.sign_in("Clara")
    anna.open_settings()
    expect(anna.page.get_by_role("button", name="Turn on")).to_be_visible()
    wait_until(lambda: anna.page.evaluate("localStorage.getItem('test:key')") is None)
    assert methods == ["GET"]


def test_a_browser_with_a_new_address_registers_it_by_itself(
    anna: Device, admin: Person, boris: Line, service: PushService
) -> None:
    anna.turn_on()
    anna.go_away(admin)
    moved = service.browser()
    given = json.dumps({"given": moved.subscription, "key": None})
    anna.worker.evaluate(f"({_PUSH_MANAGER})({given})")
    anna.worker.evaluate(_HAPPEN)
    anna.worker.evaluate("happen(new ExtendableEvent('pushsubscriptionchange'))")
    boris.say("Have you moved?")
    assert service.next(moved)["text"] == "Have you moved?"
    assert service.requests(anna.subscribed) == []


def test_leaving_takes_the_notifications_of_the_room_along(anna: Device, room: str) -> None:
    anna.turn_on()
    anna.blur()
    anna.push(news(room))
    anna.shown()
    anna.page.get_by_role("button", name="Sign out").click()
    anna.page.locator("form#login").wait_for()
    assert anna.shown(0) == []
    wait_until(lambda: anna.page.evaluate("localStorage.getItem('test:key')") is None)


def test_what_is_told_of_a_channel_is_chosen_at_the_channel(anna: Device) -> None:
    anna.page.locator(".channel-header").get_by_role("button", name="Notifications").click()
    choice = anna.page.get_by_label("Notify me about")
    expect(choice).to_have_value("usual")
    choice.select_option("Mentions and replies")
    expect(choice).to_have_value("mentions")
    choice.press("Escape")
    anna.visitor.reload()
    anna.page.locator(".channel-header").get_by_role("button", name="Notifications").click()
    expect(choice).to_have_value("mentions")
    choice.select_option("Default")
    assert anna.visitor.flaws() == []
    anna.visitor.picture("notifications-channel")


# --- where there are none ---


# What the page then says, and what makes the browser so; one comes after the other, the last is like the first.
STATES = {
    "denied": ("blocks notifications", "0"),  # as headless Chromium is by itself
    "off": ("Your browser will ask", "Object.defineProperty(Notification, 'permission', {get: () => 'default'})"),
    "unsupported": ("does not support notifications", "delete globalThis.PushManager"),
    "install": ("on the home screen", f"Object.defineProperty(navigator, 'userAgent', {{value: '{IPHONE}'}})"),
}


def _explained(visitor: Visitor, words: str, picture: str) -> None:
    """Look at the bell of the channel; what it shows has no flaw."""
    more = visitor.page.get_by_role("button", name="More about this channel")
    if more.is_visible():
        more.click()
    visitor.page.locator(".channel-header").get_by_role("button", name="Notifications").click()
    expect(visitor.page.get_by_text(words)).to_be_visible()
    assert visitor.flaws() == []
    visitor.picture(f"notifications-{picture}")


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_each_state_is_explained(window: OpenWindow, pushing: Server, theme: Theme, width: int) -> None:
    anna = window("Anna", server=pushing, theme=theme, width=width, service_workers="allow")
    switch = anna.page.get_by_role("button", name="Turn on")
    for state, (words, change) in STATES.items():
        anna.page.evaluate(f"void ({change})")
        _explained(anna, words, f"{state}-{theme}-{width}")
        expect(switch).to_have_count(1 if state == "off" else 0)
        anna.page.keyboard.press("Escape")
    anna.page.route("**/push", lambda route: route.abort())
    _explained(anna, "Check your connection", f"failed-{theme}-{width}")
    anna.page.unroute("**/push")
    anna.page.get_by_role("button", name="Try again").click()
    expect(anna.page.get_by_text("on the home screen")).to_be_visible()


def test_where_the_chat_has_no_key_it_says_so(window: OpenWindow) -> None:
    _explained(window("Anna", service_workers="allow"), "turned off in this chat", "absent")
