"""Chooses the Python runtime for workerd: Cloudflare's official one, or one built from the npm package.

The official one is preferred: production runs it, and workerd checks its checksum. workerd downloads it at its first
start into `.cache/pyodide/official/` and finds it there later. If it cannot be reached, and in tests, which must not
depend on a network, the bundle of pyodide_bundle.py replaces it.
"""

import http.client
import shutil
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tools import paths, pyodide_bundle, runtime_snapshot, stamps
from tools.commands import run
from tools.progress import step

_HOST = "pyodide-capnp-bin.edgeworker.net"  # the host from which workerd downloads
_PATIENCE_SECONDS = 2.0

_DEVELOPMENT_FLAGS = ("python_workers", "python_workers_development", "experimental")

_FOLDER = paths.CACHE / "pyodide"
_OFFICIAL = _FOLDER / "official"


@dataclass(frozen=True)
class Runtime:
    """A runtime with which workerd can start."""

    folder: Path  # for --pyodide-bundle-disk-cache-dir
    flags: tuple[str, ...]  # compatibility flags instead of wrangler.toml's; empty keeps those
    description: str  # for a person
    workerd_options: tuple[str, ...] = ()


def choose(preference: str) -> Runtime:
    """The runtime for `auto`, `official` or `npm`; prepares it if necessary."""
    if preference == "official":
        return _official("as asked for")
    if preference == "npm":
        return _from_npm("as asked for")
    if any(_OFFICIAL.glob("*.capnp.bin")):
        return _official("kept from an earlier start")
    if official_is_reachable():
        return _official("downloaded at this start, kept for later ones")
    return _from_npm("the official one cannot be reached from here")


def official_is_reachable() -> bool:
    """Whether the host of the official runtime answers within a short time."""
    connection = http.client.HTTPSConnection(_HOST, timeout=_PATIENCE_SECONDS)
    try:
        connection.request("HEAD", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _official(reason: str) -> Runtime:
    _OFFICIAL.mkdir(parents=True, exist_ok=True)
    return Runtime(_OFFICIAL, (), f"Cloudflare's official Pyodide ({reason})")


def _from_npm(reason: str) -> Runtime:
    builder = Path(pyodide_bundle.__file__)
    content = stamps.fingerprint(*pyodide_bundle.SOURCES, builder, builder.with_suffix(".capnp"))
    folder = _FOLDER / f"npm-{content[:16]}"
    if not (folder / pyodide_bundle.BUNDLE_NAME).exists():
        with step("Pyodide runtime from its npm package"):
            _forget(_FOLDER.glob("npm-*"))
            run([paths.VENV_PYTHON, "-m", "tools.pyodide_bundle", folder], log="pyodide-bundle")
    description = f"Pyodide {pyodide_bundle.VERSION} from its npm package ({reason})"
    return Runtime(folder, _DEVELOPMENT_FLAGS, description, _snapshot_options(folder))


def _snapshot_options(folder: Path) -> tuple[str, ...]:
    date = tomllib.loads(paths.WRANGLER_CONFIG.read_text(encoding="utf-8"))["compatibility_date"]
    name = runtime_snapshot.name_for(folder, date)
    if not (folder / name).exists():
        with step("Python started once, for faster starts later"):
            _forget(folder.glob("snapshot-*"))
            if not runtime_snapshot.take(folder, folder / name, date=date, flags=_DEVELOPMENT_FLAGS):
                return ()
    return f"--python-snapshot-dir={folder}", f"--python-load-snapshot={name}"


def _forget(older: Iterable[Path]) -> None:
    for path in older:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
