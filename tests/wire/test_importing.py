"""wire/importing.py: messages from elsewhere, and the names of those who wrote them."""

from typing import Any

import pytest

from limits import MAX_EMOJIS, MAX_IMPORTED, MAX_IMPORTED_PEOPLE, MAX_REACTIONS, MAX_SAFE_INTEGER
from tests.contract import GOOD_VALUES, good_frame
from tests.rooms import uuid
from tests.wire.frames import ID, THUMB, parsed, refusal
from wire.importing import Import, Imported

PLAIN = {"id": ID, "author": "clara", "sent_at": 7, "body": "hello"}


def frame(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "import", "ref": "r", "channel": "c", "messages": list(messages), **more}


def read(**more: Any) -> Imported:
    """The one message of a frame."""
    found = parsed(frame(PLAIN | more))
    assert isinstance(found, Import)
    (message,) = found.messages
    return message


def detail(**more: Any) -> str:
    """Why a message is refused, without its place in the frame."""
    start, end = refusal(frame(PLAIN | more)).detail.split(": ", 1)
    assert start == "messages 0"
    return end


def test_everything_that_a_message_may_have_is_read() -> None:
    found = parsed(good_frame("import"))
    assert found == Import(
        None,
        "general",
        (
            Imported(
                GOOD_VALUES["imported"][0]["id"],
                "clara",
                1_700_000_000_000,
                "let me in",
                "0199f3a0-1111-7222-8333-444455556667",
                ("boris",),
                1_700_000_001_000,
                None,
                {THUMB: ("boris", "clara")},
                (),
                {"name": "builds", "emoji": THUMB},
            ),
            Imported("0199f3a0-1111-7222-8333-444455556668", "", 1_700_000_002_000, deleted_at=1_700_000_002_000),
        ),
        {"clara": "Clara"},
    )


def test_a_plain_message_needs_four_fields() -> None:
    assert read() == Imported(ID, "clara", 7, "hello")


def test_of_a_deleted_message_nothing_is_read_but_its_times() -> None:
    assert read(deleted_at=9, reactions=7, files="x") == Imported(ID, "", 7, deleted_at=9)
    assert read(deleted_at=9, sent_at=None) == Imported(ID, "", 9, deleted_at=9)
    assert detail(deleted_at=9, sent_at="x").startswith("sent_at")


def test_a_message_with_files_needs_no_text() -> None:
    message = read(files=GOOD_VALUES["files"], body="")
    assert (message.body, [file.shown for file in message.files]) == ("", GOOD_VALUES["files"])


def test_the_same_emoji_in_two_forms_is_one_reaction_of_each_member() -> None:
    assert read(reactions={"❤": ["anna", "anna"], "❤️": ["anna", "boris"], THUMB: []}).reactions == {
        "❤️": ("anna", "boris")
    }


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"id": "x"}, "id"),
        ({"author": "a b"}, "author"),
        ({"author": None}, "author"),
        ({"sent_at": -1}, "sent_at"),
        ({"sent_at": MAX_SAFE_INTEGER + 1}, "sent_at"),
        ({"edited_at": "x"}, "edited_at"),
        ({"deleted_at": "x"}, "deleted_at"),
        ({"body": " "}, "body"),
        ({"body": "x" * 4_001}, "body"),
        ({"reply_to": "x"}, "reply_to"),
        ({"mentions": [1]}, "mentions"),
        ({"files": [1]}, "files"),
        ({"reactions": []}, "reactions"),
        ({"reactions": {THUMB: "anna"}}, "reactions"),
        ({"reactions": {THUMB: ["a b"]}}, "member"),
        ({"reactions": {"x": ["anna"]}}, "emoji"),
        ({"reactions": {THUMB: [f"m{n}" for n in range(MAX_REACTIONS + 1)]}}, "reactions"),
        ({"reactions": {chr(0x1F600 + n): ["anna"] for n in range(MAX_EMOJIS + 1)}}, "reactions"),
        ({"shown_as": "x"}, "shown_as"),
        ({"shown_as": {"title": "x"}}, "shown_as"),
        ({"shown_as": {"name": ""}}, "name"),
        ({"shown_as": {"emoji": "x"}}, "emoji"),
        ({"shown_as": {"emoji": 7}}, "shown_as"),
    ],
)
def test_a_wrong_field_is_named_with_its_message(more: dict[str, Any], named: str) -> None:
    assert detail(**more).split()[0].rstrip(":") == named


def test_no_two_messages_have_one_id() -> None:
    assert "same id" in refusal(frame(PLAIN, PLAIN)).detail


@pytest.mark.parametrize(
    ("name", "limit", "item"),
    [
        ("messages", MAX_IMPORTED, lambda n: PLAIN | {"id": uuid(n)}),
        ("people", MAX_IMPORTED_PEOPLE, lambda n: {"id": f"m{n}", "name": "Clara"}),
    ],
)
def test_a_frame_holds_so_many_and_no_more(name: str, limit: int, item: Any) -> None:
    parsed(frame() | {name: [item(n) for n in range(limit)]})
    assert refusal(frame() | {name: [item(n) for n in range(limit + 1)]}).code == "too_large"
