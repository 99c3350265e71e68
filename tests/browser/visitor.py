"""Somebody with a browser window, in the words of the chat."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, expect

from tests import confidential
from tests.server import PASSWORD
from tools.paths import ROOT

PICTURES = Path(__file__).parent / "screenshots"
_AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# The browser's own notes on answers that a test provokes; everything else in the console is trouble.
_EXPECTED = ("Failed to load resource", "WebSocket connection to")

_PUT_OFF = """(key) => {
  try {
    localStorage.setItem(key, JSON.stringify({ times: 3, at: 0, later: true }))
  } catch {}
}"""

# Until nothing in the timeline has moved for twenty frames.
_REST = """() => new Promise((done) => {
  let former = ""
  let quiet = 0
  const look = () => {
    const {scrollTop, scrollHeight} = document.querySelector(".timeline__frame")
    const rows = [...document.querySelectorAll("[data-row]")]
    const places = rows.map((row) => [row.dataset.row, row.getBoundingClientRect().top])
    const now = JSON.stringify([scrollTop, scrollHeight, places])
    quiet = now === former ? quiet + 1 : 0
    former = now
    if (quiet === 20) done()
    else requestAnimationFrame(look)
  }
  look()
})"""

_FAR = 60
"""Stops of the Tab key, more than any walk here has."""

PATIENCE_MS = 60_000
"""How long anything in a page may take: a machine that others use as well is slow; a test that passes waits less."""

Theme = Literal["light", "dark"]
Motion = Literal["reduce", "no-preference"]


@dataclass
class Visitor:
    """One window in a browser profile of its own."""

    context: BrowserContext
    page: Page
    address: str
    troubles: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """Every error and warning in the console, those that a test provokes included."""

    @classmethod
    def open(
        cls,
        browser: Browser,
        url: str,
        room: str,
        *,
        width: int = 1440,
        height: int = 900,
        theme: Theme = "light",
        language: str = "en-GB",
        motion: Motion = "reduce",
        **more: Any,
    ) -> "Visitor":
        """A window; `width` below 600 is a phone with a touch screen.

        Without a service worker, which would fetch the whole client for each window; what is about it says
        `service_workers="allow"`.
        """
        phone = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2} if width < 600 else {}
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,
            locale=language,
            reduced_motion=motion,
            timezone_id="Europe/Berlin",
            **{"service_workers": "block", **phone, **more},
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        visitor = cls(context, context.new_page(), f"{url}/r/{room}")
        visitor.watch(visitor.page)
        return visitor

    def watch(self, page: Page) -> None:
        """Note every error in this page."""
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("dialog", self._refuse)
        page.on("console", lambda message: self._note(message.type, message.text))

    def _refuse(self, dialog: Dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.said.append(text)
        if kind == "error" and not text.startswith(_EXPECTED):
            self.troubles.append(text)

    def come(self, place: str = "") -> None:
        """Go to the room, or to a place in it: `#channel/7`."""
        self.page.goto(self.address + place)

    def sign_in(self, name: str, password: str = PASSWORD, *, enters: bool = True, is_offered: bool = False) -> None:
        """Fill in the form; `is_offered`: as somebody whom this browser has not yet offered a recovery code."""
        confidential.keep("name", name)
        confidential.keep("password", password)
        if not is_offered:
            self.page.evaluate(_PUT_OFF, f"durable-chat:{self.address.rpartition('/')[2]}:offered:{name}")
        form = self.page.locator("form#login")
        form.locator("[name=username]").fill(name)
        form.locator("[name=password]").fill(password)
        form.locator("[name=password]").press("Enter")
        if enters:
            self.wait_until_live()

    def wait_until_live(self) -> None:
        self.composer.wait_for()
        expect(self.page.locator(".member-corner .connection--live")).to_be_attached()

    def rest(self) -> None:
        """Wait until nothing moves in the history any more."""
        self.page.evaluate(_REST)

    def reload(self) -> None:
        """Load the page anew and wait until the line stands."""
        self.page.reload()
        self.wait_until_live()

    def leave(self) -> None:
        confidential.keep(confidential.SECRET, *(cookie["value"] for cookie in self.context.cookies()))
        self.context.close()

    @property
    def composer(self) -> Locator:
        return self.page.locator(".composer__text")

    def say(self, text: str) -> None:
        """Write a message and send it."""
        confidential.keep("message", text)
        self.composer.fill(text)
        if self.page.evaluate("matchMedia('(pointer: coarse)').matches"):
            self.page.get_by_role("button", name=re.compile("^(Send|Отправить)$")).click()
        else:
            self.composer.press("Enter")

    def message(self, text: str) -> Locator:
        """The message that says this."""
        return self.page.locator("article.message", has_text=text)

    def sees(self, text: str, *, count: int = 1) -> Locator:
        """Wait until so many stored messages with this text are in sight."""
        found = self.page.locator("article.message:not(.message--outgoing)", has_text=text)
        expect(found).to_have_count(count)
        return found

    def act(self, text: str, action: str) -> None:
        """Do something with a message, by the name of the button.

        Focused, not hovered over: a message that arrives moves the others away from under the pointer.
        """
        message = self.message(text).last
        button = message.get_by_role("button", name=action, exact=True)

        def is_near() -> bool:
            message.focus()
            return button.count() > 0

        until(self.page, is_near)
        button.click()

    def tab_to(self, wanted: Locator) -> None:
        """Walk there with the Tab key: what comes late may stand in between, or not yet."""
        for _ in range(_FAR):
            if wanted.evaluate("(wanted) => wanted === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError("the Tab key does not lead there")

    def picture(self, name: str) -> Path:
        """Leave a screenshot to be looked at."""
        file = PICTURES / f"{name}.png"
        self.page.screenshot(path=file)
        return file

    def flaws(self, *rules: str, within: str | None = None) -> list[str]:
        """What axe-core finds against WCAG and good practice on the page; in a part of it, or by some rules."""
        return flaws_of(self.page, *rules, within=within)


def flaws_of(page: Page, *rules: str, within: str | None = None) -> list[str]:
    """What axe-core finds against WCAG and good practice on any page."""
    page.evaluate(_axe_source())
    only = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
    found = page.evaluate(
        "([part, only]) => axe.run(part ?? document, {resultTypes: ['violations'], ...only})", [within, only]
    )
    return [
        f"{flaw['id']}: {flaw['help']}: {json.dumps([node['target'] for node in flaw['nodes']])}"
        for flaw in found["violations"]
    ]


def until(page: Page, is_so: Callable[[], object], seconds: float = PATIENCE_MS / 1000) -> None:
    """Wait for what no locator shows; unlike in a sleep, the browser's events are heard meanwhile."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it does not happen"
        page.wait_for_timeout(50)


@cache
def _axe_source() -> str:
    return _AXE.read_text(encoding="utf-8")
