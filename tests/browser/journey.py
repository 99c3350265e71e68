"""What a way through the chat takes: keys and taps, counted where they arrive, what moves on it, and the time.

The time is only noted.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from playwright.sync_api import Locator, expect

from tests import confidential
from tests.browser.shifts import WATCH_UNASKED, moved
from tests.browser.visitor import PICTURES, Visitor

# Keys that change others are part of one stroke. Capture, at the window: before anything in the page can stop them.
_COUNT = """() => {
  globalThis.steps = { keys: 0, taps: 0 }
  const held = ["Alt", "Control", "Meta", "Shift"]
  addEventListener("keydown", (event) => {
    if (event.isTrusted && !held.includes(event.key)) globalThis.steps.keys += 1
  }, true)
  addEventListener("pointerdown", (event) => {
    if (event.isTrusted) globalThis.steps.taps += 1
  }, true)
}"""


@dataclass(frozen=True)
class Steps:
    """How often somebody pressed a key or a place on the page, besides writing."""

    keys: int = 0
    taps: int = 0


@dataclass
class Traveller:
    """A visitor whose ways are counted. What they write is put in at once, so that only what leads on counts."""

    visitor: Visitor
    look: str
    taken: dict[str, Steps] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    moved: dict[str, list[list[Any]]] = field(default_factory=dict)
    """By the way on which it did: what moved under the eyes (shifts.py)."""

    def __post_init__(self) -> None:
        self.visitor.page.add_init_script(f"({_COUNT})()")
        self.visitor.page.add_init_script(f"({WATCH_UNASKED})()")

    @contextmanager
    def way(self, name: str, *, to: str) -> Iterator[None]:
        """A journey that begins with the page at this address and leaves a picture of its end."""
        began = time.monotonic()
        self.visitor.page.goto("about:blank")
        self.visitor.page.goto(to)
        yield
        self._arrive(name, began)

    @contextmanager
    def way_on(self, name: str) -> Iterator[None]:
        """A journey that begins where the last one ended."""
        self.visitor.page.evaluate(f"Object.assign(globalThis.steps, {json.dumps(asdict(Steps()))})")
        began = time.monotonic()
        yield
        self._arrive(name, began)

    def _arrive(self, name: str, began: float) -> None:
        page = self.visitor.page
        self.seconds[name] = round(time.monotonic() - began, 1)
        self.taken[name] = Steps(**page.evaluate("globalThis.steps"))
        self.visitor.picture(f"journey-{name}-{self.look}")
        if shifts := moved(self.visitor, within_ms=100):
            self.moved[name] = shifts

    def write(self, text: str, kind: str = "message") -> None:
        """Into what has the focus."""
        confidential.keep(kind, text)
        self.visitor.page.keyboard.insert_text(text)

    def press(self, key: str) -> None:
        self.visitor.page.keyboard.press(key)

    def choose(self, wanted: Locator) -> None:
        """Go there with the Tab key and press it."""
        expect(wanted).to_be_visible()
        self.visitor.tab_to(wanted)
        self.press("Enter")

    def note(self) -> None:
        """Leave the times beside the pictures: they tell of a machine, so nothing is expected of them."""
        told = {name: {**asdict(steps), "seconds": self.seconds[name]} for name, steps in self.taken.items()}
        (PICTURES / f"journeys-{self.look}.json").write_text(json.dumps(told, indent=2), encoding="utf-8")
