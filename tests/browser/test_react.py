"""The same client with React itself: what `node client/build.mjs --react` builds."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.server import Server
from tools import paths

IS_REACT = "() => Object.keys(document.querySelector('#app')).some((key) => key.startsWith('__reactContainer'))"


@pytest.fixture
def with_react(tmp_path: Path) -> Iterator[Server]:
    """A chat whose page was built with React."""
    public = Path(shutil.copytree(paths.ROOT / "public", tmp_path / "public"))
    command = [str(paths.node()), str(paths.CLIENT / "build.mjs"), "--react", f"--out={public}"]
    subprocess.run(command, cwd=paths.ROOT, check=True)
    (tmp_path / "src").symlink_to(paths.ROOT / "src")
    (tmp_path / "python_modules").symlink_to(paths.PYTHON_MODULES)
    config = tmp_path / "wrangler.toml"
    config.write_text(paths.WRANGLER_CONFIG_EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    running = Server.start(settings={"ROOM_NAMES": "*"}, config=config)
    yield running
    running.stop()


def test_react_itself_runs_the_same_client(window: OpenWindow, with_react: Server) -> None:
    boris, anna = window("Boris", server=with_react), window("Anna", server=with_react)
    assert anna.page.evaluate(IS_REACT)

    anna.say("Hello from React :)")
    boris.sees("Hello from React 🙂")
    boris.say("Hello from **Boris**")
    expect(anna.sees("Hello from Boris").locator("strong")).to_have_text("Boris")

    anna.act("Hello from Boris", "React")
    anna.page.get_by_placeholder("Search emoji").fill("tada")
    anna.page.keyboard.press("Enter")
    expect(boris.sees("Hello from Boris").locator(".reaction")).to_contain_text("🎉")

    anna.composer.press("ArrowUp")
    editor = anna.page.locator(".message-editor__text")
    editor.fill("Hello again")
    editor.press("Enter")
    boris.sees("Hello again")
    anna.composer.press_sequentially("Dear @Bo")
    anna.page.get_by_role("option", name="Boris").click()
    anna.page.keyboard.type("and all :) ")
    expect(anna.composer).to_have_value("Dear @Boris and all 🙂 ")

    anna.page.get_by_role("button", name="New channel").click()
    anna.page.get_by_role("dialog").get_by_label("Name").fill("plans")
    anna.page.keyboard.press("Enter")
    expect(anna.page.get_by_role("main").get_by_role("heading", name="plans", exact=True)).to_be_visible()
    anna.page.keyboard.press("Control+k")
    anna.page.get_by_role("dialog").get_by_role("combobox").fill("gen")
    anna.page.keyboard.press("Enter")
    anna.sees("Hello from Boris")
    expect(anna.composer).to_have_value("Dear @Boris and all 🙂 ")
    assert anna.flaws() == []
