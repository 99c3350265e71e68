"""chat/looks.py: what is shown and sealed of a room's look and of statuses."""

import pytest

from chat.looks import Look, is_over, status_of, status_text


def test_a_room_without_a_name_is_called_as_the_operator_set_it() -> None:
    look = Look("Durable Chat")
    assert look.public() == {"title": "Durable Chat", "name": "", "colour": "", "picture": ""}
    look.name = "Boats"
    assert look.public() == {"title": "Boats", "name": "Boats", "colour": "", "picture": ""}


def test_what_is_sealed_comes_back_and_what_is_damaged_is_none() -> None:
    look = Look("Durable Chat", "Boats", "iris", "face")
    opened = Look("Durable Chat", picture="face")
    opened.take(look.plaintext())
    assert opened == look
    opened.take(None)
    assert opened == Look("Durable Chat", picture="face")


def test_a_status_comes_back_and_what_is_damaged_is_none() -> None:
    status = {"emoji": "🌴", "text": "away", "until": 7}
    assert status_of(status_text(status)) == status
    assert status_of(None) is None
    assert status_of(b"{}") is None


@pytest.mark.parametrize(("until", "over"), [(None, False), (8, False), (7, True), (6, True)])
def test_a_status_is_over_at_its_time(until: int | None, over: bool) -> None:
    status = {"emoji": "🌴", "text": ""} | ({} if until is None else {"until": until})
    assert is_over(status, 7) is over
