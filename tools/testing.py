"""bin/test: set up what is missing, check the code, run every test."""

import argparse
import os
import sys
from collections.abc import Sequence

from tools import checks, chromium, paths
from tools.commands import environment
from tools.progress import say
from tools.setup import set_up


def main(arguments: Sequence[str]) -> int:
    """Run the tests; does not return when pytest is reached, so that its closing line is the last."""
    parser = argparse.ArgumentParser(
        prog="bin/test",
        description="Run bin/check and every test. With arguments for pytest, run only what they name.",
        allow_abbrev=False,
    )
    parser.add_argument("--quick", action="store_true", help="the core only: no workerd, no browser, no bin/check")
    options, for_pytest = parser.parse_known_args(arguments)
    set_up(client=not options.quick)
    if options.quick:
        return _pytest([*_core_tests(), *for_pytest])
    if _needs_browser(for_pytest):
        try:
            say(f"Chromium: {chromium.ensure()}")
        except chromium.NoChromium as problem:
            say(str(problem))
            return 1
    if not for_pytest and (status := checks.main([])) != 0:
        return status
    return _pytest(for_pytest)


def _core_tests() -> list[str]:
    return [str(path.relative_to(paths.ROOT)) for path in sorted((paths.ROOT / "tests").glob("test_*.py"))]


def _needs_browser(for_pytest: Sequence[str]) -> bool:
    """Whether the browser tests are among what was named; naming no path means all."""
    named = [argument for argument in for_pytest if argument.startswith("tests")]
    return not named or any(argument.rstrip("/") == "tests" or "browser" in argument for argument in named)


def _pytest(arguments: Sequence[str]) -> int:
    sys.stdout.flush()
    os.chdir(paths.ROOT)
    os.execve(paths.VENV_PYTHON, [str(paths.VENV_PYTHON), "-m", "pytest", *arguments], environment())
