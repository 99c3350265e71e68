"""encoding.py: base64url, JSON, names."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encoding import b64url, clean_name, compact_json, folded, from_b64url, from_json, is_text
from errors import Malformed, TooLarge
from limits import MAX_JSON_DEPTH

LIMIT = 40


def clean(text: str, limit: int = LIMIT) -> str:
    return clean_name(text, limit=limit, what="The name")


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


@pytest.mark.parametrize("text", ["", "{", '{"a"', '"', '"\\', "nope", "[1,]", "1" * 5_000, "\ufeff1"])
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


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Anna", "Anna"),
        ("  Anna\t\n", "Anna"),
        ("\ufeff\u00a0\u3000Anna\u2028", "Anna"),
        ("Zoe\u0308", "Zoë"),
        ("Анна Каренина", "Анна Каренина"),
        ("José's café (2)", "José's café (2)"),
        ("👩‍💻", "👩‍💻"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("<b>", "<b>"),
    ],
)
def test_a_name_is_composed_and_trimmed_and_else_kept(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize("length", [1, LIMIT - 1, LIMIT])
def test_a_name_up_to_the_limit_is_taken(length: int) -> None:
    assert clean("я" * length) == "я" * length


@pytest.mark.parametrize("length", [LIMIT + 1, 4 * LIMIT, 4 * LIMIT + 1, 60_000])
def test_a_name_over_the_limit_is_too_large(length: int) -> None:
    with pytest.raises(TooLarge) as refusal:
        clean("я" * length)
    assert refusal.value.limit == LIMIT


def test_the_limit_counts_what_is_left_after_trimming_and_composing() -> None:
    assert clean(" " * 500 + "e\u0301" * LIMIT + " " * 500) == "é" * LIMIT


@pytest.mark.parametrize(
    "text", ["", " ", "\t\n", "\u200b", "\u200d\u200d", "\u3164", "\u2800 \u2800", "\u0301", "\ufe0f"]
)
def test_a_name_that_nobody_can_see_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        clean(text)


FORBIDDEN = [*range(0x20), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A)]


@pytest.mark.parametrize("code", FORBIDDEN, ids=lambda code: f"U+{code:04X}")
def test_control_and_direction_characters_are_refused_in_names(code: int) -> None:
    with pytest.raises(Malformed):
        clean(f"An{chr(code)}na")


@pytest.mark.parametrize("text", ["\ud800", "Anna\udfff"])
def test_a_name_with_a_lone_surrogate_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        clean(text)


@given(st.text(st.characters(codec=None), max_size=200))
def test_a_cleaned_name_is_clean(text: str) -> None:
    try:
        name = clean(text)
    except (Malformed, TooLarge):
        return
    assert clean(name) == name
    assert 1 <= len(name) <= LIMIT
    assert unicodedata.is_normalized("NFC", name)
    name.encode()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna", "anna"),
        ("STRASSE", "straße"),
        ("Zoë", "Zoe\u0308"),
        ("Ａｎｎａ", "Anna"),
        ("ﬁona", "FIONA"),
        ("An\u200bna", "Anna"),
        ("An\u2060\u00adna", "Anna"),
        ("☺\ufe0f", "☺"),
        ("АННА", "анна"),
    ],
)
def test_names_that_people_would_read_as_one_are_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("Anna", "Аnna"), ("Anna", "Anna1"), ("resume", "résumé")])
def test_names_that_differ_stay_different(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)
