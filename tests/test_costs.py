"""The costs that docs/deployment/DEPLOYMENT.md tells, worked out again from the prices and assumptions it names."""

import re
from dataclasses import dataclass

import pytest

from tools.paths import ROOT

PAGE = (ROOT / "docs/deployment/DEPLOYMENT.md").read_text(encoding="utf-8")

DAYS = 30
FRAMES_A_REQUEST = 20
SECONDS_A_FRAME, SECONDS_A_WAKING = 0.01, 1.0
GIGABYTES = 0.128  # what an object is billed for while it works, whatever it uses
ROWS_A_MESSAGE = 2 + 2  # written, and later removed by RETENTION_DAYS
TYPING_A_MESSAGE = 2
STARTS_A_DAY, REQUESTS_A_START, ROWS_READ_A_START = 5, 5, 1_000
BYTES_A_MESSAGE = 1_000

FREE_A_DAY = {"requests": 100_000, "rows written": 100_000, "rows read": 5_000_000, "GB-s": 13_000}
INCLUDED = {"requests": 1_000_000, "rows written": 50_000_000, "rows read": 25_000_000_000, "GB-s": 400_000}
DOLLARS_A_MILLION = {"requests": 0.15, "rows written": 1.00, "rows read": 0.001, "GB-s": 12.50}


@dataclass(frozen=True)
class Chat:
    """One column of the table."""

    people: int
    messages: int  # a day
    watching: int  # people who have the channel open when a message comes
    hours: int  # a day in which somebody is there

    def a_day(self) -> dict[str, float]:
        """What Cloudflare counts."""
        frames = self.messages * (1 + TYPING_A_MESSAGE + self.watching)
        minutes = self.hours * 60
        starts = self.people * STARTS_A_DAY
        return {
            "requests": starts * REQUESTS_A_START + frames / FRAMES_A_REQUEST + minutes,
            "rows written": self.messages * (ROWS_A_MESSAGE + self.watching) + minutes + starts,
            "rows read": frames * 5 + starts * ROWS_READ_A_START,
            "GB-s": (frames * SECONDS_A_FRAME + minutes * SECONDS_A_WAKING) * GIGABYTES,
        }

    def dollars(self) -> float:
        """A month on the paid plan."""
        over = {name: max(0.0, count * DAYS - INCLUDED[name]) for name, count in self.a_day().items()}
        return 5 + sum(count / 1_000_000 * DOLLARS_A_MILLION[name] for name, count in over.items())

    def free(self) -> float:
        """The largest share of a free allowance that it takes."""
        return max(count / FREE_A_DAY[name] for name, count in self.a_day().items())


CHATS = {
    "a small team": Chat(10, 300, 4, 10),
    "a school": Chat(300, 5_000, 20, 12),
    "a big one": Chat(2_000, 50_000, 50, 24),
}


TABLE = PAGE[PAGE.index("| a day |") :]


def row(title: str) -> list[str]:
    found = re.search(rf"^\| {re.escape(title)} \|(.+)\|$", TABLE, re.MULTILINE)
    assert found, title
    return [cell.strip() for cell in found[1].split("|")]


def number(text: str) -> float:
    return float(re.sub(r"[^0-9.]", "", text))


def amount(text: str) -> float:
    return number(text) * (1_000_000 if "million" in text else 1_000_000_000 if "billion" in text else 1)


def test_the_table_is_about_these_chats() -> None:
    assert row("a day") == list(CHATS)
    for title, name in (
        ("people", "people"),
        ("messages", "messages"),
        ("watching when one comes", "watching"),
        ("hours with somebody there", "hours"),
    ):
        assert [number(cell) for cell in row(title)] == [getattr(chat, name) for chat in CHATS.values()]


@pytest.mark.parametrize("name", FREE_A_DAY)
def test_what_is_counted_a_day_is_what_it_comes_to(name: str) -> None:
    counts = [f"{chat.a_day()[name]:,.0f}" for chat in CHATS.values()]
    assert row(name) == counts


@pytest.mark.parametrize("name", FREE_A_DAY)
def test_the_prices_told_are_those_it_is_worked_out_with(name: str) -> None:
    found = re.search(rf"^\| [^|]*{name}[^|]*\|(.+)\|$", PAGE, re.MULTILINE)
    assert found
    free, included, dollars = found[1].split("|")
    assert amount(free) == FREE_A_DAY[name]
    assert amount(included) == INCLUDED[name]
    assert amount(dollars.partition("dollar")[0]) == DOLLARS_A_MILLION[name]


def test_the_months_cost_what_they_come_to() -> None:
    told = row("a month on the paid plan")
    for cell, chat in zip(told, CHATS.values(), strict=True):
        assert cell == f"${chat.dollars():.0f}"


def test_the_free_plan_is_promised_only_to_those_it_is_enough_for() -> None:
    told = row("the free plan")
    for cell, chat in zip(told, CHATS.values(), strict=True):
        assert cell.startswith("enough" if chat.free() < 1 else "not enough"), chat.free()
