"""The screens at which tests of legibility look, each with how one gets there, in any language and on any width."""

from collections.abc import Callable, Iterator

from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.people import Person
from tests.server import ADMIN_PASSWORD

Enter = Callable[[str], Person]

_LONG = "Everything about the eastern pier, its cranes, its customs and who has which key"


def furnish(anna: Visitor, enter: Enter) -> None:
    """Sign Anna in, as an admin, to what a team's room has: news in other channels, a mention of her, lists, code."""
    anna.sign_in("Anna", ADMIN_PASSWORD)
    boris = enter("Boris").come()
    me = next(member["id"] for member in boris.welcome["members"] if member["name"] == "Anna")
    pier = boris.ask("channel.create", name="eastern-pier-and-its-customs", topic=_LONG)["channel"]
    boris.say("Good morning! **Bold**, `code` and [a link](https://example.org)")
    boris.say("1. first\n2. second\n\n```python\nprint('hello')\n```")
    said = boris.say(f"@Anna, look: {_LONG}", mentions=[me])
    boris.ask("react", id=said["id"], emoji="🎉", on=True)
    boris.say("@Anna, here as well", channel=pier, mentions=[me])
    boris.say("only unread", channel=boris.ask("channel.create", name="quiet")["channel"])
    anna.sees("@Anna, look")


def _nothing(visitor: Visitor) -> None:
    expect(visitor.page.locator(".channel-header__people")).to_be_visible()


def show_channels(visitor: Visitor) -> None:
    """On a phone, the drawer."""
    if not visitor.page.locator(".sidebar__search").is_visible():
        visitor.page.locator(".channel-header > .icon-button").first.click()
    expect(visitor.page.locator(".sidebar__search")).to_be_visible()


def _settings(visitor: Visitor) -> None:
    show_channels(visitor)
    visitor.page.locator(".member-corner .icon-button").click()
    expect(visitor.page.locator(".device")).not_to_have_count(0)


def _search(visitor: Visitor) -> None:
    visitor.page.locator(".timeline__frame").focus()
    visitor.page.keyboard.press("/")
    field = visitor.page.locator(".search__text")
    field.fill("look")
    expect(visitor.page.locator(".hit")).not_to_have_count(0)


def _search_without_hits(visitor: Visitor) -> None:
    _search(visitor)
    visitor.page.locator(".search__text").fill("nowhere at all")
    expect(visitor.page.locator(".scene--net")).to_be_visible()


def _new_channel(visitor: Visitor) -> None:
    show_channels(visitor)
    visitor.page.locator(".sidebar__heading .icon-button").first.click()
    expect(visitor.page.locator("dialog .field__input")).not_to_have_count(0)


def _people(visitor: Visitor) -> None:
    visitor.page.locator(".channel-header__people").click()
    expect(visitor.page.locator(".people .person")).not_to_have_count(0)


def _person(visitor: Visitor) -> None:
    _people(visitor)
    visitor.page.locator(".person__open", has_text="Boris").click()
    expect(visitor.page.locator(".dialog--card .card__buttons")).to_be_visible()


VIEWS: dict[str, Callable[[Visitor], None]] = {
    "chat": _nothing,
    "channels": show_channels,
    "settings": _settings,
    "search": _search,
    "nothing-found": _search_without_hits,
    "new-channel": _new_channel,
    "person": _person,
    "people": _people,
}


def each_view(visitor: Visitor) -> Iterator[str]:
    """Go from one view to the next; the page is loaded anew before each."""
    for name, show in VIEWS.items():
        visitor.reload()
        visitor.sees("@Anna, look")
        show(visitor)
        settle(visitor)
        yield name


def settle(visitor: Visitor) -> None:
    """Until what moves has come to its place."""
    visitor.page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null)))")
