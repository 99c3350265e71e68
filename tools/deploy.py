"""bin/deploy: set up what is missing, then `wrangler deploy`; arguments go to wrangler."""

import os
from collections.abc import Sequence

from tools import paths
from tools.commands import environment
from tools.setup import set_up
from tools.wrangler import QUIET, command_prefix


def main(arguments: Sequence[str]) -> int:
    """Deploy; wrangler takes over and finds its login where it keeps it."""
    set_up()
    os.chdir(paths.ROOT)
    command = [*command_prefix(), "deploy", *arguments]
    os.execve(command[0], command, environment(QUIET))
