"""bin/bench: measure ours, the peer and the floor, on this machine, in one run."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace

from bench import measures, pages, plans, report
from bench.contenders import LoadFailed, running
from bench.ratios import ratios_of
from bench.runs import Bench
from tools import paths
from tools.progress import say

_PLANS = {"full": plans.FULL, "quick": plans.QUICK, "smoke": plans.SMOKE}


def main(arguments: Sequence[str]) -> int:
    """Measure; 0 if no message was lost or doubled, whatever the figures are."""
    options = _parse(arguments)
    started = time.monotonic()

    def tell(what: str) -> None:
        say(f"{time.monotonic() - started:5.0f} s  {what}")

    tell("starting three Workers")
    with ExitStack() as stack:
        plan = _PLANS[options.plan]
        if options.searched:
            plan = replace(plan, searched=options.searched)
        ours, peer, floor = (stack.enter_context(running(name, plan.people)) for name in ("ours", "peer", "floor"))
        bench = Bench(plan, [ours, peer], floor, tell)
        try:
            medians = measures.run(bench, options.only or measures.MEASURES)
        except LoadFailed as problem:
            say(f"bin/bench: {problem}")
            return 1
    tell("done")
    print("\n" + report.table(ratios_of(medians)))
    if options.plan == "full" or options.write:
        document = report.write(
            medians, {"plan": options.plan, "client_bytes": _client_bytes()}, keep=bool(options.only)
        )
        print("\nbench/results/latest.json and latest.svg written")
        if options.plan == "full":
            pages.write(document)
            print("docs/performance.md: tables written; the words between them are yours to look through")
    return 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measure Durable Chat beside a TypeScript chat.")
    parser.add_argument(
        "--quick",
        action="store_const",
        const="quick",
        default="full",
        dest="plan",
        help="one round of less: some two minutes, and no results written",
    )
    parser.add_argument(
        "--only",
        action="append",
        choices=list(measures.MEASURES),
        help="measure this alone, and keep the results of the rest; may be given several times",
    )
    parser.add_argument(
        "--searched", type=int, metavar="N", help="search among so many messages, such as 1000000 (half an hour)"
    )
    parser.add_argument("--smoke", action="store_const", const="smoke", dest="plan", help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true", help="write the results of a quick run, too")
    return parser.parse_args(arguments)


def _client_bytes() -> dict[str, int]:
    sizes = json.loads((paths.CACHE / "client-sizes.json").read_text(encoding="utf-8"))
    return {size["name"]: size["bytes"] for size in sizes}


sys.exit(main(sys.argv[1:]))
