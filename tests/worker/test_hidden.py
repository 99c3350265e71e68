"""Whoever is not in a lane gets the same bytes from real workerd as in a room that has none: sockets, resuming, HTTP.

The same open actions are done in two rooms, and one of them has hidden traffic in between. Ids and times are different
in each room; everything else is compared as it came. tests/test_secrecy.py does the same in Python with many scripts.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

from encoding import b64url
from tests.people import Line
from tests.server import Server
from tests.worker.gathering import Gathering
from tests.worker.pictures import Picture

_RANDOM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=[\"':])[A-Za-z0-9_-]{12,}(?=[\"'])|\b\d{13}\b")
UNKNOWN = {"channel": "ZZZZZZZZZZZZ", "message": str(uuid4()), "file": b64url(bytes(16))}


@dataclass
class House:
    """One of the two rooms, with what its outsider was told."""

    people: Gathering
    is_busy: bool
    told: list[str] = field(default_factory=list)
    _asked: int = 0
    _names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.olga, self.anna, self.boris = (self.people.enter(name, admin=name == "Olga") for name in NAMES)
        for person in (self.olga, self.anna, self.boris):
            person.secure()
        self.hers, self.his = self.anna.come(lanes={}), self.boris.come(lanes={})
        self.sockets = [self.open(None, lanes={}), self.open(None)]
        self.hidden = dict(UNKNOWN)

    def open(self, last_seq: int | None, **more: Any) -> Line:
        """A new socket of the outsider."""
        line = self.olga.open()
        line.put({"type": "hello", "last_seq": last_seq, **more})
        return line

    def hear(self) -> None:
        """Note everything that the outsider was sent until now."""
        for line in self.sockets:
            line.put({"type": "history", "ref": "until now", "channel": "general", "before": None, "limit": 1})
            self._take(line, "until now")

    def ask(self, **frame: Any) -> None:
        """The outsider asks, now on the one and now on the other socket."""
        self._asked += 1
        line = self.sockets[self._asked % 2]
        line.put({"ref": "asked", **frame})
        if frame["type"] not in ("read", "typing"):  # which are not answered
            self._take(line, frame["id"] if frame["type"] == "send" else "asked")

    def _take(self, line: Line, ref: str) -> None:
        """Note what comes on a socket, up to the answer to `ref`."""
        place = self.sockets.index(line)
        while True:
            text = str(line.connection.recv(timeout=20))
            if not text.startswith('{"type":"presence"'):  # when that comes depends on the clock
                self.note(f"{place} {text}")
            if f'"ref":"{ref}"' in text:
                return

    def get(self, path: str) -> None:
        """The outsider asks over HTTP."""
        answer = self.olga.http.get(f"{self.olga.url}/api/rooms/{self.olga.room}{path}")
        said = answer.json()
        said.pop("storage_bytes", None)  # of the whole database, as docs/protocol.md says
        headers = {name: value for name, value in answer.headers.items() if name not in ("date", "x-request-id")}
        self.note(f"{path} {answer.status_code} {json.dumps(headers)} {json.dumps(said)}")

    def note(self, text: str) -> None:
        """Note something, with ids and times named in the order in which they came."""
        for name, value in {**self.hidden, "room": f'"{self.olga.room}"'}.items():
            text = text.replace(value, f"@{name}")
        self.told.append(_RANDOM.sub(self._named, text))

    def _named(self, found: re.Match[str]) -> str:
        return "time" if found[0].isdigit() else self._names.setdefault(found[0], f"#{len(self._names)}")


NAMES = ("Olga", "Anna", "Boris")


def make_hidden(house: House) -> None:
    """A conversation and a private channel, in which much happens."""
    if not house.is_busy:
        return
    hers, his = house.hers, house.his
    lane = str(hers.ask("direct.open", members=[house.boris.id])["channel"])
    private = str(hers.ask("channel.create", name="plans", kind="private", members=[house.boris.id])["channel"])
    picture = Picture(house.anna, channel=lane).upload()
    said = hers.say("psst", lane, files=[picture.described()], mentions=[house.olga.id, house.boris.id])
    house.hidden = {"channel": lane, "message": said["id"], "file": picture.id}
    for number in range(30):
        his.say(f"needle {number}", private, mentions=[house.olga.id])
    his.ask("react", id=said["id"], channel=lane, emoji="👍", on=True)
    hers.put({"type": "typing", "channel": lane})


def stir(house: House) -> None:
    """What goes on there meanwhile."""
    if not house.is_busy:
        return
    hers, lane = house.hers, house.hidden["channel"]
    hers.say("again", lane)
    hers.ask("edit", id=house.hidden["message"], channel=lane, body="needle in the hay")
    hers.ask("channel.create", name=f"needle {len(house.told)}", kind="private")
    house.his.ask("search", query="needle", limit=9)
    hers.put({"type": "read", "channel": lane, "seq": 1})


def look_around(house: House) -> None:
    """All that an outsider, who is an admin, can ask for."""
    house.ask(type="history", channel="general", before=None, limit=50)
    house.ask(type="search", query="needle", limit=20)
    house.ask(type="hooks")
    house.ask(type="bots")
    house.ask(type="bans")
    house.ask(type="invites")
    for path in ("/session", "/sessions", "/passkeys", "/stats", "/push", ""):
        house.get(path)


def try_ids(house: House) -> None:
    """Whatever is asked of a hidden id: it is answered like one that never existed."""
    channel, message, file = (house.hidden[name] for name in ("channel", "message", "file"))
    picture = {"id": file, "key": b64url(bytes(32)), "name": "x", "type": "image/jpeg", "size": 3_000}
    for frame in (
        {"type": "send", "id": message, "channel": "general", "body": "a hidden message's id"},
        {"type": "send", "id": str(uuid4()), "channel": channel, "body": "x"},
        {"type": "send", "id": str(uuid4()), "channel": "general", "body": "x", "reply_to": message},
        {"type": "send", "id": str(uuid4()), "channel": "general", "body": "x", "files": [picture]},
        {"type": "edit", "id": message, "channel": channel, "body": "x"},
        {"type": "react", "id": message, "channel": channel, "emoji": "👍", "on": True},
        {"type": "history", "channel": channel, "before": None, "limit": 9},
        {"type": "search", "query": "needle", "channel": channel, "limit": 9},
        {"type": "file.tickets", "ids": [file]},
        {"type": "channel.add", "id": channel, "members": [house.olga.id], "history": "all"},
        {"type": "channel.leave", "id": channel},
        {"type": "channel.update", "id": channel, "kind": "open"},
        {"type": "read", "channel": channel, "seq": 1},
        {"type": "typing", "channel": channel},
    ):
        house.ask(**frame)
    wanted = {"id": b64url(bytes(range(16))), "channel": channel, "size": 3_016, "thumb": 0}
    for answer in (
        house.olga.http.post("/files", json=wanted),
        house.olga.http.delete(f"/files/{file}"),
        house.olga.http.get(f"/files/{file}/parts/0", headers={"Download-Ticket": b64url(bytes(80))}),
    ):
        house.note(f"{answer.status_code} {answer.text}")


@pytest.fixture
def houses(fast_server: Server) -> Iterator[tuple[House, House]]:
    gatherings = [Gathering(fast_server), Gathering(fast_server)]
    busy, quiet = House(gatherings[0], is_busy=True), House(gatherings[1], is_busy=False)
    yield busy, quiet
    for each in gatherings:
        each.end()


def test_an_outsider_gets_the_same_bytes_with_hidden_traffic_and_without(houses: tuple[House, House]) -> None:
    for house in houses:
        make_hidden(house)
        for number in range(3):
            house.hers.say(f"in the open {number}", mentions=[house.olga.id])
            stir(house)
            house.his.say("a needle that everybody sees", reply_to=None)
        house.hear()
        look_around(house)
        stir(house)
        try_ids(house)
        house.hear()
        lanes = {house.hidden["channel"]: 1}
        house.sockets += [house.open(3, lanes=lanes), house.open(None, lanes=lanes)]
        house.hear()
        stir(house)
        house.hers.say("the last word")
        house.hear()
    busy, quiet = houses
    for place in ("0", "1", "2", "3", "/", "4"):  # each socket by itself, and what came over HTTP
        assert [text for text in busy.told if text[0] == place] == [text for text in quiet.told if text[0] == place]
    assert len(busy.told) == len(quiet.told)
    assert len(busy.told) > 60
    everything = "\n".join(busy.told)
    assert "needle that everybody sees" in everything
    assert not re.search("psst|plans|in the hay|again", everything)
