"""How to call wrangler: command line and environment, without everything that contacts others or leaves files behind.

wrangler.toml stays what production uses; settings for local runs only are given here and nowhere else.
"""

import ctypes
import os
import platform
import signal
import socket
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tools import paths
from tools.commands import environment

if TYPE_CHECKING:
    from tools.worker_runtime import Runtime

ADDRESS = "127.0.0.1"
PID_FILE = "pids"  # in the folder of a run: the pid of wrangler, then of each workerd, one a line

LAUNCHER = paths.ROOT / "tools" / "workerd_launcher"
_PR_SET_PDEATHSIG = 1

# wrangler sends nothing from this machine unless a person asks for it (wrangler 4.164.0; names from its source).
QUIET = {
    "WRANGLER_SEND_METRICS": "false",
    "WRANGLER_SEND_ERROR_REPORTS": "false",
    "DO_NOT_TRACK": "1",
    "WRANGLER_HIDE_BANNER": "true",  # also skips the check for a newer wrangler
    "CLOUDFLARE_CF_FETCH_ENABLED": "false",  # no download of an example Request.cf
    "X_LOCAL_EXPLORER": "false",
    "X_LOCAL_OBSERVABILITY": "false",
}


@dataclass(frozen=True)
class DevRun:
    """What one `wrangler dev` is started with."""

    runtime: "Runtime"
    port: int  # 0: any free one
    state: Path  # local storage
    folder: Path  # of this run alone: temporary files, logs, pid of workerd
    env_file: Path | None = None  # settings in place of .dev.vars
    config: Path = paths.WRANGLER_CONFIG
    beside: Path | None = None  # the configuration of a second Worker, which the first one's bindings name
    inspector: str = ""  # the address of one to which wrangler does not listen; empty: wrangler's own
    registry: Path | None = None  # where it finds Workers of other processes; None: only those of its own
    workerd_options: tuple[str, ...] = ()


def sources(config: Path) -> Path:
    """The folder of the entry point of the Worker that a configuration describes."""
    main = tomllib.loads(config.read_text(encoding="utf-8"))["main"]
    return config.parent.joinpath(main).parent


def dev_command(run: DevRun) -> list[str]:
    """The command line of `wrangler dev`."""
    command = [*command_prefix(), "dev", "--ip", ADDRESS, "--port", str(run.port), "--inspector-port", "0"]
    for config in (run.config, run.beside):
        command += [] if config is None else ["--config", str(config)]
    command += ["--persist-to", str(run.state), "--show-interactive-dev-session", "false"]
    for flag in run.runtime.flags:
        command += ["--compatibility-flags", flag]
    if run.env_file is not None:
        command += ["--env-file", str(run.env_file)]
    return command


def dev_environment(run: DevRun) -> dict[str, str]:
    """The environment of `wrangler dev`: quiet, and all its files go to the folder of the run."""
    temporary = run.folder / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    options = (
        f"--pyodide-bundle-disk-cache-dir={run.runtime.folder}",
        *run.runtime.workerd_options,
        *run.workerd_options,
    )
    return environment(
        {
            **QUIET,
            "TMPDIR": str(temporary),
            "XDG_CONFIG_HOME": str(paths.CACHE / "config"),  # wrangler stores there that metrics are off
            "WRANGLER_LOG_PATH": str(run.folder / "logs"),
            "WRANGLER_REGISTRY_PATH": str(run.registry or run.folder / "registry"),
            "WRANGLER_CACHE_DIR": str(paths.CACHE / "wrangler"),
            "MINIFLARE_WORKERD_PATH": str(LAUNCHER),
            "DURABLE_CHAT_WORKERD": str(workerd()),
            "DURABLE_CHAT_WORKERD_OPTIONS": "\n".join(options),
            "DURABLE_CHAT_PID_FILE": str(run.folder / PID_FILE),
            "DURABLE_CHAT_INSPECTOR": run.inspector,
        }
    )


def command_prefix() -> list[str]:
    """wrangler itself, without the small program around it that only checks Node's version."""
    return [str(paths.node()), "--no-warnings", str(paths.WRANGLER)]


def workerd() -> Path:
    """The workerd that wrangler brought for this machine."""
    system = {"linux": "linux", "darwin": "darwin"}[sys.platform]
    machine = {"x86_64": "64", "amd64": "64", "arm64": "arm64", "aarch64": "arm64"}[platform.machine().lower()]
    return paths.NODE_MODULES / "@cloudflare" / f"workerd-{system}-{machine}" / "bin" / "workerd"


def port_is_free(port: int) -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
    return True


def die_with_parent() -> Callable[[], None] | None:
    """For Popen's `preexec_fn`: on Linux the child is killed when we are, even by SIGKILL; elsewhere nothing."""
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def bind_to_parent() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # the parent died between fork and prctl
            os._exit(1)

    return bind_to_parent
