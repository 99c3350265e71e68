"""bin/wrangler: the wrangler that this checkout pins, whatever Node and npx the machine has."""

import os
from collections.abc import Sequence

from tools import paths
from tools.commands import environment
from tools.setup import set_up
from tools.wrangler import QUIET, command_prefix


def main(arguments: Sequence[str]) -> int:
    """Replace this process by wrangler."""
    set_up(client=False)
    os.chdir(paths.ROOT)
    command = [*command_prefix(), *arguments]
    os.execve(command[0], command, environment(QUIET))
