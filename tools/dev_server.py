"""Runs `wrangler dev` and everything below it, from the start until the last process has ended.

One loop reads wrangler's output and its messages over IPC. The only thread is the one that asks the first question.
"""

import contextlib
import json
import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

from tools.wrangler import PID_FILE, DevRun, dev_command, dev_environment, die_with_parent

GAVE_UP = 1
"""wrangler's status if it ends by itself: it cannot start, or changed code is broken."""

_POLL_SECONDS = 0.1
_STOP_SECONDS = 5.0
_FIRST_ANSWER_SECONDS = 120.0
_CHUNK_BYTES = 65_536

# Beginnings of wrangler's lines about itself in a good run. The Worker's own lines, warnings and errors begin
# otherwise.
_NOISE = ("[wrangler:info]", "⎔ ", "🪵", "Logs were written to")
_NO_RUNTIME = "Request for Pyodide bundle failed"  # workerd 1.20261117.1
_TABLE = tuple("┌│├└")  # the table of uploaded modules, which nobody needs here
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class DevServer:
    """One `wrangler dev`.

    Args:
        run: what to start it with.
        verbose: print all output of wrangler, not just what a person needs.
        on_ready: called with the address once the Worker has answered a first request.
        on_idle: called some ten times a second.
    """

    def __init__(
        self, run: DevRun, *, verbose: bool, on_ready: Callable[[str], None], on_idle: Callable[[], None]
    ) -> None:
        self._run = run
        self._verbose = verbose
        self._on_ready = on_ready
        self._on_idle = on_idle
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._partial_line = b""
        self._partial_message = b""
        self._held_back: list[str] = []  # printed if wrangler ends before it is ready
        self._answered = threading.Event()
        self._ready = False
        self.url: str | None = None
        """Its address, once it listens."""
        self.lacks_runtime = False
        """Whether workerd ended because it could not download the official runtime."""

    def serve(self) -> int:
        """Run until wrangler ends by itself; returns its exit status. To end it sooner, raise an exception inside."""
        try:
            self._start()
            return self._loop()
        finally:
            self._stop()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                dev_command(self._run),
                cwd=self._run.config.parent,
                # With this, Node behaves as if another Node forked it: wrangler then reports when it is ready.
                env={**dev_environment(self._run), "NODE_CHANNEL_FD": str(theirs.fileno()), **_colour()},
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                # In a session of its own, so that Ctrl-C reaches only us and we end it in order.
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
        self._channel = ours
        with (self._run.folder / PID_FILE).open("a", encoding="ascii") as file:
            file.write(f"{self._process.pid}\n")

    def _loop(self) -> int:
        process, channel = self._process, self._channel
        assert process is not None
        assert process.stdout is not None
        assert channel is not None
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ, self._take_output)
            selector.register(channel, selectors.EVENT_READ, self._take_messages)
            while process.poll() is None:
                for key, _ in selector.select(_POLL_SECONDS):
                    if not key.data(os.read(key.fd, _CHUNK_BYTES)):
                        selector.unregister(key.fileobj)
                self._settle()
                self._on_idle()
            self._take_output(process.stdout.read())
        if self.url is None:
            print("\n".join(self._held_back), flush=True)
        return process.returncode

    def _settle(self) -> None:
        if not self._ready and self.url is not None and self._answered.is_set():
            self._ready = True
            self._on_ready(self.url)

    def _take_messages(self, chunk: bytes) -> bool:
        *messages, self._partial_message = (self._partial_message + chunk).split(b"\n")
        for message in messages:
            value = json.loads(message)
            event = json.loads(value) if isinstance(value, str) else value
            if isinstance(event, dict) and event.get("event") == "DEV_SERVER_READY":
                self.url = f"http://{event['ip']}:{event['port']}/"
                threading.Thread(target=_ask, args=(self.url, self._answered), daemon=True).start()
        return bool(chunk)

    def _take_output(self, chunk: bytes) -> bool:
        *lines, self._partial_line = (self._partial_line + chunk).split(b"\n")
        for line in lines:
            self._show(line.decode("utf-8", "replace"))
        return bool(chunk)

    def _show(self, line: str) -> None:
        if not sys.stdout.isatty():  # wrangler colours its warnings even if the output is no terminal
            line = _COLOUR.sub("", line)
        if line.startswith(_TABLE):
            return
        if _NO_RUNTIME in line:
            self.lacks_runtime = True
        if self._verbose or (self.url is not None and line.strip() and not line.startswith(_NOISE)):
            print(line, flush=True)
        elif self.url is None:
            self._held_back.append(line)

    def _stop(self) -> None:
        """End wrangler and everything it started; no process of the run is left afterwards."""
        if self._process is None:
            return
        with _signals_ignored():
            if self._process.poll() is None:
                self._process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._drain_until_exit()
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            if self._channel is not None:
                self._channel.close()

    def _drain_until_exit(self) -> None:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        deadline = time.monotonic() + _STOP_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if self._verbose:
                self._take_output(process.stdout.read() or b"")
            time.sleep(0.02)


@contextlib.contextmanager
def _signals_ignored() -> Iterator[None]:
    """Keep a second Ctrl-C from interrupting the clean-up, which takes a bounded time anyway."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ask(url: str, answered: threading.Event) -> None:
    """Ask until the Worker answers anything at all: the first request starts its Python."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + _FIRST_ANSWER_SECONDS
    while time.monotonic() < deadline and not answered.is_set():
        try:
            opener.open(f"{url}api/health", timeout=_FIRST_ANSWER_SECONDS).close()
            answered.set()
        except urllib.error.HTTPError:
            answered.set()
        except OSError:
            time.sleep(_POLL_SECONDS)


def _colour() -> dict[str, str]:
    return {"FORCE_COLOR": "1"} if sys.stdout.isatty() and "NO_COLOR" not in os.environ else {}
