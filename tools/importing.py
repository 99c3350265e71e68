"""bin/import: what was said elsewhere, into a room of a chat (docs/import.md).

It speaks to any chat over the contract (docs/protocol.md) and needs no access to the server. The work is done by
client/node/tools/import.ts.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.node_tool import Unanswered, credentials, run_tool
from tools.progress import say


def main(arguments: Sequence[str]) -> int:
    """Import; 0 if everything that could be taken is there."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not options.file.is_file():
        parser.error(f"there is no file {options.file}")
    if options.report is not None and options.report.exists() and options.report.samefile(options.file):
        parser.error("--report would overwrite the file that is imported")
    try:
        who = credentials()
    except Unanswered as problem:
        say(str(problem))
        return 1
    order = {
        **who,
        "address": options.address,
        "room": options.room,
        "file": str(options.file.absolute()),
        "dry": options.dry_run,
        "map": None if options.map is None else str(options.map.absolute()),
        "report": None if options.report is None else str(options.report.absolute()),
        "files": not options.no_files,
        "expired": options.expired,
        "direct_as_private": options.direct_as_private,
        "most_rows": options.rows,
        "wait": options.wait,
        "sure": options.yes,
        "terminal": os.ttyname(sys.stdin.fileno()) if sys.stdin.isatty() else None,
    }
    return run_tool("import", order)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/import",
        description="Bring what was said elsewhere into a room: an export of Durable Chat, Slack or Mattermost.",
        epilog="Who signs in: CHAT_NAME and CHAT_PASSWORD (the admins'), and CHAT_RECOVERY_CODE if there is one.",
    )
    parser.add_argument("address", help="the chat's address, such as https://chat.example")
    parser.add_argument("file", type=Path, help="what was exported")
    parser.add_argument("--room", help="another room than the one at the address")
    parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
    parser.add_argument(
        "--map", type=Path, metavar="FILE", help="lines `name there = name here`, `#channel there = channel here`"
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="write all that is not taken into this file")
    parser.add_argument("--no-files", action="store_true", help="leave pictures and files out")
    parser.add_argument(
        "--expired",
        choices=("ask", "keep", "leave"),
        default="ask",
        help="messages that are older than their channels keep: keep them, and everything there from now on, or leave"
        " them out (%(default)s)",
    )
    parser.add_argument(
        "--direct-as-private",
        action="store_true",
        help="conversations that cannot be conversations here become private channels; otherwise they are left out",
    )
    parser.add_argument("--rows", type=int, metavar="N", help="stop after about so many written rows")
    parser.add_argument(
        "--wait", action="store_true", help="wait as long as the room takes nothing, such as until the next day"
    )
    parser.add_argument("--yes", action="store_true", help="begin without asking")
    return parser
