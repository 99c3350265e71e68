"""bin/restore: a room as it was at an earlier time (docs/restore.md).

It asks before anything happens, because everything that came later is gone for everybody. The work is done by
client/node/tools/restore.ts over the contract (docs/protocol.md, "Restore"); it needs no access to the server.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from tools.node_tool import Unanswered, credentials, run_tool
from tools.progress import say

_SHOWN_ROOM = re.compile(r"/r/([^/]+)")


def main(arguments: Sequence[str]) -> int:
    """Bring the room back; 0 if it is."""
    parser = argparse.ArgumentParser(
        prog="bin/restore",
        description="Bring a room back to what it was at an earlier time.",
        epilog="Who signs in: CHAT_NAME, and in CHAT_PASSWORD the admins' password (CHAT_RECOVERY_CODE beside it,"
        " where the name needs one), or what you type.",
    )
    parser.add_argument("address", help="the chat's address, such as https://chat.example")
    parser.add_argument("--room", help="another room than the one at the address")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--list", action="store_true", help="show from when to when the room can go back; changes nothing"
    )
    what.add_argument(
        "--at", metavar="TIME", help="such as 2026-11-28T14:30, by this machine's clock, or 2026-11-28T14:30Z"
    )
    what.add_argument("--undo", metavar="BOOKMARK", help="go back to before a restore: what it said when it was done")
    what.add_argument("--finish", metavar="NUMBER", type=int, help="end a restore that was interrupted, as it said")
    parser.add_argument("--yes", action="store_true", help="do not ask for the name of the room")
    options = parser.parse_args(arguments)
    room = options.room or _room_at(options.address)
    at = None
    if options.at is not None and (at := _time(options.at)) is None:
        parser.error(f"--at: {options.at} is no time such as 2026-11-28T14:30")
    try:
        if (at or options.undo) and not options.yes:
            _confirm(room, at)
        who = credentials()
    except Unanswered as problem:
        say(str(problem))
        return 1
    order = {
        **who,
        "address": options.address,
        "room": room,
        "at": None if at is None else int(at.timestamp() * 1_000),
        "bookmark": options.undo,
        "above": options.finish,
    }
    return run_tool("restore", order)


def _room_at(address: str) -> str:
    """The room of an address as people copy it, with what stands behind; another one would lose what was said in it."""
    shown = _SHOWN_ROOM.search(urlsplit(address).path)
    return shown[1] if shown else "main"


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)  # without a zone it is this machine's
    except (ValueError, OverflowError):
        return None


def _confirm(room: str, at: datetime | None) -> None:
    """Let the person type the name of the room.

    Raises:
        Unanswered: nobody is there, or they typed something else.
    """
    if not sys.stdin.isatty():
        raise Unanswered("Add --yes: there is no terminal at which to confirm that the room goes back.")
    moment = (
        "before its last restore" if at is None else f"{at:%Y-%m-%d %H:%M:%S} UTC ({at.astimezone():%H:%M:%S} here)"
    )
    say(f"Room {room} goes back to {moment}. What came after that is gone for everybody, until you undo it.")
    say("What comes back with it, and what does not: docs/restore.md")
    print("Type the room's name to go on: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip() != room:
        raise Unanswered("That is not its name. Nothing was done.")
