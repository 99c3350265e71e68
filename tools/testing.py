"""bin/test: set up what is missing, check the code, run every test."""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from itertools import zip_longest

from tools import checks, chromium, paths, worker_runtime
from tools.commands import environment
from tools.progress import say
from tools.setup import alone, set_up

# Files keep their order: otherwise files with few but long tests would come last, and one of the two would wait.
_TWO_AT_A_TIME = ("--numprocesses", "2", "--dist", "loadfile", "--no-loadscope-reorder")

_TIMED = "tests/worker/test_exhaustion.py"  # compares times, so no other test may run beside it


def main(arguments: Sequence[str]) -> int:
    """Run the tests; pytest's closing line is the last line of output."""
    parser = argparse.ArgumentParser(
        prog="bin/test",
        description="Run bin/check and every test. With arguments for pytest, run only what they name.",
        allow_abbrev=False,
    )
    parser.add_argument("--quick", action="store_true", help="the core only: no workerd, no browser, no bin/check")
    options, for_pytest = parser.parse_known_args(arguments)
    set_up(client=not options.quick)
    if options.quick:
        return _run_pytest([*_core_tests(), *for_pytest])
    with alone():
        worker_runtime.choose("npm")  # here, where its steps are shown, and not during the first test
    if _needs_browser(for_pytest):
        try:
            say(f"Chromium: {chromium.ensure()}")
        except chromium.NoChromium as problem:
            say(str(problem))
            return 1
    if not for_pytest and (status := checks.main([])) != 0:
        return status
    return _run_pytest(for_pytest) if for_pytest else _all_tests()


def _all_tests() -> int:
    """Two runs: tests that mostly wait run two files at a time; tests that watch times and processes run alone."""
    alone = _run_pytest([_TIMED, "tests/tools"])
    together = _run_pytest([*_mixed("tests/browser", "tests/worker"), *_core_tests(), *_TWO_AT_A_TIME])
    return alone or together


def _mixed(*folders: str) -> list[str]:
    """The files of folders by turns: two pages at a time would keep both processors busy, and pages are impatient."""
    files = [sorted((paths.ROOT / folder).glob("test_*.py")) for folder in folders]
    by_turns = [str(file.relative_to(paths.ROOT)) for turn in zip_longest(*files) for file in turn if file is not None]
    return [file for file in by_turns if file != _TIMED]


def _run_pytest(arguments: Sequence[str]) -> int:
    sys.stdout.flush()
    command = [str(paths.VENV_PYTHON), "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=paths.ROOT, env=environment(), check=False).returncode


def _core_tests() -> list[str]:
    """The tests that need neither workerd nor a browser: a folder for each package of src/, and those for all of it."""
    tests = paths.ROOT / "tests"
    packages = [path.parent.name for path in (paths.ROOT / "src").glob("*/__init__.py")]
    mirrors = [folder for name in packages if (folder := tests / name).is_dir()]
    return [str(path.relative_to(paths.ROOT)) for path in sorted([*tests.glob("test_*.py"), *mirrors])]


def _needs_browser(for_pytest: Sequence[str]) -> bool:
    """Whether the named tests include browser tests; without a path, all tests count as named."""
    named = [argument for argument in for_pytest if argument.startswith("tests")]
    return not named or any(argument.rstrip("/") == "tests" or "browser" in argument for argument in named)
