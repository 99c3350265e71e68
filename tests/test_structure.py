"""The shape of src/: who may import what, where SQL may stand, and that no statement is ever built from values."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tools.paths import ROOT

SHELL = frozenset({"entry", "room", "guesses", "runtime", "crypto"})
PLATFORM = frozenset({"js", "pyodide", "pyodide_js", "workers", "_pyodide", "_workers_sdk"})
WORLD = frozenset({"time", "random", "secrets", "os", "socket", "ssl", "threading", "subprocess"})
HOLD_SQL = frozenset({"store", "schema"})
SQL = re.compile(
    r"\b(SELECT\s|INSERT\s+(OR|INTO)\b|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\b|(CREATE|DROP|ALTER)\s+\w+|PRAGMA\b|REPLACE\s+INTO"
    r"|UNION\s|VALUES\s*\(|ORDER\s+BY\b|SAVEPOINT\b|ATTACH\s)"
)
# Here a statement passes through as an argument; its callers are looked at instead.
PASS_ON = {
    ("store", "_run"), ("runtime", "execute"), ("runtime", "rows"), ("schema", "_run"), ("schema", "migrate"),
}  # fmt: skip
EXECUTE = frozenset({"_run", "execute", "exec", "rows"})
MODULES = sorted((ROOT / "src").glob("*.py"))
CORE = [path for path in MODULES if path.stem not in SHELL]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), path.name)


def imports(path: Path) -> set[str]:
    """The top-level names of all modules that a module imports, inside functions too."""
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports do not work where src/ is the import root"
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names}


def docstrings(path: Path) -> set[int]:
    """The ids of the nodes that are docstrings."""
    found = set()
    for node in ast.walk(tree(path)):
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            continue
        found |= {
            id(each.value) for each in body if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
        }
    return found


def texts(path: Path) -> Iterator[str]:
    """Every string of a module that is not a docstring."""
    known = docstrings(path)
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in known:
            yield node.value


def module_constants(path: Path) -> set[str]:
    """Names that a module gives once, at its top, to texts or tuples of texts that are written out."""
    assigned = [node for node in tree(path).body if isinstance(node, (ast.Assign, ast.AnnAssign))]
    names: list[str] = []
    constants: set[str] = set()
    for node in assigned:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names += [target.id for target in targets if isinstance(target, ast.Name)]
        if node.value is not None and _is_constant(node.value, constants):
            constants |= {target.id for target in targets if isinstance(target, ast.Name)}
    return {name for name in constants if names.count(name) == 1}


def _is_constant(node: ast.expr, names: set[str]) -> bool:
    match node:
        case ast.Constant(value=str()):
            return True
        case ast.BinOp(left, ast.Add(), right):
            return _is_constant(left, names) and _is_constant(right, names)
        case ast.Name(name):
            return name in names
        case ast.Tuple(items):
            return all(_is_constant(item, names) for item in items)
    return False


def statements(path: Path) -> Iterator[tuple[str, ast.expr]]:
    """What is passed to be executed as SQL, with the name of the function where it happens."""
    functions = [node for node in ast.walk(tree(path)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    for function in functions:
        for node in ast.walk(function):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
            if name not in EXECUTE or not node.args:
                continue
            # The database or table comes first where the callee is a plain function.
            place = 1 if isinstance(node.func, ast.Name) else 0
            yield function.name, node.args[place]


def test_there_is_something_to_look_at() -> None:
    assert {path.stem for path in MODULES} >= SHELL | HOLD_SQL | {"protocol", "conversation"}
    assert sum(1 for path in MODULES for _ in statements(path)) > 50


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_only_the_shell_speaks_to_the_platform(path: Path) -> None:
    assert imports(path) & PLATFORM == set()


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_the_core_does_not_import_the_shell(path: Path) -> None:
    assert imports(path) & SHELL == set()


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_the_core_is_given_time_and_randomness_and_does_not_fetch_them(path: Path) -> None:
    assert imports(path) & WORLD == set()


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_the_core_does_not_read_the_clock_by_another_way(path: Path) -> None:
    calls = {
        node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }
    assert (
        calls
        & {"uuid4", "uuid1", "uuid7", "monotonic", "perf_counter", "urandom", "token_bytes", "utcnow", "now", "today"}
        == set()
    )


def test_only_one_module_calls_subtle_crypto() -> None:
    users = {
        path.stem
        for path in MODULES
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Attribute) and node.attr == "subtle")
        or (isinstance(node, ast.Name) and node.id == "subtle")
        or (isinstance(node, ast.Constant) and node.value == "subtle")
    }
    assert users == {"crypto"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_module_is_called_like_one_of_python_or_the_platform(path: Path) -> None:
    assert path.stem not in sys.stdlib_module_names
    assert path.stem not in PLATFORM | {"asgi", "altcha", "pytest", "hypothesis", "tools", "tests", "bin", "js"}


def test_imports_have_no_circles() -> None:
    graph = {path.stem: imports(path) & {each.stem for each in MODULES} for path in MODULES}
    while graph:
        free = {name for name, needed in graph.items() if not needed & graph.keys()}
        assert free, f"these import each other: {sorted(graph)}"
        graph = {name: needed for name, needed in graph.items() if name not in free}


def test_the_bottom_imports_nothing_of_ours_but_what_is_below_it() -> None:
    ours = {path.stem for path in MODULES}
    below = {"errors": set[str](), "limits": set[str](), "encoding": {"errors", "limits"}}
    for name, allowed in below.items():
        assert imports(ROOT / "src" / f"{name}.py") & ours <= allowed


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_sql_statement_is_a_constant(path: Path) -> None:
    constants = module_constants(path)
    built = [
        f"{function}: {ast.unparse(statement)}"
        for function, statement in statements(path)
        if not _is_constant(statement, constants) and (path.stem, function) not in PASS_ON
    ]
    assert built == []


def test_every_migration_is_a_constant() -> None:
    constants = module_constants(ROOT / "src/schema.py")
    assert "MIGRATIONS" in constants


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_sql_stands_in_two_modules_only(path: Path) -> None:
    found = [text for text in texts(path) if SQL.search(text)]
    assert bool(found) is (path.stem in HOLD_SQL)


@pytest.mark.parametrize("name", sorted(HOLD_SQL))
def test_no_text_is_put_together_from_values_where_sql_stands(name: str) -> None:
    path = ROOT / "src" / f"{name}.py"
    formatted = [
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.JoinedStr)
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant))
        or (isinstance(node, ast.Attribute) and node.attr in ("format", "format_map", "replace", "substitute"))
    ]
    assert [ast.unparse(node) for node in formatted if SQL.search(ast.unparse(node))] == []


def test_a_built_statement_would_be_noticed() -> None:
    for statement in ("f'SELECT {x}'", "'SELECT ' + x", "'SELECT %s' % x", "'SELECT {}'.format(x)", "x", "f()"):
        assert not _is_constant(ast.parse(statement, mode="eval").body, {"_COLUMNS"})
    assert _is_constant(ast.parse("'SELECT ' + _COLUMNS + ' FROM x'", mode="eval").body, {"_COLUMNS"})


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_nothing_happens_when_a_core_module_is_imported(path: Path) -> None:
    """Calls at module level: only those that make a constant."""
    allowed = {
        "compile", "frozenset", "dataclass", "Protocol", "TypeVar", "field", "object", "tuple", "set", "encode", "dict",
        "b64url", "from_b64url", "join", "range", "getLogger", "items", "sorted", "MappingProxyType", "fromhex", "max",
        "min", "float", "len", "bytes", "int", "JSONEncoder", "JSONDecoder",
    }  # fmt: skip
    called = set()
    for node in tree(path).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        for each in ast.walk(node):
            if isinstance(each, ast.Call):
                called.add(getattr(each.func, "attr", None) or getattr(each.func, "id", ""))
    assert called - allowed == set()
