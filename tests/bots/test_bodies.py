"""bots/bodies.py: what a body is, whatever its sender calls it."""

import pytest

from bots.bodies import FORM, JSON, PARTS, PLAIN, read
from errors import Malformed

TEXT = '{"text":"hi"}'


@pytest.mark.parametrize("media_type", [JSON, FORM, PLAIN, PARTS, "", "application/cloudevents+json", "text/html"])
def test_json_is_read_whatever_it_is_called(media_type: str) -> None:
    assert read(TEXT, media_type) == {"text": "hi"}
    assert read(f"\ufeff \n{TEXT}\n", media_type) == {"text": "hi"}


@pytest.mark.parametrize("broken", ['{"text":', '{"a":1}{"b":2}', "{}x", '[{"a":1}]', '{"a":01}'])
def test_json_that_is_none_is_malformed_except_as_plain_text(broken: str) -> None:
    for media_type in (JSON, FORM, ""):
        with pytest.raises(Malformed):
            read(broken, media_type)
    assert read(broken, PLAIN) == broken


@pytest.mark.parametrize("value", ["7", "null", "true", "[]", "[1]"])
def test_json_that_is_no_object_is_malformed(value: str) -> None:
    with pytest.raises(Malformed):
        read(value, JSON)
    assert read(value, FORM) == value


def test_a_json_string_is_a_text_and_careless_json_is_taken() -> None:
    assert read('"a\\nb"', JSON) == "a\nb"
    assert read('{"text":"a\nb\tc","x":NaN,"y":-Infinity}', JSON) == {"text": "a\nb\tc", "x": "NaN", "y": "-Infinity"}
    assert read(f'{{"x":{"9" * 5_000},"y":1e999,"z":1.5}}', JSON) == {"x": "9" * 5_000, "y": "1e999", "z": 1.5}


def test_nesting_is_bounded() -> None:
    with pytest.raises(Malformed):
        read('{"a":' * 40 + "1" + "}" * 40, JSON)


@pytest.mark.parametrize("text", ["Backup done", "{not json", "[web] down", "a=b", "50% & more", "", "=", "x=1&y=2"])
def test_what_is_no_form_is_a_text_although_curl_calls_it_one(text: str) -> None:
    assert read(text, FORM) == text


def test_a_form_has_fields_or_all_of_it_in_one() -> None:
    assert read("message=a+b%21&title=%D0%B6&x=", FORM) == {"message": "a b!", "title": "ж", "x": ""}
    assert read("payload=%7B%22text%22%3A%22hi%22%7D", FORM) == {"text": "hi"}
    assert read("payload=%22hi%22", FORM) == "hi"
    for wrong in ("payload=hi", "payload=", "payload_json=%5B%5D"):
        with pytest.raises(Malformed):
            read(wrong, FORM)
    assert read("message=x", "") == "message=x"


def test_a_form_in_parts_is_read_without_its_files() -> None:
    parts = [
        'Content-Disposition: form-data; name="payload_json"\r\nContent-Type: application/json\r\n\r\n{"content":"hi"}',
        'Content-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nsecret',
    ]
    body = "".join(f"--xyz\r\n{part}\r\n" for part in parts) + "--xyz--\r\n"
    assert read(body, PARTS, "xyz") == {"content": "hi"}
    assert read(body.replace("payload_json", "message"), PARTS, "xyz") == {"message": '{"content":"hi"}'}
    assert read(body, PARTS, "other") == {}


def test_a_form_in_parts_may_be_written_in_other_ways() -> None:
    lines = ["--x", "content-disposition: form-data; Name=text", "", "a --x b", "--x--", ""]
    assert read("\r\n".join(lines), PARTS, "x") == read("\n".join(lines), PARTS, "x") == {"text": "a --x b"}
    assert read("preface\r\n" + "\r\n".join(lines), PARTS, "x") == {"text": "a --x b"}
    for head in ('form-data; filename="a"; name="text"', "form-data; name=text; filename*=UTF-8''a", "form-data"):
        assert read(f"--x\r\nContent-Disposition: {head}\r\n\r\nb\r\n--x--", PARTS, "x") == {}
    assert read('--.*\r\nContent-Disposition: form-data; name="text"\r\n\r\nb\r\n--.*--', PARTS, ".*") == {"text": "b"}


@pytest.mark.parametrize("boundary", ["-", "x", "(", "\\", "\r\n"])
def test_odd_boundaries_break_nothing(boundary: str) -> None:
    for body in (f"--{boundary}" * 9_000, f"\r\n--{boundary}" * 9_000, f"--{boundary}\r\n\r\n", "-" * 65_536):
        assert read(body, PARTS, boundary) == {}
