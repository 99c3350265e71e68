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


def watch(visitor: Visitor) -> None:
    """Note from now on what moves on the page as it is; a reload ends it."""
    visitor.page.evaluate(WATCH)


def still(visitor: Visitor, what: str) -> None:
    """Nothing has moved since the last look."""
    visitor.page.wait_for_timeout(300)
    shifts: list[list[Any]] = visitor.page.evaluate("globalThis.shifts.splice(0)")
    assert sum(shift[0] for shift in shifts) < MOST_SHIFT, (what, shifts)
