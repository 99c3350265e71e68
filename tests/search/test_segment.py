"""search/segment.py: signatures of messages, column by column."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limits import SEGMENT_MESSAGES, SIGNATURE_ROWS
from live.restoring import MAX_RENUMBERING
from search.grams import rows_of
from search.normal import normal
from search.segment import FILE, LINK, LIVE, Entry, Segment, newest_first
from tests.rooms import NOON
from tests.search.texts import said

FULL = (1 << SEGMENT_MESSAGES) - 1


def entries(count: int, *, authors: int = 3, seed: int = 1) -> list[Entry]:
    chance = random.Random(seed)
    return [
        Entry(
            100 + 2 * number,
            f"channel{chance.randrange(4)}",
            f"member{chance.randrange(authors)}",
            NOON + number * 1_000,
            normal(said(chance)),
            LIVE | chance.choice([0, LINK, FILE]),
        )
        for number in range(count)
    ]


def segment_of(found: list[Entry], after_seq: int = 90) -> Segment:
    segment = Segment(after_seq, after_seq, found[0].sent_at if found else 0)
    for each in found:
        segment.add(each)
    return segment


def check(segment: Segment, found: list[Entry | None]) -> None:
    """A segment knows these messages, None for those that it has forgotten, and nothing else."""
    live = [each for each in found if each is not None]
    rows = [frozenset() if each is None else rows_of(each.text) for each in found]
    for row in range(SIGNATURE_ROWS):
        assert segment.row(row) == sum((row in each) << column for column, each in enumerate(rows))

    def columns(*wanted: Entry) -> int:
        return sum((each in wanted and each is not None) << column for column, each in enumerate(found))

    assert segment.with_flags(LIVE) == columns(*live)
    assert segment.with_flags(LIVE | FILE) == columns(*[each for each in live if each.flags & FILE])
    for author in {each.author for each in live} | {"nobody"}:
        mine = segment.of_author(author) & segment.with_flags(LIVE)
        assert mine == columns(*[each for each in live if each.author == author])
    two = ["channel1", "channel2", "no channel"]
    assert segment.of_channels(two) & segment.with_flags(LIVE) == columns(*[e for e in live if e.channel in two])
    for column, each in enumerate(found):
        if each is not None:
            place = (segment.seq(column), segment.channel(column), segment.sent_at(column))
            assert place == (each.seq, each.channel, each.sent_at)


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 64, 65, 300])
def test_a_segment_knows_its_messages_and_is_the_same_after_sealing(count: int) -> None:
    made = entries(count)
    segment = segment_of(made)
    check(segment, [*made])
    again = Segment.decoded(segment.encoded(), segment.after_seq, segment.up_to_seq)
    assert again is not None
    check(again, [*made])
    assert again.encoded() == segment.encoded()


@pytest.mark.parametrize("authors", [255, 256, 257, 600])
def test_there_may_be_any_number_of_authors(authors: int) -> None:
    made = entries(700, authors=authors)
    again = Segment.decoded(segment_of(made).encoded(), 90, 1_500)
    assert again is not None
    for author in ("member0", "member254", "member255", "member256", f"member{authors - 1}"):
        assert again.of_author(author) == sum((each.author == author) << at for at, each in enumerate(made))


def test_a_segment_reaches_over_the_numbers_that_a_restore_leaves_out() -> None:
    first, second = entries(2)
    far = replace(second, seq=first.seq + MAX_RENUMBERING)
    again = Segment.decoded(segment_of([first, far]).encoded(), 90, far.seq)
    assert again is not None
    check(again, [first, far])


def test_a_full_segment_has_some_75_kilobytes() -> None:
    assert 70_000 < len(segment_of(entries(SEGMENT_MESSAGES)).encoded()) < 82_000


@given(
    st.lists(st.tuples(st.integers(0, 19), st.sampled_from(["revise", "erase", "include"])), max_size=8), st.booleans()
)
def test_edits_replace_a_column_and_deletions_clear_it(changes: list[tuple[int, str]], is_stored: bool) -> None:
    made: list[Entry | None] = [*entries(20)]
    segment: Segment | None = segment_of(entries(20))
    if is_stored:
        assert segment is not None
        segment = Segment.decoded(segment.encoded(), 90, 140)
    assert segment is not None
    for number, (column, kind) in enumerate(changes):
        present = made[column]
        if present is None:
            continue
        if kind == "erase":
            segment.erase([present.seq])
            made[column] = None
        elif kind == "revise":
            made[column] = replace(present, text=f"other text {number}", flags=LIVE | FILE)
            segment.revise(present.seq, f"other text {number}", LIVE | FILE)
        else:
            made[column] = replace(present, text=f"{present.text} more {number}", flags=present.flags | LINK)
            segment.include(present.seq, f"{present.text} more {number}", LINK)
    check(segment, made)


@pytest.mark.parametrize("seq", [0, 90, 99, 101, 139, 10_000])
def test_a_message_that_is_not_here_changes_nothing(seq: int) -> None:
    segment = segment_of(entries(20))
    before = segment.encoded()
    segment.revise(seq, "hello", LIVE)
    segment.include(seq, "hello", LIVE)
    segment.erase([seq])
    assert segment.encoded() == before


@pytest.mark.parametrize("gone", [0, 1, 8, 19, 20])
def test_the_older_messages_may_go(gone: int) -> None:
    made = entries(20)
    rest = segment_of(made).newer_than(99 + 2 * gone)
    assert rest.count == 20 - gone
    check(rest, [*made[gone:]])
    rest.add(replace(made[-1], seq=500, text="zebra"))
    check(rest, [*made[gone:], replace(made[-1], seq=500, text="zebra")])


@pytest.mark.parametrize(("seq", "below"), [(0, 0), (100, 0), (101, 1), (102, 1), (138, 19), (139, 20), (9_999, 20)])
def test_the_messages_before_another(seq: int, below: int) -> None:
    assert segment_of(entries(20)).below(seq) == (1 << below) - 1


def test_when_messages_were_sent() -> None:
    segment = segment_of(entries(5))
    assert segment.sent_between(NOON + 1_000, NOON + 3_000) == 0b00110
    assert segment.sent_between(0, NOON) == 0


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:3],
        lambda data: data[:-1],
        lambda data: data + b"\0",
        lambda data: bytes(4) + data[4:],
        lambda data: data.replace(b'"rules":"1', b'"rules":"0'),
        lambda data: data.replace(b'"count":9', b'"count":8'),
        lambda data: data.replace(b'"since"', b'"singe"'),
        lambda data: data.replace(b'"count":9', b'"count":"'),
    ],
    ids=["nothing", "short", "shorter", "longer", "no head", "rules", "count", "no time", "no JSON"],
)
def test_what_was_made_by_other_rules_is_no_segment(damage: object) -> None:
    data = segment_of(entries(9)).encoded()
    assert callable(damage)
    assert damage(data) != data
    assert Segment.decoded(damage(data), 90, 200) is None


def test_columns_come_newest_first() -> None:
    assert list(newest_first(0b10110)) == [4, 2, 1]
    assert list(newest_first(0)) == []
