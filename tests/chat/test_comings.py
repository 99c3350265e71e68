"""chat/comings.py: pages of who came and who went (what is in them: tests/live/test_people.py)."""

import pytest

from chat.comings import Comings
from chat.directory import MEMBER, Directory, Member
from tests.rooms import NOON


@pytest.mark.parametrize(("people", "pages"), [(4, [4]), (5, [4, 1]), (9, [4, 4, 1])])
def test_pages_are_whole_and_do_not_overlap(people: int, pages: list[int]) -> None:
    members = {f"m{n}": Member(f"m{n}", "", MEMBER, NOON, joined_at=NOON + n) for n in range(people)}
    listed = Comings(Directory(members=members))
    before, sizes = None, []
    while True:
        page, more = listed.page(before, 4)
        sizes.append(len(page))
        before = page[-1].at
        if not more:
            break
    assert sizes == pages


def test_one_millisecond_is_not_torn_apart() -> None:
    members = {f"m{n}": Member(f"m{n}", "", MEMBER, NOON, joined_at=NOON) for n in range(9)}
    page, more = Comings(Directory(members=members)).page(None, 4)
    assert (len(page), more) == (9, False)


def test_the_list_is_made_anew_when_members_change_and_not_with_every_message() -> None:
    former = Member("a", "", MEMBER, NOON, joined_at=NOON, removed_at=NOON + 1)
    directory = Directory(members={"a": former, "b": Member("b", "", MEMBER, NOON, joined_at=NOON)})
    listed = Comings(directory)
    before, _ = listed.page(None, 9)
    directory.room.advance(directory.seq + 1)
    assert [each is known for each, known in zip(listed.page(None, 9)[0], before, strict=True)] == [True] * 3
    del directory.members["a"]
    directory.members["c"] = Member("c", "", MEMBER, NOON, joined_at=NOON, removed_at=NOON + 2)
    assert {each.member for each in listed.page(None, 9)[0]} == {"b", "c"}
