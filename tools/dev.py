"""bin/dev: set up what is missing, then run the chat on this machine until Ctrl-C."""

import argparse
import signal
import tomllib
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from tools import deployed_snapshot, dev_vars, paths, worker_runtime
from tools.changes import wait_for_change
from tools.client_watch import ClientWatch
from tools.dev_server import GAVE_UP, DevServer
from tools.progress import say
from tools.run_folder import run_folder
from tools.setup import alone, set_up
from tools.wrangler import DevRun, port_is_free, sources

DEFAULT_PORT = 8787
_HIGHEST_PORT = 65_535


def main(arguments: Sequence[str]) -> int:
    """Run the chat; 0 if a person ended it."""
    options = _parse(arguments)
    # SIGINT too: if a script starts this in the background, its shell ignores SIGINT, and so would Python.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    try:
        return _run(options)
    except KeyboardInterrupt:
        say("\nStopped.")
        return 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/dev", description="Run Durable Chat on this machine.")
    parser.add_argument(
        "--port", type=_port, default=DEFAULT_PORT, help="where to listen; 0 takes any free port (%(default)s)"
    )
    parser.add_argument("--state", type=Path, default=paths.STATE, help="folder that keeps rooms and messages")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        dest="settings",
        help="a setting or secret for this run only; an empty VALUE means not set; repeatable",
    )
    parser.add_argument(
        "--runtime",
        choices=("auto", "official", "npm"),
        default="auto",
        help="Python runtime: Cloudflare's own, or built from npm where that is out of reach (%(default)s)",
    )
    parser.add_argument("--verbose", action="store_true", help="show all that wrangler prints")
    # For the tests, which have set up already, pass every setting, and start servers of other Workers too.
    parser.add_argument("--no-setup", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--no-dev-vars", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--config", type=Path, default=paths.WRANGLER_CONFIG, help=argparse.SUPPRESS)
    parser.add_argument("--as-deployed", action="store_true", help=argparse.SUPPRESS)  # the source stays as it is
    parser.add_argument("--beside", type=Path, help=argparse.SUPPRESS)  # the configuration of a second Worker
    parser.add_argument("--registry", type=Path, help=argparse.SUPPRESS)  # where Workers of two processes meet
    parser.add_argument("--inspector", default="", help=argparse.SUPPRESS)  # an address where nobody listens yet
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is no port: a number from 0 to {_HIGHEST_PORT}")
    return int(text)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _run(options: argparse.Namespace) -> int:
    try:
        changes = dict(dev_vars.parse_assignment(argument) for argument in options.settings)
    except dev_vars.BadSetting as problem:
        say(f"bin/dev: {problem}")
        return 2
    if options.port and not port_is_free(options.port):
        say(f"bin/dev: port {options.port} is taken; choose another with --port, or any free one with --port 0")
        return 1
    if not options.no_setup:
        set_up()
    return _serve_on(options, _settings(options, changes), with_env_file=bool(changes) or options.no_dev_vars)


def _serve_on(options: argparse.Namespace, settings: dict[str, str], *, with_env_file: bool) -> int:
    """Run wrangler until a person ends it; if it ends because of broken code, start it again after the next change."""
    has_run = False
    while True:
        server, status = _serve(options, settings, with_env_file=with_env_file)
        if server.url is not None:
            has_run = True
            options.port = urlsplit(server.url).port  # so that open pages find it again
        if server.lacks_runtime and options.runtime == "auto":  # its host answered before, but the download failed
            options.runtime = "npm"
        elif has_run and status == GAVE_UP:
            say("\nThe Worker does not start: see above. It is tried again when a source changes; Ctrl-C ends this.")
            wait_for_change(sources(options.config))
        else:
            return status


def _serve(options: argparse.Namespace, settings: dict[str, str], *, with_env_file: bool) -> tuple[DevServer, int]:
    """Run wrangler until it ends by itself; returns the server, and wrangler's status."""
    with alone():
        runtime = worker_runtime.choose(options.runtime)
        if options.as_deployed:
            runtime = deployed_snapshot.start_from(runtime, options.config)
    with run_folder() as folder:
        env_file = folder / "settings.env" if with_env_file else None
        if env_file is not None:
            dev_vars.write_env_file(env_file, settings)
        run = DevRun(
            runtime,
            options.port,
            options.state.resolve(),
            folder,
            env_file,
            options.config.resolve(),
            options.beside,
            inspector=options.inspector,
            registry=options.registry,
        )
        say(f"Starting, with {runtime.description} …")
        server = DevServer(
            run,
            verbose=options.verbose,
            on_ready=lambda url: print(_welcome(url, settings), flush=True),
            on_idle=_nothing if options.no_setup else ClientWatch().look,
        )
        status = server.serve()
    if server.lacks_runtime and options.runtime == "official":
        say("bin/dev: the official runtime could not be downloaded; --runtime npm does without")
    return server, status


def _nothing() -> None:
    """There is no client to watch."""


def _settings(options: argparse.Namespace, changes: dict[str, str]) -> dict[str, str]:
    base = {} if options.no_dev_vars else dev_vars.read(options.config.with_name(".dev.vars"))
    declared = tomllib.loads(options.config.read_text(encoding="utf-8")).get("vars", {})
    return dev_vars.merge(base, changes, declared=declared)


def _welcome(url: str, settings: dict[str, str]) -> str:
    password = settings.get("CHAT_PASSWORD") or "CHAT_PASSWORD is not set"
    return f"""
  Durable Chat is running.

    address   {url}
    password  {password}

  Open it in two windows and talk. Ctrl-C stops it.
"""
