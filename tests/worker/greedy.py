"""A member who does their worst, in a process of their own so that nobody who measures is slowed down by it.

    python -m tests.worker.greedy URL ROOM COOKIE SECONDS PAGES

Twenty sockets ask for so many long pages each and read none of them, then for anything else that there is; then they
hang up and do it again, as soon as they are let in. Every second time they stay, unread as they are. Cookie and room
are somebody's who has signed in.
"""

import contextlib
import itertools
import socket
import sys
import time

from encoding import compact_json
from tests.people import Person
from tests.worker.raw_socket import RawSocket

SOCKETS = 20
QUESTIONS = 20
_REFUSED_SECONDS = (
    0.2  # each request costs the local server 40 kB of memory, whoever answers it: a test of ours it is not
)
_ANYTHING = (
    {"type": "notify", "ref": "n", "channel": "general", "level": "none"},
    {"type": "notify", "ref": "n", "channel": "general", "level": "all"},
    {"type": "typing", "channel": "general"},
    {"type": "visible", "visible": False},
    {"type": "nothing", "ref": "u"},
    {"type": "hello", "last_seq": 1},
    {"type": "read", "channel": "general", "seq": 1},
)


def main(url: str, room: str, cookie: str, seconds: float, pages: int) -> None:
    """Be greedy for so long, and print how many sockets were opened."""
    person = Person(url, "Mallory", room=room)
    person.http.headers["Cookie"] = cookie
    until = time.monotonic() + seconds
    held: list[RawSocket] = []
    opened = 0
    for number in itertools.count():
        if time.monotonic() >= until:
            break
        fresh = _open(person)
        opened += len(fresh)
        for each in fresh:
            each.put({"type": "hello", "last_seq": None})
        for each in fresh:
            each.put_at_once([_page(number) for number in range(pages)])
        for each in fresh:
            each.put_at_once([compact_json(frame) for frame in itertools.islice(itertools.cycle(_ANYTHING), QUESTIONS)])
        held += fresh
        if number % 2 or not fresh:
            for each in held:
                each.close()
            held.clear()
    print(opened)  # noqa: T201 (it is what this program is asked for)


def _open(person: Person) -> list[RawSocket]:
    """As many sockets as the room grants, up to SOCKETS; a moment later where it grants none."""
    opened: list[RawSocket] = []
    with contextlib.suppress(AssertionError, OSError):
        while len(opened) < SOCKETS:
            opened.append(RawSocket(person))
    if not opened:
        time.sleep(_REFUSED_SECONDS)
    return opened


def _page(number: int) -> str:
    place = {"before": 300 - number % 90} if number % 2 else {"before": None}
    return compact_json({"type": "history", "ref": "r", "channel": "general", **place, "limit": 100})


if __name__ == "__main__":
    socket.setdefaulttimeout(5)
    main(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]), int(sys.argv[5]))
