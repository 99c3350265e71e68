"""search/block.py: several segments side by side say what each of them says."""

from collections.abc import Callable

import pytest

from limits import SIGNATURE_ROWS
from search.block import Block
from search.segment import FILE, LIVE, Segment
from tests.rooms import NOON
from tests.search.test_segment import entries, segment_of

ALL = entries(60)
PARTS = [
    segment_of(ALL[:10]),
    segment_of(ALL[10:41], ALL[9].seq),
    segment_of([], ALL[40].seq),
    segment_of(ALL[41:], ALL[40].seq),
]


def block() -> Block:
    decoded = [Segment.decoded(each.encoded(), each.after_seq, each.up_to_seq) for each in PARTS]
    return Block([each for each in decoded if each is not None])


def seqs(segment: Segment, columns: int) -> list[int]:
    return [segment.seq(column) for column in range(segment.count) if columns >> column & 1]


QUESTIONS: dict[str, Callable[[Segment], int]] = {
    "stored": lambda each: each.with_flags(LIVE),
    "with a file": lambda each: each.with_flags(LIVE | FILE),
    "of somebody": lambda each: each.of_author("member1") & each.with_flags(LIVE),
    "of nobody": lambda each: each.of_author("nobody"),
    "of channels": lambda each: each.of_channels(["channel1", "channel2"]) & each.with_flags(LIVE),
    "of a time": lambda each: each.sent_between(NOON + 5_000, NOON + 45_000) & each.with_flags(LIVE),
    "below one": lambda each: each.below(ALL[20].seq),
    "up to one": lambda each: each.below(ALL[20].seq + 1),
    "below all": lambda each: each.below(0),
    "above all": lambda each: each.below(10_000) & each.with_flags(LIVE),
    "with rows": lambda each: each.with_rows([1, 5], each.with_flags(LIVE)),
    "with a row": lambda each: each.row(37),
    "with the last row": lambda each: each.row(SIGNATURE_ROWS - 1),
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_it_answers_as_its_segments_do(question: Callable[[Segment], int]) -> None:
    whole = block()
    assert seqs(whole, question(whole)) == [seq for part in PARTS for seq in seqs(part, question(part))]


def test_it_knows_where_and_when_each_message_is() -> None:
    whole = block()
    columns = [column for column in range(whole.count) if whole.with_flags(LIVE) >> column & 1]
    found = [(whole.seq(column), whole.channel(column), whole.sent_at(column)) for column in columns]
    assert found == [(each.seq, each.channel, each.sent_at) for each in ALL]
    assert [whole.author(column) for column in columns] == [each.author for each in ALL]
    flags = [whole.flags(column) for column in range(whole.count)]
    assert [each for each in flags if each] == [each.flags for each in ALL], "no flag between two segments"
    assert (whole.after_seq, whole.up_to_seq) == (90, ALL[-1].seq)


def test_a_block_and_a_segment_make_a_block() -> None:
    more = Block([Block(PARTS[:2]), Block(PARTS[2:])])
    assert [each.count for each in more.parts] == [each.count for each in PARTS]
    for question in QUESTIONS.values():
        assert seqs(more, question(more)) == seqs(block(), question(block()))


def test_its_rows_take_memory_once() -> None:
    whole = block()
    assert sum(len(part.matrix) for part in whole.parts) == 0
    assert whole.size_bytes >= SIGNATURE_ROWS * whole.width
