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
