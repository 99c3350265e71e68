"""Bringing a room back, in real workerd: it keeps no history and says so, and all the rest happens as described."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.people import Person
from tests.places import Place
from tests.server import ADMIN_PASSWORD, PASSWORD, Server
from tests.worker.gathering import FAST, Gathering
from tests.worker.meter import put_together
from tools.paths import ROOT

RESTART = 1012
Result = subprocess.CompletedProcess[str]


def restore(server: Server, *options: str, password: str = ADMIN_PASSWORD, name: str = "Olga") -> Result:
    """Run the script as somebody would."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("CHAT_")}
    who = {"CHAT_NAME": name, "CHAT_PASSWORD": password}
    command = [sys.executable, str(ROOT / "bin/restore"), server.url, *options]
    return subprocess.run(
        command, env=clean | who, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False
    )


def seconds_later(person: Person, method: str, path: str, **more: Any) -> Any:
    """Ask until the room is back."""
    for _ in range(50):
        answer = person.http.request(method, path, **more)
        if answer.status_code != 503:
            return answer
        assert (answer.json()["code"], answer.headers["retry-after"]) == ("restarting", "2")
        time.sleep(0.1)
    raise AssertionError("the room does not come back")


@pytest.fixture
def root(place: Place) -> Person:
    return place.member("Root of it all", password=ADMIN_PASSWORD)


def test_a_platform_without_history_is_said_to_have_none_and_nothing_happens(place: Place, root: Person) -> None:
    line = root.come()
    line.say("still here")
    now_ms = int(time.time() * 1_000)
    for answer in (
        root.http.get("/restore"),
        root.http.post("/restore", json={"at": now_ms - 1}),
        root.http.post("/restore", json={"bookmark": "0000007b-0000b26e-00001538-0c3e87bb37b3db5cc52eedb93cd3b96b"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (501, "no_history")
        assert (
            answer.json()["title"] == "The platform keeps no history of this room, as in local runs: it cannot go back."
        )
    assert [each["body"] for each in line.history()] == ["still here"]
    line.close()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"at": 99_999_999_999_999}, "at is a time that has not come yet."),
        ({"at": 5}, "at is before the room began."),
        ({"at": "5"}, "at is no time: it has to be an integer, milliseconds since 1970."),
        ({}, "The body needs at or bookmark, and not both."),
    ],
)
def test_a_wrong_moment_is_refused_with_the_reason(root: Person, body: dict[str, Any], why: str) -> None:
    answer = root.http.post("/restore", json=body)
    assert (answer.status_code, answer.json()["code"], answer.json()["title"]) == (400, "malformed", why)


def test_nobody_else_reaches_the_past(place: Place, root: Person) -> None:
    for person, status in ((place.member("Anneliese"), 403), (place.stranger(), 401)):
        answers = [
            person.http.get("/restore"),
            person.http.post("/restore", json={"at": 5}),
            person.http.put("/restore", json={"above": 1_000_000}),
        ]
        assert [answer.status_code for answer in answers] == [status] * 3
    nowhere = place.next_door()
    assert nowhere.stranger().http.get("/restore").status_code == 401
    elsewhere = root.http.post("/restore", json={"at": 5}, headers={"Origin": "https://evil.example"})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "wrong_origin")


def test_a_room_counts_on_above_its_restore_and_everybody_loads_anew(place: Place, root: Person) -> None:
    anna = place.member("Anneliese")
    line = anna.come()
    seq = line.say("before")["seq"]
    silent = anna.open()
    assert root.http.put("/restore", json={"above": 2_000_000}).status_code == 204
    assert (line.closed(), silent.closed()) == (RESTART, RESTART)
    assert seconds_later(anna, "GET", "/session").status_code == 200
    back = anna.come(last_seq=seq)
    assert (back.welcome["resumed"], back.welcome["seq"]) == (False, 2_000_000)
    assert back.say("after")["seq"] == 2_000_001
    assert anna.come(last_seq=2_000_000).welcome["resumed"] is True
    assert [each["body"] for each in back.history()] == ["before", "after"]
    assert [found["body"] for found in back.ask("search", query="before", limit=20)["messages"]] == ["before"]
    assert root.http.put("/restore", json={"above": 2_000_000}).status_code == 204
    assert back.say("nothing happened the second time")["seq"] == 2_000_002
    lines = [line for line in place.server.lines() if line["logger"] == "durable_chat.restore"]
    assert [(line["message"], line["member"]) for line in lines] == [("room counts on above its restore", root.id)]


# --- the script, with a platform that keeps a history (restoring/main.py) ---


@pytest.fixture(scope="module")
def remembering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    config = put_together(tmp_path_factory.mktemp("restoring"), "restoring")
    running = Server.start(settings={**FAST, "ROOM_NAMES": "main", "BOT_PROTECTION": "altcha"}, config=config)
    yield running
    running.stop()


def test_a_room_goes_back_and_forth_by_the_script(remembering: Server) -> None:
    people = Gathering(remembering, "main")
    anna = people.enter("Anna")
    line = anna.come()
    line.say("before")
    time.sleep(0.1)
    noon = datetime.now(UTC)
    time.sleep(0.1)
    lost = line.say("a mistake")["seq"]

    went = restore(remembering, "--room", "main", "--at", noon.isoformat(), "--yes")
    assert went.returncode == 0, went.stderr
    assert "Room main is back, and every browser loads it anew." in went.stdout
    (undo,) = re.findall(r"--room main (--undo \S+)$", went.stdout, re.MULTILINE)
    assert line.closed() == RESTART
    line = anna.come(last_seq=lost)
    assert line.welcome["resumed"] is False
    assert [each["body"] for each in line.history()] == ["before"]
    assert line.say("after")["seq"] > lost

    undone = restore(remembering, "--room", "main", *undo.split(), "--yes")
    assert undone.returncode == 0, undone.stderr
    assert line.closed() == RESTART
    assert [each["body"] for each in anna.come().history()] == ["before", "a mistake", "after"], "the stand-in adds"
    people.end()


def test_a_restore_that_was_interrupted_is_ended_by_the_script(remembering: Server) -> None:
    people = Gathering(remembering, "main")
    line = people.join("Boris")
    seq = line.welcome["seq"]
    ended = restore(remembering, "--finish", str(seq + 5_000_000))
    assert (ended.returncode, ended.stdout) == (0, "Room main is back, and every browser loads it anew.\n"), (
        ended.stderr
    )
    assert line.closed() == RESTART
    assert people.join("Clara").welcome["seq"] > seq + 5_000_000
    refused = restore(remembering, "--finish", "1" + "0" * 15)
    assert refused.returncode == 1
    assert "above is not a whole number from 1 to" in refused.stderr
    people.end()


def test_the_script_says_how_far_back_a_room_can_go(remembering: Server) -> None:
    told = restore(remembering, "--list")
    assert told.returncode == 0, told.stderr
    moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    assert re.fullmatch(rf"Room main can go back to any time from {moment} to {moment}\.\n", told.stdout)


@pytest.mark.parametrize(
    ("options", "password", "words"),
    [
        (["--at", (datetime.now(UTC) + timedelta(days=2)).isoformat()], ADMIN_PASSWORD, "a time that has not come yet"),
        (["--at", "2001-01-01"], ADMIN_PASSWORD, "at is before the room began."),
        (["--undo", "no bookmark"], ADMIN_PASSWORD, "bookmark is none."),
        (["--list"], PASSWORD, "Only admins may do this: sign in with the admins' password (ADMIN_PASSWORD)."),
        (["--list", "--room", "elsewhere"], ADMIN_PASSWORD, 'has no room "elsewhere".'),
        (["--list"], "wrong", "The password is wrong"),
    ],
)
def test_the_script_says_why_a_room_does_not_go_back(
    remembering: Server, options: list[str], password: str, words: str
) -> None:
    refused = restore(remembering, *options, "--yes", password=password, name="Somebody else")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert words in refused.stderr


def test_the_script_asks_before_anything_happens(remembering: Server) -> None:
    for what in (["--at", "2026-01-01"], ["--undo", "bookmark"]):
        refused = restore(remembering, *what)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr == "Add --yes: there is no terminal at which to confirm that the room goes back.\n"


def test_the_script_says_that_a_local_chat_has_no_past(many_rooms: Server) -> None:
    refused = restore(many_rooms, "--list")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "The platform keeps no history of this room, as in local runs: it cannot go back." in refused.stderr
