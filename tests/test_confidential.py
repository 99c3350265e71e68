"""confidential.py: a log that holds a secret is found out, however it is written there, and fails the run."""

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests import confidential
from tests.confidential import SECRET, leaks
from tools.paths import ROOT

NAME = "Анна Karenina"
TOKEN = "q3J9xXk0ZP4s8bTf1uVw6yAe5cGd7hRi2lMn0oKj9pQ"
KEPT = {NAME: "name", "Dear diary, today": "message", TOKEN: SECRET, "Root": "name", "198.18.0.7": "address"}
LINE = '{"level": "info", "logger": "durable_chat.entry", "message": "request", "request_id": null}'


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (f"hello {NAME}!", NAME),
        (json.dumps({"message": f"{NAME} came"}), NAME),
        (f"GET /r/{quote(NAME)} 200", NAME),
        (f"KeyError({NAME!r})", NAME),
        (ascii(NAME), NAME),
        ('{"message": "malformed: {\\"body\\":\\"Dear diary, today\\"}"}', "Dear diary, today"),
        (f"Cookie: __Host-session-main={TOKEN}", TOKEN),
        (f"token={TOKEN[:20]}…", TOKEN),
        ("by Root.", "Root"),
        ("from 198.18.0.7:4711", "198.18.0.7"),
    ],
)
def test_a_planted_leak_is_found_with_its_line(written: str, value: str) -> None:
    log = f"{LINE}\n{LINE}\n{written}\n{LINE}"
    (leak,) = leaks(log, KEPT)
    assert (leak.number, leak.line, leak.value, leak.what) == (3, written, value, KEPT[value])


@pytest.mark.parametrize(
    "written",
    [
        LINE,
        "",
        "root",
        "Roots",
        "Rooted in workerd",
        "198.18.0.70",
        "1198.18.0.7",
        "Dear Diary, today",
        "Karenina",
        TOKEN[:9],
    ],
)
def test_what_only_looks_like_one_is_none(written: str) -> None:
    assert leaks(f"{LINE}\n{written}\n{LINE}", KEPT) == []


def test_a_long_text_is_found_although_it_is_cut() -> None:
    text = "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of folly"
    assert leaks(f"posted: {text[:60]}…", {text: "message"})
    assert leaks("x" * 40, {"x" * 4_000: "message"}) == [], "one endless word is found whole only"


def test_what_a_person_at_the_terminal_is_told_on_purpose_is_no_leak() -> None:
    password = {"correct horse": "password"}
    assert leaks("    password  correct horse\n", password) == []
    assert leaks("    password  correct horse\nlogin: correct horse", password)[0].number == 2


def test_an_address_that_a_test_made_up_is_no_leak_and_one_of_a_browser_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confidential, "_paths", set[str]())
    log = f"[wrangler:info] GET /r/{quote(NAME)} 404 Not Found (7ms)\n"
    assert leaks(log, KEPT)[0].value == NAME
    confidential.keep_request(httpx.Request("GET", f"http://127.0.0.1/r/{NAME}"))
    assert leaks(log, KEPT) == []
    assert leaks(f"{log}/r/{NAME}", KEPT)[0].number == 2


def test_secrets_are_kept_from_frames_requests_and_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, str] = {}
    monkeypatch.setattr(confidential, "_kept", kept)
    confidential.keep_text('{"type": "send", "id": "some-id", "body": "two words\\nand more", "ref": "a ref"}')
    confidential.keep_text('{"type": "send", "body": "broken')
    confidential.keep_fields({"subscription": {"endpoint": "https://push.example/1", "keys": {"auth": "B7kQ2mX9"}}})
    confidential.keep_settings(
        {
            "MASTER_KEY": "kP3vT8wZ",
            "MASTER_KEY_PREVIOUS": "k" * 43,
            "CHAT_TITLE": "Harbour",
            "ADMIN_PASSWORD": "the admins' own",
        }
    )
    confidential.keep_cookies(f"a=b; __Host-session-main={TOKEN}; Path=/")
    confidential.keep("name", "Eve", "hello", "Hello")
    assert kept == {
        "two words": "message",
        "and more": "message",
        '{"type": "send", "body": "broken': "frame",
        "https://push.example/1": "push address",
        "B7kQ2mX9": SECRET,
        "kP3vT8wZ": SECRET,
        "the admins' own": "password",
        TOKEN: SECRET,
        "Hello": "name",
    }


_PLANTED = """
from pathlib import Path
import pytest
from tests import confidential
from tests.conftest import nothing_private_is_logged
from tests.server import Server

@pytest.mark.parametrize("number", range(2))
def test_passes(tmp_path, number):
    server = Server(tmp_path, {}, 0, Path("wrangler.toml"))
    confidential.keep("name", "Anneliese Planted")
    server._output.append("first line\\nAnneliese Planted was here\\n" if %s else "nothing\\n")
"""


@pytest.mark.parametrize(("is_planted", "processes"), [(True, "2"), (True, "0"), (False, "0")])
def test_a_leak_fails_a_run_whose_tests_all_pass(tmp_path: Path, is_planted: bool, processes: str) -> None:
    file = tmp_path / "test_planted.py"
    file.write_text(_PLANTED % is_planted, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-c",
        str(ROOT / "pyproject.toml"),
        "--rootdir",
        str(tmp_path),
        str(file),
        "-n",
        processes,
        "-o",
        f"cache_dir={tmp_path}",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert "2 passed" in done.stdout, done.stdout + done.stderr
    assert done.returncode == int(is_planted), done.stdout
    assert ("Anneliese Planted was here" in done.stdout) is is_planted
    assert (".log:2: name 'Anneliese Planted'" in done.stdout) is is_planted
