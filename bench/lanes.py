"""Channels of some people of a room, to measure what it costs to talk there: private ones and open ones."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
from websockets import Subprotocol
from websockets.sync.client import connect

from bench.contenders import Contender
from encoding import b64url

_PATIENCE_SECONDS = 60.0


def make_private_channel(chat: Contender, room: str, people: int) -> str:
    """The id of a new private channel of the first people of a room, who get recovery codes, as its members must."""
    address = chat.address(room)
    place = address.replace("ws", "http", 1).removesuffix("/socket")
    headers = chat.enter(room, people)
    with httpx.Client(timeout=_PATIENCE_SECONDS) as http:
        members = [_secured(http, place, each) for each in headers]
    return _made(address, headers[0], {"kind": "private", "members": members[1:], "history": "all"})


def make_open_channel(chat: Contender, room: str, people: int) -> str:
    """The id of a new open channel; it is as long as that of a private one, and stands in every message."""
    return _made(chat.address(room), chat.enter(room, people)[0], {})


def _secured(http: httpx.Client, place: str, headers: Mapping[str, str]) -> str:
    """The id of a member, who has a recovery code from now on."""
    form = {"proof": b64url(os.urandom(32))}
    http.put(f"{place}/recovery", json=form, headers=headers).raise_for_status()
    return str(http.get(f"{place}/session", headers=headers).raise_for_status().json()["member"]["id"])


def make_open_channels(chat: Contender, room: str, count: int) -> None:
    """Make channels until a room has so many, with the one that every room has."""
    with _asking(chat.address(room), chat.enter(room, 1)[0]) as ask:
        for _ in range(count - 1):
            ask(type="channel.create", name=b64url(os.urandom(6)))


def _made(address: str, headers: Mapping[str, str], kind: Mapping[str, Any]) -> str:
    with _asking(address, headers) as ask:
        return str(ask(type="channel.create", name=b64url(os.urandom(6)), **kind)["channel"])


@contextmanager
def _asking(address: str, headers: Mapping[str, str]) -> Iterator[Callable[..., dict[str, Any]]]:
    """A socket of somebody who asks for something, and waits for the answer."""
    own = dict(headers)
    protocol = Subprotocol(own.pop("Sec-WebSocket-Protocol"))
    with connect(address, additional_headers=own, subprotocols=[protocol], max_size=2**24) as socket:
        socket.send(json.dumps({"type": "hello", "last_seq": None, "lanes": {}}))

        def ask(**frame: Any) -> dict[str, Any]:
            socket.send(json.dumps({"ref": "ask", **frame}))
            while True:
                answer: dict[str, Any] = json.loads(socket.recv(_PATIENCE_SECONDS))
                if answer.get("ref") == "ask":
                    if answer["type"] == "error":
                        raise ValueError(f"{frame['type']} was refused: {answer}")
                    return answer

        yield ask
