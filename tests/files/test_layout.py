"""files/layout.py: the sizes of sealed files and of their parts."""

import pytest

from files.layout import (
    BUCKET,
    CHUNK_BYTES,
    OBJECT,
    PART_BYTES,
    is_complete,
    is_sealed_size,
    part_bytes,
    part_count,
    sealed_bytes,
)
from limits import MAX_ROW_BYTES


@pytest.mark.parametrize(
    ("size", "sealed"),
    [
        (0, 16),
        (1, 17),
        (CHUNK_BYTES, CHUNK_BYTES + 16),
        (CHUNK_BYTES + 1, CHUNK_BYTES + 33),
        (4 * CHUNK_BYTES, 1_048_640),
    ],
)
def test_a_sealed_file_is_sixteen_bytes_longer_for_each_chunk(size: int, sealed: int) -> None:
    assert sealed_bytes(size) == sealed


def test_exactly_the_sizes_of_sealed_files_are_taken_for_such() -> None:
    sizes = {sealed_bytes(size) for size in (*range(40), *range(CHUNK_BYTES - 20, CHUNK_BYTES + 40))}
    for near in (0, CHUNK_BYTES):
        assert {size for size in range(near, near + 50) if is_sealed_size(size)} == {
            size for size in sizes if near <= size < near + 50
        }
    assert not is_sealed_size(-16)


def test_a_part_is_whole_chunks_and_fits_a_row() -> None:
    assert PART_BYTES == {OBJECT: 1_048_640, BUCKET: 8_389_120}
    assert PART_BYTES[OBJECT] < MAX_ROW_BYTES


def test_all_parts_but_the_last_are_full_and_together_they_are_the_file() -> None:
    full = PART_BYTES[OBJECT]
    for size in (16, full, full + 17, 3 * full):
        lengths = [part_bytes(str(number), size, 0, OBJECT) for number in range(part_count(size, OBJECT))]
        assert lengths[:-1] == [full] * (len(lengths) - 1)
        assert sum(length or 0 for length in lengths) == size


@pytest.mark.parametrize("part", ["1", "01", "-1", "", " 0", "0 ", "²", "٠", "t", "x", "1e0"])
def test_a_file_has_no_other_parts(part: str) -> None:
    assert part_bytes(part, 16, 0, OBJECT) is None


def test_a_file_is_complete_when_each_part_is_there_in_full_length() -> None:
    size, thumb = PART_BYTES[OBJECT] + 100, 40
    parts = {"0": PART_BYTES[OBJECT], "1": 100, "t": 40}
    assert is_complete(parts, size, thumb, OBJECT)
    assert is_complete(parts, size, 0, OBJECT)
    for part in parts:
        assert not is_complete({name: length for name, length in parts.items() if name != part}, size, thumb, OBJECT)
        assert not is_complete({**parts, part: parts[part] - 1}, size, thumb, OBJECT)
