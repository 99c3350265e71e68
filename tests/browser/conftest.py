"""A browser and a chat for the tests of this folder; each test has a room, and windows, of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.visitor import PATIENCE_MS, Visitor
from tests.people import Person
from tests.places import fresh_room
from tests.server import Server
from tools.chromium import find

# Chromium makes two hidden pages for the suggestions below the address bar of each window, a good part of what tests
# cost. The last such option counts, so this one repeats what Playwright turns off.
_TURNED_OFF = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(_TURNED_OFF)}",
]

OpenWindow = Callable[..., Visitor]


@pytest.fixture(scope="package")
def launch() -> Iterator[Callable[[Path], Browser]]:
    """Start a Chromium, which ends after all tests of this folder."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        running: list[Browser] = []

        def start(chromium: Path) -> Browser:
            running.append(playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS))
            return running[-1]

        yield start
        for each in running:
            each.close()


@pytest.fixture(scope="package")
def browser(launch: Callable[[Path], Browser], chromium: Path) -> Browser:
    return launch(chromium)


@pytest.fixture(scope="package")
def whole_browser(launch: Callable[[Path], Browser]) -> Browser:
    """Not Chromium's shell, which shows no notifications."""
    whole = find(whole=True)
    assert whole is not None
    return launch(whole)


@pytest.fixture(scope="package")
def chat() -> Iterator[Server]:
    """A chat in which any room exists and nobody is slowed down."""
    running = Server.start(
        settings={"ROOM_NAMES": "*", "MESSAGE_RATE": "100000/100000", "CHAT_TITLE": "Harbour", "WEBHOOK_HOSTS": "*"}
    )
    yield running
    running.stop()


@pytest.fixture
def room() -> str:
    return fresh_room()


@pytest.fixture
def window(browser: Browser, chat: Server, room: str) -> Iterator[OpenWindow]:
    """Open a window of a visitor of their own: `window("Anna", width=390)`; without a name, at the door.

    Args:
        host: `localhost` where something needs a host name: passkeys belong to one.
        comes: False leaves the first load of the page to the test.
    """
    visitors: list[Visitor] = []

    def open_window(
        name: str | None = None,
        *,
        server: Server = chat,
        place: str = room,
        host: str = "127.0.0.1",
        comes: bool = True,
        **look: Any,
    ) -> Visitor:
        visitor = Visitor.open(browser, server.url.replace("127.0.0.1", host), place, **look)
        visitors.append(visitor)
        if comes:
            visitor.come()
        if name is not None:
            visitor.sign_in(name)
        return visitor

    yield open_window
    troubles = [trouble for visitor in visitors for trouble in visitor.troubles]
    for visitor in visitors:
        visitor.leave()
    assert troubles == []


@pytest.fixture
def person(chat: Server, room: str) -> Iterator[Callable[[str], Person]]:
    """Somebody in the same room without a browser, who speaks the protocol."""
    people: list[Person] = []

    def enter(name: str, **more: Any) -> Person:
        somebody = Person(chat.url, name, room=room).enter(**more)
        people.append(somebody)
        return somebody

    yield enter
    for somebody in people:
        somebody.leave()
