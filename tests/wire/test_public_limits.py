"""wire/public_limits.py: what clients are told of our limits; tests/test_contract.py compares the numbers."""

from wire.public_limits import public_limits


def test_what_clients_are_told_is_the_operators_rate_and_our_limits() -> None:
    told = public_limits(7, 2.5, 9)
    assert (told["message_burst"], told["message_rate"], told["file_bytes"]) == (7, 2.5, 9)
    assert told | {"message_burst": 20, "message_rate": 5, "file_bytes": 1} == public_limits(20, 5, 1)
