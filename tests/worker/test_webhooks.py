"""Webhooks of bots in real workerd, with a real receiver that also misbehaves; one server for all of it."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot_limits import CALL_RETRY_FIRST_MS, REPLIES_A_CALL, WEBHOOK_TIMEOUT_SECONDS
from tests import confidential
from tests.people import Line
from tests.places import Place
from tests.receiver import Received, ReceiverServer
from tests.server import ADMIN_PASSWORD, Server
from tests.worker.gathering import let_pass, until
from tests.worker.meter import put_together

NAME = "https://receiver.example.com"
RIGHTS = ["post", "read"]


@pytest.fixture(scope="module")
def receiver() -> Iterator[ReceiverServer]:
    running = ReceiverServer()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def server(receiver: ReceiverServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("calling")
    config = put_together(folder, "calling")
    main = folder / "src" / "main.py"
    main.write_text(main.read_text(encoding="utf-8").replace("http://127.0.0.1:1", receiver.origin), encoding="utf-8")
    settings = {"ROOM_NAMES": "*", "WEBHOOK_HOSTS": "receiver.example.com"}
    running = Server.start(Path(folder / "state"), settings, config=config)
    yield running
    running.stop()


@pytest.fixture
def place(server: Server, receiver: ReceiverServer) -> Iterator[Place]:
    receiver.received.clear()
    found = Place(server)
    yield found
    found.close()


def made(olga: Line, path: str, *, name: str = "Robo", command: str | None = None) -> dict[str, Any]:
    webhook = {"url": NAME + path, "command": command}
    answer = olga.ask("bot.create", name=name, channels=["general"], rights=RIGHTS, webhook=webhook)
    assert answer["type"] == "bot", answer
    for secret in (answer["token"].rpartition("_")[2], answer["signing_secret"]):
        confidential.keep(confidential.SECRET, secret)
    return answer


def check(request: Received, secret: str) -> dict[str, Any]:
    """What the scheme tells a receiver to do."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.{request.body}"
    expected = base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(request.headers["webhook-timestamp"]) - time.time()) < 60
    return dict(json.loads(request.body))


def test_a_command_goes_out_after_its_ack_and_answers_come_at_once_and_later(
    place: Place, receiver: ReceiverServer
) -> None:
    olga, anna = place.member("Olga", password=ADMIN_PASSWORD).come(), place.member("Anna").come()
    bot = made(olga, "/say", command="time")
    anna.event("member")
    receiver.go_on.clear()
    said = anna.say("/time in Paris?")
    assert said["type"] == "ack"
    until(lambda: len(receiver.received) == 1)
    told = check(receiver.received[0], bot["signing_secret"])
    assert (told["type"], told["text"], told["message"]["id"]) == ("command", "in Paris?", said["id"])
    assert anna.history()[-1]["body"] == "/time in Paris?", "the room goes on meanwhile"
    receiver.go_on.set()
    assert anna.event("message")["id"] == said["id"]
    reply = anna.event("message")
    assert (reply["author"], reply["body"], reply["reply_to"]) == (bot["id"], "It is noon.", said["id"])
    later = told["reply_url"]
    assert later.startswith(f"{place.server.url}/api/rooms/{place.room}/replies/")
    with httpx.Client(timeout=60.0) as http:
        for number in range(REPLIES_A_CALL):
            answer = http.post(later, json={"text": f"step {number}"})
            assert (answer.status_code, answer.text) == (200, "ok")
        assert http.post(later, content="and so on").json()["code"] == "limit_reached"
        assert http.post(later[:-1] + "_", content="x").status_code == 404
        assert http.post(later, content="x" * 65_537).status_code == 413
    assert [each["body"] for each in anna.history()][2:] == [f"step {number}" for number in range(REPLIES_A_CALL)]
    anna.say("hello")
    assert len(receiver.received) == 1


def test_whatever_a_receiver_does_is_told_in_time_and_costs_no_more_than_its_share(
    place: Place, receiver: ReceiverServer
) -> None:
    olga = place.member("Olga", password=ADMIN_PASSWORD)
    lines = {path: olga.come() for path in ("/500", "/redirect", "/stall", "/drip", "/huge", "/close")}
    bots = {path: made(line, path, name=f"Bot {path[1:]}") for path, line in lines.items()}

    def tried(path: str) -> tuple[str, float]:
        began = time.monotonic()
        answer = lines[path].ask("bot.test", id=bots[path]["id"])
        assert answer["code"] == "undelivered"
        return answer["detail"], time.monotonic() - began

    with ThreadPoolExecutor(len(lines)) as pool:
        found = dict(zip(lines, pool.map(tried, lines), strict=True))
    assert {path: words for path, (words, _) in found.items()} == {
        "/500": "It answered 500.",
        "/redirect": "It answered 302, a redirect. These are not followed.",
        "/stall": "It did not answer within 7 seconds.",
        "/drip": "It did not answer within 7 seconds.",
        "/huge": "Its answer has more than 65,536 bytes.",
        "/close": "It could not be reached, or broke off.",
    }
    for path in ("/stall", "/drip"):
        assert WEBHOOK_TIMEOUT_SECONDS - 0.1 < found[path][1] < WEBHOOK_TIMEOUT_SECONDS + 8
    assert receiver.sent_bytes < 10_000_000, "nobody reads on"
    assert sorted(each.path for each in receiver.received) == sorted(lines), "a redirect leads nowhere"
    listed = {each["name"]: each for each in lines["/500"].ask("bots")["bots"]}
    assert {each["failure"] for each in listed.values()} == {
        "webhook_status",
        "webhook_redirect",
        "webhook_timeout",
        "webhook_too_large",
        "webhook_unreachable",
    }


def test_what_was_not_taken_is_sent_again_after_a_crash_and_answered_once(
    place: Place, receiver: ReceiverServer
) -> None:
    olga, anna = place.member("Olga", password=ADMIN_PASSWORD).come(), place.member("Anna")
    bot = made(olga, "/say", command="time")
    line = anna.come()
    receiver.status = 503
    said = line.say("/time now")
    until(lambda: [row[0] for row in place.rows("SELECT tries FROM calls")] == [1])
    place.server.kill()
    let_pass(place, CALL_RETRY_FIRST_MS)
    receiver.status = 200
    place.server.restart()
    until(lambda: place.rows("SELECT tries FROM calls") == [])
    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert check(second, bot["signing_secret"])["message"]["id"] == said["id"]
    history = anna.come().history()
    assert [each["body"] for each in history if each.get("reply_to") == said["id"]] == ["It is noon."]
