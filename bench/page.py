"""From the click on "send" to the message on the screen, in its own window and in another one, in real Chromium."""

import statistics

from playwright.sync_api import Page, sync_playwright

from tests.browser.visitor import Visitor
from tools import chromium

MESSAGES = 20
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

# Both pages share one browser's clock. A frame is drawn after the element exists, hence requestAnimationFrame.
_WATCH = """() => {
  globalThis.shown = {}
  const look = () => {
    for (const each of document.querySelectorAll("article.message:not(.message--outgoing)")) {
      const text = /#\\d{9}/.exec(each.textContent)?.[0]
      if (text && !(text in globalThis.shown)) {
        globalThis.shown[text] = 0
        requestAnimationFrame(() => { globalThis.shown[text] = performance.timeOrigin + performance.now() })
      }
    }
  }
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true})
}"""
_CLICK = """() => {
  globalThis.clicked = performance.timeOrigin + performance.now()
  document.querySelector(".composer__send").click()
  return globalThis.clicked
}"""


def click_to_shown(url: str, room: str) -> dict[str, float]:
    """Milliseconds until a message is shown as stored, to its author and to somebody else; medians."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.ensure(), args=_ARGUMENTS)
        anna, boris = (_enter(Visitor.open(browser, url, room), name) for name in ("Anna", "Boris"))
        own, other = [], []
        for number in range(1, MESSAGES + 1):
            text = f"#{number:09d}"
            anna.composer.fill(f"{text} Shall we meet at the harbour at noon?")
            clicked = anna.page.evaluate(_CLICK)
            own.append(_shown(anna.page, text) - clicked)
            other.append(_shown(boris.page, text) - clicked)
        browser.close()
    return {"own_ms": statistics.median(own), "other_ms": statistics.median(other)}


def _enter(visitor: Visitor, name: str) -> Visitor:
    visitor.come()
    visitor.sign_in(name)
    visitor.page.evaluate(_WATCH)
    return visitor


def _shown(page: Page, text: str) -> float:
    page.wait_for_function("(text) => globalThis.shown[text] > 0", arg=text)
    return float(page.evaluate("(text) => globalThis.shown[text]", text))
