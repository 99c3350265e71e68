"""bin/deploy with a wrangler that uploads nothing, and a chat at the address that this wrangler names."""

import http.server
import json
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from limits import VERSION
from tools.bindings import missing
from tools.paths import ROOT, WRANGLER_CONFIG_EXAMPLE
from web.answers import DEPLOYMENT

UPLOADED = "8f0c6a1e-5a7d-4b8e-9d53-0c6c8b1f2a34"
"""Cloudflare's id of what the stand-in of wrangler uploads."""

WELL = {"/api/health": (200, {"status": "ok", "version": VERSION}), "/": (200, b"<!doctype html>")}

# As bin/deploy, with another wrangler and configuration, no trial start (it has its own tests) and less patience.
_DRIVER = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from tools import answering, deploy, module_level, paths
paths.WRANGLER = Path(sys.argv[2])
paths.WRANGLER_CONFIG = Path(sys.argv[3])
module_level.problem = lambda: None
answering.wait_until_it_answers.__kwdefaults__["seconds"] = float(sys.argv[4])
from tools.cli import run_script
sys.argv[1:] = sys.argv[5:]
run_script(deploy.main)
"""


@dataclass(frozen=True)
class Call:
    """One call of wrangler."""

    words: list[str]
    piped: str
    environment: list[str]


@dataclass
class Operator:
    """Somebody who types bin/deploy in a folder of their own."""

    folder: Path
    variables: str = 'CHAT_TITLE = "Harbour"\n'
    seconds: float = 0.0

    def deploys(self, *arguments: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run bin/deploy with something piped in."""
        return subprocess.run(
            self._command(arguments),
            input=typed,
            env=self._environment(environment),
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )

    def deploys_at_a_terminal(self, *arguments: str, typed: Sequence[str], **environment: str) -> tuple[int, str]:
        """Run it in a terminal, answering each question with the next line of `typed`; the status and the screen."""
        command = self._command(arguments)
        pid, terminal = pty.fork()
        if pid == 0:
            os.execvpe(command[0], command, self._environment(environment))
        screen = ""
        answers = list(typed)
        with suppress(OSError):  # how Linux says that the other side has ended
            while data := os.read(terminal, 4096):
                screen += data.decode(errors="replace")
                if answers and screen.endswith((": ", "? ")):
                    os.write(terminal, f"{answers.pop(0)}\n".encode())
        _, status = os.waitpid(pid, 0)
        os.close(terminal)
        assert not answers, screen
        return os.waitstatus_to_exitcode(status), screen

    def calls(self) -> list[Call]:
        """What wrangler was told, in order."""
        record = self.folder / "record"
        return [Call(**json.loads(line)) for line in record.read_text().splitlines()] if record.exists() else []

    def secrets(self) -> dict[str, str]:
        """The secrets that were set."""
        found: dict[str, str] = {}
        for call in self.calls():
            found |= json.loads(call.piped or "{}")
        return found

    def files(self) -> str:
        """All that is written in the folder, but for what the stand-in of wrangler keeps."""
        return "".join(path.read_text() for path in self.folder.rglob("*") if path.is_file() and path.name != "record")

    def _command(self, arguments: Sequence[str]) -> list[str]:
        config = self.folder / "wrangler.toml"
        objects = "\n".join(missing("", WRANGLER_CONFIG_EXAMPLE.read_text(encoding="utf-8")))
        config.write_text(f"{objects}\n[vars]\n{self.variables}\n[env.preview.vars]\n{self.variables}")
        fake = Path(__file__).with_name("fake_wrangler.mjs")
        return [sys.executable, "-c", _DRIVER, str(ROOT), str(fake), str(config), str(self.seconds), *arguments]

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        """An operator's own machine, wherever the test runs: what a CI machine does otherwise is asked for by name."""
        here = {name: value for name, value in os.environ.items() if name not in ("CI", "WORKERS_CI")}
        own = {"FAKE_RECORD": str(self.folder / "record"), "FAKE_VERSION": UPLOADED, "HOME": str(self.folder)}
        return {**here, **own, **more}


@contextmanager
def chat(
    answers: Mapping[str, tuple[int, Any]], asked: list[str] | None = None, headers: Mapping[str, str] | None = None
) -> Iterator[str]:
    """An HTTP server that answers so, and notes what is asked; its address without a slash at the end."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if asked is not None:
                asked.append(self.path)
            status, body = answers.get(self.path, (404, {}))
            self.send_response(status)
            self.send_header(DEPLOYMENT, UPLOADED)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (the base class calls it so)
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
