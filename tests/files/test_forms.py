"""files/forms.py: what a browser says of a file that it wants to upload."""

from typing import Any

import pytest

from encoding import compact_json
from errors import ChatError, Malformed, TooLarge
from files.forms import Wanted, parse_wanted
from files.layout import SEALED_CHUNK_BYTES, sealed_bytes
from limits import FILE_BYTES, MAX_THUMB_BYTES
from tests.files.uploading import file_id

GOOD = {"id": file_id(1), "channel": "general", "size": 5_016, "thumb": 0}


def parsed(**changes: Any) -> Wanted:
    return parse_wanted(compact_json(GOOD | changes), FILE_BYTES)


def test_a_file_is_wanted_with_its_sealed_sizes() -> None:
    assert parsed() == Wanted(file_id(1), "general", 5_016, 0)
    assert parsed(size=16, thumb=17) == Wanted(file_id(1), "general", 16, 17)


def test_the_operators_limit_is_met_exactly() -> None:
    assert parsed(size=sealed_bytes(FILE_BYTES)).size == sealed_bytes(FILE_BYTES)
    with pytest.raises(TooLarge):
        parsed(size=sealed_bytes(FILE_BYTES + 1))
    assert parsed(thumb=sealed_bytes(MAX_THUMB_BYTES)).thumb == SEALED_CHUNK_BYTES
    with pytest.raises(TooLarge):
        parsed(thumb=SEALED_CHUNK_BYTES + 17)


@pytest.mark.parametrize(
    "changes",
    [
        *({"size": size} for size in (0, 15, -1, 1.5, "9", None, SEALED_CHUNK_BYTES + 16)),
        *({"thumb": thumb} for thumb in (1, 15, 16, -1, "0", None)),
        *({"id": each} for each in ("", "x", None, 1, file_id(1)[:-1], "A" * 43)),
        *({"channel": each} for each in ("", "a b", None, 1)),
    ],
)
def test_what_no_sealed_file_has_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        parsed(**changes)


@pytest.mark.parametrize("body", ["", "[]", "{}", "null", '{"id":1}'])
def test_what_cannot_be_read_is_refused(body: str) -> None:
    with pytest.raises(ChatError) as caught:
        parse_wanted(body, FILE_BYTES)
    assert type(caught.value) is Malformed
