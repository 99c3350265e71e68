"""What large rooms and bursts cost in the page, as counts and ratios: seconds depend on the machine.

Where there is no way around time, it is that of the page's thread: it stands still while the machine does other things.
"""

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, CDPSession, expect

from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor, until
from tests.people import Line, Person
from tools.paths import CACHE

FEW = 100
BURST = 500
STEP_MS = 160  # changes that keep coming are shown this far apart (client/core/watched.ts)

_COUNT_RENDERS = """() => {
  globalThis.renders = []
  let pending = false
  new MutationObserver(() => {
    if (!pending) requestAnimationFrame((time) => { pending = false; globalThis.renders.push(time) })
    pending = true
  }).observe(document.querySelector(".timeline"), {childList: true, subtree: true})
}"""


def _fill(line: Line, count: int, channel: str) -> None:
    """Write so many messages, a thousand on their way at a time."""
    for start in range(0, count, 1_000):
        ids = {str(uuid4()) for _ in range(min(1_000, count - start))}
        for number, message_id in enumerate(sorted(ids)):
            body = f"message {start + number}"
            line.put({"type": "send", "id": message_id, "channel": channel, "body": body})
        while ids:
            frame = json.loads(line.connection.recv(timeout=30))
            if frame["type"] == "ack":
                ids.discard(frame["ref"])


def _open(visitor: Visitor, channel: str, last: str = "") -> None:
    visitor.page.locator(".channel-list__item", has_text=channel).click()
    if last:
        visitor.message(last).last.wait_for()


def _opening_cost(visitor: Visitor, channel: str, last: str) -> tuple[int, int]:
    """Elements on the page, and milliseconds of work, after opening a channel."""
    client = visitor.context.new_cdp_session(visitor.page)
    client.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _seconds_of_work(client)
    _open(visitor, channel, last)
    visitor.rest()
    spent = _seconds_of_work(client) - before
    return visitor.page.evaluate("document.querySelectorAll('article').length"), round(spent * 1000)


def _seconds_of_work(client: CDPSession) -> float:
    metrics = client.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


def _longest_task_ms(browser: Browser, visitor: Visitor, act: Callable[[], object]) -> float:
    """How long the page's thread worked without a pause, at most, while this was done."""
    visitor.rest()
    browser.start_tracing(page=visitor.page, categories=["toplevel"])
    act()
    visitor.rest()
    events = json.loads(browser.stop_tracing())["traceEvents"]
    pages = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    return max(int(event.get("tdur", 0)) for event in events if (event["pid"], event["tid"]) in pages) / 1000


def _scroll_to_start(visitor: Visitor) -> None:
    """Turn the wheel until there is nothing above; each page comes when the one below it is nearly read."""
    visitor.page.locator(".timeline__frame").hover()
    edge = visitor.page.locator(".timeline__edge--start")

    def is_at_start() -> bool:
        visitor.page.mouse.wheel(0, -20_000)
        return edge.count() > 0 and visitor.page.evaluate("document.querySelector('.timeline__frame').scrollTop") == 0

    until(visitor.page, is_at_start, seconds=300)


def test_thousands_of_messages_open_like_a_hundred_and_scroll_to_the_start(
    window: OpenWindow, person: Callable[..., Person], request: pytest.FixtureRequest
) -> None:
    most = int(request.config.getoption("--scrolled"))
    boris = person("Boris").come()
    channels = {name: boris.ask("channel.create", name=name)["channel"] for name in ("few", "many")}
    _fill(boris, FEW, channels["few"])
    _fill(boris, most, channels["many"])
    anna = window("Anna")
    few = _opening_cost(anna, "few", f"message {FEW - 1}")
    many = _opening_cost(anna, "many", f"message {most - 1}")
    (CACHE / "browser-performance.json").write_text(json.dumps({"few": few, "many": many}), encoding="utf-8")
    assert many[0] <= few[0] * 1.5
    assert many[1] <= few[1] * 2

    _scroll_to_start(anna)
    expect(anna.page.get_by_role("heading", name="This is the start of many")).to_be_in_viewport()
    expect(anna.message("message 0").first).to_be_attached()
    assert anna.page.evaluate("document.querySelectorAll('article').length") < 120
    anna.picture("thousands")


def test_older_pages_and_new_messages_do_not_move_what_is_read(
    window: OpenWindow, person: Callable[..., Person]
) -> None:
    boris = person("Boris").come()
    _fill(boris, 300, "general")
    anna = window("Anna")
    anna.message("message 299").wait_for()
    anna.page.locator(".timeline__frame").hover()
    for _ in range(3):
        anna.page.mouse.wheel(0, -700)
        anna.rest()
    place = """() => {
      const frame = document.querySelector(".timeline__frame").getBoundingClientRect()
      const all = [...document.querySelectorAll("article")]
      const inside = all.map((each) => [each.innerText, each.getBoundingClientRect().top])
      const [text, top] = inside.find(([, top]) => top > frame.top + 200)
      return {text, top}
    }"""
    before = anna.page.evaluate(place)
    boris.say("something new")
    expect(anna.page.locator(".newest")).to_contain_text("1 new message")
    anna.rest()
    after = anna.page.evaluate(place)
    assert after["text"] == before["text"]
    assert abs(after["top"] - before["top"]) <= 2
    anna.picture("newest-button")
    anna.page.locator(".newest").click()
    expect(anna.message("something new")).to_be_in_viewport()


def test_a_burst_of_messages_blocks_nothing_and_is_rendered_in_a_few_steps(
    browser: Browser, window: OpenWindow, person: Callable[..., Person]
) -> None:
    boris = person("Boris").come()
    _fill(boris, FEW, boris.ask("channel.create", name="few")["channel"])
    anna = window("Anna")
    opening = _longest_task_ms(browser, anna, lambda: _open(anna, "few", f"message {FEW - 1}"))
    _open(anna, "general")
    anna.page.evaluate(_COUNT_RENDERS)

    def burst() -> None:
        _fill(boris, BURST, "general")
        anna.message(f"message {BURST - 1}").wait_for()

    longest = _longest_task_ms(browser, anna, burst)
    renders = anna.page.evaluate("globalThis.renders")
    assert 0 < longest <= opening * 3
    assert len(renders) <= 10 + 2 * (renders[-1] - renders[0]) / STEP_MS


def _of(piece: str) -> str:
    return (piece * 4_000)[:4_000]


# Each is as long as a message may be, and costs the most where something is searched, nested or tried again.
_WORST = [
    *map(_of, ["_*a", "*a **b", "*a* ", "***a ", "~~a ", "_a", "*_~~a", "`", "[", "[a](http:"]),
    *map(_of, [">", "> ", "- ", "<", "|a", "1. "]),
    "- a\n" * 1_000,
    "| a | b |\n|---|---|\n" + "| c | d |\n" * 390,
    "> a\n" * 1_000,
    "http://a.b/ " * 333,
]


def _read_through(visitor: Visitor, channel: str) -> None:
    """Open a channel, which a newcomer sees at its end, and go to its start."""
    _open(visitor, channel)
    expect(visitor.message("the end")).to_be_in_viewport()
    _scroll_to_start(visitor)


def test_the_worst_texts_open_without_a_visible_stop(
    browser: Browser, window: OpenWindow, person: Callable[..., Person]
) -> None:
    boris = person("Boris").come()
    plain = ["".join(f"word{number} " for number in range(455))[:4_000].strip() for _ in _WORST]
    for name, texts in {"plain": plain, "worst": _WORST}.items():
        channel = boris.ask("channel.create", name=name)["channel"]
        for text in [*texts, "the end"]:
            boris.say(text, channel)
    anna = window("Anna")
    usual = _longest_task_ms(browser, anna, lambda: _read_through(anna, "plain"))
    _open(anna, "general")
    longest = _longest_task_ms(browser, anna, lambda: _read_through(anna, "worst"))
    (CACHE / "worst-texts.json").write_text(json.dumps({"plain": usual, "worst": longest}), encoding="utf-8")
    assert longest <= usual * 15
