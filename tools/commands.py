"""Runs another program quietly: its output goes to a log, and is shown if it fails."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.paths import CACHE, LOGS, ROOT, VENV_BIN, short

_SHOWN_LINES = 40


class CommandFailed(Exception):
    """A program that set-up depends on ended with an error."""

    def __init__(self, command: Sequence[str], status: int, log: Path) -> None:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_SHOWN_LINES:]
        tail = "\n".join(f"    {line}" for line in lines)
        super().__init__(f"{' '.join(command[:6])} … ended with {status}:\n{tail}\n    (whole log: {short(log)})")
        self.status = status


def run(command: Sequence[str | Path], *, log: str, extra: Mapping[str, str] | None = None) -> None:
    """Run `command` in the checkout and write its output to `.cache/logs/{log}.log`.

    Raises:
        CommandFailed: it ended with a status other than 0.
    """
    words = [str(word) for word in command]
    LOGS.mkdir(parents=True, exist_ok=True)
    target = LOGS / f"{log}.log"
    with target.open("wb") as output:
        status = subprocess.run(
            words, cwd=ROOT, env=environment(extra), stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
        ).returncode
    if status != 0:
        raise CommandFailed(words, status, target)


def files_of_the_repository() -> list[str]:
    """Every file that a clone has, or will have once it is committed, by its path; none that is built or ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for our tools: they come first on the path, and their caches are inside the checkout."""
    return {
        **os.environ,
        "PATH": f"{VENV_BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PIP_CACHE_DIR": str(CACHE / "pip"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "npm_config_cache": str(CACHE / "npm"),
        "npm_config_update_notifier": "false",
        "UV_CACHE_DIR": str(CACHE / "uv"),
        "XDG_CACHE_HOME": str(CACHE / "home"),
        "PLAYWRIGHT_BROWSERS_PATH": str(CACHE / "browsers"),
        **(extra or {}),
    }
