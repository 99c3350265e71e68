"""bin/bench: set up what is missing, then measure (bench/)."""

import subprocess
import sys
from collections.abc import Sequence

from tools import paths
from tools.commands import environment
from tools.progress import say
from tools.setup import set_up


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark with the Python that has its packages."""
    if sys.platform != "linux":
        say("bin/bench needs Linux: it reads memory and times of processes from /proc")
        return 2
    set_up()
    sys.stdout.flush()
    command = [str(paths.VENV_PYTHON), "-m", "bench", *arguments]
    return subprocess.run(command, cwd=paths.ROOT, env=environment(SEARCH_PATH), check=False).returncode


SEARCH_PATH = {"PYTHONPATH": str(paths.ROOT / "src")}
"""With this, Python finds the Worker's modules as the Worker does."""
