"""Checks offline that the Worker's module level survives the snapshot that Cloudflare takes of it at every upload.

A JavaScript object in a module's variable works in `wrangler dev` but makes the deployed Worker fail.
"""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tools import paths, worker_runtime
from tools.run_folder import run_folder
from tools.runtime_snapshot import wait_for
from tools.wrangler import PID_FILE, DevRun, dev_command, dev_environment

SNAPSHOT = "snapshot.bin"  # workerd's own name for it
SNAPSHOT_SECONDS = 60.0
_POLL_SECONDS = 0.1
_SHOWN_LINES = 20
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Trial:
    """A wrangler dev whose workerd takes, or starts from, the snapshot that a deploy makes."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, log: Path, pid_file: Path) -> None:
        self._process, self._folder, self._log, self._pid_file = process, folder, log, pid_file

    def succeeds(self) -> bool:
        """Wait until the snapshot exists, or workerd has shown why it will not."""
        deadline = time.monotonic() + SNAPSHOT_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if (self._folder / SNAPSHOT).exists():
                return wait_for(self._folder / SNAPSHOT, self._process)
            if "[ERROR]" in self.output():
                return False
            time.sleep(_POLL_SECONDS)
        return False

    def url(self) -> str:
        """Wait until it listens; returns its address without a slash at the end, or an empty text if it never does."""
        deadline = time.monotonic() + SNAPSHOT_SECONDS
        while time.monotonic() < deadline and "[ERROR]" not in self.output():
            if found := re.search(r"Ready on (http://\S+)", self.output()):
                return found[1]
            time.sleep(_POLL_SECONDS)
        return ""

    def pids(self) -> list[int]:
        """Each workerd, in the order of their start."""
        return [int(line) for line in self._pid_file.read_text(encoding="ascii").split()]

    def output(self) -> str:
        """The output of wrangler and workerd."""
        return _COLOUR.sub("", self._log.read_text(encoding="utf-8", errors="replace"))


def problem(config: Path = paths.WRANGLER_CONFIG) -> str | None:
    """workerd's complaint about the Worker's module level; None if the snapshot was made."""
    with run_folder() as folder:
        return take(config, folder, folder / SNAPSHOT)


def take(config: Path, folder: Path, target: Path) -> str | None:
    """Move the snapshot that a deploy makes of the Worker to `target`; otherwise workerd's complaint."""
    with trial(config, folder, "--python-save-snapshot") as attempt:
        if attempt.succeeds():
            (folder / "snapshots" / SNAPSHOT).rename(target)
            return None
        lines = attempt.output().strip().splitlines()
        first = next((number for number, line in enumerate(lines) if "[ERROR]" in line or "Error:" in line), 0)
        return "\n".join(lines[first : first + _SHOWN_LINES])


@contextmanager
def trial(config: Path, folder: Path, option: str) -> Iterator[Trial]:
    """wrangler dev without bin/dev's measures for speed, workerd with one more option; snapshots go below `folder`."""
    snapshots = folder / "snapshots"
    snapshots.mkdir(exist_ok=True)
    log = folder / "wrangler.log"
    runtime = replace(worker_runtime.choose("npm"), workerd_options=())
    options = (option, f"--python-snapshot-dir={snapshots}")
    with run_folder() as own, log.open("wb") as output:
        run = DevRun(runtime, 0, folder / "state", own, config=config, workerd_options=options)
        process = subprocess.Popen(
            dev_command(run),
            cwd=config.parent,
            env=dev_environment(run),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            yield Trial(process, snapshots, log, own / PID_FILE)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
