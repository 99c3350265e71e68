"""notify/payload.py: what a notification says, and that it always fits."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limits import MAX_BODY_CHARACTERS, MAX_PUSH_PLAINTEXT_BYTES, PUSH_TEXT_CHARACTERS
from notify.payload import News, fitting, payload, shortened, trial_payload

NEWS = News("main", "Our chat", "general", "Everybody", 7, "id-7", "Anna", "Hello", "mention", 2, 5)
FAMILY = "👨‍👩‍👧‍👦"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=MAX_BODY_CHARACTERS)


def test_a_notification_has_what_a_sentence_in_any_language_needs() -> None:
    assert json.loads(payload(NEWS, "short")) == {
        "type": "message",
        "reason": "mention",
        "room": "main",
        "title": "Our chat",
        "channel": "general",
        "channel_name": "Everybody",
        "seq": 7,
        "id": "id-7",
        "sender": "Anna",
        "text": "Hello",
        "count": 2,
        "unread": 5,
        "tag": "main/general",
    }


def test_a_message_with_files_says_how_many_and_how_many_are_pictures() -> None:
    news = replace(NEWS, text="", files=3, pictures=2)
    said = json.loads(payload(news, "short"))
    assert (said["text"], said["files"], said["pictures"]) == ("", 3, 2)
    assert b"files" not in payload(news, "none")


def test_an_operator_may_have_nothing_told_that_people_wrote() -> None:
    said = json.loads(payload(NEWS, "none"))
    assert said.keys() == {"type", "reason", "room", "title", "channel", "seq", "id", "count", "unread", "tag"}
    assert b"Anna" not in payload(NEWS, "none")


def test_a_test_says_that_it_is_one() -> None:
    assert json.loads(trial_payload("main", "Our chat")) == {
        "type": "test",
        "room": "main",
        "title": "Our chat",
        "tag": "main/",
    }


@pytest.mark.parametrize(
    ("length", "shown"),
    [(PUSH_TEXT_CHARACTERS - 1, PUSH_TEXT_CHARACTERS - 1), (PUSH_TEXT_CHARACTERS, PUSH_TEXT_CHARACTERS)],
)
def test_a_short_text_is_told_whole(length: int, shown: int) -> None:
    assert json.loads(payload(replace(NEWS, text="ж" * length), "short"))["text"] == "ж" * shown


def test_of_a_longer_text_the_beginning_is_told_unless_the_operator_wants_it_all() -> None:
    news = replace(NEWS, text="ж" * (PUSH_TEXT_CHARACTERS + 1))
    assert json.loads(payload(news, "short"))["text"] == "ж" * (PUSH_TEXT_CHARACTERS - 1) + "…"
    assert json.loads(payload(news, "full"))["text"] == news.text


@pytest.mark.parametrize("character", ["x", "ж", "€", "😀", '"', "\\", "\x01"])
def test_the_longest_text_fits_and_as_much_of_it_as_possible_is_told(character: str) -> None:
    made = payload(replace(NEWS, text=character * MAX_BODY_CHARACTERS, title="😀" * 80, sender="😀" * 40), "full")
    assert MAX_PUSH_PLAINTEXT_BYTES - 8 <= len(made) <= MAX_PUSH_PLAINTEXT_BYTES
    text = json.loads(made)["text"]
    assert text[-1] == "…"
    assert set(text[:-1]) <= {character}


@given(TEXTS, st.sampled_from(["short", "full", "none"]))
def test_every_text_fits(text: str, content: str) -> None:
    made = payload(replace(NEWS, text=text), content)
    assert len(made) <= MAX_PUSH_PLAINTEXT_BYTES
    told = json.loads(made).get("text", "")
    assert text.startswith(told.removesuffix("…"))


@given(TEXTS, st.integers(0, 100))
def test_a_cut_text_is_a_beginning_within_its_limit(text: str, limit: int) -> None:
    cut = fitting(text, limit)
    assert len(json.dumps(cut, ensure_ascii=False).encode()) - 2 <= limit
    assert cut == text or text.startswith(cut.removesuffix("…"))


@pytest.mark.parametrize(
    "text", [FAMILY, "👍🏽", "e\u0301\u0323", "❤️"], ids=["a family", "a skin", "two accents", "a red heart"]
)
def test_what_people_see_as_one_character_is_not_cut_through(text: str) -> None:
    for limit in range(2, 2 + 2 * len(text)):
        kept = shortened(text * 3, limit).removesuffix("…")
        assert len(kept) % len(text) == 0, (limit, kept)
