"""Starts a tool of client/node/tools/: what it is to do goes to it as JSON on standard input, secrets included.

Nothing secret is on a command line, which other programs can read and shells remember: passwords come from the
environment or from a prompt.
"""

import getpass
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from typing import Any

from tools import paths, setup
from tools.commands import environment

NAME, PASSWORD, RECOVERY_CODE = "CHAT_NAME", "CHAT_PASSWORD", "CHAT_RECOVERY_CODE"
_STEPS = ("python", "npm")


class Unanswered(Exception):
    """Something has to be known and nobody is there to be asked; the message says which variable to set."""


def credentials() -> dict[str, str | None]:
    """Who signs in: from the environment, and from prompts for what is missing there.

    Raises:
        Unanswered: there is no terminal to ask at.
    """
    name = os.environ.get(NAME) or _ask(NAME, "Name", secret=False)
    recovery = os.environ.get(RECOVERY_CODE) or None
    password = os.environ.get(PASSWORD) or None
    if password is None and recovery is None:
        password = _ask(PASSWORD, "Password", secret=True)
    return {"name": name, "password": password, "recovery": recovery}


def ask_secret(variable: str, words: str) -> str:
    """A secret from the environment, or typed twice.

    Raises:
        Unanswered: there is no terminal to ask at.
    """
    if given := os.environ.get(variable):
        return given
    while True:
        typed = _ask(variable, words, secret=True)
        if typed == _ask(variable, "Once more", secret=True):
            return typed
        print("They differ; please try again.", file=sys.stderr)


def run_tool(name: str, order: Mapping[str, Any]) -> int:
    """Build the tool, hand it the order and wait until it ends; its exit status.

    Args:
        name: of its file in client/node/tools/, without the ending.
    """
    _prepare()
    node = str(paths.node())
    with tempfile.TemporaryDirectory(prefix="durable-chat-tool-") as folder:
        built = subprocess.run([node, paths.CLIENT / "node" / "build.mjs", name, folder], cwd=paths.ROOT, check=False)
        if built.returncode != 0:
            return built.returncode
        command = [node, f"{folder}/{name}.mjs"]
        # Secrets that came by the environment go by the order: what the tool starts would inherit them.
        clean = {key: value for key, value in environment().items() if not key.startswith(("CHAT_", "EXPORT_"))}
        with subprocess.Popen(command, stdin=subprocess.PIPE, text=True, env=clean) as tool:
            assert tool.stdin is not None
            tool.stdin.write(json.dumps(dict(order)))
            tool.stdin.close()
            return _wait_for(tool)


def _wait_for(tool: "subprocess.Popen[str]") -> int:
    """Ctrl-C reaches the tool as well; it tidies up and ends by itself."""
    while True:
        try:
            return tool.wait()
        except KeyboardInterrupt:
            continue


def _prepare() -> None:
    with setup.alone():
        for step in setup.STEPS:
            if step.name in _STEPS:
                setup.bring_up_to_date(step)


def _ask(variable: str, words: str, *, secret: bool) -> str:
    if not sys.stdin.isatty():
        raise Unanswered(f"Set {variable}: there is no terminal to ask at.")
    if secret:
        return getpass.getpass(f"{words}: ")
    print(f"{words}: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()
