"""Finds a Chromium for the browser tests, or installs one in a way that the machine allows."""

import os
import shutil
import sys
from pathlib import Path

from tools.commands import CommandFailed, run
from tools.paths import CACHE, VENV_PYTHON
from tools.progress import step

_SHELL = "chromium-headless-shell"
"""Chromium without a window around its pages, as Playwright's own download has it: a tenth less work for each test."""
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_APPLICATIONS = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)


class NoChromium(Exception):
    """There is no Chromium, and no way to install one worked."""


def find(*, whole: bool = False) -> Path | None:
    """A Chromium on this machine: named by CHROMIUM, on the path, an application, or an earlier download.

    Args:
        whole: not its shell, which shows no notifications.
    """
    if named := os.environ.get("CHROMIUM"):
        return Path(named)
    for name in _NAMES if whole else (_SHELL, *_NAMES):
        if found := shutil.which(name):
            return Path(found)
    downloaded = [*(CACHE / "browsers").glob("chromium-*/chrome-*/chrome")]
    downloaded += (CACHE / "browsers").glob("chromium-*/chrome-*/*.app/Contents/MacOS/*")
    return next((path for path in (*_APPLICATIONS, *downloaded) if path.exists()), None)


def ensure() -> Path:
    """The Chromium of this machine; installs one first if there is none, and its shell where that is quickly done.

    Raises:
        NoChromium: there is none, and none could be installed.
    """
    has_one = find(whole=True) is not None
    found = find()
    if found is not None and has_one and (found.name == _SHELL or not _may_install() or "CHROMIUM" in os.environ):
        return found
    problems = []
    for title, commands in _ways(has_one=has_one):
        try:
            with step(f"Chromium, {title}"):
                for command in commands:
                    run(command, log="chromium", extra={"DEBIAN_FRONTEND": "noninteractive"})
        except CommandFailed as failure:
            problems.append(str(failure))
        if found := find():
            return found
    raise NoChromium("\n".join(["The browser tests need Chromium; install it, or name it in CHROMIUM.", *problems]))


def _ways(*, has_one: bool) -> list[tuple[str, list[list[str | Path]]]]:
    """How to install one; where there is one already, how to have the shell, if that is quickly done."""
    quickly = ["-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=10", "-o", "Acquire::https::Timeout=10"]
    install: list[str | Path] = ["apt-get", "install", "--yes", "--no-install-recommends"]
    if has_one:
        return [("its headless shell", [[*install, *quickly, _SHELL]])]
    download: tuple[str, list[list[str | Path]]] = (
        "Playwright's own download",
        [[VENV_PYTHON, "-m", "playwright", "install", "chromium"]],
    )
    if not _may_install():
        return [download]
    # Tried first: it also installs the system libraries, which the download does not.
    update: list[str | Path] = ["apt-get", "update"]
    return [("from the system's packages", [update, [*install, "chromium"]]), download]


def _may_install() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None
