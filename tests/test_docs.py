"""docs/protocol.md says what the code does, and the code does what it says: frames, events, codes, limits, routes."""

import ast
import re

import errors
from limits import FILE_BYTES, VERSION
from setting_values import ROOM_NAME
from tests.sources import SOURCES, refusals, sent_types, written
from tools.paths import ROOT
from web.routes import PAGES, RULES
from wire.public_limits import public_limits
from wire.reading import FRAME_TYPES
from wire.writing import SUB_PROTOCOL, Close

PROTOCOL = (ROOT / "docs/protocol.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")


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


def described(cells: list[str]) -> set[str]:
    return {kind for cell in cells for kind in re.findall(r'"type": ?"([a-z.]+)"', cell)}


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
    assert told == sent_types()


def test_every_kind_of_notification_is_described_and_sent() -> None:
    assert described([section("Notifications")]) == written("type", "notify/payload")


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
        "Malformed",
        "UnknownType",
        "TooLarge",
        "RateLimited",
        "NotFound",
        "Forbidden",
        "NameTaken",
        "Archived",
        "LimitReached",
        "WrongTime",
        "Undelivered",
        "Banned",
        "Internal",
    }
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
    assert defaults == public_limits(20, 5, FILE_BYTES)


def test_every_route_is_described_and_answered() -> None:
    described_routes = set()
    for request, _ in HTTP_ROUTES:
        for text in codes(request):
            method, _, path = text.partition(" ")
            if path.startswith("/"):
                described_routes.add((method, re.sub(r"\{.*?\}", "{}", path.split(" ")[0])))
            elif path.startswith("…"):
                described_routes.add((method, "/api/rooms/{}" + path.removeprefix("…").split(" ")[0]))
    paths = {rule: rule.path.replace("(?!challenge$)", "") for rule in RULES if rule.name not in PAGES}
    known = {(rule.method, re.sub(r"\(.*?\)", "{}", path)) for rule, path in paths.items()}
    assert known == described_routes


def test_the_version_and_the_sub_protocol_are_the_described_ones() -> None:
    assert f'"version":"{VERSION}"' in PROTOCOL
    assert f"`{SUB_PROTOCOL}`" in PROTOCOL
    assert f"`^{ROOM_NAME.pattern}$`" in PROTOCOL


def test_the_architecture_names_every_module() -> None:
    named = {name for name in re.findall(r"`([\w/]+)\.py`", ARCHITECTURE) if not name.startswith("tests/")}
    assert SOURCES.keys() - named == set()
    assert {name for name in named if name not in SOURCES} == set()


def test_the_architecture_names_every_file_of_the_clients_core() -> None:
    files = {path.name for path in (ROOT / "client/core").glob("*.ts") if ".test." not in path.name}
    section_of_it = ARCHITECTURE[ARCHITECTURE.index("| file of `client/core/`") :].partition("\n\n")[0]
    assert set(re.findall(r"`(\w+\.ts)`", section_of_it)) == files - {"fakes.ts"}


def test_the_architecture_names_every_folder_of_the_clients_components() -> None:
    folders = {path.parent.name for path in (ROOT / "client/ui").glob("*/*.ts*")}
    section_of_it = ARCHITECTURE[ARCHITECTURE.index("| folder of `client/ui/`") :].partition("\n\n")[0]
    assert set(re.findall(r"`(\w+)/`", section_of_it)) == folders
