"""Coming into a room: one after another, and all at once."""

from bench.contenders import Contender
from bench.runs import CROWD, FILL_SOCKETS, Bench

MISSED = 20  # messages posted while everybody is away
JOINS = 15


def joins(bench: Bench) -> None:
    """From opening a socket to having the newest messages, in rooms with short and long histories."""
    for stored in bench.plan.stored:
        for chat in bench.chats:
            bench.say(f"storing {stored} messages with {chat.name}")
            bench.fill(chat, f"stored-{stored}", stored)
    for number in range(bench.plan.rounds):
        bench.say(f"joining, round {number + 1} of {bench.plan.rounds}")
        for stored in bench.plan.stored:
            for chat in bench.chats:
                _join(bench, chat, stored)
        _join(bench, bench.floor, 0)


def _join(bench: Bench, chat: Contender, stored: int) -> None:
    figures = chat.load("join", f"stored-{stored}", FILL_SOCKETS, times=JOINS)
    bench.results.add("join", chat.name, str(stored), figures)


def storm(bench: Bench) -> None:
    """Everybody drops and comes back at once."""
    sockets = bench.plan.storm_sockets
    for chat in bench.chats:
        bench.say(f"storing {bench.plan.storm_stored} messages with {chat.name}")
        bench.fill(chat, CROWD, bench.plan.storm_stored)
    for number in range(bench.plan.rounds):
        bench.say(f"reconnect storm of {sockets} sockets, round {number + 1} of {bench.plan.rounds}")
        for chat in bench.chats:
            first = bench.take(MISSED)
            figures = chat.load("reconnect", CROWD, sockets + 1, missed=MISSED, first=first)
            bench.results.add("reconnect", chat.name, str(sockets), figures)
