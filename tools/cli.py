"""What the scripts in bin/ do with their arguments. One function a script; the work itself is elsewhere."""

import argparse
from collections.abc import Callable
from functools import wraps

from tools import setup as set_up_module
from tools.commands import CommandFailed
from tools.progress import say

Arguments = list[str]
Script = Callable[[Arguments], int]


def _readable(script: Script) -> Script:
    """Errors that a person can do something about are one message, not a traceback."""

    @wraps(script)
    def wrapped(arguments: Arguments) -> int:
        try:
            return script(arguments)
        except CommandFailed as failure:
            say(f"\n{failure}")
            return 1

    return wrapped


@_readable
def setup(arguments: Arguments) -> int:
    """bin/setup: prepare the checkout."""
    parser = argparse.ArgumentParser(prog="bin/setup", description="Prepare this checkout. Repeatable.")
    parser.add_argument("--reset", action="store_true", help="first remove everything an earlier set-up made")
    options = parser.parse_args(arguments)
    if options.reset:
        set_up_module.reset()
    set_up_module.set_up()
    say("Ready.")
    return 0
