"""Checks that wrangler.toml binds all that the Worker needs: a newer chat may need more than an older file has."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_SECTION = re.compile(r"^\[.*?(?=^\[|^# ---|\Z)", re.MULTILINE | re.DOTALL)


class BindingsMissing(Exception):
    """The operator's own wrangler.toml lacks what the Worker needs; the message says what to add."""


def check(config: Path, example: Path) -> None:
    """Make sure that every object of the example is bound.

    Raises:
        BindingsMissing: only a person can add the missing lines.
    """
    lacking = missing(config.read_text(encoding="utf-8"), example.read_text(encoding="utf-8"))
    if not lacking:
        return
    lines = "\n\n".join(lacking)
    raise BindingsMissing(
        f"{config.name} was made for an earlier version and lacks what this one needs. Add to it:\n\n{lines}\n\n"
        "Its environments ([env.NAME]) need the bindings, too; wrangler.toml.example shows how."
    )


def missing(config: str, example: str) -> list[str]:
    """The sections of the example, as text, whose objects the configuration does not bind or announce."""
    try:
        given = tomllib.loads(config)
    except tomllib.TOMLDecodeError:
        return []  # wrangler shows where it is wrong
    sections = [_without_comments(found[0]) for found in _SECTION.finditer(example)]
    return [section for section in sections if not _is_there(tomllib.loads(section), given)]


def _is_there(section: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    bound = {each.get("name") for each in _bindings(given)}
    announced = {name for each in given.get("migrations", []) for name in each.get("new_sqlite_classes", [])}
    classes = {name for each in section.get("migrations", []) for name in each["new_sqlite_classes"]}
    return {each["name"] for each in _bindings(section)} <= bound and classes <= announced


def _bindings(config: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(config.get("durable_objects", {}).get("bindings", []))


def _without_comments(section: str) -> str:
    return "\n".join(line for line in section.splitlines() if line.strip() and not line.startswith("#"))
