"""Which Python runtime workerd gets: Cloudflare's official one, or one built from the npm package.

Official first: it is what production runs, and workerd checks its checksum. workerd downloads it at its first start
into `.cache/pyodide/official/` and finds it there later. Where it cannot be reached, and in tests, which must not
depend on a network, the bundle of pyodide_bundle.py takes its place.
"""

import http.client
import shutil
from dataclasses import dataclass
from pathlib import Path

from tools import paths, pyodide_bundle, stamps
from tools.commands import run
from tools.progress import step

_HOST = "pyodide-capnp-bin.edgeworker.net"  # where workerd itself downloads from
_PATIENCE_SECONDS = 2.0

_FOLDER = paths.CACHE / "pyodide"
_OFFICIAL = _FOLDER / "official"


@dataclass(frozen=True)
class Runtime:
    """A runtime workerd can start with."""

    folder: Path  # for --pyodide-bundle-disk-cache-dir
    flags: tuple[str, ...]  # compatibility flags that take the place of wrangler.toml's; none: those count
    description: str  # for a person


def choose(preference: str) -> Runtime:
    """The runtime for `auto`, `official` or `npm`; makes it ready where that takes work."""
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
    """Whether the host of the official runtime answers at all, soon."""
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
        with step("Pyodide runtime from the npm package"):
            _forget_older_bundles()
            run([paths.VENV_PYTHON, "-m", "tools.pyodide_bundle", folder], log="pyodide-bundle")
    flags = ("python_workers", "python_workers_development", "experimental")
    return Runtime(folder, flags, f"Pyodide {pyodide_bundle.VERSION} from its npm package ({reason})")


def _forget_older_bundles() -> None:
    for folder in _FOLDER.glob("npm-*"):
        shutil.rmtree(folder, ignore_errors=True)
