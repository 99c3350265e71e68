"""bots/signing.py: what the Standard Webhooks scheme says, checked with its own example and by hand."""

import base64
import hashlib
import hmac
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest

from bot_limits import WEBHOOK_KEY_BYTES
from bots.signing import signed_headers, written_secret
from tools.paths import ROOT

KEY = bytes(range(WEBHOOK_KEY_BYTES))


def test_the_secret_is_the_key_in_base64() -> None:
    secret = written_secret(KEY)
    assert secret.startswith("whsec_")
    assert base64.b64decode(secret.removeprefix("whsec_"), validate=True) == KEY


def test_the_signature_is_that_of_the_scheme() -> None:
    body = '{"text":"Привет 👋"}'
    headers = signed_headers(KEY, "m_1", body, now_ms=1_674_087_231_999)
    assert headers["webhook-id"] == "m_1"
    assert headers["webhook-timestamp"] == "1674087231"
    signed = b"m_1.1674087231." + body.encode()
    expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_the_example_of_the_standards_libraries_comes_out() -> None:
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed_headers(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", '{"test": 2432232314}', now_ms=1_614_265_330_000)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.fixture
def receiver() -> Iterator[str]:
    """The address of the receiver that docs/bots.md has, running."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs/bots.md").read_text(encoding="utf-8"), re.DOTALL)
    (source,) = [block for block in blocks if "SIGNING_SECRET" in block]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "SIGNING_SECRET": written_secret(KEY), "PORT": str(port)}
    running = subprocess.Popen([sys.executable, "-c", source], env=environment, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert time.monotonic() < deadline
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}/"
    running.kill()
    running.wait()


def test_the_receiver_of_the_page_takes_what_the_chat_has_signed_and_nothing_else(receiver: str) -> None:
    now_ms = int(time.time() * 1_000)
    body = json.dumps({"type": "command", "member": {"name": "Anna"}})

    def answer(body: str = body, key: bytes = KEY, now_ms: int = now_ms, sent: str | None = None) -> httpx.Response:
        headers = signed_headers(key, "m_1", body, now_ms=now_ms)
        return httpx.post(receiver, content=sent or body, headers=headers)

    told = answer()
    assert (told.status_code, told.headers["content-type"]) == (200, "application/json")
    assert re.fullmatch(r"It is \d\d:\d\d UTC, Anna\.", told.json()["text"])
    assert answer('{"type": "test"}').status_code == 200
    assert answer(key=bytes(WEBHOOK_KEY_BYTES)).status_code == 401
    assert answer(now_ms=now_ms - 600_000).status_code == 401
    assert answer(sent=body.replace("Anna", "Eve")).status_code == 401
    assert httpx.post(receiver, content=body).status_code == 401
