"""Counts how often Python reaches into JavaScript while notifications are sent: each costs more than most Python does.

A crossing is reading or setting a property of a JavaScript object, calling a function, waiting for a promise, or
converting a value. The modules of the chat that cross (`crypto`, and those of `workerd/`) are given a `js` and a
`to_js` that count.
"""

from collections.abc import Callable, Generator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import js
from pyodide.ffi import JsProxy, to_js

import crypto
from notify import sender
from workerd import broadcast, database, exchange, sockets, turns, values


@dataclass
class Tally:
    """What one round of the courier took: in all, and for each notification on its own."""

    total: int = 0
    statements: int = 0
    each: list[int] = field(default_factory=list)


ROUNDS: list[Tally] = []
_round: ContextVar[Tally | None] = ContextVar("round", default=None)
_notification: ContextVar[list[int] | None] = ContextVar("notification", default=None)
_wanted = False


def begin() -> None:
    """Count from now on; before, whatever is kept for the life of the object has been made."""
    global _wanted
    _wanted = True
    ROUNDS.clear()


def cross(count: int = 1, *, statements: int = 0) -> None:
    """Python reaches into JavaScript."""
    tally, notification = _round.get(), _notification.get()
    if tally is not None:
        tally.total += count
        tally.statements += statements
    if notification is not None:
        notification[0] += count


class Watched:
    """A JavaScript object, and all that is reached through it."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        object.__setattr__(self, "_value", value)

    def __getattr__(self, name: str) -> Any:
        cross()
        return watch(getattr(self._value, name))

    def __setattr__(self, name: str, value: Any) -> None:
        cross()
        setattr(self._value, name, plain(value))

    def __call__(self, *arguments: Any) -> Any:
        cross()
        return watch(self._value(*(plain(each) for each in arguments)))

    def __await__(self) -> Generator[Any, None, Any]:
        cross()
        return watch((yield from self._value.__await__()))


class WatchedJs:
    """The module `js`, which counts during a round only."""

    def __getattr__(self, name: str) -> Any:
        if _round.get() is None:
            return getattr(js, name)
        cross()
        return watch(getattr(js, name))


def watch(value: Any) -> Any:
    """The same, watched if it is JavaScript's."""
    return Watched(value) if isinstance(value, JsProxy) else value


def plain(value: Any) -> Any:
    """The same, without anything watched in it."""
    if isinstance(value, Watched):
        return value._value
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return type(value)(plain(each) for each in value) if isinstance(value, list | tuple) else value


def counted_to_js(value: Any, **how: Any) -> Any:
    """As `to_js`."""
    made = to_js(plain(value), **plain(how))
    if _round.get() is None:
        return made
    cross()
    return watch(made)


class CountingCourier(sender.Courier):
    """The courier, with a tally for each of its rounds."""

    async def run(self, **where: Callable[..., Any]) -> None:
        """As `Courier.run`."""
        tally = Tally()
        _round.set(tally if _wanted else None)
        await super().run(**where)
        if _round.get() is not None:
            ROUNDS.append(tally)

    async def _send(self, *what: Any) -> None:
        count = [0]
        _notification.set(count)
        await super()._send(*what)
        if (tally := _round.get()) is not None:
            tally.each.append(count[0])


def install() -> None:
    """Have the chat's own modules counted."""
    for module in (crypto, broadcast, database, exchange, sockets, turns, values):
        vars(module).update(js=WatchedJs(), to_js=counted_to_js)
