"""docs/security/SECURITY.md promises nothing that no test shows."""

import ast
import re
from functools import cache

import pytest

from tools.paths import ROOT

PAGE = (ROOT / "docs" / "security" / "SECURITY.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[a-z_/]+\.py)::(\w+)`", PAGE)))


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(each.name for each in functions if each.name.startswith("test_"))


@pytest.mark.parametrize(("path", "name"), NAMED, ids=[name for _, name in NAMED])
def test_every_named_test_exists(path: str, name: str) -> None:
    assert name in names_in(path)


def test_every_measure_names_a_test() -> None:
    measures = [
        line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| what", "| ---"))
    ]
    assert len(measures) > 30
    assert [line for line in measures if "`tests/" not in line.split(" | ")[-1]] == []


def test_every_mention_of_a_test_was_read() -> None:
    assert PAGE.count("::test_") == len(re.findall(r"`tests/[a-z_/]+\.py::\w+`", PAGE))
