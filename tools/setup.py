"""Prepares a checkout: tools, packages, the client, configuration. Does only what is missing.

Every step knows its inputs. If they are unchanged and its results still exist, it does nothing (stamps.py).
Runs on plain Python, before anything is installed.
"""

import argparse
import fcntl
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools import bindings, dev_vars, paths, stamps
from tools.commands import run
from tools.progress import say, step

ONLY_WHEELS = ("--only-binary", ":all:")
"""Installs only ready-made packages, so that none of their code runs during the installation."""

FROM_SOURCE = ("--no-binary", "http-ece")
"""The one package that exists as source only; for development."""


@dataclass(frozen=True)
class Step:
    """One step of set-up."""

    name: str
    title: str
    inputs: Callable[[], str]  # their fingerprint
    outputs: Callable[[], tuple[Path, ...]]
    perform: Callable[[], None]


class PipMissing(Exception):
    """The machine has Python without pip; only a person can change that."""


def main(arguments: Sequence[str]) -> int:
    """bin/setup: prepare the checkout."""
    parser = argparse.ArgumentParser(prog="bin/setup", description="Prepare this checkout. Repeatable.")
    parser.add_argument("--reset", action="store_true", help="first remove everything an earlier set-up made")
    if parser.parse_args(arguments).reset:
        reset()
    set_up()
    say("Ready.")
    return 0


def set_up(*, client: bool = True) -> None:
    """Do what is missing, in order; nothing in a checkout that is up to date.

    Args:
        client: build the client too; the core's tests and the checks work without it.
    """
    with alone():
        for each in STEPS:
            if each is not CLIENT_STEP or client:
                bring_up_to_date(each)
        _configure()


def bring_up_to_date(each: Step) -> None:
    """Run one step, unless its inputs are unchanged and its outputs still exist.

    Inputs are read first and their fingerprint is written last, so a change meanwhile counts as a change.
    """
    inputs = each.inputs()
    if stamps.is_fresh(each.name, inputs, each.outputs()):
        return
    stamps.forget(each.name)
    with step(each.title):
        each.perform()
    stamps.write(each.name, inputs)


def reset() -> None:
    """Remove everything that set-up made, except what belongs to the person: wrangler.toml, .dev.vars, stored chats."""
    for path in (paths.VENV, paths.NODE_MODULES, paths.PYTHON_MODULES, *paths.BUILT_CLIENT, paths.CACHE):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


@contextmanager
def alone() -> Iterator[None]:
    """Wait for any other set-up of this checkout: two at once would destroy each other's work."""
    paths.CACHE.mkdir(exist_ok=True)
    with (paths.CACHE / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("  waiting for another set-up in this checkout …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _configure() -> None:
    if not paths.WRANGLER_CONFIG.exists():
        shutil.copyfile(paths.WRANGLER_CONFIG_EXAMPLE, paths.WRANGLER_CONFIG)
        say("  wrangler.toml: copied from wrangler.toml.example")
    bindings.check(paths.WRANGLER_CONFIG, paths.WRANGLER_CONFIG_EXAMPLE)
    if not paths.DEV_VARS.exists():
        dev_vars.create()
        say("  .dev.vars: made, with random secrets")


def pywrangler_step() -> Step:
    """The packages of bin/deploy alone, in an environment of their own: they bring modules `pyodide` and `workers`."""
    return Step(
        name="pywrangler",
        title="pywrangler (.cache/pywrangler)",
        inputs=lambda: _python_inputs(paths.DEPLOY_REQUIREMENTS),
        outputs=lambda: (paths.PYWRANGLER,),
        perform=lambda: _install_python(paths.PYWRANGLER_VENV, paths.DEPLOY_REQUIREMENTS, log="pip-deploy"),
    )


def _python_inputs(*requirements: Path) -> str:
    # The path counts, because scripts in a virtual environment name it in their first line.
    return stamps.fingerprint(*requirements, platform.python_version(), platform.machine(), str(paths.ROOT))


def _install_python(folder: Path, requirements: Path, *, log: str) -> None:
    # Without pip, so that Debian's Python, which lacks ensurepip, is enough; the outer pip installs into it.
    run([_base_python(), "-m", "venv", "--clear", "--without-pip", folder], log="venv")
    _pip_install(requirements, python=folder / paths.VENV_PYTHON.relative_to(paths.VENV), log=log)


def _install_development() -> None:
    _install_python(paths.VENV, paths.BUILD_REQUIREMENTS, log="pip-build")
    # Built with the packages just installed: in isolation, pip would fetch any version it likes.
    built_here = (*FROM_SOURCE, "--no-build-isolation", "--use-pep517")
    _pip_install(paths.DEVELOPMENT_REQUIREMENTS, *built_here, python=paths.VENV_PYTHON, log="pip-development")


def _install_worker_packages() -> None:
    # As `pywrangler sync` would, but without its download of a Pyodide interpreter: these wheels are pure Python.
    with tempfile.TemporaryDirectory(dir=paths.CACHE) as folder:
        fresh = Path(folder) / "python_modules"
        _pip_install(
            paths.WORKER_REQUIREMENTS,
            "--target",
            str(fresh),
            "--platform",
            "any",
            "--python-version",
            "3.14",
            "--no-compile",
            log="pip-worker",
        )
        shutil.rmtree(paths.PYTHON_MODULES, ignore_errors=True)
        fresh.rename(paths.PYTHON_MODULES)


def _pip_install(requirements: Path, *options: str, log: str, python: Path | None = None) -> None:
    """Install exactly the packages of a lock file: no other dependency, and no file with another hash."""
    into = ["--python", str(python)] if python else []
    exactly = ["--no-deps", "--require-hashes", *ONLY_WHEELS, "--no-input"]
    run([*_pip(), *into, "install", *exactly, *options, "-r", requirements], log=log)


def _pip() -> list[str]:
    """The command for the machine's pip."""
    python = _base_python()
    if subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0:
        return [python, "-m", "pip"]
    if found := shutil.which("pip3") or shutil.which("pip"):
        return [found]
    raise PipMissing("pip is missing: install it with your system's package manager, or `python3 -m ensurepip`")


def _base_python() -> str:
    # Not the Python of .venv, because this step deletes .venv.
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def npm() -> list[Path | str]:
    """The command for npm."""
    node = paths.node()
    return [node, node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def _install_npm_packages() -> None:
    # `npm ci` installs exactly what is in the lock file; `npm install` would add what the lock lacks.
    run([*npm(), "ci", "--no-audit", "--no-fund"], log="npm")


CLIENT_STEP = Step(
    name="client",
    title="client (public/)",
    inputs=lambda: stamps.fingerprint(paths.CLIENT, paths.ROOT / "package-lock.json", paths.ROOT / "tsconfig.json"),
    outputs=lambda: paths.BUILT_CLIENT,
    perform=lambda: run([paths.node(), paths.CLIENT / "build.mjs"], log="client"),
)

STEPS = (
    Step(
        name="python",
        title="Python tools (.venv)",
        inputs=lambda: _python_inputs(paths.BUILD_REQUIREMENTS, paths.DEVELOPMENT_REQUIREMENTS),
        outputs=lambda: (paths.VENV_PYTHON, paths.node()),
        perform=_install_development,
    ),
    Step(
        name="npm",
        title="npm packages (node_modules)",
        inputs=lambda: stamps.fingerprint(
            paths.ROOT / "package.json", paths.ROOT / "package-lock.json", paths.ROOT / ".npmrc", os.uname().machine
        ),
        outputs=lambda: (paths.WRANGLER,),
        perform=_install_npm_packages,
    ),
    Step(
        name="worker-packages",
        title="Python packages of the Worker (python_modules)",
        inputs=lambda: stamps.fingerprint(paths.WORKER_REQUIREMENTS),
        outputs=lambda: (paths.PYTHON_MODULES / "workers",),
        perform=_install_worker_packages,
    ),
    CLIENT_STEP,
)
