"""The first day of somebody new, counted in keys or taps: to the first message, to what was missed, to a person.

In both languages and both themes, on a desktop by keyboard alone and on a phone by fingers; pairwise: any two of these
meet in one of the four journeys. The guide (docs/design/DESIGN_GUIDE.md) says why that is enough, and the same counts.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests import confidential
from tests.browser.conftest import OpenWindow
from tests.browser.journey import Steps, Traveller
from tests.browser.test_invites import make_link
from tests.people import Person
from tests.server import PASSWORD
from tools.paths import ROOT

COSTS = {
    "from the address to the first message": ("address", Steps(keys=3), Steps(taps=4)),
    "from a link to the first message": ("link", Steps(keys=2), Steps(taps=3)),
    "what was missed overnight, found and answered": ("missed", Steps(keys=6), Steps(taps=5)),
    "a person, found and written to, a recovery code made on the way": ("person", Steps(keys=17), Steps(taps=8)),
    "another person, found and written to": ("another", Steps(keys=3), Steps(taps=5)),
}
"""By what the guide calls them: a name for pictures, on a desktop, on a phone."""


@dataclass(frozen=True)
class Tongue:
    """A language, and a team that speaks it."""

    locale: str
    anna: str
    lena: str
    boris: str
    clara: str
    few_letters: tuple[str, str]
    night: tuple[str, ...]
    question: str
    joined: str
    deed: str
    write: str
    secure: str
    kept: str
    channels: tuple[str, str]
    words: tuple[str, str, str, str]


ENGLISH = Tongue(
    locale="en-GB",
    anna="Anna Lindqvist",
    lena="Lena Park",
    boris="Boris Petrov",
    clara="Clara Moreau",
    few_letters=("bor", "clar"),
    night=("The second crane is repaired.", "I have moved the delivery to nine.", "Good night, everybody."),
    question="@{name}, who has the key to the eastern pier?",
    joined="You joined",
    deed="mentioned you",
    write="Message",
    secure="Make a recovery code",
    kept="I have kept it",
    channels=("deliveries", "eastern pier"),
    words=(
        "Hello from the ferry!",
        "Hello, I am new here.",
        "The harbour master has it.",
        "Do you have a moment after lunch?",
    ),
)
RUSSIAN = Tongue(
    locale="ru-RU",
    anna="Анна Линдквист",
    lena="Лена Пак",
    boris="Борис Петров",
    clara="Клара Моро",
    few_letters=("бор", "клар"),
    night=("Второй кран починили.", "Доставку перенёс на девять.", "Всем спокойной ночи."),
    question="@{name}, у кого ключ от восточного причала?",
    joined="Вы присоединились",
    deed="упоминает вас",
    write="Написать",
    secure="Создать код восстановления",
    kept="Код сохранён",
    channels=("доставка", "восточный причал"),
    words=("Привет с парома!", "Привет, я здесь впервые.", "Ключ у начальника порта.", "Есть минутка после обеда?"),
)

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


class Desk(Traveller):
    """By keyboard alone."""

    def send(self, text: str) -> None:
        expect(self.visitor.composer).to_be_focused()
        self.write(text)
        self.press("Enter")
        self.visitor.sees(text)

    def enter_by_password(self, name: str) -> None:
        expect(self.visitor.page.locator("[name=username]")).to_be_focused()
        self.write(name, "name")
        self.press("Tab")
        self.write(PASSWORD, "password")
        self.press("Enter")

    def enter_by_link(self, name: str) -> None:
        expect(self.visitor.page.locator("[name=username]")).to_be_focused()
        self.write(name, "name")
        self.press("Enter")

    def to_activity(self) -> None:
        expect(self.visitor.page.locator(".for-listeners[role=log]")).to_be_attached()  # by now the keys are heard
        self.press("Alt+Shift+M")

    def open(self, wanted: Locator) -> None:
        self.choose(wanted)

    def to_person(self, name: str, letters: str) -> None:
        self.press("Control+k")
        expect(self.visitor.page.get_by_role("combobox")).to_be_focused()
        self.write(letters)
        expect(self.visitor.page.locator(".switcher__item--chosen")).to_contain_text(name)
        self.press("Enter")

    def to_another(self, name: str, letters: str) -> None:
        self.to_person(name, letters)


class Palm(Traveller):
    """By touch alone."""

    def send(self, text: str) -> None:
        self.visitor.composer.tap()
        self.write(text)
        self.visitor.page.locator(".composer__send").tap()
        self.visitor.sees(text)

    def enter_by_password(self, name: str) -> None:
        expect(self.visitor.page.locator("[name=username]")).to_be_focused()
        self.write(name, "name")
        self.visitor.page.locator("[name=password]").tap()
        self.write(PASSWORD, "password")
        self.visitor.page.locator("[type=submit]").tap()

    def enter_by_link(self, name: str) -> None:
        expect(self.visitor.page.locator("[name=username]")).to_be_focused()
        self.write(name, "name")
        self.visitor.page.locator("[type=submit]").tap()

    def to_activity(self) -> None:
        self.visitor.page.locator(".channel-header > .icon-button").first.tap()
        self.visitor.page.locator(".activity .sidebar__place").tap()

    def open(self, wanted: Locator) -> None:
        wanted.tap()

    def to_person(self, name: str, letters: str) -> None:
        del letters
        self.visitor.page.locator(".channel-header__people").tap()
        self.visitor.page.locator(".person__open", has_text=name).tap()

    def to_another(self, name: str, letters: str) -> None:
        self.visitor.page.locator(".channel-header > .icon-button").first.tap()
        self.visitor.page.locator(".sidebar__search").tap()
        expect(self.visitor.page.get_by_role("combobox")).to_be_focused()
        self.write(letters)
        chosen = self.visitor.page.locator(".switcher__item--chosen")
        expect(chosen).to_contain_text(name)
        chosen.tap()


def _button(traveller: Traveller, name: str) -> Locator:
    return traveller.visitor.page.get_by_role("dialog").get_by_role("button", name=name, exact=True)


def _team(person: Callable[..., Person], tongue: Tongue) -> tuple[Person, dict[str, str]]:
    """Two who have been here for a while, and their channels."""
    boris = person(tongue.boris).secure()
    person(tongue.clara).secure().come()
    line = boris.come()
    line.say_many(30, f"{tongue.night[2]} ({{}})")  # where little was said it all goes up with each message
    channels = {name: str(line.ask("channel.create", name=name)["channel"]) for name in tongue.channels}
    line.say(tongue.night[0])
    return boris, channels


def _overnight(boris: Person, tongue: Tongue, channels: dict[str, str]) -> str:
    """What is said while Anna is away; the question to her."""
    line = boris.come()
    her = next(member["id"] for member in line.welcome["members"] if member["name"] == tongue.anna)
    deliveries, pier = (channels[name] for name in tongue.channels)
    question = tongue.question.format(name=tongue.anna)
    first, second, last = tongue.night
    line.say_many(12, f"{first} ({{}})")
    line.say(second, deliveries)
    line.say(first, pier)
    line.say(question, pier, mentions=[her])
    line.say(last, pier)
    line.say(last)
    return question


@pytest.mark.parametrize(
    ("kind", "tongue", "look"),
    [
        pytest.param(Desk, ENGLISH, {**DESKTOP, "theme": "light"}, id="desktop-en-light"),
        pytest.param(Desk, RUSSIAN, {**DESKTOP, "theme": "dark"}, id="desktop-ru-dark"),
        pytest.param(Palm, RUSSIAN, {**PHONE, "theme": "light"}, id="phone-ru-light"),
        pytest.param(Palm, ENGLISH, {**PHONE, "theme": "dark"}, id="phone-en-dark"),
    ],
)
def test_a_first_day_takes_few_steps(
    window: OpenWindow,
    person: Callable[..., Person],
    request: pytest.FixtureRequest,
    kind: type[Desk] | type[Palm],
    tongue: Tongue,
    look: dict[str, Any],
) -> None:
    called = request.node.callspec.id
    boris, channels = _team(person, tongue)
    from_lena, hello, answer, question_of_mine = tongue.words

    lena = kind(window(comes=False, language=tongue.locale, **look), called)
    link = make_link(boris)
    confidential.keep_path("/join")
    with lena.way("link", to=f"{lena.visitor.address.partition('/r/')[0]}/join#{link}"):
        expect(lena.visitor.page.get_by_text(tongue.boris)).to_be_visible()
        lena.enter_by_link(tongue.lena)
        lena.send(from_lena)

    anna = kind(window(comes=False, language=tongue.locale, **look), called)
    page = anna.visitor.page
    with anna.way("address", to=anna.visitor.address):
        anna.enter_by_password(tongue.anna)
        anna.send(hello)
    expect(page.locator(".row__joined")).to_have_text(tongue.joined)

    page.goto("about:blank")
    question = _overnight(boris, tongue, channels)
    with anna.way("missed", to=anna.visitor.address):
        expect(page.locator(".activity__count")).to_have_text("1")
        anna.to_activity()
        expect(page.locator(".hit__deed")).to_have_text(tongue.deed)
        anna.open(page.locator(".hit__open"))
        expect(anna.visitor.sees(question)).to_be_in_viewport()
        anna.send(answer)
    expect(page.locator(".activity__count")).to_have_count(0)

    with anna.way_on("person"):
        anna.to_person(tongue.boris, tongue.few_letters[0])
        for name in (tongue.write, tongue.secure, tongue.kept, tongue.write):
            anna.open(_button(anna, name))
        expect(page.locator(".channel-header__text")).to_have_text(tongue.boris)
        anna.send(question_of_mine)
    with anna.way_on("another"):
        anna.to_another(tongue.clara, tongue.few_letters[1])
        expect(page.locator(".channel-header__text")).to_have_text(tongue.clara)
        anna.send(question_of_mine)

    assert lena.moved | anna.moved == {}
    anna.taken |= lena.taken
    anna.seconds |= lena.seconds
    anna.note()
    assert anna.taken == {way: desk if kind is Desk else palm for way, desk, palm in COSTS.values()}


def test_the_guide_tells_the_same_counts() -> None:
    guide = (ROOT / "docs" / "design" / "DESIGN_GUIDE.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (\d+) \| (\d+) \|", guide, re.MULTILINE)
    told = {name: (int(keys), int(taps)) for name, keys, taps in rows}
    assert told == {name: (desk.keys, palm.taps) for name, (_, desk, palm) in COSTS.items()}
