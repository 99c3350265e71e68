"""A Durable Chat of one's own for a test: `bin/dev` on a free port, with settings and storage that nobody else has.

What a person starts is what is tested: the same script, the same wrangler, the same workerd.
"""

import asyncio
import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from tests import confidential
from tools.paths import CACHE, ROOT, WRANGLER_CONFIG, WRANGLER_CONFIG_EXAMPLE
from tools.verifier import verifier_text
from tools.wrangler import PID_FILE, port_is_free

PASSWORD = "correct horse battery staple"
ADMIN_PASSWORD = "only the admins know this one"
MASTER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"  # bytes 0 to 31

SECRETS = {"CHAT_PASSWORD": PASSWORD, "ADMIN_PASSWORD": ADMIN_PASSWORD, "MASTER_KEY": MASTER_KEY}

_LINE = re.compile(r'(\{"level": .*\})$', re.MULTILINE)  # wrangler puts a mark of its own before errors
_READY = re.compile(r"^\s+address\s+(http://\S+)/$", re.MULTILINE)
_READY_SECONDS = 180.0
_VERIFIED = 500  # rooms with a verifier
_STOP_SECONDS = 60.0


class ServerFailed(Exception):
    """bin/dev ended, or did not get ready in time; the message holds what it printed."""


class Server:
    """One running `bin/dev`. Make it with `Server.start`; it may be stopped, killed and restarted."""

    url: str
    """Where it answers, without a slash at the end: `http://127.0.0.1:40123`."""

    _outputs: ClassVar[list[list[str]]] = []

    def __init__(self, state: Path, settings: Mapping[str, str], port: int, config: Path) -> None:
        self.state = state
        self.settings = dict(settings)
        self.started_in_seconds = 0.0
        self._owns_state = False
        self._beside: Path | None = None
        self._registry: Path | None = None
        self.inspector = ""
        self._config = config
        self._port = port
        self._output: list[str] = []
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        Server._outputs.append(self._output)
        confidential.keep_settings(self.settings)

    @classmethod
    def logs(cls) -> list[str]:
        """What each server of this process has printed until now."""
        return ["".join(output) for output in cls._outputs]

    @classmethod
    def start(
        cls,
        state: Path | None = None,
        settings: Mapping[str, str] | None = None,
        port: int = 0,
        *,
        config: Path = WRANGLER_CONFIG,
        beside: Path | None = None,
        registry: Path | None = None,
        inspector: str = "",
    ) -> "Server":
        """Start a server and wait until it answers.

        Args:
            state: folder for its storage; None takes a fresh temporary one, which `stop` removes.
            settings: on top of wrangler.toml.example, SECRETS and BOT_PROTECTION=off; an empty value means not set.
                Where any room exists, those of `numbered_room` have a verifier of CHAT_PASSWORD.
            port: 0 takes any free one.
            config: another Worker's wrangler.toml, for tests of the tooling.
            beside: that of a second Worker, which has the objects that the first one names.
            registry: folder by which it finds the Workers of other servers that were given the same one.
            inspector: the address of one that nobody listens to yet; wrangler has its own otherwise.
        Raises:
            ServerFailed: it did not get ready.
        """
        folder = state or Path(tempfile.mkdtemp(prefix="durable-chat-state-"))
        server = cls(folder, {**_default_settings(), **_verifiers(settings or {}), **(settings or {})}, port, config)
        server._owns_state = state is None
        server._beside, server._registry, server.inspector = beside, registry, inspector
        server._launch()
        return server

    def log(self) -> str:
        """Everything that bin/dev, wrangler and workerd have printed since the first start."""
        return "".join(self._output)

    def lines(self, level: str | None = None) -> list[dict[str, Any]]:
        """What the chat itself has logged, of all levels or of one."""
        found = [json.loads(match) for match in _LINE.findall(self.log())]
        return [line for line in found if level in (None, line["level"])]

    def wait_for_log(self, text: str, *, seconds: float = 60.0) -> str:
        """The log once it holds `text`: a line of the Worker takes its time through wrangler.

        Raises:
            ServerFailed: it does not come.
        """
        deadline = time.monotonic() + seconds
        while text not in self.log():
            if time.monotonic() > deadline:
                raise ServerFailed(f"{text!r} did not appear in the log:\n{self.log()}")
            time.sleep(0.02)
        return self.log()

    def stop(self) -> None:
        """End it as Ctrl-C does; harmless if it has ended already."""
        self._end(signal.SIGINT)
        if self._owns_state:
            shutil.rmtree(self.state, ignore_errors=True)

    def kill(self) -> None:
        """End workerd and all around it at once, with no chance to write anything: a crash."""
        for pid in reversed(self.pids()):
            _kill(pid)
        self._end(signal.SIGKILL)
        _wait_until_free(self._port)

    def restart(self) -> None:
        """Start it again with the same storage, settings and port; stops it first if it runs."""
        self._end(signal.SIGINT)
        self._launch()

    def pids(self) -> list[int]:
        """wrangler and each workerd, as they are now."""
        if self._process is None:
            return []
        files = (CACHE / "runs").glob(f"{self._process.pid}-*/{PID_FILE}")
        return [int(line) for file in files for line in file.read_text().split()]

    def database_files(self) -> list[Path]:
        """The SQLite files of the rooms; what was written last may still be in a `-wal` file beside them."""
        files = (self.state / "v3" / "do").glob("*-Room/*.sqlite")
        return sorted(file for file in files if file.name != "metadata.sqlite")

    @property
    def process(self) -> subprocess.Popen[str]:
        """bin/dev itself."""
        assert self._process is not None, "not started"
        return self._process

    def _launch(self) -> None:
        started = time.monotonic()
        seen = len(self.log())
        self._process = subprocess.Popen(
            [sys.executable, ROOT / "bin" / "dev", *self._arguments()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            # Not among the pytest processes, so that Ctrl-C there lets the fixtures end it.
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()
        self.url = self._wait_until_ready(started + _READY_SECONDS, seen)
        self._port = int(self.url.rpartition(":")[2])
        self.started_in_seconds = time.monotonic() - started

    def _arguments(self) -> list[str]:
        fixed = ["--no-setup", "--no-dev-vars", "--verbose", "--runtime", "npm", "--config", str(self._config)]
        chosen = ["--port", str(self._port), "--state", str(self.state)]
        # All Workers of a process would start from the same memory, and tests of the tooling change their source.
        snapshot = ["--as-deployed"] if self._config == WRANGLER_CONFIG and self._beside is None else []
        second = [] if self._beside is None else ["--beside", str(self._beside)]
        shared = [] if self._registry is None else ["--registry", str(self._registry)]
        inspected = [f"--inspector={self.inspector}"] if self.inspector else []
        return [
            *fixed,
            *chosen,
            *snapshot,
            *second,
            *shared,
            *inspected,
            *(f"--set={name}={value}" for name, value in self.settings.items()),
        ]

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self._output.append(line)

    def _wait_until_ready(self, deadline: float, seen: int) -> str:
        while time.monotonic() < deadline:
            if found := _READY.search(self.log(), seen):
                return found[1]
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        self.stop()
        raise ServerFailed(f"bin/dev did not get ready:\n{self.log()[seen:]}")

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(number)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise
        finally:
            if self._reader is not None:
                self._reader.join(_STOP_SECONDS)
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None


def fresh_master_key() -> str:
    """32 random bytes as MASTER_KEY wants them."""
    return secrets.token_urlsafe(32)


def numbered_room(number: int) -> str:
    """The name of a room for one test, among those that have a verifier while there are not too many."""
    return f"room-{number}"


def _verifiers(settings: Mapping[str, str]) -> dict[str, str]:
    """Of the password, for rooms that one test after the other uses: most of a first login is to stretch it.

    So these tests run with a password that the server does not need; servers of one room, those of operators, do.
    """
    if settings.get("ROOM_NAMES") != "*":
        return {}
    return {"CHAT_PASSWORD_VERIFIER": ",".join(f"{numbered_room(number)}:{_verifier()}" for number in range(_VERIFIED))}


@cache
def _verifier() -> str:
    with ThreadPoolExecutor() as thread:  # Playwright has a loop in this one
        made = thread.submit(lambda: asyncio.run(verifier_text("room", PASSWORD, secrets.token_bytes(16)))).result()
    return made.removeprefix("room:")


def _default_settings() -> dict[str, str]:
    # From the example, not from this checkout's own wrangler.toml, which its owner may have changed.
    example = tomllib.loads(WRANGLER_CONFIG_EXAMPLE.read_text(encoding="utf-8"))
    return {**example["vars"], **SECRETS, "BOT_PROTECTION": "off"}


def _wait_until_free(port: int) -> None:
    """What was killed lets go of its port a moment later."""
    deadline = time.monotonic() + _STOP_SECONDS
    while not port_is_free(port):
        assert time.monotonic() < deadline, f"port {port} is still taken"
        time.sleep(0.02)


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
