"""bots/delivery.py: what the Worker says of a request arrives in the room, also in one of a neighbouring version."""

import json

from bots.delivery import KEYS, Delivery, key_of

FULL = Delivery("hook", "00ff", "application/json", "xyz", "key", wait=True)


def test_what_is_written_is_read() -> None:
    for delivery in (FULL, Delivery("hook", "00ff")):
        text = delivery.written()
        assert text.isascii()
        assert "\n" not in text
        assert Delivery.read(text) == delivery


def test_what_only_another_version_knows_is_left_out_and_what_it_does_not_know_has_its_default() -> None:
    assert Delivery.read(json.dumps({"hook": "h", "digest": "00", "mood": "good"})) == Delivery("h", "00")


def test_a_key_is_that_of_its_header_and_of_all_its_characters() -> None:
    assert key_of("a", "1") == key_of("a", "1")
    values = ("1", "2", "\udfff", "x" * 8_000, "x" * 8_000 + "y")
    assert len({key_of(name, value) for name in KEYS for value in values}) == len(values) * len(KEYS)
