"""Nothing that somebody writes becomes a program in somebody else's browser: as message, name, channel or topic."""

from collections.abc import Callable
from unicodedata import normalize

from httpx import codes
from playwright.sync_api import expect

from limits import MAX_NAME_CHARACTERS
from tests.browser.conftest import OpenWindow
from tests.browser.hostile import TEXTS
from tests.people import Person
from tests.server import Server

_WATCH = """() => {
  globalThis.reports = []
  document.addEventListener("securitypolicyviolation", (event) => globalThis.reports.push(event.violatedDirective))
}"""


def test_there_are_enough_of_them() -> None:
    assert len(set(TEXTS)) >= 150


def test_hostile_messages_are_shown_as_text(window: OpenWindow, person: Callable[..., Person]) -> None:
    boris = person("Boris").come()
    anna = window("Anna")
    anna.page.evaluate(_WATCH)
    for start in range(0, len(TEXTS), 25):
        for text in TEXTS[start : start + 25]:
            boris.say(text)
        boris.say(f"end of part {start}")
        anna.sees(f"end of part {start}")
        anna.page.evaluate(
            "document.querySelectorAll('article a').forEach((each) => each.dispatchEvent(new MouseEvent('mouseover')))"
        )
    links = anna.page.evaluate("[...document.querySelectorAll('article a')].map((each) => [each.href, each.rel])")
    assert all(href.startswith(("http:", "https:", "mailto:")) for href, _ in links)
    assert all(rel == "noopener noreferrer nofollow" for _, rel in links)
    tags = anna.page.evaluate(
        "[...new Set([...document.querySelectorAll('.message__body *')].map((each) => each.localName))]"
    )
    assert set(tags) <= {
        "p",
        "strong",
        "em",
        "del",
        "code",
        "pre",
        "a",
        "ul",
        "ol",
        "li",
        "blockquote",
        "span",
        "div",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "button",
        "svg",
        "path",
        "rect",
    }
    assert anna.page.evaluate("globalThis.reports") == []
    assert anna.page.evaluate("globalThis.pwned") is None
    anna.picture("hostile-messages")


def test_hostile_names_channels_and_topics_are_shown_as_text(window: OpenWindow, person: Callable[..., Person]) -> None:
    name = "<img src=x onerror=alert(1)>"
    villain = person(name).come()
    made = 0
    for number, text in enumerate(TEXTS):
        wanted = f"{number} {text}".replace("\n", " ")[:80]
        made += villain.ask("channel.create", name=wanted, topic=text.replace("\n", " ")[:250])["type"] == "ack"
    assert made > len(TEXTS) / 2
    villain.say("hello")
    anna = window("Anna")
    anna.page.evaluate(_WATCH)
    expect(anna.sees("hello")).to_contain_text(name)
    expect(anna.page.locator(".channel-list__item")).to_have_count(made + 1)
    anna.page.keyboard.press("Control+k")
    expect(anna.page.locator(".switcher__list")).to_be_visible()
    anna.page.locator(".channel-header__people").evaluate("(each) => each.click()")
    expect(anna.page.locator(".people")).to_be_visible()
    assert (
        anna.page.evaluate("document.querySelectorAll('.channel-list img, .people img, .switcher__list img').length")
        == 0
    )
    assert anna.page.evaluate("globalThis.reports") == []
    anna.picture("hostile-names")


def test_hostile_member_names_are_shown_as_text(window: OpenWindow, chat: Server, room: str) -> None:
    names = sorted({_as_name(text) for text in TEXTS})
    entered = [kept for number, name in enumerate(names) if (kept := _enters(chat, room, name, number)) is not None]
    assert len(entered) > len(names) * 0.9, "the rest are the same name in other letters, or no names at all"
    anna = window("Anna")
    anna.page.evaluate(_WATCH)
    anna.page.locator(".channel-header__people").click()
    expect(anna.page.locator(".person__name")).to_have_count(len(entered) + 1)
    assert set(anna.page.locator(".person__name").all_text_contents()) == {*entered, "Anna"}
    for name in entered[:40]:  # the completion of mentions shows names too, and puts them into the text
        anna.composer.fill(f"@{name[:6]}")
    anna.composer.fill("")
    assert anna.page.evaluate("document.querySelectorAll('.people img, .people script, .completion img').length") == 0
    assert anna.page.evaluate("globalThis.reports") == []
    assert anna.page.evaluate("globalThis.pwned") is None
    anna.picture("hostile-members")


def _enters(chat: Server, room: str, name: str, number: int) -> str | None:
    """Sign in under this name, from an address of one's own, and close the window; the name as it was kept."""
    person = Person(chat.url, name, room=room, address=f"203.0.113.{number}")
    answer = person.sign_in()
    person.leave()
    return str(answer.json()["member"]["name"]) if answer.status_code == codes.CREATED else None


def _as_name(text: str) -> str:
    """The beginning of an attack, as long as a name may be and without what no name may hold."""
    printable = "".join(character for character in text if character.isprintable())
    return normalize("NFC", printable[:MAX_NAME_CHARACTERS]).strip()
