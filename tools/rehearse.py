"""bin/rehearse: what Cloudflare's "Deploy" button does with the repository, in a clean copy, as far as a dry run goes.

The builder has Python with pip, and Node with npm; it has no uv, and nothing that a set-up has left behind. It reads
wrangler.toml, .dev.vars.example and package.json, and calls `npm ci`, `npm run build` and `npm run deploy`.
"""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

from tools import dev_vars, paths
from tools.commands import files_of_the_repository
from tools.progress import say, step
from tools.setup import npm, set_up

_READ = ("wrangler.toml", ".dev.vars.example", "package.json", "package-lock.json")
_OURS = ("CLOUDFLARE_", "PIP_", "PYTHON", "UV_", "VIRTUAL_ENV", "WRANGLER_", "XDG_")
"""Environment variables of this machine that would hide what the builder lacks; its certificates and proxies stay."""
_TOOLS = ("bash", "cat", "env", "git", "python3", "sh", "uname")


class RehearsalFailed(Exception):
    """What the builder would do does not work; the message says what."""


def main(arguments: Sequence[str]) -> int:
    """Rehearse; 0 if the builder would have come as far as the upload."""
    argparse.ArgumentParser(prog="bin/rehearse", description=__doc__).parse_args(arguments)
    set_up(client=False)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        try:
            _copy_what_is_committed(copy)
            asked = _asked_for(copy)
            say(f"  It asks for {', '.join(asked)}.")
            for words in (["ci", "--no-audit", "--no-fund"], ["run", "build"], ["run", "deploy", "--", "--dry-run"]):
                with step(f"npm {' '.join(words)}"):
                    _npm(words, copy, Path(folder))
        except RehearsalFailed as problem:
            say(f"bin/rehearse: {problem}")
            return 1
    say("The button's builder would come as far as the upload.")
    return 0


def _copy_what_is_committed(copy: Path) -> None:
    for name in files_of_the_repository():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(paths.ROOT / name, copy / name)


def _asked_for(copy: Path) -> list[str]:
    """The names that the button's form shows."""
    if missing := [name for name in _READ if not (copy / name).is_file()]:
        raise RehearsalFailed(f"not committed: {', '.join(missing)}")
    secrets = dev_vars.read(copy / ".dev.vars.example")
    if given := [name for name, value in secrets.items() if value]:
        raise RehearsalFailed(f"the form would suggest a value for {', '.join(given)}")
    variables = tomllib.loads((copy / "wrangler.toml").read_text(encoding="utf-8")).get("vars", {})
    told = json.loads((copy / "package.json").read_text(encoding="utf-8"))["cloudflare"]["bindings"]
    if silent := {*secrets, *variables} - told.keys():
        raise RehearsalFailed(f"package.json does not explain {', '.join(sorted(silent))}")
    return [*secrets, *variables]


def _npm(words: Sequence[str], copy: Path, folder: Path) -> None:
    log = folder / "log"
    with log.open("wb") as output:
        done = subprocess.run(
            [*npm(), *words],
            cwd=copy,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
        )
    if done.returncode != 0:
        told = log.read_text(encoding="utf-8", errors="replace")
        raise RehearsalFailed(f"npm {' '.join(words)} ended with {done.returncode}:\n{told}")


def _environment(folder: Path) -> dict[str, str]:
    """The builder's: its few programs, an empty home, nobody to ask."""
    programs = folder / "bin"
    home = folder / "home"
    if not programs.exists():
        programs.mkdir()
        home.mkdir()
        for name in _TOOLS:
            if found := shutil.which(name):
                (programs / name).symlink_to(found)
        (programs / "node").symlink_to(paths.node())
        npm_itself = shlex.join(map(str, npm()))
        (programs / "npm").write_text(f'#!/bin/sh\nexec {npm_itself} "$@"\n', encoding="utf-8")
        (programs / "npm").chmod(0o700)
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(_OURS)},
        "PATH": str(programs),
        "HOME": str(home),
        "CI": "true",
        "WORKERS_CI": "1",
    }
