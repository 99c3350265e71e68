"""wire/files.py: what a sender may say of a file."""

from typing import Any

import pytest

from encoding import b64url
from errors import Malformed, TooLarge
from limits import (
    MAX_ALT_CHARACTERS,
    MAX_FILE_NAME_CHARACTERS,
    MAX_FILES_PER_MESSAGE,
    MAX_PICTURE_SIDE,
    MAX_SAFE_INTEGER,
    MAX_THUMB_BYTES,
)
from tests.contract import GOOD_VALUES
from wire.files import File, file_id, read_files

(PICTURE,) = GOOD_VALUES["files"]
THUMB = PICTURE["thumb"]


def read(*changes: dict[str, Any]) -> tuple[File, ...]:
    return read_files({"files": [PICTURE | change for change in changes]})


def shown(**changes: Any) -> dict[str, Any]:
    (file,) = read(changes)
    return dict(file.shown)


def test_all_that_is_known_is_kept_and_nothing_else() -> None:
    (file,) = read({"later": "newer clients say more", "thumb": THUMB | {"later": 1}})
    assert file == File(PICTURE["id"], PICTURE["size"], THUMB["size"], PICTURE)


def test_what_may_be_missing_may_be_null_and_is_not_kept() -> None:
    bare = {"id": PICTURE["id"], "key": PICTURE["key"], "name": "x", "type": "a/b", "size": 0}
    null = dict.fromkeys(("width", "height", "duration", "hash", "alt", "thumb"))
    for given in (bare, bare | null):
        assert read_files({"files": [given]}) == (File(PICTURE["id"], 0, None, bare),)


@pytest.mark.parametrize("given", [{}, {"files": None}, {"files": []}])
def test_a_message_may_have_no_files(given: dict[str, Any]) -> None:
    assert read_files(given) == ()


def test_files_keep_their_order_and_none_comes_twice() -> None:
    ids = [b64url(bytes([number] * 16)) for number in (3, 1, 2)]
    assert [file.id for file in read(*({"id": each} for each in ids))] == ids
    with pytest.raises(Malformed, match="files: one of them is named twice"):
        read({}, {"name": "another"})


NOT_TEXT: list[Any] = [1, True, [], {}, "\ud800"]
NOT_SIDE: list[Any] = [0, -1, 1.5, True, "9", MAX_PICTURE_SIDE + 1]
NOT_TYPE = [
    *NOT_TEXT,
    "",
    "jpeg",
    "/",
    "image/",
    "Image/jpeg",
    "image/jpeg; x",
    "image/jp eg",
    "a/b\n",
    "a/" + "b" * 99,
]
NOT_BASE64 = [*NOT_TEXT, "", "x", "é" * 22, PICTURE["id"] + "=", PICTURE["id"][:-1]]
NOT_SIZE = [-1, 1.5, True, "1", None, MAX_SAFE_INTEGER + 1]
WRONG: dict[str, list[Any]] = {
    "id": [*NOT_BASE64, None, PICTURE["key"]],
    "key": [*NOT_BASE64, None, PICTURE["id"]],
    "name": [*NOT_TEXT, None, "", " ", "\u200b", "a\nb", "a\0b", "evil\u202egpj.exe", "x\u2028y"],
    "type": [*NOT_TYPE, None],
    "size": NOT_SIZE,
    "width": NOT_SIDE,
    "height": NOT_SIDE,
    "duration": [-1, 1.5, True, "1"],
    "hash": [*NOT_TEXT, "", "a b", "x" * 65, "é"],
    "alt": NOT_TEXT,
    "thumb": [
        1,
        "x",
        [],
        {},
        *({**THUMB, "size": size} for size in [*NOT_SIZE, 0, MAX_THUMB_BYTES + 1]),
        *({**THUMB, "width": side} for side in [*NOT_SIDE, None]),
        *({**THUMB, "height": side} for side in [*NOT_SIDE, None]),
        *({**THUMB, "type": kind} for kind in [*NOT_TYPE, None]),
    ],
}


@pytest.mark.parametrize("field", WRONG)
def test_a_wrong_field_is_refused_by_its_name(field: str) -> None:
    for value in WRONG[field]:
        with pytest.raises(Malformed) as caught:
            read({field: value})
        assert caught.value.detail.startswith("files: ")
        assert len(caught.value.detail) < 200


@pytest.mark.parametrize(
    ("field", "limit"), [("name", MAX_FILE_NAME_CHARACTERS), ("alt", MAX_ALT_CHARACTERS)], ids=["name", "alt"]
)
def test_a_text_is_limited_in_code_points(field: str, limit: int) -> None:
    assert shown(**{field: "🙂" * limit})[field] == "🙂" * limit
    with pytest.raises(TooLarge, match=f"files: {field}"):
        read({field: "🙂" * (limit + 1)})


def test_a_message_has_so_many_files() -> None:
    several = [{"id": b64url(bytes([number] * 16))} for number in range(MAX_FILES_PER_MESSAGE + 1)]
    assert len(read(*several[:-1])) == MAX_FILES_PER_MESSAGE
    with pytest.raises(TooLarge):
        read(*several)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "Отчёт за май.pdf", "a\u0301 b.png", "<img src=x>.svg", "写真.jpg"]
)
def test_a_name_is_only_a_text(name: str) -> None:
    assert shown(name=f" {name} ")["name"] in (name, "á b.png")


def test_what_a_picture_shows_may_take_several_lines() -> None:
    assert shown(alt="a sea\nand a boat")["alt"] == "a sea\nand a boat"


def test_an_id_is_sixteen_bytes() -> None:
    assert file_id({"id": PICTURE["id"]}, "id") == PICTURE["id"]
    with pytest.raises(Malformed, match="id is not 16 bytes"):
        file_id({}, "id")
