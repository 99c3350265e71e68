"""A request to a room and the reply to it, as values."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from access.handover import Handover
from encoding import compact_json
from live.effects import Effect
from web.answers import API_HEADERS, admitted, problem
from web.routes import Route
from wire.connections import Connection

log = logging.getLogger("durable_chat.room")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that the Worker has passed on."""

    route: Route
    handover: Handover
    cookie: str | None = None
    body: str = ""
    upgrade: str | None = None
    """The header of this name: what the connection is to become."""
    protocols: str | None = None
    """The sub-protocols that the client offers, as in the header."""
    delivery: str = ""
    """What the Worker says of a request with the token of a hook or bot (`bots/delivery.py`)."""
    query: str = ""
    """What stands behind the question mark of the address, where a token counts."""
    origin: str = ""
    """Scheme, host and port of the address at which it arrived."""


@dataclass(slots=True)
class Reply:
    """An HTTP answer, and what has to be done before it is given."""

    status: int
    headers: dict[str, str]
    body: str | bytes | None = None
    effects: Sequence[Effect] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Upgrade:
    """The request becomes the socket of this connection, with the sub-protocol if the client offered it."""

    connection: Connection
    protocol: str | None


def json_reply(value: Any, *, status: int = 200, more: Mapping[str, str] | None = None) -> Reply:
    """A reply with a JSON body, and with `more` headers beside the usual ones."""
    return Reply(status, {**API_HEADERS, "Content-Type": "application/json", **(more or {})}, compact_json(value))


def done(effects: Sequence[Effect] = (), *, more: Mapping[str, str] | None = None) -> Reply:
    """A reply that says nothing but that it is done."""
    return Reply(204, {**API_HEADERS, **(more or {})}, None, effects)


def refused(error: Exception, request_id: str) -> Reply:
    """The reply that explains a refusal, or admits a mistake of ours."""
    return Reply(*problem(admitted(error, request_id, log), request_id))
