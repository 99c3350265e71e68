"""bin/test: set up what is missing, check the code, run every test."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools import checks, chromium, paths, worker_runtime
from tools.commands import environment
from tools.progress import say
from tools.setup import alone, set_up

# Files keep their order: otherwise files with few but long tests would come last, and one of the two would wait.
_BY_FILE = ("--dist", "loadfile", "--no-loadscope-reorder")
_TWO_AT_A_TIME = ("--numprocesses", "2", *_BY_FILE)
# Those of the Worker wait for servers most of the time: two of them leave half of two processors idle.
_THREE_AT_A_TIME = ("--numprocesses", "3", *_BY_FILE)

_SOME_FAILED = 1  # pytest's exit status
_FEW = 3
"""More failures than these in one go are a fault of the code, or of the machine: to repeat them tells nothing."""

# No other test may run beside these: the first compares times, the others slow the page's processor down.
_TIMED = (
    "tests/worker/test_exhaustion.py",
    "tests/browser/test_timeline.py::test_the_address_of_an_old_message_shows_it_in_a_new_tab_and_after_a_reload",
    "tests/browser/test_timeline.py::test_what_is_read_stands_still_when_an_older_page_and_newer_messages_come_at_once",
)


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
    """Files run two or three at a time, as most of their time is waiting; those that compare times run alone."""
    not_timed = [f"--deselect={each}" for each in _TIMED]
    together = patiently(["tests/worker", *_core_tests(), *not_timed, *_THREE_AT_A_TIME])
    pages = patiently(["tests/browser", *not_timed, *_TWO_AT_A_TIME])
    tools = patiently(["tests/tools", *_TWO_AT_A_TIME])
    alone = patiently(list(_TIMED))
    return together or pages or tools or alone


def patiently(arguments: Sequence[str], root: Path = paths.ROOT) -> int:
    """Run tests, and those few that fail once more with nothing beside them.

    Servers, browsers and clocks share a busy machine here. What passes when it is repeated is named: it is unsteady,
    which is a fault of its own, but tells nothing of the change that is tested.

    Returns:
        The exit status of pytest: of the second go where there was one.
    """
    with tempfile.TemporaryDirectory() as cache:
        status = _run_pytest([*arguments, "-o", f"cache_dir={cache}"], root)
        failed = _failed(Path(cache))
    if status != _SOME_FAILED or not 0 < len(failed) <= _FEW:
        return status
    say(f"Once more, alone: {', '.join(failed)}")
    status = _run_pytest(failed, root)
    if status == 0:
        say(f"Unsteady, passed when repeated: {', '.join(failed)}")
    return status


def _failed(cache: Path) -> list[str]:
    file = cache / "v" / "cache" / "lastfailed"
    return list(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else []


def _run_pytest(arguments: Sequence[str], root: Path = paths.ROOT) -> int:
    sys.stdout.flush()
    command = [str(paths.VENV_PYTHON), "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=root, env=environment(), check=False).returncode


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
