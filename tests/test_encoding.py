"""encoding.py: base64url, JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encoding import b64url, compact_json, from_b64url, from_json, is_text
from errors import Malformed
from limits import MAX_JSON_DEPTH


@given(st.binary(max_size=70))
def test_any_bytes_come_back_from_base64url(data: bytes) -> None:
    text = b64url(data)
    assert "=" not in text
    assert from_b64url(text) == data


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("AA==", "padding"),
        ("AA=", "half a padding"),
        ("A", "six bits are no byte"),
        ("AAAAA", "six bits too many"),
        ("AB", "bits left over that are not zero"),
        ("AAB", "bits left over that are not zero"),
        ("+/A", "the alphabet of plain base64"),
        ("AA A", "a space"),
        ("AAAA\n", "a line end"),
        (" AAAA", "a space in front"),
        ("AA!A", "not in the alphabet"),
        ("AAÄA", "not ASCII"),
        ("AA\x00A", "a zero byte"),
        ("\ud800AAA", "a lone surrogate"),
        ("AA=AA", "padding inside"),
    ],
)
def test_base64url_has_one_spelling(text: str, why: str) -> None:
    with pytest.raises(Malformed):
        from_b64url(text)


@given(st.text(max_size=20))
def test_whatever_text_is_accepted_as_base64url_is_how_its_bytes_are_written(text: str) -> None:
    try:
        data = from_b64url(text)
    except Malformed:
        return
    assert b64url(data) == text


def nested(depth: int, text: str = "") -> str:
    return '{"a":[' * (depth // 2) + "[" * (depth % 2) + f'"{text}"' + "]" * (depth % 2) + "]}" * (depth // 2)


@pytest.mark.parametrize("depth", [MAX_JSON_DEPTH - 1, MAX_JSON_DEPTH])
def test_json_may_be_nested_so_deep(depth: int) -> None:
    assert from_json(nested(depth), "It") == json.loads(nested(depth))


@pytest.mark.parametrize("text", [nested(MAX_JSON_DEPTH + 1), "[" * 60_000, '{"a":' * 10_000, r'"\\"' + "[" * 5_000])
def test_json_that_is_nested_deeper_never_reaches_the_parser(text: str) -> None:
    with pytest.raises(Malformed, match="It is nested too deeply"):
        from_json(text, "It")


@pytest.mark.parametrize("body", ["[" * 4_000, '\\"[{' * 1_000, "]" * 4_000, "\\" * 4_000, "[\n{" * 1_000])
def test_brackets_in_texts_are_no_nesting(body: str) -> None:
    text = compact_json({"body": body, "mentions": []})
    assert from_json(text, "It") == {"body": body, "mentions": []}


@pytest.mark.parametrize("text", ["", "{", '{"a"', '"', '"\\', "nope", "[1,]", "\ufeff1"])
def test_what_is_no_json_is_malformed(text: str) -> None:
    with pytest.raises(Malformed, match="It is not JSON"):
        from_json(text, "It")


def test_json_is_written_without_spaces_and_escapes() -> None:
    assert compact_json({"a": [1, None, "ж"]}) == '{"a":[1,null,"ж"]}'


@pytest.mark.parametrize(("text", "expected"), [("", True), ("ж😀", True), ("\ud800", False), ("a\udfffb", False)])
def test_a_lone_surrogate_is_no_text(text: str, expected: bool) -> None:
    assert is_text(text) is expected
    if expected:
        text.encode()
