"""A new version of the page: it is fetched beside the old one, and loaded when the member says so."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, Locator, expect

from tests.browser.conftest import OpenWindow
from tests.browser.kept import until_kept
from tests.browser.visitor import Visitor, until
from tests.conftest import StartServer
from tests.server import Server
from tools.paths import PYTHON_MODULES, ROOT, WRANGLER_CONFIG_EXAMPLE

CONTROLLED = "() => navigator.serviceWorker.controller !== null"
LOOK_FOR_UPDATES = "async () => void (await (await navigator.serviceWorker.ready).update().catch(() => null))"
NAMES_OF_CACHES = "() => caches.keys()"


@pytest.fixture
def public(tmp_path: Path) -> Path:
    """The static files of a chat of this test's own."""
    return Path(shutil.copytree(ROOT / "public", tmp_path / "chat" / "public"))


@pytest.fixture
def deployed(public: Path) -> Iterator[Server]:
    folder = public.parent
    (folder / "src").symlink_to(ROOT / "src")
    (folder / "python_modules").symlink_to(PYTHON_MODULES)
    config = folder / "wrangler.toml"
    config.write_text(WRANGLER_CONFIG_EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    running = Server.start(settings={"ROOM_NAMES": "*"}, config=config)
    yield running
    running.stop()


def deploy_next(public: Path) -> None:
    """The next version: a service worker that keeps its files under another name, as the build makes it."""
    worker = public / "sw.js"
    script = worker.read_text(encoding="utf-8")
    assert script.count("shell-") == 1
    worker.write_text(script.replace("shell-", "shell-next-"), encoding="utf-8")


def rename_scripts(public: Path) -> list[str]:
    """The next version, in which every script is another one; returned are the names that are gone."""
    scripts = list((public / "assets").glob("*.js"))
    for file in (*scripts, public / "index.html", public / "sw.js"):
        text = file.read_text(encoding="utf-8")
        for script in scripts:
            text = text.replace(script.name, f"{script.stem}-NEXT.js")
        file.write_text(text, encoding="utf-8")
    for script in scripts:
        script.rename(script.with_stem(f"{script.stem}-NEXT"))
    return [script.name for script in scripts]


def until_served(visitor: Visitor, server: Server, gone: list[str]) -> None:
    """Wait for the renamed version: wrangler takes up the files in several goes, and starts the Worker anew in each."""
    request, needed = visitor.context.request, 20
    (screen,) = [name for name in gone if name.startswith("ChatScreen-")]
    in_a_row = 0

    def is_settled() -> bool:
        nonlocal in_a_row
        try:
            is_next = "-NEXT.js" in request.get(visitor.address).text()
            is_so = is_next and request.get(f"{server.url}/assets/{screen}").status == 404
        except Error:  # it is starting
            is_so = False
        in_a_row = in_a_row + 1 if is_so else 0
        visitor.page.wait_for_timeout(50)
        return in_a_row >= needed

    until(visitor.page, is_settled, seconds=120)


def prompt_of(visitor: Visitor) -> Locator:
    return visitor.page.locator(".update-prompt")


def find_update(visitor: Visitor) -> None:
    """Look until it is found: wrangler starts the Worker anew when a file changes, and meanwhile nothing loads."""

    def is_found() -> bool:
        visitor.page.evaluate(LOOK_FOR_UPDATES)
        return prompt_of(visitor).is_visible()

    until(visitor.page, is_found, seconds=120)
    expect(prompt_of(visitor)).to_contain_text("A new version is ready.")


def installed(window: OpenWindow, deployed: Server) -> Visitor:
    """Somebody in the chat, whose service worker is at work."""
    anna = window("Anna", server=deployed, service_workers="allow")
    anna.page.wait_for_function(CONTROLLED)
    anna.reload()
    return anna


def test_a_new_version_is_loaded_when_the_member_says_so(window: OpenWindow, deployed: Server, public: Path) -> None:
    anna = installed(window, deployed)
    anna.say("Before the update.")
    anna.sees("Before the update.")
    expect(prompt_of(anna)).to_have_count(0)
    deploy_next(public)
    find_update(anna)
    anna.composer.fill("Half a sentence")
    anna.page.evaluate("() => { globalThis.isOld = true }")
    prompt_of(anna).get_by_role("button", name="Reload").click()
    anna.page.wait_for_function("() => globalThis.isOld === undefined")
    anna.wait_until_live()
    anna.sees("Before the update.")
    expect(anna.composer).to_have_value("Half a sentence")
    expect(prompt_of(anna)).to_have_count(0)
    (kept,) = [name for name in anna.page.evaluate(NAMES_OF_CACHES) if name.startswith("shell-")]
    assert kept.startswith("shell-next-")


def load_past_the_worker(visitor: Visitor) -> None:
    """As with Ctrl+Shift+R."""
    visitor.context.new_cdp_session(visitor.page).send("Page.reload", {"ignoreCache": True})
    visitor.page.wait_for_function("() => globalThis.isOld === undefined")
    visitor.wait_until_live()
    assert not visitor.page.evaluate(CONTROLLED)
    visitor.page.evaluate("() => { globalThis.isOld = true }")


@pytest.mark.parametrize("past_the_worker", [False, True])
def test_a_page_that_was_loaded_without_the_worker_loads_a_new_version_too(
    window: OpenWindow, deployed: Server, public: Path, past_the_worker: bool
) -> None:
    anna = window("Anna", server=deployed, service_workers="allow")
    anna.page.wait_for_function(CONTROLLED)
    deploy_next(public)
    find_update(anna)
    anna.page.evaluate("() => { globalThis.isOld = true }")
    if past_the_worker:
        other = anna.context.new_page()
        anna.watch(other)
        other.goto(anna.address)  # which keeps the new version waiting
        load_past_the_worker(anna)
    prompt_of(anna).get_by_role("button", name="Reload").click()
    anna.page.wait_for_function("() => globalThis.isOld === undefined")
    anna.wait_until_live()
    expect(prompt_of(anna)).to_have_count(0)


def test_a_page_whose_chat_is_of_the_former_version_is_loaded_anew(
    window: OpenWindow, deployed: Server, public: Path
) -> None:
    visitor = window(server=deployed, service_workers="allow")
    visitor.page.locator("form#login").wait_for()
    until_served(visitor, deployed, rename_scripts(public))
    visitor.sign_in("Anna", enters=False)
    visitor.page.get_by_role("button", name="Try again").click()
    visitor.wait_until_live()


def test_whoever_says_later_goes_on_with_the_version_at_hand(
    window: OpenWindow, deployed: Server, public: Path
) -> None:
    anna = installed(window, deployed)
    deploy_next(public)
    find_update(anna)
    prompt_of(anna).get_by_role("button", name="Later").click()
    expect(prompt_of(anna)).to_have_count(0)
    anna.say("Not now.")
    anna.sees("Not now.")
    anna.reload()
    expect(prompt_of(anna)).to_contain_text("A new version is ready.")


def test_a_chat_without_room_main_opens_without_a_network(window: OpenWindow, start_server: StartServer) -> None:
    anna = window("Anna", server=start_server(settings={"ROOM_NAMES": "team"}), place="team", service_workers="allow")
    anna.say("kept for the train")
    anna.sees("kept for the train")
    anna.page.wait_for_function(CONTROLLED)
    until_kept(anna, "kept for the train")
    anna.context.set_offline(True)
    anna.page.reload()
    anna.sees("kept for the train")
