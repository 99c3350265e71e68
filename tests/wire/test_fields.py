"""wire/fields.py: what each field may be, on the way through every frame that has it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot_limits import MAX_WEBHOOK_URL_CHARACTERS
from encoding import b64url
from errors import ChatError, Malformed, TooLarge
from limits import (
    MAX_BODY_CHARACTERS,
    MAX_CHANNEL_NAME_CHARACTERS,
    MAX_EMOJI_CHARACTERS,
    MAX_FOUND,
    MAX_HISTORY_PAGE,
    MAX_INVITE_HOURS,
    MAX_INVITE_USES,
    MAX_MENTIONS,
    MAX_OPTION_CHARACTERS,
    MAX_POLL_OPTIONS,
    MAX_QUESTION_CHARACTERS,
    MAX_QUIET_MINUTES,
    MAX_REF_CHARACTERS,
    MAX_RETENTION_DAYS,
    MAX_SAFE_INTEGER,
    MAX_TOPIC_CHARACTERS,
)
from tests.contract import CLIENT_FRAMES, frame_fields, good_frame
from tests.wire.frames import ID, THUMB, parsed, refusal
from tools.paths import ROOT
from wire.changes import (
    Delete,
    Edit,
    React,
    Send,
)
from wire.importing import Import
from wire.questions import (
    Hello,
    History,
    Read,
)
from wire.quiet import Hours
from wire.reading import parse


def test_ids_of_messages_are_kept_as_they_are() -> None:
    fields = {"type": "send", "id": ID, "channel": "A_b-9", "body": "x"}
    frame = parsed(fields)
    assert isinstance(frame, Send)
    assert (frame.id, frame.channel) == (ID, "A_b-9")


@pytest.mark.parametrize(
    "body", ["'; DROP TABLE x; --", "a\0", "\x1b[31m", "a\u202eb", "🧑‍🚀", "e\u0301", "<script>", "\n x"]
)
def test_a_body_is_any_text_and_kept_as_it_is(body: str) -> None:
    frame = parsed({"type": "edit", "id": ID, "body": body})
    assert isinstance(frame, Edit)
    assert frame.body == body


NEWER_EMOJI = ("\U0001fae8", "\U0001faea", "\U0001faff", "\U0001fc01", "\U0001faea\u200d♂️")
"""Which this version of Python may not know yet."""


@pytest.mark.parametrize(
    "emoji",
    [THUMB, "❤️", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "🇷🇺", "ℹ️", "©️", "™️", "☺️", "‼️", "〰️", "*️⃣", "🅰️", "👍🏽", *NEWER_EMOJI],
)
def test_every_kind_of_emoji_is_a_reaction(emoji: str) -> None:
    frame = parsed({"type": "react", "id": ID, "emoji": emoji, "on": True})
    assert isinstance(frame, React)
    assert frame.emoji == emoji


# --- fields of the wrong kind ---


NOT_TEXT: list[Any] = [1, 1.5, True, [], {}, ["x"]]
NOT_ID = [*NOT_TEXT, "", " ", "a b", "a/b", "ä", "x\n", "x" * 65, "\ud800", "../x", "a'b", "%00"]
NOT_UUID = [
    *NOT_TEXT,
    "",
    "x",
    ID.upper().replace("0199F", "0199G"),
    ID[:-1],
    ID + "0",
    ID + "\n",
    "{" + ID + "}",
    ID.replace("-", ""),
    "urn:uuid:" + ID,
    ID.replace("0", "٠"),
    "\ud800" * 36,
]
NOT_BOOLEAN: list[Any] = [0, 1, "true", "", [], {}, 1.0]
NOT_SEQ = [-1, -1.0, 1.5, True, False, "1", [], {}, MAX_SAFE_INTEGER + 1, 2**64, 10**400, -(10**400)]
NOT_DAYS = [-1, 1.5, True, "1", [], {}, MAX_RETENTION_DAYS + 1, 10**400]
NOT_REF = [1, True, 1.5, [], {}, "\ud800"]
NOT_NAME = [*NOT_TEXT, "", " ", "\n", "a\nb", "a\0b", "a\u202eb", "\u200b", "\ud800x", "x\u2028y"]
NOT_TOPIC = [*NOT_TEXT, "a\nb", "\u202ea", "\ud800", "\0"]
EMPTY = json.loads((ROOT / "tests/vectors/names.json").read_text(encoding="utf-8"))["empty"]
NOT_BODY = [*NOT_TEXT, *EMPTY, "\ud800", "x\udfff"]
NOT_LEVEL = [*NOT_TEXT, "", "All", "everything", "\ud800"]
NOT_MENTIONS = [1, True, "x", {}, [1], [None], ["a", 1], [["a"]], [""], ["a b"], ["\ud800"], ["x" * 65], [True]]
NOT_EMOJI = [
    *NOT_TEXT,
    "",
    " ",
    "x",
    "ok",
    ":)",
    "1",
    "👍 ",
    "👍x",
    "👍\n",
    "ж",
    "名",
    "\ud83d",
    "a\u0301",
    "<b>👍",
    "👍\0",
    "\u202e",
    "\u200b",
    "\u0085",
    "\u00ad",
    "\u200d",
    "\ufe0f",
    "👍\u202e",
    "👍\u0085",
    "１",
    "👍\u0301\u0301\u0301",
    "👍\u0903",
    "👍\u20dd",
    "\u20e4",
    "\U0001e800",
    "\ufdd0",
    "\U0001fffe",
    "\ue000",
]

NOT_LIST: list[Any] = [1, 1.5, True, "x", {}]
NOT_FILES = [*NOT_LIST, [1], [None], ["x"], [[]], [{}], [{"id": "x"}]]

MISSING = object()
WRONG: dict[str, list[Any]] = {
    "uuid": NOT_UUID,
    "id": NOT_ID,
    "ids": NOT_MENTIONS,
    "body": NOT_BODY,
    "caption": [*NOT_TEXT, "\ud800", "x\udfff"],
    "files": NOT_FILES,
    "has": [*NOT_LIST, [1], [None], ["link"], ["file", "File"], [["file"]]],
    "traits": [*NOT_LIST, [1], [None], ["video"], ["file", "File"], [["file"]]],
    "query": [*NOT_TEXT, "\ud800"],
    "cursor": [*NOT_TEXT, "\ud800"],
    "found size": [*NOT_SEQ, 0, MAX_FOUND + 1],
    "file ids": [*NOT_LIST, [1], [None], [""], ["x"], ["A" * 21], ["A" * 23], ["A" * 21 + "B"], ["é" * 22], [["x"]]],
    "emoji": NOT_EMOJI,
    "flag": NOT_BOOLEAN,
    "seq": NOT_SEQ,
    "page size": [*NOT_SEQ, 0, MAX_HISTORY_PAGE + 1],
    "level": NOT_LEVEL,
    "name": NOT_NAME,
    "topic": NOT_TOPIC,
    "colour": [*NOT_TEXT, "red", "#ff0000", ""],
    "picture": [*NOT_TEXT, "", "***"],
    "status": ["away", 7, [], {}, {"text": "away"}],
    "quiet minutes": [*NOT_SEQ, MAX_QUIET_MINUTES + 1],
    "quiet hours": [*NOT_LIST[:4], [], {}, {"from": 0, "to": 0, "days": [1]}],
    "days": NOT_DAYS,
    "digest": [*NOT_TEXT, "", "x", "A" * 42, "A" * 44, "A" * 42 + "=", "é" * 43],
    "kind": [*NOT_TEXT, "", "Person", "bot"],
    "channel kind": [*NOT_TEXT, None, "", "Open", "direct"],
    "past": [*NOT_TEXT, None, "", "All", "some"],
    "made role": ["bot", "owner", "", 1, True],
    "lanes": [1, True, "x", [], {"": 1}, {"a b": 1}, {"\ud800": 1}, *({"a": seq} for seq in NOT_SEQ), {"a": None}],
    "hours": [*NOT_SEQ, 0, MAX_INVITE_HOURS + 1],
    "uses": [*NOT_SEQ, 0, MAX_INVITE_USES + 1],
    "bot rights": [*NOT_LIST, None, [1], [None], ["name"], ["read", "Read"], [["read"]]],
    "bot channels": [*NOT_LIST, None, [], [1], [None], [""], ["a b"], ["\ud800"], ["x" * 65], ["c"] * 101],
    "imported": [*NOT_LIST, [1], [None], [{}], [{"id": ID, "author": "a", "sent_at": 1}]],
    "people": [*NOT_LIST, [1], [None], [{}], [{"id": "a"}], [{"id": "a b", "name": "Anna"}], [{"id": "a", "name": ""}]],
    "webhook": [
        *NOT_LIST[:4],
        [],
        {},
        {"url": 1},
        {"url": ""},
        {"url": "https://ж.example.org"},
        {"url": "\ud800"},
        {"url": "x" * (MAX_WEBHOOK_URL_CHARACTERS + 1)},
        *(
            {"url": "https://a.b", "command": wrong}
            for wrong in (1, True, "", "-x", "a b", "/a", "a.b", "x" * 33, "\ud800")
        ),
    ],
    "question": [*NOT_NAME, " "],
    "options": [*NOT_LIST, None, [], ["a"], ["a", "a"], ["a", " a "], ["a", ""], ["a", 1], ["a", "\u202eb"]],
    "choice": [*NOT_LIST, None, ["a"], [True], [-1], [10], [0.5]],
    "hook rights": [*NOT_LIST, None, [1], [None], ["read"], ["name", "Name"], [["name"]]],
}
"""What a field of each kind may not be, null and missing aside."""


def wrong_values(what: str, *, may_miss: bool, may_be_null: bool) -> list[Any]:
    return [*WRONG[what], *([] if may_be_null else [None]), *([] if may_miss else [MISSING])]


FIELDS: list[tuple[str, str, list[Any]]] = [
    (kind, name, wrong_values(what, may_miss=may_miss, may_be_null=may_be_null))
    for kind in CLIENT_FRAMES
    for name, (what, may_miss, may_be_null) in frame_fields(kind).items()
] + [(kind, "ref", NOT_REF) for kind in CLIENT_FRAMES if kind != "send"]
CASES = [(kind, field, value) for kind, field, values in FIELDS for value in values]


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    CASES,
    ids=[f"{kind} {field} {number}" for number, (kind, field, _) in enumerate(CASES)],
)
def test_a_field_of_the_wrong_kind_is_malformed_and_named(kind: str, field: str, value: Any) -> None:
    fields = good_frame(kind)
    fields = {name: each for name, each in fields.items() if name not in (field, "before", "after", "files")}
    if value is not MISSING:
        fields[field] = value
    error = refusal(fields)
    assert type(error) is Malformed
    assert error.detail.split()[0].rstrip(":") == field
    assert len(error.detail) < 200


@pytest.mark.parametrize("kind", CLIENT_FRAMES)
def test_every_field_of_the_contract_is_read(kind: str) -> None:
    fields = good_frame(kind)
    frame = parsed(fields)
    for name in fields.keys() - {"type"}:
        if isinstance(frame, Send) and frame.poll is not None and name in frame.poll.shown:
            assert frame.poll.shown[name] == fields[name]
            continue
        value = frame.changes[name] if hasattr(frame, "changes") and name not in ("id", "ref") else getattr(frame, name)
        given: Any = b64url(value) if isinstance(value, bytes) else value
        if isinstance(value, Hours):
            given = value.public()
        if name == "webhook":
            given = dict(zip(("url", "command"), given, strict=True))
        if isinstance(frame, Send) and name == "files":
            given = [file.shown for file in frame.files]
        if isinstance(frame, Import) and name in ("messages", "people"):
            assert len(given) == len(fields[name])  # tests/wire/test_importing.py looks at them
            continue
        assert (list(given) if isinstance(given, tuple) else given) == fields[name]


@pytest.mark.parametrize("kind", CLIENT_FRAMES)
def test_a_field_may_be_missing_or_null_where_the_contract_says_so(kind: str) -> None:
    parsed(good_frame(kind, is_full=False))
    parsed(good_frame(kind) | {name: None for name, (_, _, may_be_null) in frame_fields(kind).items() if may_be_null})


# --- limits ---


def poll(question: str, *options: str) -> dict[str, Any]:
    return {"type": "poll.create", "id": ID, "channel": "c", "question": question, "options": list(options)}


def edit(body: str) -> dict[str, Any]:
    return {"type": "edit", "id": ID, "body": body}


LIMITS: list[tuple[str, int, Callable[[int], dict[str, Any]], type[ChatError]]] = [
    (
        "body of send",
        MAX_BODY_CHARACTERS,
        lambda n: {"type": "send", "id": ID, "channel": "c", "body": "x" * n},
        TooLarge,
    ),
    ("body of edit", MAX_BODY_CHARACTERS, lambda n: edit("x" * n), TooLarge),
    ("body in code points", MAX_BODY_CHARACTERS, lambda n: edit("🙂" * n), TooLarge),
    (
        "mentions of send",
        MAX_MENTIONS,
        lambda n: good_frame("send") | {"mentions": [f"m{number}" for number in range(n)]},
        TooLarge,
    ),
    ("mentions of edit", MAX_MENTIONS, lambda n: edit("x") | {"mentions": ["m"] * n}, TooLarge),
    ("question", MAX_QUESTION_CHARACTERS, lambda n: poll("x" * n, "a", "b"), TooLarge),
    ("option", MAX_OPTION_CHARACTERS, lambda n: poll("x", "a", "b" * n), TooLarge),
    ("options", MAX_POLL_OPTIONS, lambda n: poll("x", *map(str, range(n))), TooLarge),
    ("emoji", MAX_EMOJI_CHARACTERS, lambda n: {"type": "react", "id": ID, "emoji": THUMB * n, "on": True}, TooLarge),
    (
        "name of channel.create",
        MAX_CHANNEL_NAME_CHARACTERS,
        lambda n: {"type": "channel.create", "name": "ж" * n},
        TooLarge,
    ),
    (
        "name of channel.update",
        MAX_CHANNEL_NAME_CHARACTERS,
        lambda n: {"type": "channel.update", "id": "c", "name": f" {'x' * n} "},
        TooLarge,
    ),
    (
        "topic of channel.create",
        MAX_TOPIC_CHARACTERS,
        lambda n: {"type": "channel.create", "name": "x", "topic": "x" * n},
        TooLarge,
    ),
    (
        "topic of channel.update",
        MAX_TOPIC_CHARACTERS,
        lambda n: {"type": "channel.update", "id": "c", "topic": "x" * n},
        TooLarge,
    ),
    ("id", 64, lambda n: {"type": "typing", "channel": "x" * n}, Malformed),
    ("limit", MAX_HISTORY_PAGE, lambda n: {"type": "history", "channel": "c", "limit": n}, Malformed),
    ("seq", MAX_SAFE_INTEGER, lambda n: {"type": "read", "channel": "c", "seq": n}, Malformed),
    ("retention_days", MAX_RETENTION_DAYS, lambda n: {"type": "room.update", "retention_days": n}, Malformed),
    *[
        (f"ref of {kind}", MAX_REF_CHARACTERS, lambda n, kind=kind: good_frame(kind) | {"ref": "r" * n}, TooLarge)
        for kind in CLIENT_FRAMES
        if kind != "send"
    ],
]


@pytest.mark.parametrize(("what", "limit", "frame", "error"), LIMITS, ids=[what for what, *_ in LIMITS])
def test_a_limit_is_met_exactly(
    what: str, limit: int, frame: Callable[[int], dict[str, Any]], error: type[ChatError]
) -> None:
    for size in (limit - 1, limit):
        fields = frame(size)
        fields.pop("before", None)
        parsed(fields)
    fields = frame(limit + 1)
    fields.pop("before", None)
    assert type(refusal(fields)) is error


# --- spellings ---


UPPER = "ABCDEF01-0000-4000-8000-00000000ABCD"


@pytest.mark.parametrize("spelling", [UPPER, UPPER.lower(), UPPER.title()])
def test_a_uuid_is_one_in_any_case_and_its_sender_is_answered_as_they_wrote_it(spelling: str) -> None:
    sent = parse(json.dumps({"type": "send", "id": spelling, "channel": "c", "body": "x", "reply_to": spelling}))
    assert sent == Send(spelling, UPPER.lower(), "c", "x", UPPER.lower(), ())
    assert parse(json.dumps({"type": "delete", "id": spelling})) == Delete(None, UPPER.lower())


@given(st.integers())
def test_a_seq_is_taken_or_refused_exactly(number: int) -> None:
    text = json.dumps({"type": "read", "channel": "c", "seq": number})
    if 0 <= number <= MAX_SAFE_INTEGER:
        assert parse(text) == Read(None, "c", number)
    else:
        assert type(refusal(text)) is Malformed


@pytest.mark.parametrize("number", ["5", "5.0", "5e0", "0.5e1", "50E-1", "5.000"])
def test_a_whole_number_may_be_written_in_any_way_that_json_has(number: str) -> None:
    frame = f'{{"type":"history","channel":"c","before":null,"limit":{number}}}'
    assert parse(frame) == History(None, "c", None, None, 5)


@pytest.mark.parametrize("number", ["0", "0.0", "-0", "-0.0", "0e9"])
def test_every_zero_is_zero(number: str) -> None:
    assert parse(f'{{"type":"hello","last_seq":{number}}}') == Hello(None, 0, True)


@pytest.mark.parametrize(
    "number",
    [
        "5.5",
        '"5"',
        "true",
        "false",
        "1e400",
        "-1e400",
        "NaN",
        "Infinity",
        "1" * 5_000,
        "[5]",
        "9007199254740992.0",
        "-1.0",
    ],
)
def test_what_is_no_whole_number_stays_malformed(number: str) -> None:
    with pytest.raises(Malformed):
        parse(f'{{"type":"history","channel":"c","before":null,"limit":{number}}}')


@pytest.mark.parametrize("value", ["1", "0", '"true"', "null", "1.0"])
def test_a_number_is_neither_true_nor_false(value: str) -> None:
    with pytest.raises(Malformed):
        parse(f'{{"type":"visible","visible":{value}}}')
