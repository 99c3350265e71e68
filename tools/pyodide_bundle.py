"""Writes workerd's Pyodide runtime from the npm package `pyodide`, for networks that do not reach the official one.

workerd reads the runtime as one Cap'n Proto message with three modules: the glue script, the WebAssembly program and
the standard library. The npm package holds the same three, but its glue script is written for browsers and needs three
changes (CHANGES). If a new version differs, building stops, because a half-changed script fails in ways that are hard
to understand.

Runs in the virtual environment (it needs pycapnp): `python -m tools.pyodide_bundle FOLDER`.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.paths import NODE_MODULES, ROOT

VERSION = "314.0.6"  # what workerd runs for our compatibility date; package.json pins the same
BUNDLE_NAME = "pyodide_dev.capnp.bin"  # the name workerd looks for with the flag python_workers_development

PACKAGE = NODE_MODULES / "pyodide"
GLUE, PROGRAM, LIBRARY = "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"
SOURCES = tuple(PACKAGE / name for name in ("package.json", GLUE, PROGRAM, LIBRARY))

_SCHEMA = Path(__file__).with_suffix(".capnp")
_IMPORTS = 'import { getRandomValues, newWasmModule } from "pyodide-internal:builtin_wrappers";\n'


class UnexpectedPyodide(Exception):
    """The package is not the version whose glue script we know how to change."""


@dataclass(frozen=True)
class Change:
    """One replacement in the glue script, and how often its text must occur."""

    why: str
    old: str
    new: str
    times: int


CHANGES = (
    Change(
        why="workerd asks for the factory by name",
        old="export default _createPyodideModule;",
        new="export{_createPyodideModule};",
        times=1,
    ),
    Change(
        why="workerd compiles WebAssembly from bytes for its own modules only",
        old="new WebAssembly.Module(",
        new="newWasmModule(",
        times=4,
    ),
    Change(
        why="workerd refuses randomness at start-up and gives Pyodide its own source",
        old="crypto.getRandomValues(view)",
        new="getRandomValues(Module,view)",
        times=1,
    ),
)


def adapt(glue: str) -> str:
    """The glue script in the form that workerd needs.

    Raises:
        UnexpectedPyodide: a text to replace does not occur exactly as often as expected, so this is another version.
    """
    for change in CHANGES:
        found = glue.count(change.old)
        if found != change.times:
            raise UnexpectedPyodide(
                f"{GLUE} holds {change.old!r} {found} times, expected {change.times} ({change.why}). This is not the "
                f"glue script of Pyodide {VERSION}; look at the changes in tools/pyodide_bundle.py before going on."
            )
        glue = glue.replace(change.old, change.new)
    return _IMPORTS + glue


def build(folder: Path) -> Path:
    """Write the bundle into `folder` and return its path.

    Raises:
        UnexpectedPyodide: the installed package is another version.
    """
    import capnp  # only the virtual environment has it, and the rest of this module runs without it

    _check_version()
    schema = capnp.load(str(_SCHEMA))
    bundle = schema.Bundle.new_message()
    modules = bundle.init("modules", 3)
    glue = adapt((PACKAGE / GLUE).read_text(encoding="utf-8"))
    for module, name, kind, content in (
        (modules[0], "pyodide.asm", "src", glue.encode()),
        (modules[1], "pyodide.asm.wasm", "wasm", (PACKAGE / PROGRAM).read_bytes()),
        (modules[2], "python_stdlib.zip", "data", (PACKAGE / LIBRARY).read_bytes()),
    ):
        module.name = f"pyodideRuntime-internal:{name}"
        module.type = "internal"
        setattr(module, kind, content)
    return _write(folder, bundle.to_bytes())


def _check_version() -> None:
    installed = json.loads((PACKAGE / "package.json").read_text())["version"]
    if installed != VERSION:
        raise UnexpectedPyodide(f"npm package pyodide is {installed}, workerd's Python needs {VERSION}")


def _write(folder: Path, content: bytes) -> Path:
    # Renamed into place, so that an interrupted run leaves no partial bundle for a later one to use.
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / BUNDLE_NAME
    partial = target.with_suffix(".partial")
    partial.write_bytes(content)
    return partial.rename(target)


if __name__ == "__main__":
    try:
        print(build(ROOT / sys.argv[1]))
    except UnexpectedPyodide as problem:
        sys.exit(str(problem))
