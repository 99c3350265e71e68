"""web/bodies.py: fields of JSON bodies."""

from typing import Any

import pytest

from errors import Malformed
from web.bodies import object_field, optional_field, text_field


def test_fields_of_the_right_type_are_taken() -> None:
    assert text_field({"name": "Anna"}, "name") == "Anna"
    assert object_field({"keys": {"a": 1}}, "keys") == {"a": 1}
    assert [optional_field(fields, "code", 3) for fields in ({}, {"code": None}, {"code": "abc"})] == [
        None,
        None,
        "abc",
    ]


@pytest.mark.parametrize("value", [None, 7, True, [], {}, "\ud800"])
def test_what_is_no_text_is_refused_by_its_name(value: Any) -> None:
    with pytest.raises(Malformed) as refused:
        text_field({"name": value}, "name")
    assert "name" in refused.value.detail


@pytest.mark.parametrize("value", [None, 7, [], "{}"])
def test_what_is_no_object_is_refused_by_its_name(value: Any) -> None:
    with pytest.raises(Malformed) as refused:
        object_field({"keys": value}, "keys")
    assert "keys" in refused.value.detail


@pytest.mark.parametrize("value", ["abcd", 7, [], "\ud800"])
def test_what_is_optional_is_text_within_its_limit(value: Any) -> None:
    with pytest.raises(Malformed):
        optional_field({"code": value}, "code", 3)
