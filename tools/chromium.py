"""Finds a Chromium for the browser tests, or installs one in a way that the machine allows."""

import os
import shutil
import sys
from pathlib import Path

from tools.commands import CommandFailed, run
from tools.paths import CACHE, VENV_PYTHON
from tools.progress import step

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_APPLICATIONS = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)


class NoChromium(Exception):
    """There is no Chromium, and no way to install one worked."""


def find() -> Path | None:
    """A Chromium on this machine: named by CHROMIUM, on the path, an application, or an earlier download."""
    if named := os.environ.get("CHROMIUM"):
        return Path(named)
    for name in _NAMES:
        if found := shutil.which(name):
            return Path(found)
    downloaded = [*(CACHE / "browsers").glob("chromium-*/chrome-*/chrome")]
    downloaded += (CACHE / "browsers").glob("chromium-*/chrome-*/*.app/Contents/MacOS/*")
    return next((path for path in (*_APPLICATIONS, *downloaded) if path.exists()), None)


def ensure() -> Path:
    """The Chromium of this machine; installs one first if there is none.

    Raises:
        NoChromium: there is none, and none could be installed.
    """
    if found := find():
        return found
    problems = []
    for title, commands in _ways():
        try:
            with step(f"Chromium, {title}"):
                for command in commands:
                    run(command, log="chromium", extra={"DEBIAN_FRONTEND": "noninteractive"})
        except CommandFailed as failure:
            problems.append(str(failure))
        if found := find():
            return found
    raise NoChromium("\n".join(["The browser tests need Chromium; install it, or name it in CHROMIUM.", *problems]))


def _ways() -> list[tuple[str, list[list[str | Path]]]]:
    download: tuple[str, list[list[str | Path]]] = (
        "Playwright's own download",
        [[VENV_PYTHON, "-m", "playwright", "install", "chromium"]],
    )
    if sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get"):
        # Tried first if possible: it also installs the system libraries, which the download does not.
        update: list[str | Path] = ["apt-get", "update"]
        install: list[str | Path] = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]
        return [("from the system's packages", [update, install]), download]
    return [download]
