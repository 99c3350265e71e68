"""files/parts.py: what one request for a part may carry, and what it is answered."""

from dataclasses import replace

import pytest

from errors import LengthRequired, Malformed, NotFound, RangeNotSatisfiable, TooLarge
from files.layout import BLOCK_BYTES, BUCKET, OBJECT
from files.parts import PART_HEADERS, Block, PartRequest, allowed_by, check_length, wanted_range
from files.tickets import UPLOAD, Ticket

FULL = BLOCK_BYTES[OBJECT]
DIGEST = bytes(range(32))
TICKET = Ticket(UPLOAD, "main", "A" * 22, FULL + 20, 500, OBJECT, 1)
WHOLE = PartRequest("an id", "a session", "A" * 22, "0", 1_000, 0, 1_000)


@pytest.mark.parametrize(("part", "size"), [("0", FULL), ("1", 20), ("t", 500)])
def test_a_ticket_allows_the_parts_of_its_file_with_their_exact_sizes(part: str, size: int) -> None:
    asked = allowed_by(TICKET, part, request_id="an id", token_digest=DIGEST)
    assert (asked.file, asked.part, asked.size, asked.first, asked.length) == ("A" * 22, part, size, 0, size)
    assert PartRequest.read(asked.written()) == asked
    assert DIGEST.hex() not in str(asked)


@pytest.mark.parametrize("part", ["2", "-1", "00", "T", "", "1.0", "٠"])
def test_no_ticket_allows_a_part_that_its_file_does_not_have(part: str) -> None:
    with pytest.raises(NotFound):
        allowed_by(TICKET, part, request_id="an id", token_digest=DIGEST)


def test_sessions_are_told_apart_but_not_named() -> None:
    one, other = (allowed_by(TICKET, "0", request_id="", token_digest=bytes([number] * 32)) for number in (1, 2))
    assert one.session != other.session
    assert len(one.session) < 20


def test_the_parts_of_a_bucket_are_larger() -> None:
    ticket = Ticket(UPLOAD, "main", "A" * 22, BLOCK_BYTES[BUCKET] + 20, 0, BUCKET, 1)
    assert allowed_by(ticket, "0", request_id="", token_digest=DIGEST).size == BLOCK_BYTES[BUCKET]
    with pytest.raises(NotFound):
        allowed_by(ticket, "t", request_id="", token_digest=DIGEST)


# --- blocks ---


def large(part: str, first: int = 0, length: int | None = None) -> list[Block]:
    """The rows for some bytes of a part of a file with two long parts and a short one."""
    ticket = Ticket(UPLOAD, "main", "A" * 22, 10 * FULL + 20, 500, OBJECT, 1)
    asked = allowed_by(ticket, part, request_id="", token_digest=DIGEST)
    return replace(asked, first=first, length=asked.size - first if length is None else length).blocks()


def test_a_part_is_stored_in_blocks_that_are_counted_through_the_file() -> None:
    assert large("0") == [Block(str(number), FULL, 0, FULL) for number in range(5)]
    assert large("1") == [Block(str(number), FULL, 0, FULL) for number in range(5, 10)]
    assert large("2") == [Block("10", 20, 0, 20)]
    assert large("t") == [Block("t", 500, 0, 500)]


def test_a_range_takes_only_the_blocks_that_it_touches() -> None:
    assert large("1", FULL - 1, 2) == [Block("5", FULL, FULL - 1, 1), Block("6", FULL, 0, 1)]
    assert large("1", 2 * FULL, FULL) == [Block("7", FULL, 0, FULL)]
    assert large("1", 4 * FULL + 7, 3) == [Block("9", FULL, 7, 3)]
    assert large("2", 19) == [Block("10", 20, 19, 1)]
    assert large("t", 5, 6) == [Block("t", 500, 5, 6)]


# --- lengths ---


def test_a_body_has_exactly_the_bytes_of_its_part() -> None:
    check_length("1000", 1_000)


@pytest.mark.parametrize(
    ("length", "refusal"),
    [
        (None, LengthRequired),
        ("", LengthRequired),
        ("-1", LengthRequired),
        ("1e3", LengthRequired),
        ("١٠٠٠", LengthRequired),
        ("0", Malformed),
        ("999", Malformed),
        ("1001", TooLarge),
        ("9" * 30, TooLarge),
    ],
)
def test_another_length_is_refused_before_a_byte_is_read(length: str | None, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        check_length(length, 1_000)


# --- ranges ---


@pytest.mark.parametrize(
    ("given", "span"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=10-19", (10, 10)),
        ("bytes=990-", (990, 10)),
        ("bytes=990-5000", (990, 10)),
        ("bytes=-10", (990, 10)),
        ("bytes=-5000", (0, 1_000)),
        ("bytes=0-", (0, 1_000)),
        ("Bytes=0-999", (0, 1_000)),
        (" bytes=5-6 ", (5, 2)),
    ],
)
def test_one_range_gives_those_bytes(given: str, span: tuple[int, int]) -> None:
    assert wanted_range(given, None, 1_000) == span
    asked = WHOLE.narrowed(given, None)
    first, length = span
    assert (asked.status, asked.first, asked.length) == (206, first, length)
    assert asked.headers() == {**PART_HEADERS, "Content-Range": f"bytes {first}-{first + length - 1}/1000"}
    assert PartRequest.read(asked.written()) == asked


@pytest.mark.parametrize(
    "given", [None, "", "bytes", "bytes=", "bytes=-", "bytes=5-4", "bytes=0-1,5-6", "items=0-1", "bytes=a-b", "0-1"]
)
def test_what_is_no_single_range_counts_as_none(given: str | None) -> None:
    assert wanted_range(given, None, 1_000) is None
    assert WHOLE.narrowed(given, None) == WHOLE
    assert (WHOLE.status, WHOLE.headers()) == (200, PART_HEADERS)


@pytest.mark.parametrize("given", ["bytes=1000-", "bytes=1000-1001", "bytes=99999-", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused_with_the_size(given: str) -> None:
    with pytest.raises(RangeNotSatisfiable) as refusal:
        WHOLE.narrowed(given, None)
    assert refusal.value.size == 1_000


def test_a_range_on_a_condition_is_never_met_as_nothing_has_a_tag() -> None:
    assert wanted_range("bytes=0-1", '"tag"', 1_000) is None


# --- headers ---


def test_bytes_are_never_taken_for_a_page_or_a_picture() -> None:
    assert PART_HEADERS["Content-Type"] == "application/octet-stream"
    assert PART_HEADERS["Content-Disposition"] == "attachment"
    assert PART_HEADERS["X-Content-Type-Options"] == "nosniff"
    assert PART_HEADERS["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert PART_HEADERS["Cross-Origin-Resource-Policy"] == "same-origin"
    assert PART_HEADERS["Cache-Control"] == "private, immutable"
