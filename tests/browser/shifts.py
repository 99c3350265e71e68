"""The layout shift that Chromium measures, for tests that watch what moves."""

from typing import Any

from tests.browser.visitor import Visitor

MOST_SHIFT = 0.001
"""Chromium's score of one step. Input excuses nothing here, as it does in what web pages are rated by."""
# What grows and shrinks by what one does oneself.
_OWN = ".composer, .login__progress"

WATCH = """() => {
  const own = (node) => (node?.nodeType === 1 ? node : node?.parentElement)?.closest("OWN")
  globalThis.shifts = []
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (!entry.sources.every(({ node }) => own(node)))
        globalThis.shifts.push([entry.value, ...entry.sources.map(({ node }) => node?.className || node?.nodeName)])
  }).observe({ type: "layout-shift" })
}""".replace("OWN", _OWN)


# Without what follows a key or a press within half a second, as the measure of a page's stability counts. The history
# hangs from its foot: what takes room above it moves nothing in it.
WATCH_UNASKED = WATCH.replace(
    "if (!entry.sources.every(({ node }) => own(node)))",
    """if (!entry.hadRecentInput && !entry.sources.every(({ node, previousRect: from, currentRect: to }) =>
        own(node) || (node?.className === "timeline__frame" && from.bottom === to.bottom && from.left === to.left)))""",
)
assert WATCH_UNASKED != WATCH


def watch(visitor: Visitor) -> None:
    """Note from now on what moves on the page as it is; a reload ends it."""
    visitor.page.evaluate(WATCH)


def still(visitor: Visitor, what: str) -> None:
    """Nothing has moved since the last look."""
    assert moved(visitor) == [], what


def moved(visitor: Visitor, within_ms: int = 300) -> list[list[Any]]:
    """What has moved since the last look or does within this time; nothing, if all of it is too little to count."""
    visitor.page.wait_for_timeout(within_ms)
    shifts: list[list[Any]] = visitor.page.evaluate("globalThis.shifts.splice(0)")
    return shifts if sum(shift[0] for shift in shifts) >= MOST_SHIFT else []
