"""Every screen of the design guide's gallery (docs/design/SCREENS.md): what it shows, and how one gets there."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

from PIL import Image, ImageColor, ImageDraw
from playwright.sync_api import Route, expect

from tests.browser.attachments import as_file, attach
from tests.browser.panels import (
    another_line,
    know_a_room,
    set_aside,
    show_former,
    show_pins,
    show_profile,
    show_rooms,
    show_saved,
    show_scheduled,
)
from tests.browser.test_lanes import secure
from tests.browser.views import settle
from tests.browser.visitor import Visitor
from tests.people import Frame, Line, Person

LOOK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
MOST_BYTES = 60_000
_SHOWN = (960, 600)
_SHOWN_OF_A_PHONE = (390, 844)
_QUALITY = 82

CHANNELS = ("design", "releases", "tea kitchen")
_PHOTOS = {
    "morning.png": ("#8fd0ea", "#fff0d6", "#ffd158", "#2a8a99"),
    "evening.png": ("#332a63", "#f2a07f", "#ff7757", "#1c3f63"),
    "noon.png": ("#bfe6f7", "#eefafd", "#fff7cf", "#3fa5b5"),
}


def talk(enter: Callable[..., Person], admin_password: str) -> dict[str, Line]:
    """A morning in a team that is about to release something; Anna Lindqvist is there already."""
    mira = enter("Mira Okafor", password=admin_password)
    people = {name: enter(name) for name in ("Jonas Weber", "Lena Park")}
    lines: dict[str, Line] = {"Mira Okafor": mira.come(), **{name: each.come() for name, each in people.items()}}
    ids = {member["name"]: member["id"] for member in lines["Lena Park"].welcome["members"]}
    channels = {name: lines["Mira Okafor"].ask("channel.create", name=name)["channel"] for name in CHANNELS}
    lines["Mira Okafor"].ask("channel.update", id="general", topic="Everything that concerns all of us")

    def say(name: str, body: str, **more: Any) -> Frame:
        return lines[name].say(body, **more)

    first = say("Mira Okafor", "Good morning! Version 1.2 goes out **on Thursday**. What is left?")
    say("Jonas Weber", "Two things from my side:\n- the import keeps its place after a restart\n- `bin/check` is green")
    question = say("Lena Park", "The empty state still says *nothing here*. Friendlier: *Say hello!*")
    say("Mira Okafor", "Yes, please. That is the first thing people see.", reply_to=question["id"])
    say(
        "Jonas Weber",
        "The retry waits longer each time now:\n```python\nwait = min(first * 1.7**attempt, longest)\n```",
    )
    last = say("Lena Park", "@Anna Lindqvist, do you want to try it on your phone?", mentions=[ids["Anna Lindqvist"]])
    for name in ("Jonas Weber", "Lena Park"):
        lines[name].ask("react", id=first["id"], emoji="⚓", on=True)
    lines["Mira Okafor"].ask("react", id=first["id"], emoji="☕", on=True)
    lines["Jonas Weber"].ask("react", id=last["id"], emoji="⚡", on=True)
    say("Lena Park", "New icons are in", channel=channels["design"])
    return lines


def _button(visitor: Visitor, name: str, within: str = "body") -> None:
    visitor.page.locator(within).get_by_role("button", name=name, exact=True).first.click()


def _dialog(visitor: Visitor) -> None:
    expect(visitor.page.get_by_role("dialog")).to_be_visible()


def _conversation(visitor: Visitor, lines: dict[str, Line]) -> None:
    lines["Lena Park"].put({"type": "typing", "channel": "general"})
    expect(visitor.page.locator(".typing")).to_contain_text("Lena Park")


def _search(visitor: Visitor, lines: dict[str, Line]) -> None:
    del lines
    visitor.page.locator(".timeline__frame").focus()
    visitor.page.keyboard.press("/")
    visitor.page.locator(".search__text").fill("the")
    expect(visitor.page.locator(".hit")).not_to_have_count(0)


def _people(visitor: Visitor, lines: dict[str, Line]) -> None:
    del lines
    visitor.page.locator(".channel-header__people").click()
    visitor.page.locator(".person__open", has_text="Lena Park").click()
    expect(visitor.page.locator(".dialog--card .card__buttons")).to_be_visible()
    expect(visitor.page.locator(".card__days")).to_contain_text("Joined")


def _settings(visitor: Visitor, lines: dict[str, Line]) -> None:
    del lines
    visitor.page.locator(".member-corner .icon-button").last.click()
    expect(visitor.page.locator(".device")).not_to_have_count(0)


def _new_channel(visitor: Visitor, lines: dict[str, Line]) -> None:
    del lines
    _button(visitor, "New channel")
    visitor.page.get_by_label("Name", exact=True).fill("launch")
    visitor.page.get_by_label("Topic").fill("Version 1.2, Thursday at ten")


def _switcher(visitor: Visitor, lines: dict[str, Line]) -> None:
    del lines
    visitor.page.keyboard.press("Control+k")
    visitor.page.get_by_role("combobox").fill("le")
    expect(visitor.page.locator(".switcher__item").last).to_be_visible()


def _invite(visitor: Visitor, lines: dict[str, Line]) -> None:
    del lines
    visitor.page.locator(".sidebar__invite").click()
    _button(visitor, "Create link", "dialog")
    expect(visitor.page.locator(".invite-link")).to_be_visible()


def _administration(visitor: Visitor, lines: dict[str, Line]) -> None:
    _settings(visitor, lines)
    _button(visitor, "Administration", "dialog")
    expect(visitor.page.get_by_role("region", name="Members").get_by_role("listitem")).to_have_count(4)


def _files(visitor: Visitor, lines: dict[str, Line]) -> None:
    del lines
    visitor.page.locator(".channel-list__item", has_text="design").click()
    expect(visitor.message("New icons are in")).to_be_visible()
    photos = [as_file(name, photo(*paints)) for name, paints in _PHOTOS.items()]
    attach(visitor, *photos, as_file("harbour-icons.zip", bytes(240_000), "application/zip"))
    visitor.say("Three hours of one harbour, and the icons. Which one comes first?")
    sent = visitor.sees("Three hours")
    expect(sent.locator("img")).to_have_count(3)
    expect(sent.locator(".message__pending")).to_have_count(0)


def _offline(visitor: Visitor, lines: dict[str, Line]) -> None:
    del lines
    visitor.context.set_offline(True)
    expect(visitor.page.locator(".line-banner")).to_be_visible()
    visitor.say("I am on the ferry. Writing all the same.")
    expect(visitor.page.locator(".message--outgoing")).to_have_count(1)


def _activity(visitor: Visitor, lines: dict[str, Line]) -> None:
    visitor.say("With pleasure, on the ferry home.")
    visitor.sees("on the ferry home")
    said = next(each["id"] for each in lines["Lena Park"].history() if "ferry home" in each.get("body", ""))
    lines["Lena Park"].say("Wonderful! Tell me what you stumble over.", reply_to=said)
    for name, emoji in (("Jonas Weber", "⚓"), ("Mira Okafor", "⚡")):
        lines[name].ask("react", id=said, emoji=emoji, on=True)
    visitor.page.keyboard.press("Alt+Shift+M")
    expect(visitor.page.locator(".hit__deed")).to_have_count(3)


def _thread(visitor: Visitor, lines: dict[str, Line]) -> None:
    del lines
    visitor.page.locator(".replies").first.click()
    expect(visitor.page.locator(".thread .message__body")).to_have_count(2)


def _poll(visitor: Visitor, lines: dict[str, Line]) -> None:
    asked = str(uuid4())
    options = ["Thursday at ten", "Thursday at four", "Friday, after the tea"]
    question = {"question": "When do we let it out?", "options": options}
    assert lines["Mira Okafor"].ask("poll.create", id=asked, channel="general", **question)["type"] == "ack"
    for name, option in (("Mira Okafor", 0), ("Jonas Weber", 0), ("Lena Park", 2)):
        lines[name].ask("vote", id=asked, options=[option])
    expect(visitor.page.get_by_role("group", name="When do we let it out?")).to_contain_text("3 people voted")


def _id(lines: dict[str, Line], words: str) -> str:
    return next(str(each["id"]) for each in lines["Lena Park"].history() if words in each.get("body", ""))


def _profile(visitor: Visitor, lines: dict[str, Line]) -> None:
    del lines
    show_profile(visitor)
    visitor.page.get_by_role("dialog").get_by_role("button", name="At lunch").click()


def _rooms(visitor: Visitor, lines: dict[str, Line]) -> None:
    del lines
    know_a_room(visitor, "regatta")
    visitor.reload()
    show_rooms(visitor)


def _pins(visitor: Visitor, lines: dict[str, Line]) -> None:
    for name, words in (("Jonas Weber", "The retry waits"), ("Mira Okafor", "Version 1.2")):
        assert lines[name].ask("pin", id=_id(lines, words), on=True)["type"] == "ack"
    show_pins(visitor)


def _saved(visitor: Visitor, lines: dict[str, Line]) -> None:
    set_aside(visitor, saved=[_id(lines, words) for words in ("Two things from my side", "Friendlier")])
    show_saved(visitor)


def _scheduled(visitor: Visitor, lines: dict[str, Line]) -> None:
    del lines
    set_aside(visitor, scheduled=["Good morning! The release notes are ready.", "Who brings the cake?"])
    show_scheduled(visitor)


def _former(visitor: Visitor, lines: dict[str, Line]) -> None:
    said = lines["Jonas Weber"].say("The ferry leaves at **six**")["id"]
    for hour in ("seven", "half past seven"):
        lines["Jonas Weber"].ask("edit", id=said, body=f"The ferry leaves at **{hour}**")
    visitor.sees("half past seven")
    show_former(visitor)


def _private(visitor: Visitor, lines: dict[str, Line]) -> None:
    secure(visitor)
    anna = next(each["id"] for each in lines["Lena Park"].welcome["members"] if each["name"] == "Anna Lindqvist")
    talk = lines["Lena Park"].ask("direct.open", members=[anna])["channel"]
    lines["Lena Park"].say("Between the two of us: Mira has her birthday **on Thursday**.", channel=talk)
    lines["Lena Park"].say("Shall we bring a cake?", channel=talk)
    visitor.page.locator(".channel-list__item", has_text="Lena Park").click()
    visitor.sees("Shall we bring a cake?")
    visitor.say("Yes! I know where.")
    visitor.sees("I know where.")


def _viewer(visitor: Visitor, lines: dict[str, Line]) -> None:
    del lines
    visitor.page.locator(".channel-list__item", has_text="design").click()
    visitor.sees("Three hours").locator("img").first.click()
    expect(visitor.page.locator(".viewer__image")).to_be_visible()


Show = Callable[[Visitor, dict[str, Line]], None]

IN_THE_CHAT: dict[str, tuple[str, Show]] = {
    "conversation": ("light", _conversation),
    "search": ("dark", _search),
    "people": ("light", _people),
    "settings": ("light", _settings),
    "new-channel": ("dark", _new_channel),
    "switcher": ("dark", _switcher),
    "invite": ("light", _invite),
    "administration": ("light", _administration),
    "profile": ("dark", _profile),
    "rooms": ("light", _rooms),
    "activity": ("dark", _activity),
    "thread": ("light", _thread),
    "poll": ("dark", _poll),
    "pins": ("light", _pins),
    "saved": ("dark", _saved),
    "scheduled": ("light", _scheduled),
    "former": ("dark", _former),
    "private": ("dark", _private),
    "files": ("light", _files),
    "viewer": ("light", _viewer),
    "offline": ("dark", _offline),
}
"""By name: by which hour it is shown, and how one gets there. What leaves something behind comes last."""


def leads_nowhere(route: Route) -> None:
    """The answer about a room that does not exist."""
    route.fulfill(status=404, json={"code": "not_found", "message": "there is no such room"})


def photo(sky: str, horizon: str, sun: str, water: str) -> bytes:
    """The harbour, from the mole."""
    image = Image.new("RGB", (1200, 800), sky)
    draw = ImageDraw.Draw(image)
    top, low = ImageColor.getrgb(sky), ImageColor.getrgb(horizon)
    for y in range(500):
        draw.line((0, y, 1200, y), tuple(round(a + (b - a) * y / 500) for a, b in zip(top, low, strict=True)))
    draw.ellipse((720, 340, 960, 580), sun)
    draw.rectangle((0, 500, 1200, 800), water)
    for row in range(6):
        draw.rounded_rectangle((740 + 18 * row, 520 + 36 * row, 940 - 18 * row, 530 + 36 * row), 5, sun)
    draw.polygon([(300, 520), (470, 520), (440, 560), (330, 560)], "#123a48")
    draw.polygon([(380, 260), (380, 505), (470, 505)], "#fdfaf4")
    draw.polygon([(365, 300), (365, 505), (310, 505)], "#f3e6d3")
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def called_on_the_way(visitor: Visitor, lines: dict[str, Line]) -> None:
    """Something is said to somebody who has a phone."""
    line = another_line(visitor)
    me, channels = line.welcome["member"]["id"], {each["name"]: each["id"] for each in line.welcome["channels"]}
    line.close()
    lines["Lena Park"].say("@Nora Berg, welcome! Shout if anything is unclear.", mentions=[me])
    lines["Jonas Weber"].say("@Nora Berg, does the map load on your phone?", channels["releases"], mentions=[me])


def keep(visitor: Visitor, name: str, folder: Path) -> None:
    """Put a small picture of the page into a folder."""
    settle(visitor)
    visitor.page.wait_for_timeout(400)
    image = Image.open(BytesIO(visitor.page.screenshot())).convert("RGB")
    file = folder / f"{name}.webp"
    shown = _SHOWN if image.width > image.height else _SHOWN_OF_A_PHONE
    image.resize(shown, Image.Resampling.LANCZOS).save(file, "WEBP", quality=_QUALITY, method=6)
    assert file.stat().st_size < MOST_BYTES, name
