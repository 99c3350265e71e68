"""wire/frames.py: frames in, checked dataclasses out, and refusals for everything else."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from errors import ChatError, Malformed, NotFound, RateLimited, TooLarge, UnknownType
from limits import (
    MAX_BODY_CHARACTERS,
    MAX_CHANNEL_NAME_CHARACTERS,
    MAX_EMOJI_CHARACTERS,
    MAX_FRAME_BYTES,
    MAX_HISTORY_PAGE,
    MAX_MENTIONS,
    MAX_REF_CHARACTERS,
    MAX_TOPIC_CHARACTERS,
)
from tools.paths import ROOT
from wire.frames import (
    FRAME_TYPES,
    MAX_RETENTION_DAYS,
    MAX_SAFE_INTEGER,
    AnswerLogin,
    CreateChannel,
    Delete,
    DeleteChannel,
    Edit,
    Frame,
    Hello,
    History,
    LiftBan,
    ListBans,
    Notify,
    PushTest,
    React,
    Read,
    RemoveMember,
    SeeAlert,
    Send,
    Typing,
    UpdateChannel,
    UpdateRoom,
    Visible,
    closing_answer,
    error_frame,
    events_frame,
    is_too_large,
    ok_frame,
    parse,
    ref_of,
)

ID = "0199f3a0-1111-7222-8333-444455556666"
OTHER_ID = "0199f3a0-1111-7222-8333-444455557777"
THUMB = "👍"
REFUSALS = (Malformed, TooLarge, UnknownType)

GOOD: list[tuple[dict[str, Any], Frame]] = [
    ({"type": "hello", "last_seq": None}, Hello(None, None, acks=True)),
    ({"type": "hello"}, Hello(None, None, acks=True)),
    ({"type": "hello", "ref": "h", "last_seq": 0, "acks": True}, Hello("h", 0, acks=True)),
    ({"type": "hello", "last_seq": MAX_SAFE_INTEGER, "acks": False}, Hello(None, MAX_SAFE_INTEGER, acks=False)),
    ({"type": "send", "id": ID, "channel": "general", "body": "x"}, Send(ID, ID, "general", "x", None, ())),
    (
        {
            "type": "send",
            "id": ID,
            "channel": "c",
            "body": " x\n",
            "reply_to": OTHER_ID,
            "mentions": ["a", "b", "a"],
            "ref": "ignored",
        },
        Send(ID, ID, "c", " x\n", OTHER_ID, ("a", "b")),
    ),
    (
        {"type": "send", "id": ID, "channel": "c", "body": "x", "reply_to": None, "mentions": None},
        Send(ID, ID, "c", "x", None, ()),
    ),
    ({"type": "edit", "ref": "r", "id": ID, "body": "x", "mentions": ["a"]}, Edit("r", ID, "x", ("a",))),
    ({"type": "edit", "id": ID, "body": "x"}, Edit(None, ID, "x", ())),
    ({"type": "delete", "ref": "r", "id": ID}, Delete("r", ID)),
    ({"type": "react", "ref": "r", "id": ID, "emoji": THUMB, "on": True}, React("r", ID, THUMB, on=True)),
    ({"type": "react", "id": ID, "emoji": THUMB, "on": False}, React(None, ID, THUMB, on=False)),
    (
        {"type": "history", "ref": "r", "channel": "c", "before": None, "limit": 1},
        History("r", "c", None, None, 1),
    ),
    ({"type": "history", "channel": "c", "limit": 100}, History(None, "c", None, None, 100)),
    ({"type": "history", "channel": "c", "before": 7, "limit": 50}, History(None, "c", 7, None, 50)),
    ({"type": "history", "channel": "c", "after": 0, "limit": 50}, History(None, "c", None, 0, 50)),
    ({"type": "history", "channel": "c", "before": None, "after": 3, "limit": 9}, History(None, "c", None, 3, 9)),
    ({"type": "read", "channel": "c", "seq": 0}, Read(None, "c", 0)),
    ({"type": "typing", "channel": "c"}, Typing(None, "c")),
    ({"type": "channel.create", "ref": "r", "name": " plans "}, CreateChannel("r", "plans", "")),
    ({"type": "channel.create", "name": "plans", "topic": "  what "}, CreateChannel(None, "plans", "what")),
    ({"type": "channel.update", "ref": "r", "id": "c"}, UpdateChannel("r", "c", {})),
    (
        {"type": "channel.update", "id": "c", "name": "n", "topic": "", "archived": True, "retention_days": None},
        UpdateChannel(None, "c", {"name": "n", "topic": "", "archived": True, "retention_days": None}),
    ),
    ({"type": "channel.update", "id": "c", "retention_days": 0}, UpdateChannel(None, "c", {"retention_days": 0})),
    ({"type": "channel.delete", "ref": "r", "id": "c"}, DeleteChannel("r", "c")),
    ({"type": "member.remove", "ref": "r", "id": "m"}, RemoveMember("r", "m")),
    ({"type": "room.update", "ref": "r", "retention_days": 7}, UpdateRoom("r", 7)),
    ({"type": "room.update", "retention_days": None}, UpdateRoom(None, None)),
    ({"type": "visible", "ref": "r", "visible": False}, Visible("r", visible=False)),
    ({"type": "notify", "ref": "r", "channel": "c", "level": "mentions"}, Notify("r", "c", "mentions")),
    ({"type": "notify", "channel": "c", "level": None}, Notify(None, "c", None)),
    ({"type": "push.test", "ref": "r"}, PushTest("r")),
    ({"type": "bans", "ref": "r"}, ListBans("r")),
    ({"type": "ban.lift", "ref": "r", "id": "x"}, LiftBan("r", "x")),
    ({"type": "member.remove", "ref": "r", "id": "x", "ban": True}, RemoveMember("r", "x", ban=True)),
    ({"type": "alert.seen", "ref": "r", "id": "x"}, SeeAlert("r", "x")),
    ({"type": "login.answer", "ref": "r", "id": "x", "approve": False}, AnswerLogin("r", "x", approve=False)),
]
TYPES = sorted({str(fields["type"]) for fields, _ in GOOD})
GOOD_IDS = [f"{number} {fields['type']}" for number, (fields, _) in enumerate(GOOD)]


def parsed(fields: dict[str, Any]) -> Frame:
    return parse(json.dumps(fields))


def refusal(frame: dict[str, Any] | str) -> ChatError:
    with pytest.raises(REFUSALS) as caught:
        parse(frame if isinstance(frame, str) else json.dumps(frame))
    return caught.value


def full(kind: str) -> dict[str, Any]:
    """The frame of this type with the most fields."""
    return max((fields for fields, _ in GOOD if fields["type"] == kind), key=len)


# --- what is good ---


@pytest.mark.parametrize(("fields", "frame"), GOOD, ids=GOOD_IDS)
def test_a_good_frame_becomes_what_it_says(fields: dict[str, Any], frame: Frame) -> None:
    assert parsed(fields) == frame


@pytest.mark.parametrize(("fields", "frame"), GOOD, ids=GOOD_IDS)
def test_fields_that_nobody_knows_are_ignored(fields: dict[str, Any], frame: Frame) -> None:
    assert parsed(fields | {"unknown": {"deep": [1, None, "x"]}, "seq2": True, "": 1}) == frame


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


# --- what is no frame ---


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "x",
        "{",
        "{}}",
        "[]",
        "null",
        "true",
        "1",
        '"hello"',
        "ping",
        "{'type':'hello'}",
        "\ufeff{}",
        "\0",
        '{"type":"hello",}',
        '{"type":hello}',
        '{"type":"hello"',
        '{"type":"\n"}',
        "NaN",
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"last_seq":' + "9" * 5_000 + "}",
    ],
)
def test_what_is_no_json_object_is_malformed(text: str) -> None:
    assert type(refusal(text)) is Malformed


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("field", ["more", "last_seq"])
def test_numbers_that_json_does_not_have_are_malformed(constant: str, field: str) -> None:
    assert type(refusal(f'{{"type":"hello","{field}":{constant}}}')) is Malformed


@pytest.mark.parametrize(
    "kind", ["", "Hello", "hello ", "welcome", "events", "__class__", "ping", "\ud800", "x" * 9_999]
)
def test_a_type_that_does_not_exist_is_unknown(kind: str) -> None:
    assert type(refusal({"type": kind})) is UnknownType


@pytest.mark.parametrize("kind", [None, 1, True, [], {}, ["hello"], {"hello": 1}])
def test_a_type_that_is_no_text_is_malformed(kind: Any) -> None:
    assert type(refusal({"type": kind})) is Malformed
    assert type(refusal({})) is Malformed


def test_of_two_fields_with_one_name_the_last_counts() -> None:
    assert parse('{"type":"send","type":"typing","channel":1,"channel":"c"}') == Typing(None, "c")


def test_a_frame_that_is_deep_beyond_reason_is_refused_or_ignored_and_never_an_error() -> None:
    for depth in (10, 500, 900, 1_000, 5_000, 100_000):
        text = '{"type":"typing","channel":"c","more":' + "[" * depth + "]" * depth + "}"
        try:
            assert parse(text) == Typing(None, "c")
        except Malformed:
            assert depth > 100


# --- fields of the wrong kind ---


NOT_TEXT: list[Any] = [None, 1, 1.5, True, [], {}, ["x"]]
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
NOT_BOOLEAN: list[Any] = [None, 0, 1, "true", "", [], {}, 1.0]
NOT_SEQ = [-1, -1.0, 1.5, True, False, "1", [], {}, MAX_SAFE_INTEGER + 1, 2**64, 10**400, -(10**400)]
NOT_DAYS = [-1, 1.5, True, "1", [], {}, MAX_RETENTION_DAYS + 1, 10**400]
NOT_REF = [1, True, 1.5, [], {}, "\ud800"]
NOT_NAME = [*NOT_TEXT, "", " ", "\n", "a\nb", "a\0b", "a\u202eb", "\u200b", "\ud800x", "x\u2028y"]
NOT_TOPIC = [*NOT_TEXT, "a\nb", "\u202ea", "\ud800", "\0"]
EMPTY = json.loads((ROOT / "tests/vectors/names.json").read_text(encoding="utf-8"))["empty"]
NOT_BODY = [*NOT_TEXT, *EMPTY, "\ud800", "x\udfff"]
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

MISSING = object()
FIELDS: list[tuple[str, str, list[Any]]] = [
    ("hello", "last_seq", NOT_SEQ),
    ("hello", "acks", NOT_BOOLEAN),
    ("send", "id", [*NOT_UUID, MISSING]),
    ("send", "channel", [*NOT_ID, MISSING]),
    ("send", "body", [*NOT_BODY, MISSING]),
    ("send", "reply_to", NOT_UUID[1:]),
    ("send", "mentions", NOT_MENTIONS),
    ("edit", "id", [*NOT_UUID, MISSING]),
    ("edit", "body", [*NOT_BODY, MISSING]),
    ("edit", "mentions", NOT_MENTIONS),
    ("delete", "id", [*NOT_UUID, MISSING]),
    ("react", "id", [*NOT_UUID, MISSING]),
    ("react", "emoji", [*NOT_EMOJI, MISSING]),
    ("react", "on", [*NOT_BOOLEAN, MISSING]),
    ("history", "channel", [*NOT_ID, MISSING]),
    ("history", "before", NOT_SEQ),
    ("history", "after", NOT_SEQ),
    ("history", "limit", [*NOT_SEQ, None, 0, MAX_HISTORY_PAGE + 1, MISSING]),
    ("read", "channel", [*NOT_ID, MISSING]),
    ("read", "seq", [*NOT_SEQ, None, MISSING]),
    ("typing", "channel", [*NOT_ID, MISSING]),
    ("channel.create", "name", [*NOT_NAME, MISSING]),
    ("channel.create", "topic", NOT_TOPIC),
    ("channel.update", "id", [*NOT_ID, MISSING]),
    ("channel.update", "name", NOT_NAME),
    ("channel.update", "topic", NOT_TOPIC),
    ("channel.update", "archived", NOT_BOOLEAN),
    ("channel.update", "retention_days", NOT_DAYS),
    ("channel.delete", "id", [*NOT_ID, MISSING]),
    ("member.remove", "id", [*NOT_ID, MISSING]),
    ("room.update", "retention_days", [*NOT_DAYS, MISSING]),
    ("visible", "visible", [*NOT_BOOLEAN, MISSING]),
    ("notify", "channel", [*NOT_ID, MISSING]),
    ("notify", "level", [*NOT_TEXT[1:], "", "All", "everything", "\ud800", MISSING]),
    ("ban.lift", "id", [*NOT_ID, MISSING]),
    ("member.remove", "ban", NOT_BOOLEAN),
    ("alert.seen", "id", [*NOT_ID, MISSING]),
    ("login.answer", "id", [*NOT_ID, MISSING]),
    ("login.answer", "approve", [*NOT_BOOLEAN, MISSING]),
    *[(kind, "ref", NOT_REF) for kind in TYPES if kind != "send"],
]
CASES = [(kind, field, value) for kind, field, values in FIELDS for value in values]


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    CASES,
    ids=[f"{kind} {field} {number}" for number, (kind, field, _) in enumerate(CASES)],
)
def test_a_field_of_the_wrong_kind_is_malformed_and_named(kind: str, field: str, value: Any) -> None:
    fields = full(kind)
    fields = {name: each for name, each in fields.items() if name not in (field, "before", "after")}
    if value is not MISSING:
        fields[field] = value
    error = refusal(fields)
    assert type(error) is Malformed
    assert error.detail.split()[0] == field
    assert len(error.detail) < 200


def test_no_type_of_frame_and_no_field_is_left_out_of_these_tests() -> None:
    assert set(TYPES) == set(FRAME_TYPES)
    fields_of = {
        kind: {name for fields, _ in GOOD if fields["type"] == kind for name in fields} for kind in FRAME_TYPES
    }
    tested = {(kind, field) for kind, field, _ in FIELDS}
    expected = {(kind, field) for kind, fields in fields_of.items() for field in fields - {"type"}}
    assert expected - tested == {("send", "ref")}


def test_a_page_goes_forward_or_back_and_not_both_ways() -> None:
    error = refusal({"type": "history", "channel": "c", "before": 1, "after": 1, "limit": 1})
    assert type(error) is Malformed


# --- limits ---


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
        lambda n: full("send") | {"mentions": [f"m{number}" for number in range(n)]},
        TooLarge,
    ),
    ("mentions of edit", MAX_MENTIONS, lambda n: edit("x") | {"mentions": ["m"] * n}, TooLarge),
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
        (f"ref of {kind}", MAX_REF_CHARACTERS, lambda n, kind=kind: full(kind) | {"ref": "r" * n}, TooLarge)
        for kind in TYPES
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


@pytest.mark.parametrize(
    ("size", "too_large"), [(MAX_FRAME_BYTES - 1, False), (MAX_FRAME_BYTES, False), (MAX_FRAME_BYTES + 1, True)]
)
@pytest.mark.parametrize("character", ["x", "я", "あ", "🙂"])
def test_a_frame_is_measured_in_utf_8(size: int, too_large: bool, character: str) -> None:
    width = len(character.encode())
    text = character * (size // width) + "x" * (size % width)
    assert len(text.encode()) == size
    assert is_too_large(text) is too_large


def test_a_frame_with_lone_surrogates_is_measured_without_an_error() -> None:
    assert is_too_large("\ud800" * MAX_FRAME_BYTES) is False
    assert is_too_large("\ud800" * (MAX_FRAME_BYTES + 1)) is True


# --- anything at all ---

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELD_NAMES = sorted({name for fields, _ in GOOD for name in fields})
VALUES = ANY_JSON | st.sampled_from([value for fields, _ in GOOD for value in fields.values()])


def takes(text: str) -> None:
    """Parse it, or refuse it as docs/protocol.md says; anything else fails the test."""
    try:
        frame = parse(text)
    except REFUSALS as refused:
        ref, sent = ref_of(text), error_frame(refused, ref_of(text)).encode()
    else:
        ref, sent = frame.ref, ok_frame(frame.ref).encode()
    assert ref is None or len(ref) <= MAX_REF_CHARACTERS
    assert json.loads(sent)["ref"] == ref


@given(st.text(st.characters()))
@example("\ud800")
@example('{"type":"\\ud800"}')
@example('{"type":"send","id":"\\ud800"}')
def test_arbitrary_text_is_never_more_than_refused(text: str) -> None:
    takes(text)


@given(ANY_JSON)
def test_arbitrary_json_is_never_more_than_refused(value: Any) -> None:
    takes(json.dumps(value))


@given(st.sampled_from(FRAME_TYPES), st.dictionaries(st.sampled_from(FIELD_NAMES), VALUES, max_size=8))
def test_arbitrary_fields_are_never_more_than_refused(kind: str, fields: dict[str, Any]) -> None:
    takes(json.dumps(fields | {"type": kind}))


@given(st.sampled_from(GOOD), st.sampled_from(FIELD_NAMES), VALUES)
def test_a_good_frame_with_one_field_changed_is_never_more_than_refused(
    good: tuple[dict[str, Any], Frame], field: str, value: Any
) -> None:
    takes(json.dumps(good[0] | {field: value}))


@given(st.sampled_from(GOOD), st.data())
def test_a_good_frame_with_characters_changed_is_never_more_than_refused(
    good: tuple[dict[str, Any], Frame], data: st.DataObject
) -> None:
    text = json.dumps(good[0])
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    takes(text[:start] + data.draw(st.text(max_size=5)) + text[end:])


@given(st.integers())
def test_a_seq_is_taken_or_refused_exactly(number: int) -> None:
    text = json.dumps({"type": "read", "channel": "c", "seq": number})
    if 0 <= number <= MAX_SAFE_INTEGER:
        assert parse(text) == Read(None, "c", number)
    else:
        assert type(refusal(text)) is Malformed


# --- what is answered ---


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ('{"type":"edit","ref":"r1"}', "r1"),
        ('{"ref":"r1"}', "r1"),
        ('{"type":"send","id":"x","ref":"r"}', "x"),
        ('{"type":"send","ref":"r"}', None),
        ('{"type":"edit","ref":1}', None),
        ('{"type":"edit","ref":null}', None),
        ('{"type":"edit","id":"x"}', None),
        ("[]", None),
        ("", None),
        ('{"type":"send","id":["x"]}', None),
        ('{"type":"edit","ref":"\\ud800"}', None),
        ('{"ref":"' + "r" * 64 + '"}', "r" * 64),
        ('{"ref":"' + "r" * 65 + '"}', None),
        ('{"type":["send"],"ref":"r"}', "r"),
    ],
)
def test_a_refusal_repeats_what_it_can_read(text: str, ref: str | None) -> None:
    assert ref_of(text) == ref


def test_a_refusal_says_what_went_wrong_and_when_to_repeat() -> None:
    assert json.loads(error_frame(NotFound("There is no such channel."), "r")) == {
        "type": "error",
        "ref": "r",
        "code": "not_found",
        "detail": "There is no such channel.",
    }
    assert json.loads(error_frame(RateLimited("Too fast.", retry_after=0.2), None)) == {
        "type": "error",
        "ref": None,
        "code": "rate_limited",
        "detail": "Too fast.",
        "retry_after": 0.2,
    }


def test_a_success_repeats_its_ref() -> None:
    assert ok_frame("r") == '{"type":"ok","ref":"r"}'
    assert ok_frame(None) == '{"type":"ok","ref":null}'


@pytest.mark.parametrize("events", [[], ['{"seq":1}'], ['{"seq":1}', '{"seq":2,"body":"\\"},{"}']])
def test_events_are_put_together_without_being_written_anew(events: list[str]) -> None:
    assert json.loads(events_frame(events)) == {"type": "events", "events": [json.loads(event) for event in events]}


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        *((code, code) for code in (1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4000, 4401, 4999)),
        *((code, 1000) for code in (1005, 1006)),
        *((code, 1002) for code in (-1, 0, 1, 999, 1004, 1015, 1016, 2000, 2999, 5000, 65_535, 2**31)),
    ],
)
def test_a_close_frame_is_answered_with_what_may_be_sent(code: int, answer: int) -> None:
    assert closing_answer(code) == answer


UPPER = "ABCDEF01-0000-4000-8000-00000000ABCD"


@pytest.mark.parametrize("spelling", [UPPER, UPPER.lower(), UPPER.title()])
def test_a_uuid_is_one_in_any_case_and_its_sender_is_answered_as_they_wrote_it(spelling: str) -> None:
    sent = parse(json.dumps({"type": "send", "id": spelling, "channel": "c", "body": "x", "reply_to": spelling}))
    assert sent == Send(spelling, UPPER.lower(), "c", "x", UPPER.lower(), ())
    assert parse(json.dumps({"type": "delete", "id": spelling})) == Delete(None, UPPER.lower())


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


@pytest.mark.parametrize("number", ["1e400", "1" * 5_000, "-" + "9" * 6_000])
def test_a_number_that_python_does_not_take_is_json_all_the_same(number: str) -> None:
    assert parse(f'{{"type":"typing","channel":"c","more":{number}}}') == Typing(None, "c")


def test_of_a_key_that_stands_twice_the_last_one_counts_as_in_a_browser() -> None:
    assert parse('{"type":"send","channel":"c","type":"typing"}') == Typing(None, "c")


@pytest.mark.parametrize("value", ["1", "0", '"true"', "null", "1.0"])
def test_a_number_is_neither_true_nor_false(value: str) -> None:
    with pytest.raises(Malformed):
        parse(f'{{"type":"visible","visible":{value}}}')
