"""files/layout.py: the sizes of sealed files and of their parts."""

import pytest

from files.layout import (
    BLOCK_BYTES,
    BUCKET,
    CHUNK_BYTES,
    LARGE_FILE_BYTES,
    OBJECT,
    full_part_bytes,
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


def test_a_block_is_whole_chunks_and_fits_a_row() -> None:
    assert BLOCK_BYTES == {OBJECT: 1_048_640, BUCKET: 8_389_120}
    assert BLOCK_BYTES[OBJECT] < MAX_ROW_BYTES


def test_a_large_file_has_longer_parts_in_the_object_and_all_are_whole_blocks() -> None:
    block = BLOCK_BYTES[OBJECT]
    assert 8 * block == LARGE_FILE_BYTES
    assert [full_part_bytes(size, OBJECT) for size in (16, 8 * block, 8 * block + 17)] == [block, block, 5 * block]
    assert [part_count(size, OBJECT) for size in (8 * block, 8 * block + 17, 10 * block, 25 * block + 17)] == [
        8,
        2,
        2,
        6,
    ]
    assert {full_part_bytes(size, BUCKET) for size in (16, 8 * block + 17, 99 * block)} == {BLOCK_BYTES[BUCKET]}


def test_all_parts_but_the_last_are_full_and_together_they_are_the_file() -> None:
    block = BLOCK_BYTES[OBJECT]
    for size in (16, block, block + 17, 3 * block, 8 * block + 17, 21 * block):
        full = full_part_bytes(size, OBJECT)
        lengths = [part_bytes(str(number), size, 0, OBJECT) for number in range(part_count(size, OBJECT))]
        assert lengths[:-1] == [full] * (len(lengths) - 1)
        assert sum(length or 0 for length in lengths) == size


@pytest.mark.parametrize("part", ["1", "01", "-1", "", " 0", "0 ", "²", "٠", "t", "x", "1e0"])
def test_a_file_has_no_other_parts(part: str) -> None:
    assert part_bytes(part, 16, 0, OBJECT) is None


@pytest.mark.parametrize("full", [1, 9])
def test_a_file_is_complete_when_each_block_is_there_in_full_length(full: int) -> None:
    size, thumb = full * BLOCK_BYTES[OBJECT] + 100, 40
    blocks = {**{str(number): BLOCK_BYTES[OBJECT] for number in range(full)}, str(full): 100, "t": 40}
    assert is_complete(blocks, size, thumb, OBJECT)
    assert is_complete(blocks, size, 0, OBJECT)
    for name, length in blocks.items():
        assert not is_complete({other: blocks[other] for other in blocks if other != name}, size, thumb, OBJECT)
        assert not is_complete({**blocks, name: length - 1}, size, thumb, OBJECT)
