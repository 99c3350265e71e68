"""Remembers the inputs with which each step of the set-up last ran, so that a second run does nothing.

A stamp is a file in `.cache/stamps/` that holds the fingerprint of the inputs. Content counts, not time: a fresh
checkout of the same commit and a touched file change nothing.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from tools.paths import ROOT, STAMPS


def fingerprint(*parts: str | Path) -> str:
    """SHA-256 over texts and over the names and contents of files; for a folder, over every file below it."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            _add(digest, b"text", part.encode())
            continue
        for file in _files(part):
            _add(digest, str(file.relative_to(ROOT) if file.is_relative_to(ROOT) else file).encode(), file.read_bytes())
    return digest.hexdigest()


def is_fresh(name: str, expected: str, outputs: Iterable[Path]) -> bool:
    """Whether the step `name` last ran with these inputs and its outputs still exist."""
    stamp = STAMPS / name
    return stamp.is_file() and stamp.read_text() == expected and all(path.exists() for path in outputs)


def write(name: str, value: str) -> None:
    """Remember that the step `name` succeeded with inputs of this fingerprint."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(value)


def forget(name: str) -> None:
    """Forget the stamp of the step `name` before it runs: until it succeeds, its outputs do not count."""
    (STAMPS / name).unlink(missing_ok=True)


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)


def _add(digest: "hashlib._Hash", name: bytes, content: bytes) -> None:
    # Lengths first: otherwise a byte moved from one part to the next would give the same fingerprint.
    digest.update(f"{len(name)} {len(content)} ".encode())
    digest.update(name)
    digest.update(content)
