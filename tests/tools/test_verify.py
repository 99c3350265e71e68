"""bin/verify: whether a chat serves the page of this checkout."""

import http.server
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tools.paths import ROOT
from tools.verify import differences, digest, served_files

PUBLIC = ROOT / "public"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (the base class calls it so)
        """Say nothing."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PUBLIC, tmp_path / "public"))


@pytest.fixture
def url(folder: Path) -> Iterator[str]:
    """A server of the files in `folder`."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def _verify(url: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "bin" / "verify"), url]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def test_the_same_files_are_found_the_same(url: str) -> None:
    done = _verify(f"{url}/")
    assert done.returncode == 0, done.stderr
    names = served_files(PUBLIC)
    assert f"All {len(names)} files of {url} are those of this checkout" in done.stdout
    assert digest(PUBLIC, names) in done.stdout
    assert {"index.html", "sw.js", "error.css", "set-up.js"} <= set(names)
    assert "_headers" not in names


def test_every_file_that_is_another_or_missing_is_named(url: str, folder: Path) -> None:
    names = served_files(folder)
    script = next(name for name in names if name.startswith("assets/") and name.endswith(".js"))
    (folder / script).write_bytes((folder / script).read_bytes() + b"\n")
    (folder / "sw.js").unlink()
    (folder / "index.html").write_bytes(
        (PUBLIC / "index.html").read_bytes() + b'<script src="https://evil.example/x.js">'
    )
    assert differences(url, PUBLIC, names) == [
        f"{script}: another file",
        "index.html: another file, and names a script or style of another site",
        "sw.js: not served",
    ]
    done = _verify(url)
    assert done.returncode == 1
    assert f"{script}: another file" in done.stderr
    assert "does not serve the page that this checkout builds" in done.stderr


def test_a_page_that_is_not_there_is_not_the_same() -> None:
    assert differences("http://127.0.0.1:9", PUBLIC, ["index.html"]) == ["index.html: not served"]
