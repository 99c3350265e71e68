"""wire/reading.py: whatever text comes is a frame or a refusal, never an error."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from errors import Malformed, UnknownType
from limits import (
    MAX_FRAME_BYTES,
    MAX_REF_CHARACTERS,
)
from tests.wire.frames import GOOD, GOOD_IDS, REFUSALS, parsed, refusal
from wire.questions import (
    Typing,
)
from wire.reading import FRAME_TYPES, Frame, is_too_large, parse, ref_of
from wire.writing import error_frame, ok_frame


@pytest.mark.parametrize(("fields", "frame"), GOOD, ids=GOOD_IDS)
def test_fields_that_nobody_knows_are_ignored(fields: dict[str, Any], frame: Frame) -> None:
    assert parsed(fields | {"unknown": {"deep": [1, None, "x"]}, "seq2": True, "": 1}) == frame


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


# --- size ---


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


# --- what a refusal repeats ---


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


@pytest.mark.parametrize("number", ["1e400", "1" * 5_000, "-" + "9" * 6_000])
def test_a_number_that_python_does_not_take_is_json_all_the_same(number: str) -> None:
    assert parse(f'{{"type":"typing","channel":"c","more":{number}}}') == Typing(None, "c")


def test_of_a_key_that_stands_twice_the_last_one_counts_as_in_a_browser() -> None:
    assert parse('{"type":"send","channel":"c","type":"typing"}') == Typing(None, "c")
