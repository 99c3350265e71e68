"""`python -m bench.load`: one job as a line of JSON on standard input, its figures as the last line of the output."""

import asyncio
import json
import sys

import uvloop

from bench.load.jobs import JOBS


def main() -> None:
    """Do the job."""
    job = json.loads(sys.stdin.readline())
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        figures = runner.run(JOBS[job.pop("job")](job))
    sys.stdout.write(json.dumps(figures) + "\n")


main()
