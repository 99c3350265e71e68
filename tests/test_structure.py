"""The shape of src/: which layer may import which, where SQL may stand, and that no statement is built from values."""

import ast
import re
import sys
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import pytest

from tools.paths import ROOT

SRC = ROOT / "src"
LAYERS: tuple[frozenset[str], ...] = tuple(
    frozenset(names.split())
    for names in (
        "entry",
        "room",
        "workerd crypto",
        "live",
        "upkeep",
        "notify",
        "bots",
        "access",
        "files search",
        "chat",
        "storage",
        "wire web settings",
        "setting_values",
        "sealing",
        "text",
        "memory logs",
        "encoding",
        "errors limits bot_limits",
    )
)
"""From above to below: what stands here imports from its own layer or from one further down, never from above."""
SHELL = frozenset({"entry", "room", "workerd", "crypto"})
MOST_LINES = 300
TABLES = {"text.confusables"}
"""Data, of which nobody reads more than a line."""
TESTED_ELSEWHERE = {
    # Only workerd can say whether these are right.
    "entry": "worker/test_access.py",
    "room": "worker/test_chat.py",
    "crypto": "worker/test_crypto.py",
    "workerd.alarms": "worker/test_gone.py",
    "workerd.bindings": "worker/test_settings.py",
    "workerd.broadcast": "worker/test_rows.py",
    "workerd.collector": "worker/test_collector.py",
    "workerd.console": "worker/test_log.py",
    "workerd.database": "worker/test_rows.py",
    "workerd.exchange": "worker/test_headers.py",
    "workerd.file_places": "worker/test_file_parts.py",
    "workerd.files_object": "worker/test_file_parts.py",
    "workerd.guesses": "worker/test_brute_force.py",
    "workerd.hook_requests": "worker/test_hooks.py",
    "workerd.hellos": "worker/test_presence.py",
    "workerd.past": "worker/test_restore.py",
    "workerd.part_requests": "worker/test_file_parts.py",
    "workerd.sockets": "worker/test_presence.py",
    "workerd.turns": "worker/test_rows.py",
    "workerd.values": "worker/test_injection.py",
    "workerd.zones": "worker/test_push.py",
    # Values, or protocols without a line that runs.
    "bot_limits": "test_limits.py",
    "storage.entries": "storage/test_registry.py",
    "live.effects": "live/test_reception.py",
    "live.awake": "live/test_reception.py",
    "live.commits": "live/test_bot_requests.py",
    "live.replies": "live/test_requests.py",
    "files.store": "files/test_uploads.py",
    "chat.attachments": "files/test_uploads.py",
    "chat.directory_loading": "chat/test_directory.py",
    "chat.lane_frames": "chat/test_private.py",
    "search.scope": "search/test_indexes.py",
    "chat.named": "chat/test_revising.py",
    "live.kept": "chat/test_pinning.py",
    "chat.replies": "chat/test_threads.py",
    "live.threads": "chat/test_threads.py",
    "storage.replies": "chat/test_threads.py",
    "storage.reply_entries": "storage/test_registry.py",
    "storage.reply_schema": "storage/test_schema.py",
    "wire.threads": "wire/test_questions.py",
    "storage.former": "chat/test_former.py",
    "storage.saved": "chat/test_saving.py",
    "storage.pins": "chat/test_pinning.py",
    "storage.quiet": "chat/test_quiet.py",
    "storage.former_names": "chat/test_renaming.py",
    "live.quiet": "chat/test_quiet.py",
    "notify.news": "notify/test_notices.py",
    "storage.kept_entries": "storage/test_registry.py",
    "storage.kept_schema": "storage/test_schema.py",
    "wire.kept": "wire/test_questions.py",
    "wire.people": "wire/test_questions.py",
    "wire.polls": "wire/test_fields.py",
    "wire.scheduling": "wire/test_questions.py",
    "chat.scheduling": "live/test_scheduling.py",
    "storage.scheduled": "live/test_scheduling.py",
    "storage.scheduled_entries": "storage/test_registry.py",
    "storage.scheduled_schema": "storage/test_schema.py",
    "wire.drafts": "wire/test_questions.py",
    "chat.drafts": "live/test_drafts.py",
    "storage.drafts": "live/test_drafts.py",
    "storage.draft_entries": "storage/test_registry.py",
    "storage.draft_schema": "storage/test_schema.py",
    "wire.administration": "wire/test_questions.py",
    "live.passwords": "live/test_state.py",
    "bots.listing": "bots/test_programs.py",
    "wire.channels": "wire/test_questions.py",
    "storage.activity_entries": "storage/test_registry.py",
    "storage.activity_schema": "storage/test_activity.py",
    "storage.bot_schema": "storage/test_schema.py",
    "live.activity": "chat/test_activity.py",
    "storage.lane_entries": "storage/test_registry.py",
    "storage.profile_entries": "storage/test_registry.py",
    "storage.admin_entries": "storage/test_registry.py",
    "storage.audit": "chat/test_audit.py",
    "storage.lane_schema": "storage/test_schema.py",
    "storage.profile_schema": "storage/test_schema.py",
    "storage.admin_schema": "storage/test_schema.py",
    "storage.message_ids": "storage/test_messages.py",
    "chat.indexing": "search/test_index.py",
    "sealing.ciphers": "sealing/test_keyring.py",
    # Steps of one thing, which is tested as a whole.
    "bots.incoming": "bots/test_recognition.py",
    "access.proving": "access/test_signing_in.py",
    "notify.choices": "notify/test_notices.py",
    "notify.wording": "notify/test_notices.py",
    "setting_values": "test_settings.py",
}
"""Modules without a mirrored test file, each with the file that tests it."""
PLATFORM = frozenset({"js", "pyodide", "pyodide_js", "workers", "_pyodide", "_workers_sdk"})
WORLD = frozenset({"time", "random", "secrets", "os", "socket", "ssl", "threading", "subprocess"})
SQL = re.compile(
    r"\b(SELECT\s|INSERT\s+(OR|INTO)\b|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\b|(CREATE|DROP|ALTER)\s+\w+|PRAGMA\b|REPLACE\s+INTO"
    r"|UNION\s|VALUES\s*\(|ORDER\s+BY\b|SAVEPOINT\b|ATTACH\s)"
)
# Here a statement passes through as an argument; its callers are looked at instead.
PASS_ON = {
    ("storage.database", "execute"),
    ("storage.store", "_run_each"),
    ("storage.store", "leave_lane"),
    ("storage.sealed", "find"),
    ("storage.sealed", "reseal"),
    ("storage.sealed", "epochs"),
    ("workerd.database", "buffer"),
    ("workerd.database", "execute"),
    ("workerd.database", "rows"),
    ("storage.schema", "_run"),
    ("storage.schema", "migrate"),
}
EXECUTE = frozenset({"_run", "_buffer", "buffer", "execute", "exec", "rows"})
# The fields of the registry that are statements; those functions of storage/ pass them on.
REGISTERED = frozenset({"with_member", "with_channel", "find", "update", "epochs"})
MODULES = sorted(SRC.rglob("*.py"))


def module(path: Path) -> str:
    """The name by which others import it: `chat.directory`."""
    return ".".join(path.relative_to(SRC).with_suffix("").parts)


def package(name: str) -> str:
    """Where a module stands: its package, or itself at the top of src/."""
    return name.partition(".")[0]


CHANNELS = frozenset({"channel", "channels", "present_channels", "hidden", "lanes", "place", "find"})
PASS_THE_AUDIENCE = {
    "chat.audience": "it is the door itself",
    "chat.directory": "it keeps the channels",
    "chat.ledger": "it notes where a channel stands after a message that was let in",
    "chat.posting": "it numbers messages that were let in",
    "chat.managing": "it puts channels there, and counts them all for the limit of the room",
    "chat.lane_frames": "it shows a lane to members who are in it",
    "chat.lane_loading": "it puts lanes there, and shows nothing",
    "chat.private": "it puts lanes there, and takes those that the audience has let through",
    "access.signing_in": "the first login makes the room's first channel",
    "bots.pace": "it counts messages, and shows nothing",
    "notify.news": "it asks the audience for the channel that it has looked up",
    "notify.notices": "it asks the audience for the channel that it has looked up",
    "live.greeting": "it takes the channels of the lanes that the audience has given it",
    "live.lanes": "it shows admins the names and sizes of private channels, and nothing that is in them",
    "live.restoring": "it looks how far lanes have counted, and shows a number that is above them all",
    "search.finding": "it takes the newest times of the channels that it was given to look into",
    "search.indexes": "it builds segments of all lanes, and shows nothing",
    "search.scope": "it names all channels for segments and the tail, and shows nothing",
    "upkeep.retention": "it cleans up whatever is stored, and shows nothing",
    "upkeep.resealing": "it seals again whatever is stored, and shows nothing",
}
"""Who may take channels from the directory without asking who sees them, and why."""

CORE = [path for path in MODULES if package(module(path)) not in SHELL]
HOLD_SQL = [path for path in MODULES if package(module(path)) == "storage"]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), path.name)


def imports(path: Path) -> set[str]:
    """The full names of all modules that a module imports, inside functions too."""
    ours = {module(each) for each in MODULES}
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports do not work where src/ is the import root"
            inner = {f"{node.module}.{alias.name}" for alias in node.names} & ours
            names |= inner or {node.module or ""}
    return names


def packages(path: Path) -> set[str]:
    """The packages, or modules at the top, that a module imports."""
    return {package(name) for name in imports(path)}


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


def module_constants(path: Path, known: Collection[str] = ()) -> set[str]:
    """Names that a module gives once, at its top, to texts or tuples of texts that are written out.

    Args:
        known: such names of other modules.
    """
    assigned = [node for node in tree(path).body if isinstance(node, (ast.Assign, ast.AnnAssign))]
    names: list[str] = []
    constants = set(known)
    for node in assigned:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names += [target.id for target in targets if isinstance(target, ast.Name)]
        if node.value is not None and _is_constant(node.value, constants):
            constants |= {target.id for target in targets if isinstance(target, ast.Name)}
    return {name for name in constants if names.count(name) == 1 or name in known}


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
    assert {package(module(path)) for path in MODULES} == frozenset[str]().union(*LAYERS)
    assert sum(1 for path in MODULES for _ in statements(path)) > 50


@pytest.mark.parametrize("path", CORE, ids=module)
def test_only_the_shell_speaks_to_the_platform(path: Path) -> None:
    assert packages(path) & PLATFORM == set()


@pytest.mark.parametrize("path", MODULES, ids=module)
def test_imports_point_one_way(path: Path) -> None:
    own = next(number for number, names in enumerate(LAYERS) if package(module(path)) in names)
    above = frozenset[str]().union(*LAYERS[:own])
    assert packages(path) & above == set()


@pytest.mark.parametrize("path", CORE, ids=module)
def test_the_core_is_given_time_and_randomness_and_does_not_fetch_them(path: Path) -> None:
    assert packages(path) & WORLD == set()


@pytest.mark.parametrize("path", CORE, ids=module)
def test_the_core_does_not_read_the_clock_by_another_way(path: Path) -> None:
    calls = {
        node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }
    assert (
        calls
        & {"uuid4", "uuid1", "uuid7", "monotonic", "perf_counter", "urandom", "token_bytes", "utcnow", "now", "today"}
        == set()
    )


@pytest.mark.parametrize("path", MODULES, ids=module)
def test_whoever_shows_a_channel_asks_the_audience(path: Path) -> None:
    taken = {
        node.attr
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in CHANNELS
        and ast.unparse(node.value).rpartition(".")[2].lstrip("_") == "directory"
    }
    assert not taken or module(path) in PASS_THE_AUDIENCE


def test_only_one_module_calls_subtle_crypto() -> None:
    users = {
        module(path)
        for path in MODULES
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Attribute) and node.attr == "subtle")
        or (isinstance(node, ast.Name) and node.id == "subtle")
        or (isinstance(node, ast.Constant) and node.value == "subtle")
    }
    assert users == {"crypto"}


@pytest.mark.parametrize("path", MODULES, ids=module)
def test_no_module_is_called_like_one_of_python_or_the_platform(path: Path) -> None:
    name = package(module(path))
    assert name not in sys.stdlib_module_names
    assert name not in PLATFORM | {"asgi", "altcha", "pytest", "hypothesis", "tools", "tests", "bin", "js"}


def test_a_module_is_short_enough_to_be_read_at_once() -> None:
    long = {module(path) for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > MOST_LINES}
    assert long == TABLES


def test_each_module_has_its_mirrored_tests_or_a_reason_why_not() -> None:
    tests = ROOT / "tests"
    modules = {module(path): path.relative_to(SRC) for path in MODULES if path.stem != "__init__"}
    without = {name for name, path in modules.items() if not (tests / path.with_name(f"test_{path.name}")).exists()}
    assert without == TESTED_ELSEWHERE.keys()
    assert [place for place in TESTED_ELSEWHERE.values() if not (tests / place).exists()] == []


def test_imports_have_no_circles() -> None:
    graph = {module(path): imports(path) & {module(each) for each in MODULES} for path in MODULES}
    while graph:
        free = {name for name, needed in graph.items() if not needed & graph.keys()}
        assert free, f"these import each other: {sorted(graph)}"
        graph = {name: needed for name, needed in graph.items() if name not in free}


@pytest.mark.parametrize("path", MODULES, ids=module)
def test_every_sql_statement_is_a_constant(path: Path) -> None:
    constants = module_constants(path)
    built = [
        f"{function}: {ast.unparse(statement)}"
        for function, statement in statements(path)
        if not _is_constant(statement, constants) and (module(path), function) not in PASS_ON
    ]
    assert built == []


def test_every_statement_of_the_registry_is_a_constant() -> None:
    given = [
        keyword.value
        for name in ("registry", "lane_entries", "profile_entries", "scheduled_entries", "draft_entries")
        for node in ast.walk(tree(SRC / f"storage/{name}.py"))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg in REGISTERED and not (isinstance(keyword.value, ast.Call))
    ]
    assert len(given) > 20
    assert [ast.unparse(each) for each in given if not _is_constant(each, set())] == []


def test_every_migration_is_a_constant() -> None:
    lanes = module_constants(ROOT / "src/storage/lane_schema.py")
    assert lanes == {"LANES"}
    kept = module_constants(ROOT / "src/storage/kept_schema.py")
    assert kept
    parts = lanes | kept
    for part, names in {
        "profile": {"PROFILES", "QUIET", "FORMER_NAMES"},
        "admin": {"BANS", "AUDIT", "MADE_ADMINS"},
        "bot": {"BOTS", "WEBHOOKS", "CALLS"},
        "activity": {"ACTIVITY"},
        "scheduled": {"SCHEDULED"},
        "reply": {"REPLIES"},
        "draft": {"DRAFTS"},
    }.items():
        assert module_constants(ROOT / f"src/storage/{part}_schema.py") == names
        parts |= names
    assert "MIGRATIONS" in module_constants(ROOT / "src/storage/schema.py", parts)


@pytest.mark.parametrize("path", MODULES, ids=module)
def test_sql_stands_in_one_package_only(path: Path) -> None:
    found = [text for text in texts(path) if SQL.search(text)]
    assert not found or path in HOLD_SQL


def test_sql_is_recognized() -> None:
    assert sum(1 for path in HOLD_SQL for text in texts(path) if SQL.search(text)) > 50


@pytest.mark.parametrize("path", HOLD_SQL, ids=module)
def test_no_text_is_put_together_from_values_where_sql_stands(path: Path) -> None:
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


@pytest.mark.parametrize("path", CORE, ids=module)
def test_nothing_happens_when_a_core_module_is_imported(path: Path) -> None:
    """Calls at module level: only those that make a constant."""
    allowed = {
        "compile",
        "frozenset",
        "dataclass",
        "Protocol",
        "TypeVar",
        "field",
        "object",
        "tuple",
        "set",
        "encode",
        "dict",
        "b64url",
        "from_b64url",
        "join",
        "range",
        "getLogger",
        "items",
        "sorted",
        "MappingProxyType",
        "fromhex",
        "max",
        "min",
        "float",
        "len",
        "bytes",
        "int",
        "JSONEncoder",
        "JSONDecoder",
        "PurePath",
        "Rule",
        "isinstance",
        "Budget",  # memory.py: shared by the rooms of an isolate, and empty
        "Place",  # search/cursor.py
        # storage/registry.py
        "Entry",
        "SealedColumn",
        "Resealed",
        "HoldsKey",
        "InOrder",
        "Stays",
    }
    called = set()
    for node in tree(path).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        for each in ast.walk(node):
            if isinstance(each, ast.Call):
                called.add(getattr(each.func, "attr", None) or getattr(each.func, "id", ""))
    assert called - allowed == set()
