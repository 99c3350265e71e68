"""Fixtures that more than one file of tests uses, and the rule that nothing is skipped where it counts."""

import os
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import confidential
from tests.rooms import ChatRoom, Person, make_room
from tests.server import Server
from tools.chromium import find as find_chromium
from tools.paths import ROOT

_LOG_LINES = 80

# No test times anything: the machine may be busy.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

StartServer = Callable[..., Server]


@pytest.fixture(scope="session", autouse=True)
def nothing_private_is_logged() -> Iterator[None]:
    """When all tests of this process are over and its servers have ended: what have they logged?

    A fixture and not a hook, as it then fails the run from every process of pytest-xdist in the same way.
    """
    yield
    if told := confidential.report(Server.logs()):
        pytest.fail(told, pytrace=False)


# --- a room of the core, with people in it; folders that speak to real rooms have their own ---


@pytest.fixture
async def room() -> ChatRoom:
    """A room that nobody has entered."""
    return await make_room()


@pytest.fixture
async def anna(room: ChatRoom) -> Person:
    """A member."""
    return await room.join("Anna")


@pytest.fixture
async def boris(room: ChatRoom) -> Person:
    """Another one."""
    return await room.join("Boris")


@pytest.fixture
async def olga(room: ChatRoom) -> Person:
    """An admin."""
    return await room.join("Olga", admin=True)


# --- real servers and browsers ---


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A running chat that all tests of a run share; leave it usable for the others."""
    running = Server.start()
    yield running
    running.stop()


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Start chats of the test's own: `start_server(settings={…})`; they end with the test."""
    started: list[Server] = []

    def start(state: Path | None = None, settings: Mapping[str, str] | None = None, **more: Any) -> Server:
        running = Server.start(state or tmp_path / f"state-{len(started)}", settings, **more)
        started.append(running)
        return running

    start.started = started  # type: ignore[attr-defined]  # for the report of a failure, below
    yield start
    for running in started:
        running.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under CI a skip is a failure; a failure shows what the servers of the test printed."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"Skipped under CI=true, where nothing may be: {report.longrepr}"
    if report.failed:
        for running in _servers(item):
            tail = "\n".join(running.log().splitlines()[-_LOG_LINES:])
            report.sections.append((f"server {running.settings.get('CHAT_TITLE')}", tail))
    return report


def _servers(item: pytest.Item) -> list[Server]:
    arguments = getattr(item, "funcargs", {})
    shared = [value for value in arguments.values() if isinstance(value, Server)]
    return shared + list(getattr(arguments.get("start_server"), "started", []))


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long the long runs take; here, because pytest reads options before it enters a folder."""
    pages = parser.getgroup("browser", "long runs in a browser")
    pages.addoption("--export-megabytes", type=int, default=50, help="files of a large export (%(default)s)")
    pages.addoption("--export-messages", type=int, default=5_000, help="messages of a large export (%(default)s)")
    pages.addoption("--scrolled", type=int, default=3_000, help="messages of a channel scrolled through (%(default)s)")
    group = parser.getgroup("worker", "long runs against real workerd")
    group.addoption("--crashes", type=int, default=6, help="how often workerd is killed (%(default)s)")
    group.addoption("--frames", type=int, default=10_000, help="mutated frames sent at a room (%(default)s)")
    group.addoption(
        "--model-runs", type=int, default=6, help="random histories checked against the model (%(default)s)"
    )
    group.addoption("--messages", type=int, default=20_000, help="in a channel whose rows are counted (%(default)s)")
    group.addoption("--seed", type=int, default=None, help="repeat a crash or fuzz run; each prints its own")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in tests/worker/ and tests/browser/ carry the marker of that name."""
    for item in items:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        if folder in ("worker", "browser"):
            item.add_marker(folder)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The Chromium program that bin/test found or installed; for Playwright's `executable_path`."""
    found = find_chromium()
    if found is None:
        pytest.skip("no Chromium on this machine; bin/test installs one")
    return found
