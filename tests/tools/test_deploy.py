"""What goes to Cloudflare: the upload is complete, and its module level survives the snapshot taken of it."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from tests.tools.probe import SOURCE, write_probe
from tools import worker_runtime
from tools.commands import environment
from tools.paths import ROOT, WRANGLER_CONFIG
from tools.run_folder import run_folder
from tools.runtime_snapshot import wait_for
from tools.wrangler import QUIET, DevRun, command_prefix, dev_command, dev_environment

SNAPSHOT_SECONDS = 60.0

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def test_a_dry_run_uploads_every_module_and_binding(tmp_path: Path) -> None:
    done = subprocess.run(
        [*command_prefix(), "deploy", "--dry-run", "--outdir", str(tmp_path)],
        cwd=ROOT, env=environment({**QUIET, "XDG_CONFIG_HOME": str(tmp_path / "config")}), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    uploaded = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.py")}
    assert {path.name for path in (ROOT / "src").rglob("*.py")} <= uploaded
    assert {"python_modules/workers/__init__.py", "python_modules/altcha/__init__.py"} <= uploaded
    for binding in ("env.ROOMS (Room)", "env.ADDRESS_LIMIT", "env.ASSETS"):
        assert binding in done.stdout
    assert "python_workers_development" not in done.stdout + done.stderr


def test_our_module_level_survives_the_deploy_snapshot_and_answers_from_it(tmp_path: Path) -> None:
    with wrangler_dev(WRANGLER_CONFIG, tmp_path, "--python-save-snapshot") as attempt:
        assert attempt.succeeds(), attempt.output()
    with wrangler_dev(WRANGLER_CONFIG, tmp_path, "--python-load-snapshot=snapshot.bin") as attempt:
        assert httpx.get(f"{attempt.url()}/api/health", timeout=SNAPSHOT_SECONDS).json()["status"] == "ok"


def test_a_javascript_object_at_module_level_is_caught(tmp_path: Path) -> None:
    source = f"from pyodide.ffi import to_js\n\nTRAP = to_js({{}})\n\n{SOURCE}"
    config = write_probe(tmp_path / "probe", source)
    with wrangler_dev(config, tmp_path, "--python-save-snapshot") as attempt:
        assert not attempt.succeeds()
        assert "Can't serialize top-level variable" in attempt.output()


class WranglerDev:
    """A wrangler dev whose workerd takes, or starts from, the snapshot that a deploy makes."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, log: Path) -> None:
        self._process, self._folder, self._log = process, folder, log

    def succeeds(self) -> bool:
        """Wait until the snapshot is there, or workerd has said why it will not be."""
        deadline = time.monotonic() + SNAPSHOT_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if (self._folder / "snapshot.bin").exists():
                return wait_for(self._folder / "snapshot.bin", self._process)
            if "[ERROR]" in self.output():
                return False
            time.sleep(0.1)
        return False

    def url(self) -> str:
        """Wait until it listens; the address without a slash at the end."""
        deadline = time.monotonic() + SNAPSHOT_SECONDS
        while time.monotonic() < deadline and "[ERROR]" not in self.output():
            if found := re.search(r"Ready on (http://\S+)", self.output()):
                return found[1]
            time.sleep(0.1)
        raise AssertionError(self.output())

    def output(self) -> str:
        return _COLOUR.sub("", self._log.read_text(errors="replace"))


@contextmanager
def wrangler_dev(config: Path, folder: Path, option: str) -> Iterator["WranglerDev"]:
    """wrangler dev without what bin/dev adds for speed, workerd with one more option; snapshots below `folder`."""
    snapshots = folder / "snapshots"
    snapshots.mkdir(exist_ok=True)
    log = folder / "wrangler.log"
    runtime = replace(worker_runtime.choose("npm"), workerd_options=())
    options = (option, f"--python-snapshot-dir={snapshots}")
    with run_folder() as own, log.open("wb") as output:
        run = DevRun(runtime, 0, folder / "state", own, config=config, workerd_options=options)
        process = subprocess.Popen(
            dev_command(run), cwd=config.parent, env=dev_environment(run), stdin=subprocess.DEVNULL,
            stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
        try:
            yield WranglerDev(process, snapshots, log)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
