"""docs/protocol.md says what the code does, and the code does what it says: frames, events, codes, limits, routes."""

import ast
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase

import pytest

import errors
from errors import ChatError
from limits import VERSION, public_limits
from protocol import FRAME_TYPES, SUB_PROTOCOL, Close
from routes import _TABLE, PAGES
from settings import ROOM_NAME, SETTING_NAMES
from tests.test_links import committed
from tools.paths import ROOT

PROTOCOL = (ROOT / "docs/protocol.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "src").glob("*.py")}


def section(title: str) -> str:
    """A section of docs/protocol.md, without those below it."""
    match = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", PROTOCOL, re.MULTILINE | re.DOTALL)
    assert match, f"no section {title}"
    return match[1]


def tables(title: str) -> list[list[list[str]]]:
    """The tables of a section: rows of cells, without their headings."""
    found: list[list[list[str]]] = []
    for block in re.findall(r"(?:^\|.*\n)+", section(title), re.MULTILINE):
        # A pipe inside a cell is written with a backslash.
        lines = [re.split(r"(?<!\\)\|", line)[1:-1] for line in block.splitlines()]
        found.append([[cell.strip() for cell in cells] for cells in lines[2:]])
    return found


def codes(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def written(field: str, *modules: str) -> set[str]:
    """The constant values that the code, or some modules of it, give a field of a JSON object."""
    found = set()
    for source in [SOURCES[module] for module in modules or SOURCES]:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == field and isinstance(value, ast.Constant):
                        found.add(str(value.value))
        found |= set(re.findall(rf'"{field}":"([a-z.]+)"', source))
    return found


def described(cells: list[str]) -> set[str]:
    return {kind for cell in cells for kind in re.findall(r'"type": ?"([a-z.]+)"', cell)}


def refusals(base: type[ChatError] = ChatError) -> Iterator[type[ChatError]]:
    for refusal in base.__subclasses__():
        if not refusal.__name__.startswith("_"):
            yield refusal
        yield from refusals(refusal)


SENT, TOLD = tables("Socket")
EVENTS = tables("Events")[0]
FRAME_CODES, CLOSE_CODES = tables("Error codes")
(HTTP_ROUTES, HTTP_CODES) = tables("HTTP")
(LIMITS,) = tables("Limits")


# --- frames and events ---


def test_every_frame_that_clients_send_is_described_and_read() -> None:
    assert described([sent for sent, _ in SENT]) == set(FRAME_TYPES)


def test_every_frame_that_the_server_sends_is_described_and_sent() -> None:
    # What a read or typing frame leads to stands beside it.
    told = described([cell for row in TOLD for cell in row]) | described([answer for _, answer in SENT]) | {"read"}
    told |= described([line for line in section("Socket").splitlines() if not line.startswith("|")])
    assert told == written("type", *SOURCES.keys() - {"notification"})


def test_every_kind_of_notification_is_described_and_sent() -> None:
    assert described([section("Notifications")]) == written("type", "notification")


def test_every_event_is_described_and_told() -> None:
    assert {kind for cell, _ in EVENTS for kind in codes(cell)} == written("kind")


def test_every_reason_of_an_event_is_described() -> None:
    events = section("Events")
    for reason in written("reason") | {"role", "new_device"}:
        assert f"`{reason}`" in events, reason


def test_examples_in_the_text_are_json() -> None:
    blocks = re.findall(r"```json\n(.*?)```", PROTOCOL, re.DOTALL)
    assert blocks
    for block in blocks:
        ast.literal_eval(block.replace("null", "None").replace("true", "True").replace("false", "False"))


# --- codes ---


def test_every_error_code_of_frames_is_described_and_used() -> None:
    described_codes = {code for cell, _ in FRAME_CODES for code in codes(cell)}
    known = {refusal.code for refusal in refusals()}
    assert described_codes <= known
    over_sockets = {
        "Malformed", "UnknownType", "TooLarge", "RateLimited", "NotFound", "Forbidden", "NameTaken", "Archived",
        "LimitReached", "Internal",
    }  # fmt: skip
    assert described_codes == {getattr(errors, name).code for name in over_sockets}


def test_every_error_of_the_code_has_its_row_in_one_table_or_both() -> None:
    described_codes = {code for table in (FRAME_CODES, HTTP_CODES) for row in table for code in codes(row[0])}
    assert {refusal.code for refusal in refusals()} == described_codes


def test_every_status_is_the_described_one() -> None:
    described_statuses = {code: int(row[1]) for row in HTTP_CODES for code in codes(row[0])}
    statuses = {refusal.code: refusal.status for refusal in refusals()}
    assert {code: statuses[code] for code in described_statuses} == described_statuses


def test_no_two_errors_share_a_code() -> None:
    every = [refusal.code for refusal in refusals()]
    assert len(every) == len(set(every))


def test_every_close_code_is_described_and_used() -> None:
    assert {int(code) for code, _ in CLOSE_CODES} == {int(code) for code in Close}


def test_the_tree_of_errors_is_drawn_as_it_is() -> None:
    drawn = dict(re.findall(r"[├└]── (\w+) +(\d{3})", errors.__doc__ or ""))
    assert drawn == {refusal.__name__: str(refusal.status) for refusal in refusals()}


# --- limits and routes ---


def test_every_limit_is_described_with_its_default() -> None:
    defaults: dict[str, float] = {}
    for names, default, _ in LIMITS:
        numbers = [float(number) for number in default.split(",")]
        defaults |= dict(zip(codes(names)[: len(numbers)], numbers, strict=True))
    assert defaults == public_limits(20, 5)


def test_every_route_is_described_and_answered() -> None:
    described_routes = set()
    for request, _ in HTTP_ROUTES:
        for text in codes(request):
            method, _, path = text.partition(" ")
            if path.startswith("/"):
                described_routes.add((method, re.sub(r"\{.*?\}", "{}", path.split(" ")[0])))
            elif path.startswith("…"):
                described_routes.add((method, "/api/rooms/{}" + path.removeprefix("…").split(" ")[0]))
    known = {
        (method, re.sub(r"\(.*?\)", "{}", pattern.pattern.removesuffix(r"\Z")))
        for name, pattern, methods in _TABLE
        for method in methods
        if name not in PAGES
    }
    assert known == described_routes


def test_the_version_and_the_sub_protocol_are_the_described_ones() -> None:
    assert f'"version":"{VERSION}"' in PROTOCOL
    assert f"`{SUB_PROTOCOL}`" in PROTOCOL
    assert f"`^{ROOM_NAME.pattern}$`" in PROTOCOL


def test_the_architecture_names_every_module() -> None:
    named = set(re.findall(r"`(\w+)\.py`", ARCHITECTURE))
    assert SOURCES.keys() - named == set()
    assert {name for name in named if name not in SOURCES} == set()


def test_the_architecture_names_every_file_of_the_clients_core() -> None:
    files = {path.name for path in (ROOT / "client/core").glob("*.ts") if ".test." not in path.name}
    section_of_it = ARCHITECTURE[ARCHITECTURE.index("| file of `client/core/`") :].partition("\n\n")[0]
    assert set(re.findall(r"`(\w+\.ts)`", section_of_it)) == files - {"fakes.ts"}


# --- the tree in CONTRIBUTING.md ---

TREE = re.search(r"```text\n(bin/.*?)```", CONTRIBUTING, re.DOTALL)


def drawn() -> dict[str, list[str]]:
    """The names in the tree, by the folder below which they stand; "" is the top."""
    assert TREE
    found: dict[str, list[str]] = {"": []}
    folder = ""
    for line in TREE[1].splitlines():
        names = re.split(r" {2,}", line.strip())[0].split()
        if line.startswith(" "):
            found.setdefault(folder, []).extend(names)
        else:
            found[""] += names
            folder = names[0]
    return found


def real(folder: str) -> set[str]:
    """What a clone has in a folder; folders end with a slash."""
    below = [name.removeprefix(folder) for name in committed() if name.startswith(folder)]
    return {first + slash for first, slash, _ in (name.partition("/") for name in below)}


@pytest.mark.parametrize("folder", ["", "bin/", "src/", "client/", "tests/", "docs/"])
def test_the_tree_in_contributing_is_the_real_one(folder: str) -> None:
    patterns = drawn()[folder]
    assert [name for name in real(folder) if not any(fnmatchcase(name, pattern) for pattern in patterns)] == []
    assert [pattern for pattern in patterns if not any(fnmatchcase(name, pattern) for name in real(folder))] == []
    assert len(patterns) == len(set(patterns))


# --- settings ---


def test_the_configuration_page_lists_every_setting_with_its_default() -> None:
    page = (ROOT / "docs/development/CONFIGURATION.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", page, re.MULTILINE)
    assert {name for name, _ in listed} == set(SETTING_NAMES)
    defaults = tomllib.loads((ROOT / "wrangler.toml.example").read_text(encoding="utf-8"))["vars"]
    told = {name: default for name, default in listed if name in defaults}
    assert told == {name: f"`{default}`" if default else "–" for name, default in defaults.items()}
    assert {default for name, default in listed if name not in defaults} == {"secret"}


# --- the glossary ---

WORDS = re.findall(r"^\| (?!word |---)(.+?) \| .+ \| (.+) \|$", GLOSSARY, re.MULTILINE)


@pytest.mark.parametrize(("word", "places"), WORDS, ids=[word for word, _ in WORDS])
def test_every_word_of_the_glossary_is_found_where_it_is_said_to_live(word: str, places: str) -> None:
    named = codes(places)
    assert named
    # "data key" is data_key in SQL, data-key in texts, DataKey and dataKey in code; "seal" is found in "sealed".
    spelling = re.compile(rf"(?<![a-z])(?i:{re.sub('[ -]', '[ _-]?', word)})[a-z]{{0,3}}(?![a-z])")
    assert [name for name in named if not spelling.search((ROOT / name).read_text(encoding="utf-8"))] == []


def test_every_table_of_the_database_has_its_word_in_the_glossary() -> None:
    words = {re.sub(r"[ -]", "_", word) for word, _ in WORDS}
    known_otherwise = {
        "notify_choices": "level", "push_subscriptions": "subscription", "used_challenges": "challenge",
    }  # fmt: skip
    tables_of_the_room = re.findall(r"CREATE TABLE (\w+)", SOURCES["schema"])
    missing = set()
    for table in set(tables_of_the_room) - {"schema_version"}:
        if not words & {table, table.removesuffix("s"), known_otherwise.get(table, "")}:
            missing.add(table)
    assert missing == set()


def test_no_word_of_the_glossary_is_explained_twice() -> None:
    assert len({word.lower() for word, _ in WORDS}) == len(WORDS)
    sections = [re.findall(r"^\| (?!word |---)(.+?) \|", text, re.MULTILINE) for text in GLOSSARY.split("\n## ")]
    assert [words for words in sections if words != sorted(words, key=str.lower)] == []


# --- the design guide ---


def test_only_the_files_that_the_design_guide_names_hold_colours() -> None:
    colour = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b|\b(?:rgba?|hsla?|oklch|light-dark)\(")
    suffixes = (".css", ".tsx", ".html", ".webmanifest")
    looked_at = [name for name in committed() if name.startswith(("client/", "public/")) and name.endswith(suffixes)]
    found = {name for name in looked_at if colour.search((ROOT / name).read_text(encoding="utf-8"))}
    guide = (ROOT / "docs/design/DESIGN_GUIDE.md").read_text(encoding="utf-8")
    assert "client/styles/colors.css" in found
    assert {name for name in found if f"`{name}`" not in guide} == set()


def test_the_design_guide_names_meanings_that_exist() -> None:
    guide = (ROOT / "docs/design/DESIGN_GUIDE.md").read_text(encoding="utf-8")
    styles = "".join((ROOT / "client/styles" / name).read_text(encoding="utf-8") for name in ("colors.css", "base.css"))
    known = set(re.findall(r"^ *(--[\w-]+):", styles, re.MULTILINE))
    named = re.findall(r"`(--[\w-]+)(…?)`", guide)
    assert len(named) > 20
    assert [
        name for name, more in named if not any(each == name or (more and each.startswith(name)) for each in known)
    ] == []
