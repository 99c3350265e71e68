"""tests/vectors/contract.json says what the Worker knows; client/core/contract.test.ts says the same of the page.

tests/test_docs.py compares docs/protocol.md with the Worker, so the page of the contract says it as well.
"""

import re

from access.alerts import CREDENTIALS_ENDED, NEW_DEVICE, REPLACED
from access.credentials import ROLES
from chat.directory import BOT, GENERAL
from limits import FILE_BYTES, MAX_HISTORY_PAGE, SOCKET_SILENT_MS, TYPING_EVERY_MS
from setting_values import ROOM_NAME
from tests.contract import CLIENT_FRAMES, CONTRACT
from tests.sources import refusals, sent_types, written
from tools.paths import ROOT
from web.routes import MAIN_ROOM
from wire.profiles import COLOURS
from wire.public_limits import public_limits
from wire.questions import LEVELS
from wire.reading import FRAME_TYPES
from wire.writing import REMOVED, SUB_PROTOCOL, Close

PROTOCOL = (ROOT / "docs/protocol.md").read_text(encoding="utf-8")


def test_the_worker_reads_these_frames() -> None:
    assert set(CLIENT_FRAMES) == set(FRAME_TYPES)


def test_the_worker_sends_these_frames_and_no_other() -> None:
    assert sorted(CONTRACT["server_frames"]) == sorted(sent_types())


def test_the_worker_sends_these_events_and_no_other() -> None:
    assert sorted(CONTRACT["event_kinds"]) == sorted(written("kind"))


def test_the_worker_closes_with_these_codes() -> None:
    assert CONTRACT["close_codes"] == {code.name.lower(): int(code) for code in Close}
    assert CONTRACT["close_reasons"] == {"removed": REMOVED}


def test_the_worker_refuses_with_these_codes() -> None:
    statuses = {refusal.code: refusal.status for refusal in refusals()}
    assert {*CONTRACT["frame_errors"], *CONTRACT["http_errors"]} == set(statuses)
    assert CONTRACT["http_errors"] == {code: statuses[code] for code in CONTRACT["http_errors"]}


def test_names_of_things_are_the_same() -> None:
    assert CONTRACT["sub_protocol"] == SUB_PROTOCOL
    assert CONTRACT["room_name"] == ROOM_NAME.pattern
    assert CONTRACT["main_room"] == MAIN_ROOM
    assert CONTRACT["general"] == GENERAL
    assert CONTRACT["levels"] == list(LEVELS)
    assert CONTRACT["colours"] == list(COLOURS)
    assert set(CONTRACT["roles"]) == {*ROLES, BOT}
    assert CONTRACT["alert_kinds"] == [NEW_DEVICE, CREDENTIALS_ENDED, REPLACED]


def test_limits_are_the_same() -> None:
    burst, rate = CONTRACT["limits"]["message_burst"], CONTRACT["limits"]["message_rate"]
    assert CONTRACT["limits"] == public_limits(burst, rate, FILE_BYTES)
    assert CONTRACT["history_page"] == MAX_HISTORY_PAGE


def test_a_client_that_keeps_time_is_taken_to_be_alive_and_to_be_typing() -> None:
    assert 2 * CONTRACT["ping_every_ms"] < SOCKET_SILENT_MS
    assert f"every {CONTRACT['ping_every_ms'] // 1_000} s" in PROTOCOL
    assert CONTRACT["typing_shown_ms"] > TYPING_EVERY_MS


def test_the_documented_frames_have_these_fields() -> None:
    """Each row of the table shows a frame; a field that it does not name stands in the row of the same type below."""
    rows = re.findall(r'^\| `\{"type":"([a-z.]+)"(.*?)\}` \|', PROTOCOL, re.MULTILINE)
    shown: dict[str, set[str]] = {}
    for kind, rest in rows:
        shown.setdefault(kind, set()).update(re.findall(r'"([a-z_]+)"(?=[,?:]|$)', rest))
    for kind, fields in CLIENT_FRAMES.items():
        names = {name.removesuffix("?") for name in fields}
        assert names <= shown[kind], kind
