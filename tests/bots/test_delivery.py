"""bots/delivery.py: what the Worker says of a request arrives in the room, also in one of a neighbouring version."""

import json

from bots.delivery import KEYS, Delivery, key_of
from limits import MAX_DELIVERY_KEY_CHARACTERS

FULL = Delivery("hook", "00ff", "application/json", "xyz", "key", wait=True)


def test_what_is_written_is_read() -> None:
    for delivery in (FULL, Delivery("hook", "00ff")):
        text = delivery.written()
        assert text.isascii()
        assert "\n" not in text
        assert Delivery.read(text) == delivery


def test_what_only_another_version_knows_is_left_out_and_what_it_does_not_know_has_its_default() -> None:
    assert Delivery.read(json.dumps({"hook": "h", "digest": "00", "mood": "good"})) == Delivery("h", "00")


def test_a_key_is_that_of_its_header_and_of_all_its_characters_up_to_the_limit() -> None:
    limit = MAX_DELIVERY_KEY_CHARACTERS
    assert key_of("a", "1") == key_of("a", "1")
    assert len({key_of(name, value) for name in KEYS for value in ("1", "2", "\udfff", "x" * limit)}) == 4 * len(KEYS)
    assert key_of("a", "x" * limit) == key_of("a", "x" * limit + "y")
    assert key_of("a", "x" * limit) != key_of("a", "x" * (limit - 1))
