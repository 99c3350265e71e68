"""bin/export: everything that a member of a chat sees, in one file (docs/export.md).

It speaks to any chat over the contract (docs/protocol.md) and needs no access to the server. The work is done by
client/node/tools/export.ts, with the code that makes exports in browsers.
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from tools.node_tool import Unanswered, ask_secret, credentials, run_tool
from tools.progress import say

VARIABLE = "EXPORT_PASSPHRASE"
_MIN_PASSPHRASE = 8


def main(arguments: Sequence[str]) -> int:
    """Export; 0 if the file is there."""
    parser = argparse.ArgumentParser(
        prog="bin/export",
        description="Write everything that a member of a chat sees into one file.",
        epilog="Who signs in: CHAT_NAME, and CHAT_PASSWORD or CHAT_RECOVERY_CODE, or what you type.",
    )
    parser.add_argument("address", help="the chat's address, such as https://chat.example")
    parser.add_argument("--room", help="another room than the one at the address")
    parser.add_argument(
        "--output", required=True, type=Path, help="the file to write; one that is there is replaced at the end"
    )
    parser.add_argument(
        "--open-only", action="store_true", help="only open channels: no private ones, no direct messages"
    )
    parser.add_argument("--no-files", action="store_true", help="leave pictures and files out")
    parser.add_argument("--slack", action="store_true", help="as Slack exports, for Mattermost and Zulip")
    parser.add_argument("--seal", action="store_true", help="ask for a passphrase; `age -d` opens the file")
    parser.add_argument(
        "--language", choices=("en", "ru"), default="en", help="of README.txt and archive.html (%(default)s)"
    )
    options = parser.parse_args(arguments)
    if not options.output.parent.is_dir():
        parser.error(f"there is no folder {options.output.parent}")
    try:
        who = credentials()
        passphrase = ask_secret(VARIABLE, "Passphrase") if options.seal or os.environ.get(VARIABLE) else None
    except Unanswered as problem:
        say(str(problem))
        return 1
    if passphrase is not None and len(passphrase) < _MIN_PASSPHRASE:
        say(f"A passphrase has {_MIN_PASSPHRASE} characters or more.")
        return 1
    order = {
        **who,
        "address": options.address,
        "room": options.room,
        "output": str(options.output.absolute()),
        "scope": "open" if options.open_only else "seen",
        "files": not options.no_files,
        "flavour": "slack" if options.slack else "own",
        "language": options.language,
        "passphrase": passphrase,
    }
    return run_tool("export", order)
