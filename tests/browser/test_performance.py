"""What large rooms and bursts cost in the page, as counts and ratios: seconds depend on the machine."""

import json
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Visitor
from tests.people import Line, Person
from tools.paths import CACHE

MANY = 10_000
FEW = 100
BURST = 500
LONGEST_TASK_MS = 200
MOST_RENDERS = 60

_COUNT_TASKS = """() => {
  globalThis.longest = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, entry.duration)
  }).observe({type: "longtask"})
  globalThis.renders = 0
  let pending = false
  new MutationObserver(() => {
    if (!pending) requestAnimationFrame(() => { pending = false; globalThis.renders += 1 })
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


def _opening_cost(anna: Visitor, channel: str, last: str) -> tuple[int, int]:
    """Elements on the page, and milliseconds of script, after opening a channel."""
    client = anna.context.new_cdp_session(anna.page)
    client.send("Performance.enable")
    before = _script_seconds(client)
    anna.page.locator(".channel-list__item", has_text=channel).click()
    anna.message(last).last.wait_for()
    anna.page.wait_for_timeout(500)
    spent = _script_seconds(client) - before
    return anna.page.evaluate("document.querySelectorAll('article').length"), round(spent * 1000)


def _script_seconds(client: object) -> float:
    metrics = client.send("Performance.getMetrics")["metrics"]  # type: ignore[attr-defined]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


def test_ten_thousand_messages_open_like_a_hundred_and_scroll_to_the_start(
    window: OpenWindow, person: Callable[..., Person]
) -> None:
    boris = person("Boris").come()
    channels = {name: boris.ask("channel.create", name=name)["channel"] for name in ("few", "many")}
    _fill(boris, FEW, channels["few"])
    _fill(boris, MANY, channels["many"])
    anna = window("Anna")
    few = _opening_cost(anna, "few", f"message {FEW - 1}")
    many = _opening_cost(anna, "many", f"message {MANY - 1}")
    (CACHE / "browser-performance.json").write_text(json.dumps({"few": few, "many": many}), encoding="utf-8")
    assert many[0] <= few[0] * 1.5
    assert many[1] <= few[1] * 2 + 100

    frame = anna.page.locator(".timeline__frame")
    frame.hover()
    for _ in range(600):
        anna.page.mouse.wheel(0, -20_000)
        if anna.page.locator(".timeline__edge--start").count() > 0:
            break
        anna.page.wait_for_timeout(40)
    anna.page.mouse.wheel(0, -20_000)
    expect(anna.page.get_by_role("heading", name="This is where many begins")).to_be_in_viewport()
    expect(anna.message("message 0").first).to_be_attached()
    assert anna.page.evaluate("document.querySelectorAll('article').length") < 120
    anna.picture("ten-thousand")


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
        anna.page.wait_for_timeout(150)
    place = """() => {
      const frame = document.querySelector(".timeline__frame").getBoundingClientRect()
      const all = [...document.querySelectorAll("article")]
      const inside = all.map((each) => [each.innerText, each.getBoundingClientRect().top])
      const [text, top] = inside.find(([, top]) => top > frame.top + 200)
      return {text, top}
    }"""
    anna.page.wait_for_timeout(400)
    before = anna.page.evaluate(place)
    boris.say("something new")
    expect(anna.page.locator(".newest")).to_contain_text("1 new message")
    anna.page.wait_for_timeout(300)
    after = anna.page.evaluate(place)
    assert after["text"] == before["text"]
    assert abs(after["top"] - before["top"]) <= 2
    anna.picture("newest-button")
    anna.page.locator(".newest").click()
    expect(anna.message("something new")).to_be_in_viewport()


def test_a_burst_of_messages_blocks_nothing_and_is_rendered_in_a_few_steps(
    window: OpenWindow, person: Callable[..., Person]
) -> None:
    boris = person("Boris").come()
    anna = window("Anna")
    anna.page.evaluate(_COUNT_TASKS)
    _fill(boris, BURST, "general")
    anna.message(f"message {BURST - 1}").wait_for()
    anna.page.wait_for_timeout(300)
    longest, renders = anna.page.evaluate("[globalThis.longest, globalThis.renders]")
    assert longest <= LONGEST_TASK_MS
    assert renders <= MOST_RENDERS
