"""bin/dev, started for real: what it sets, what it stores, and that nothing of it is left when it ends."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.conftest import StartServer
from tests.push_service import wait_until
from tests.server import PASSWORD, Server
from tests.tools.probe import write_probe
from tools.paths import CACHE, ROOT
from tools.setup import npm
from tools.wrangler import PID_FILE

PATIENCE_SECONDS = 60.0

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


@pytest.fixture
def probe(tmp_path: Path) -> Path:
    return write_probe(tmp_path / "probe")


@pytest.fixture
def mark(monkeypatch: pytest.MonkeyPatch) -> str:
    """A word in the environment of everything the test starts."""
    word = f"mark-{uuid.uuid4()}"
    monkeypatch.setenv("DURABLE_CHAT_MARK", word)
    return word


def left_over(mark: str) -> list[str]:
    """The command lines of living processes that carry the mark, this one aside."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if int(process.name) != os.getpid() and mark.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:  # it ended while we looked
            continue
    return found


def wait_until_nothing_is_left(mark: str) -> list[str]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := left_over(mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def takes_signals(pid: int) -> bool:
    """Whether a process has set a handler for SIGHUP, the last that bin/dev sets."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    return bool(caught & 1 << signal.SIGHUP - 1)


def started_by(pid: int) -> int:
    """How many of wrangler and workerd a bin/dev has started."""
    return sum(len(file.read_text().split()) for file in (CACHE / "runs").glob(f"{pid}-*/{PID_FILE}"))


def bin_dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "bin" / "dev"), "--no-setup", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def settings_of(running: Server) -> dict[str, str | None]:
    answer: dict[str, str | None] = (
        httpx.get(f"{running.url}/settings", timeout=PATIENCE_SECONDS).raise_for_status().json()
    )
    return answer


def visit(running: Server) -> str:
    return httpx.get(f"{running.url}/visit", timeout=PATIENCE_SECONDS).text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_however_it_ends_no_process_is_left(
    start_server: StartServer, probe: Path, mark: str, number: signal.Signals
) -> None:
    running = start_server(config=probe)
    assert len(running.pids()) >= 2  # wrangler and workerd
    assert len(left_over(mark)) >= 3
    running.process.send_signal(number)
    assert wait_until_nothing_is_left(mark) == []


def ignore_interrupts() -> None:
    """What a shell without job control does for `command &`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@pytest.mark.parametrize(("started", "in_shell"), [(0, None), (1, None), (2, None), (2, ignore_interrupts)])
def test_ended_while_it_starts_no_process_is_left(
    probe: Path, mark: str, started: int, in_shell: Callable[[], None] | None
) -> None:
    command = [sys.executable, str(ROOT / "bin" / "dev"), "--no-setup", "--runtime", "npm", "--port", "0"]
    command += ["--config", str(probe), "--state", str(probe.with_name("state"))]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=in_shell)
    while not takes_signals(process.pid) or started_by(process.pid) < started:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE_SECONDS) == 0
    assert wait_until_nothing_is_left(mark) == []


def test_ctrl_c_is_a_good_end(start_server: StartServer, probe: Path) -> None:
    running = start_server(config=probe)
    process = running.process
    running.stop()
    assert process.returncode == 0
    assert running.log().rstrip().endswith("Stopped.")


def test_a_setting_of_the_run_wins_and_does_not_outlive_it(start_server: StartServer, probe: Path) -> None:
    probe.with_name(".dev.vars").write_text('CHAT_PASSWORD="from .dev.vars"\nMASTER_KEY="from .dev.vars"\n')
    command = [sys.executable, str(ROOT / "bin" / "dev"), "--no-setup", "--runtime", "npm", "--port", "0"]
    command += ["--config", str(probe), "--state", str(probe.with_name("state"))]

    def run(*more: str) -> dict[str, str | None]:
        process = subprocess.Popen([*command, *more], stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            address = next(line.split()[1] for line in process.stdout if line.strip().startswith("address"))
            answer: dict[str, str | None] = (
                httpx.get(f"{address}settings", timeout=PATIENCE_SECONDS).raise_for_status().json()
            )
            return answer
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate()

    nasty = "it's $HOME #1"
    changed = run("--set", f"CHAT_PASSWORD={nasty}", "--set", "CHAT_TITLE=x", "--set", "MASTER_KEY=", "--set=DECLARED=")
    assert changed == {"CHAT_TITLE": "x", "CHAT_PASSWORD": nasty, "MASTER_KEY": None, "DECLARED": "", "EXTRA": None}
    assert run() == {
        "CHAT_TITLE": "from wrangler.toml",
        "CHAT_PASSWORD": "from .dev.vars",
        "MASTER_KEY": "from .dev.vars",
        "DECLARED": "from wrangler.toml",
        "EXTRA": None,
    }


def test_it_says_where_it_is_and_shows_what_the_worker_prints(start_server: StartServer, probe: Path) -> None:
    running = start_server(config=probe)
    assert f"address   {running.url}/" in running.log()
    assert f"password  {PASSWORD}" in running.log()
    assert running.wait_for_log("the probe was asked")
    assert running.url.startswith("http://127.0.0.1:")


def test_what_was_stored_survives_a_crash_and_a_restart(start_server: StartServer, probe: Path) -> None:
    running = start_server(config=probe)
    address = running.url
    assert visit(running) == "visit 1"
    running.kill()
    running.restart()
    assert running.url == address
    assert visit(running) == "visit 2"
    running.restart()
    assert visit(running) == "visit 3"
    assert len(running.database_files()) == 1


def test_a_broken_source_ends_nothing_and_a_mended_one_answers_at_the_same_address(
    start_server: StartServer, probe: Path
) -> None:
    running = start_server(config=probe)
    entry = probe.parent / "src" / "entry.py"
    source = entry.read_text()
    assert visit(running) == "visit 1"
    entry.write_text(f"{source}\ndef broken(:\n")
    assert "SyntaxError: invalid syntax" in running.wait_for_log("It is tried again when a source changes")
    entry.write_text(f"{source}\nworse than before\n")
    wait_until(lambda: running.log().count("It is tried again when a source changes") == 2)
    entry.write_text(source)
    wait_until(lambda: running.log().count(f"address   {running.url}/") == 2)
    assert visit(running) == "visit 2"


def test_two_servers_share_nothing(start_server: StartServer, probe: Path) -> None:
    first, second = start_server(config=probe), start_server(settings={"EXTRA": "only here"}, config=probe)
    assert visit(first) == visit(second) == "visit 1"
    assert [settings_of(running)["EXTRA"] for running in (first, second)] == [None, "only here"]


@pytest.mark.parametrize("port", ["65536", "70000", "-1", "http", ""])
def test_what_is_no_port_is_said_so(port: str) -> None:
    done = bin_dev(f"--port={port}")
    assert done.returncode == 2
    assert "is no port: a number from 0 to 65535" in done.stderr


def test_a_taken_port_is_said_so(start_server: StartServer, probe: Path) -> None:
    running = start_server(config=probe)
    port = running.url.rpartition(":")[2]
    done = bin_dev("--port", port)
    assert done.returncode == 1
    assert f"port {port} is taken" in done.stderr


def test_a_setting_that_is_none_is_refused_before_anything_starts() -> None:
    done = bin_dev("--set", "NAME")
    assert done.returncode == 2
    assert "NAME=VALUE" in done.stderr


def test_a_run_writes_nothing_in_the_home_folder(
    start_server: StartServer, probe: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    start_server(config=probe)
    assert list(home.rglob("*")) == []


def test_npm_run_dev_is_the_same_script_and_ends_as_well(probe: Path, mark: str) -> None:
    # npm itself: .venv/bin/npm is a Python script around it that passes no signal on.
    command = [*map(str, npm()), "run", "--silent", "dev", "--", "--no-setup", "--runtime", "npm", "--port", "0"]
    command += ["--config", str(probe), "--state", str(probe.with_name("state"))]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    next(line for line in process.stdout if line.strip().startswith("address"))
    process.send_signal(signal.SIGTERM)
    assert wait_until_nothing_is_left(mark) == []
    process.communicate()
