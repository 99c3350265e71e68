"""The panels beside and above a conversation, each with how one gets there in English."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from uuid import uuid4

from playwright.sync_api import Locator, expect

from tests.browser.views import Enter, furnish, settle
from tests.browser.visitor import Visitor, until
from tests.people import Line, Person

HOUR_MS = 3_600_000

_KNOW_A_ROOM = """(room) => {
  localStorage.setItem(`durable-chat:${room}:title`, "Regatta")
  localStorage.setItem(`durable-chat:${room}:member`, "somebody")
  localStorage.setItem(`durable-chat:${room}:sign`, JSON.stringify({ colour: "plum", unread: 4, mentions: 2 }))
}"""


def another_line(visitor: Visitor) -> Line:
    """A socket of the member whose window this is, as another tab has one; `close` it."""
    url, _, room = visitor.address.partition("/r/")
    person = Person(url, "", room=room)
    cookies = [f"{cookie['name']}={cookie['value']}" for cookie in visitor.context.cookies()]
    person.http.headers["Cookie"] = "; ".join(cookies)
    return person.come(lanes={})


def know_a_room(visitor: Visitor, room: str) -> None:
    """Let the browser know another room of this host; seen from the next load of the page on."""
    visitor.page.evaluate(_KNOW_A_ROOM, room)


def set_aside(visitor: Visitor, saved: Sequence[str] = (), scheduled: Sequence[str] = ()) -> None:
    """Messages that the member has saved, by their ids, and texts that they have scheduled."""
    line = another_line(visitor)
    for message in saved:
        assert line.ask("save", id=message, on=True)["type"] == "ok"
    for hours, body in enumerate(scheduled, start=20):
        at = int(time.time() * 1_000) + hours * HOUR_MS
        assert line.ask("schedule", id=str(uuid4()), channel="general", body=body, at=at)["type"] == "ok"
    line.close()


def furnish_panels(anna: Visitor, enter: Enter) -> None:
    """Sign Anna in to a team's room in which each panel has something to show."""
    furnish(anna, enter)
    clara = enter("Clara").come()
    asked = clara.say("Where do we eat **today**?")
    clara.say("By the river", reply_to=asked["id"])
    edited = clara.say("the gate opens at **six**")
    clara.ask("edit", id=edited["id"], body="the gate opens at seven")
    clara.ask("pin", id=asked["id"], on=True)
    poll = str(uuid4())
    clara.ask("poll.create", id=poll, channel="general", question="When?", options=["At ten", "After the tea"])
    clara.ask("vote", id=poll, options=[1])
    set_aside(anna, [edited["id"]], ["Good morning, all of you"])
    know_a_room(anna, "regatta")
    anna.reload()
    expect(anna.page.get_by_role("group", name="When?")).to_be_visible()


def press(visitor: Visitor, name: str | re.Pattern[str]) -> None:
    """A button of the page, or of the dialog above it."""
    visitor.page.get_by_role("button", name=name, exact=True).last.click()


def _dialog(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("dialog", name=name, exact=True)


def _by_keys(visitor: Visitor, keys: str, wanted: Locator) -> None:
    """What hears them comes late."""

    def is_there() -> bool:
        if wanted.count() == 0:
            visitor.page.keyboard.press(keys)
        return wanted.count() > 0

    until(visitor.page, is_there)


def show_poll(visitor: Visitor) -> None:
    """A poll in the conversation."""
    expect(visitor.page.locator(".poll__bar").first).to_be_visible()


def show_activity(visitor: Visitor) -> None:
    """What happened around the member."""
    visitor.page.locator(".activity .sidebar__place").click()
    expect(_dialog(visitor, "Activity").locator(".hit")).not_to_have_count(0)


def show_pins(visitor: Visitor) -> None:
    """What is pinned in this channel."""
    press(visitor, re.compile("pinned message"))
    expect(_dialog(visitor, "Pinned messages").locator(".hit")).not_to_have_count(0)


def show_saved(visitor: Visitor) -> None:
    """What the member has saved."""
    press(visitor, "Saved for later")
    expect(_dialog(visitor, "Saved for later").locator(".hit")).not_to_have_count(0)


def show_former(visitor: Visitor) -> None:
    """What a message said before."""
    press(visitor, "(edited)")
    expect(_dialog(visitor, "What it said before").locator(".message__body")).not_to_have_count(0)


def show_thread(visitor: Visitor) -> None:
    """The replies to a message, beside the conversation."""
    press(visitor, re.compile("^1 reply"))
    expect(visitor.page.locator(".thread .message__body")).to_have_count(2)


def show_profile(visitor: Visitor) -> None:
    """One's own name, picture and status."""
    press(visitor, "Your profile")
    press(visitor, "Edit profile")
    expect(_dialog(visitor, "Your profile").locator(".picture-field")).to_be_visible()


def show_room_look(visitor: Visitor) -> None:
    """The name, picture and colour of the room."""
    press(visitor, "Settings")
    press(visitor, "Name, colour and picture")
    expect(_dialog(visitor, "Look of the room").locator(".picture-field")).to_be_visible()


def show_disturb(visitor: Visitor) -> None:
    """When the member is not to be disturbed."""
    press(visitor, "Your profile")
    press(visitor, "Do not disturb")
    expect(_dialog(visitor, "Do not disturb").get_by_role("button", name="For 30 minutes")).to_be_visible()


def show_scheduled(visitor: Visitor) -> None:
    """What is sent later."""
    press(visitor, re.compile(r"^\d scheduled$"))
    expect(_dialog(visitor, "Scheduled messages").locator(".hit__words")).not_to_have_count(0)


def show_administration(visitor: Visitor) -> None:
    """The page of admins, with its first section."""
    press(visitor, "Settings")
    press(visitor, "Administration")
    members = _dialog(visitor, "Administration").get_by_role("region", name="Members")
    expect(members.get_by_role("listitem")).not_to_have_count(0)


def show_rooms(visitor: Visitor) -> None:
    """The rooms that this browser knows."""
    dialog = _dialog(visitor, "Rooms")
    _by_keys(visitor, "Alt+Shift+R", dialog)
    expect(dialog.get_by_role("link")).to_have_count(2)


def show_days(visitor: Visitor) -> None:
    """The ways to a day."""
    _by_keys(visitor, "Alt+Shift+J", visitor.page.locator(".jump"))
    expect(visitor.page.get_by_role("button", name="Newest messages")).to_be_visible()


def show_preview(visitor: Visitor) -> None:
    """What a message will be."""
    visitor.composer.fill("**Bold** and `code`\n\n- one\n- two")
    visitor.page.locator(".tools__eye").click()
    expect(visitor.page.locator(".preview strong")).to_have_text("Bold")


PANELS: dict[str, Callable[[Visitor], None]] = {
    "poll": show_poll,
    "activity": show_activity,
    "pins": show_pins,
    "saved": show_saved,
    "former": show_former,
    "profile": show_profile,
    "room-look": show_room_look,
    "disturb": show_disturb,
    "scheduled": show_scheduled,
    "administration": show_administration,
    "rooms": show_rooms,
    "days": show_days,
    "thread": show_thread,
    "preview": show_preview,
}
"""In this order: what does not lie above the conversation comes last, and stays."""


def each_panel(visitor: Visitor) -> Iterator[str]:
    """Go from one panel to the next, in one page."""
    above = visitor.page.locator("dialog[open], .jump")

    def is_left() -> bool:
        if above.count() > 0:
            visitor.page.keyboard.press("Escape")
        return above.count() == 0

    for name, show in PANELS.items():
        until(visitor.page, is_left)
        show(visitor)
        settle(visitor)
        yield name
