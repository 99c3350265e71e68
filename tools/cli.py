"""What all scripts in bin/ share: each calls one function, and an error that a person can fix becomes one message."""

import sys
from collections.abc import Callable, Sequence

from tools.bindings import BindingsMissing
from tools.commands import CommandFailed
from tools.progress import say
from tools.setup import PipMissing

Script = Callable[[Sequence[str]], int]


def run_script(script: Script) -> None:
    """Call `script` with the arguments of the command line and end with its status."""
    try:
        status = script(sys.argv[1:])
    except (BindingsMissing, CommandFailed, PipMissing) as failure:
        say(f"\n{failure}")
        status = 1
    except KeyboardInterrupt:
        say("\nStopped.")
        status = 130
    sys.exit(status)
