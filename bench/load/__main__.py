"""`python -m bench.load`: reads one job as a line of JSON and prints its figures as the last line of output."""

import asyncio
import json
import sys

import uvloop

from bench.load.crowd import CountsDiffer, NothingCameBack
from bench.load.jobs import JOBS


def main() -> int:
    """Do the job; 1 if its figures mean nothing, with the reason on standard error."""
    job = json.loads(sys.stdin.readline())
    name = job.pop("job")
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            figures = runner.run(JOBS[name](job))
    except (CountsDiffer, NothingCameBack) as problem:
        print(f"        {name} of {job['chat']}: {problem}", file=sys.stderr, flush=True)
        return 1
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


sys.exit(main())
