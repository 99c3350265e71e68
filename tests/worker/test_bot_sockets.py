"""A bot's socket in real workerd: opened by its token alone, kept through a sleep, closed with the token."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from access.handover import HANDOVER
from bots.delivery import DELIVERY, Delivery
from bots.tokens import token_of
from encoding import b64url
from files.layout import sealed_bytes
from tests import confidential
from tests.people import Line, Person
from tests.places import Place, fresh_address
from tests.server import ADMIN_PASSWORD
from tests.worker.gathering import has_slept, prepare_to_sleep, sleep_until_evicted, until
from tools.paths import ROOT

RIGHTS = ["post", "read", "edit", "react", "mention", "files"]


class Robo:
    """A bot that an admin has made, and the admin's line."""

    def __init__(self, place: Place, *channels: str) -> None:
        self.place = place
        self.olga = place.member("Olga", password=ADMIN_PASSWORD).come(lanes={})
        made = self.olga.ask("bot.create", name="Robo", channels=channels or ["general"], rights=RIGHTS)
        self.id = made["id"]
        self.token = self.keep(made["token"])

    def keep(self, token: str) -> str:
        confidential.keep(confidential.SECRET, token.rpartition("_")[2])
        return token

    def person(self) -> Person:
        """The program: somebody without a cookie."""
        return self.place.stranger("Robo")

    def open(self, **headers: str) -> Line:
        """A socket, before hello."""
        return self.person().open(**{"Authorization": f"Bearer {self.token}", **headers})

    def come(self, **hello: Any) -> Line:
        """A socket that was welcomed."""
        line = self.open()
        line.put({"type": "hello", "last_seq": None, "lanes": {}, **hello})
        line.welcome = line.next("welcome")
        return line


@pytest.fixture
def robo(place: Place) -> Robo:
    return Robo(place)


def status_of(robo: Robo, **headers: str) -> int:
    """How an upgrade is refused."""
    with pytest.raises(InvalidStatus) as refused:
        robo.person().open(**headers)
    return refused.value.response.status_code


def another(token: str) -> str:
    """A token that is none, of the same form."""
    return token[:-1] + ("b" if token.endswith("a") else "a")


def test_only_the_token_opens_a_bots_socket_and_pages_of_other_sites_make_no_difference(robo: Robo) -> None:
    other = robo.place.next_door().room
    line = robo.open(Origin="https://evil.example", Cookie=robo.place.member("Anna").cookie)
    line.put({"type": "hello", "last_seq": None})
    assert line.next("welcome")["member"]["role"] == "bot", "no cookie counts beside a token"
    # Headers of our own that somebody else sets say nothing: neither with a cookie nor without one.
    forged = Delivery(robo.id, token_of(robo.token, "", None).digest.hex()).written()
    handover = '{"request_id":"forged"}'
    with_cookie = robo.place.member("Boris").open(**{DELIVERY: forged, HANDOVER: handover})
    with_cookie.put({"type": "hello", "last_seq": None})
    assert with_cookie.next("welcome")["member"]["name"] == "Boris"
    assert status_of(robo, **{DELIVERY: forged}) == 401
    for wrong in ("Bearer", "Bearer x", f"Bearer {robo.token[:-1]}", f"Bearer {other}_{robo.token.partition('_')[2]}"):
        assert status_of(robo, Authorization=wrong) == 401, wrong
    assert status_of(robo, Authorization=f"Basic {robo.token}") == 401
    url, bearer = f"{robo.place.url}/socket", {"Authorization": f"Bearer {robo.token}"}
    assert httpx.get(url, headers=bearer, timeout=60.0).json()["code"] == "malformed", "no upgrade"


def test_a_bot_hears_its_channel_and_answers_and_people_do_not_see_it_online(robo: Robo) -> None:
    plans = robo.olga.ask("channel.create", name="plans")["channel"]
    anna = robo.place.member("Anna").come()
    line = robo.come()
    assert [channel["id"] for channel in line.welcome["channels"]] == ["general"]
    anna.say("elsewhere", channel=plans)
    said = anna.say("What time is it?")
    heard = line.event("message")
    assert (heard["id"], heard["author"], line.events) == (said["id"], anna.welcome["member"]["id"], [])
    answer = line.say("Noon.", reply_to=said["id"], mentions=[heard["author"]])
    assert answer["type"] == "ack"
    shown = [event for event in anna.catch_up() if event["kind"] == "message"][-1]
    assert (shown["author"], shown["body"], shown["reply_to"]) == (robo.id, "Noon.", said["id"])
    assert line.ask("typing", channel="general")["code"] == "forbidden"
    assert line.ask("search", query="time", limit=9)["code"] == "forbidden"
    welcome = robo.place.member("Boris").come().welcome
    assert next(each for each in welcome["members"] if each["id"] == robo.id)["online"] is False
    presence = [frame for frame in [*anna.passed_over, *robo.olga.passed_over] if frame["type"] == "presence"]
    assert not any(robo.id in (*frame["online"], *frame["offline"]) for frame in presence)
    assert not [frame for frame in line.passed_over if frame["type"] == "presence"]


def test_a_bot_sends_a_file_and_fetches_it_with_its_token(robo: Robo) -> None:
    file, sealed = b64url(os.urandom(16)), os.urandom(sealed_bytes(100))
    headers = {"Authorization": f"Bearer {robo.token}", "CF-Connecting-IP": fresh_address()}
    url = f"{robo.place.url}/files"
    with httpx.Client(headers=headers, timeout=60.0, event_hooks=confidential.HOOKS) as http:
        wish = {"id": file, "channel": "general", "size": len(sealed), "thumb": 0}
        reserved = http.post(url, json=wish, headers={"Origin": "https://evil.example"}).json()
        part, upload = f"{url}/{file}/parts/0", {"Upload-Ticket": reserved["ticket"]}
        assert http.put(part, content=sealed, headers=upload).status_code == 204
        line = robo.come()
        shown = {"id": file, "key": b64url(os.urandom(32)), "name": "log.txt", "type": "text/plain", "size": 100}
        assert line.say("", files=[shown])["type"] == "ack"
        download = {"Download-Ticket": http.get(f"{url}/{file}").json()["ticket"]}
        assert http.get(part, headers=download).content == sealed
        anna = robo.place.member("Anna")
        for other in ({"Cookie": anna.cookie}, {"Authorization": f"Bearer {another(robo.token)}"}):
            answer = httpx.get(part, headers={**download, **other}, timeout=60.0)
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), (
                "a ticket is good with its token only"
            )
        assert anna.come().ask("file.tickets", ids=[file])["tickets"].keys() == {file}
        own = line.ask("file.tickets", ids=[file])["tickets"][file]
        assert http.get(part, headers={"Download-Ticket": own}).content == sealed


def test_another_secret_closes_the_socket_and_so_does_revoking(robo: Robo) -> None:
    first = robo.come()
    former, robo.token = robo.token, robo.keep(robo.olga.ask("bot.rotate", id=robo.id)["token"])
    assert first.closed() == 4401
    assert status_of(robo, Authorization=f"Bearer {former}") == 401
    second, silent = robo.come(), robo.open()
    assert robo.olga.ask("bot.revoke", id=robo.id)["type"] == "ok"
    assert (second.closed(), silent.closed()) == (4401, 4401)
    assert status_of(robo, Authorization=f"Bearer {robo.token}") == 401


def test_a_bot_is_still_one_after_the_room_has_slept(robo: Robo) -> None:
    anna, line = robo.place.member("Anna").come(), robo.come()
    plans = anna.ask("channel.create", name="plans")["channel"]
    prepare_to_sleep(anna)
    sleep_until_evicted()
    assert has_slept(anna)
    anna.say("elsewhere", channel=plans)
    said = anna.say("here")
    assert (line.event("message")["id"], line.events) == (said["id"], [])
    assert line.ask("channel.create", name="mine")["code"] == "forbidden"
    assert line.say("here, too")["type"] == "ack"


def test_the_bot_of_the_page_answers(robo: Robo, tmp_path: Path) -> None:
    page = (ROOT / "docs/bots.md").read_text(encoding="utf-8")
    programs = re.findall(r"^```python\n(.+?)^```", page, re.MULTILINE | re.DOTALL)
    (program,) = [each for each in programs if "websockets" in each]
    assert len([line for line in program.splitlines() if line.strip()]) <= 42
    anna = robo.place.member("Anna").come()
    anna.say("!time before the bot was there")
    file = tmp_path / "bot.py"
    file.write_text(program, encoding="utf-8")
    given = {"CHAT": robo.place.server.url, "ROOM": robo.place.room, "TOKEN": robo.token, "PATH": os.environ["PATH"]}
    running = subprocess.Popen(
        [sys.executable, str(file)], env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert running.stdout is not None
        assert running.stdout.readline() == "Robo is here\n"
        said = anna.say("!time please")
        assert anna.event("reaction")["id"] == said["id"]
        answer = next(event for event in iter(lambda: anna.event("message"), None) if event["author"] == robo.id)
        assert re.fullmatch(r"It is \d\d:\d\d UTC, Anna\.", answer["body"])
        assert (answer["reply_to"], answer["mentions"]) == (said["id"], [anna.welcome["member"]["id"]])
        robo.olga.ask("bot.revoke", id=robo.id)
        until(lambda: running.poll() is not None)
    finally:
        running.terminate()
        assert "received 4401 (private use) removed" in running.communicate(timeout=30)[1]
