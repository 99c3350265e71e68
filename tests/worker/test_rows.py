"""What the platform bills: rows read and written, by the storage's own counters in real workerd.

And how often a notification makes Python reach into JavaScript, which is most of what it costs.

The chat has no address for that. A Worker of the tests' own (counting/main.py) is made of the chat's modules, with a
database that adds up what each statement's cursor says, and a `js` that counts who reaches into it.
"""

import shutil
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from encoding import b64url
from limits import STATS_DAYS
from tests.people import Frame, Line
from tests.places import DAY_MS
from tests.push_service import PushService
from tests.server import Server
from tests.worker.gathering import FAST, Gathering, member_of, until
from tools.paths import PYTHON_MODULES, ROOT, WRANGLER_CONFIG_EXAMPLE

PUSH = {
    "VAPID_PRIVATE_KEY": b64url(bytes(range(100, 132))), "VAPID_SUBJECT": "mailto:ops@chat.example.org",
    "PUSH_ALLOW_HTTP": "on",
}  # fmt: skip
FEW, MANY = 100, 100_000
BATCH = 10_000
PAGE_ROWS = 60
ROWS_A_MESSAGE = 2
WAKE_ROWS = 100  # whatever is in the room: its facts and keys, and the list of its tables, looked at a few times


@dataclass
class Meter:
    """A room whose reads and writes are counted."""

    gathering: Gathering

    def counts(self) -> dict[str, int]:
        """Rows since the last question."""
        answer = httpx.get(f"{self.gathering.server.url}/api/rooms/main/test-counts", timeout=60.0)
        return dict(answer.json())

    def rounds(self) -> list[dict[str, Any]]:
        """What the courier's rounds took since the last question; the first question begins the counting."""
        answer = httpx.get(f"{self.gathering.server.url}/api/rooms/main/test-crossings", timeout=60.0)
        return list(answer.json())

    def next_round(self) -> dict[str, Any]:
        """What the next round took, once it is over."""
        found: list[dict[str, Any]] = []

        def is_over() -> bool:
            found.extend(self.rounds())
            return bool(found)

        until(is_over)
        return found[0]

    def fill(self, line: Line, channel: str, count: int) -> None:
        """Store so many messages."""
        for start in range(0, count, BATCH):
            order = {
                "member": member_of(line), "channel": channel, "count": min(BATCH, count - start),
                "now_ms": int(time.time() * 1_000),
            }  # fmt: skip
            answer = httpx.post(f"{self.gathering.server.url}/api/rooms/main/test-fill", json=order, timeout=120.0)
            assert answer.status_code == 200, answer.text

    def cost(self, line: Line, kind: str, **fields: Any) -> tuple[Frame, dict[str, int]]:
        """The answer to a request, and what it took."""
        line.history(limit=1)
        self.counts()
        answer = line.ask(kind, **fields)
        return answer, self.counts()


@pytest.fixture(scope="module")
def meter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meter]:
    folder = tmp_path_factory.mktemp("counting")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(Path(__file__).parent / "counting", folder / "src", dirs_exist_ok=True)
    (folder / "public").mkdir()
    (folder / "python_modules").symlink_to(PYTHON_MODULES)
    example = WRANGLER_CONFIG_EXAMPLE.read_text(encoding="utf-8")
    config = folder / "wrangler.toml"
    config.write_text(example.replace('main = "src/entry.py"', 'main = "src/main.py"'), encoding="utf-8")
    assert tomllib.loads(config.read_text(encoding="utf-8"))["main"] == "src/main.py"
    server = Server.start(settings={**FAST, **PUSH, "ROOM_NAMES": "main"}, config=config)
    gathering = Gathering(server, "main")
    yield Meter(gathering)
    gathering.end()
    server.stop()


@pytest.fixture(scope="module")
def alice(meter: Meter) -> Line:
    return meter.gathering.join("Alice")


@pytest.fixture(scope="module")
def channels(meter: Meter, alice: Line) -> dict[int, str]:
    """A channel with few messages and one with many."""
    made = {count: str(alice.ask("channel.create", name=f"{count} messages")["channel"]) for count in (FEW, MANY)}
    for count, channel in made.items():
        meter.fill(alice, channel, count)
    return made


def test_a_message_writes_two_rows(meter: Meter, alice: Line) -> None:
    alice.say("The first reserves seals for many.")
    meter.counts()
    alice.say("Hello")
    assert meter.counts()["written"] <= ROWS_A_MESSAGE


def test_a_thousand_messages_write_two_rows_each_and_almost_nothing_more(meter: Meter, alice: Line) -> None:
    meter.counts()
    answers = alice.say_many(1_000)
    assert {answer["type"] for answer in answers} == {"ack"}
    counts = meter.counts()
    assert counts["written"] <= ROWS_A_MESSAGE * 1_000 + 1  # one: the next block of seals
    assert counts["read"] <= 5 * 1_000


@pytest.mark.timeout(300)
@pytest.mark.parametrize("count", [FEW, MANY])
@pytest.mark.parametrize("place", ["newest", "middle", "after"])
def test_a_page_of_fifty_reads_sixty_rows_at_most(
    meter: Meter, alice: Line, channels: dict[int, str], count: int, place: str
) -> None:
    newest = alice.history(channels[count], limit=1)[0]["seq"]
    places: dict[str, Frame] = {
        "newest": {"before": None},
        "middle": {"before": newest - 40},
        "after": {"after": newest - count + 20},
    }
    answer, counts = meter.cost(alice, "history", channel=channels[count], limit=50, **places[place])
    assert len(answer["messages"]) == 50
    assert counts["read"] <= PAGE_ROWS
    assert counts["written"] == 0


def test_the_newest_page_is_read_once_for_all_who_ask_before_anything_changes(meter: Meter, alice: Line) -> None:
    newest = {"channel": "general", "before": None, "limit": 50}
    bob = meter.gathering.join("Bert")
    first, _ = meter.cost(alice, "history", **newest)
    again, counts = meter.cost(bob, "history", **newest)
    assert counts["read"] == 0
    assert again["messages"] == first["messages"]
    said = alice.say("And now for something new.")
    after, counts = meter.cost(bob, "history", **newest)
    assert counts["read"] > 0
    assert after["messages"][-1]["id"] == said["id"]


def test_a_welcome_reads_channels_and_members_but_no_messages(
    meter: Meter, alice: Line, channels: dict[int, str]
) -> None:
    bob = meter.gathering.enter("Bob")
    meter.counts()
    welcome = bob.come().welcome
    counts = meter.counts()
    assert max(channel["unread"] for channel in welcome["channels"]) >= MANY
    assert counts["read"] <= 20 + 5 * len(welcome["channels"]) + 5 * len(welcome["members"])
    assert counts["written"] <= 1


def test_waking_reads_channels_and_members_but_no_messages(meter: Meter, alice: Line, channels: dict[int, str]) -> None:
    costs = []
    for messages in (1, 5_000):
        meter.fill(alice, channels[FEW], messages)  # the room then forgets what it has in memory, as sleep makes it
        meter.counts()
        alice.history(limit=1)
        costs.append(meter.counts()["read"])
    few, many = costs
    assert few == many
    assert many <= WAKE_ROWS + 5 * len(channels) + 5 * len(alice.welcome["members"])


def test_the_statistics_read_no_history(meter: Meter, alice: Line, channels: dict[int, str]) -> None:
    """100,000 messages of two days: the difference of two positions, found by halving."""
    place = meter.gathering.place
    (newest,) = place.rows("SELECT max(seq) FROM messages")[0]
    (said_before,) = place.rows("SELECT count(*) FROM messages WHERE seq <= ?", newest // 2)[0]
    place.change("UPDATE messages SET sent_at = sent_at - ? WHERE seq <= ?", 2 * DAY_MS, newest // 2)
    root = meter.gathering.enter("Root", admin=True)
    meter.counts()
    told = root.http.get("/stats").json()
    counts = meter.counts()
    assert [day["count"] for day in told["messages"]][-3] == said_before
    assert sum(day["count"] for day in told["messages"]) > MANY
    assert counts["read"] <= STATS_DAYS * 20 + 2 * STATS_DAYS * (len(channels) + 1) + WAKE_ROWS
    assert counts["written"] == 0


def test_coming_back_reads_what_was_missed(meter: Meter, alice: Line, channels: dict[int, str]) -> None:
    carol = meter.gathering.enter("Carol")
    seq = carol.come().welcome["seq"]
    alice.say_many(10, channel=channels[MANY])
    meter.counts()
    line = carol.come(seq)
    assert len(line.next("events")["events"]) == 10
    assert meter.counts()["read"] <= 10 + 20 + 5 * len(line.welcome["channels"]) + 5 * len(line.welcome["members"])


def test_a_change_costs_the_same_in_a_long_channel(meter: Meter, alice: Line, channels: dict[int, str]) -> None:
    costs = {}
    for count, channel in channels.items():
        message = alice.say("to be changed", channel=channel)
        changes: dict[str, Frame] = {
            "edit": {"body": "changed"}, "react": {"emoji": "👍", "on": True}, "delete": {},
        }  # fmt: skip
        for kind, fields in changes.items():
            answer, counts = meter.cost(alice, kind, id=message["id"], **fields)
            assert answer["type"] == "ack"
            costs[count, kind] = counts
    for kind in ("edit", "react", "delete"):
        assert costs[FEW, kind] == costs[MANY, kind]
        assert costs[MANY, kind]["written"] <= 4
        assert costs[MANY, kind]["read"] <= 10


def test_typing_reading_and_pinging_cost_next_to_nothing(meter: Meter, alice: Line, channels: dict[int, str]) -> None:
    newest = alice.history(channels[MANY], limit=1)[0]["seq"]
    meter.counts()
    alice.put({"type": "typing", "channel": "general"})
    alice.put("ping")
    alice.history(limit=1)
    counts = meter.counts()
    assert (counts["written"], counts["read"] <= 2) == (0, True)
    alice.put({"type": "read", "channel": channels[MANY], "seq": newest - 1})
    alice.history(limit=1)
    counts = meter.counts()
    assert counts["written"] <= 2
    assert counts["read"] <= 20


def test_a_notification_reaches_into_javascript_so_many_times(meter: Meter, alice: Line) -> None:
    """docs/architecture.md, "Notifications", names these numbers."""
    service = PushService()
    people = [meter.gathering.enter(name) for name in ("Nina", "Otto", "Paul")]
    browsers = [service.browser() for _ in people]
    for person, browser in zip(people, browsers, strict=True):
        person.http.put("/push", json={"subscription": browser.subscription})
    everybody = [person.id for person in people]
    alice.say("Keys and the token are made once.", mentions=everybody)
    for browser in browsers:
        service.wait_for(browser)
    meter.rounds()
    alice.say("Where are you?", mentions=everybody[:1])
    assert meter.next_round() == {"total": 145, "statements": 10, "each": [41]}
    alice.say("And you?", mentions=everybody)
    assert meter.next_round() == {"total": 355, "statements": 26, "each": [41, 41, 41]}
    service.stop()
