"""chat/naming.py: names that are somebody's, present and given up."""

import pytest

from chat.directory import UNREADABLE, Directory, Member
from chat.looks import FormerName
from chat.naming import member_called, member_like
from tests.rooms import DAY, NOON


def called(name: str, directory: Directory, now_ms: int = NOON) -> Member | None:
    return member_called(name, directory, now_ms=now_ms)


def like(name: str, directory: Directory, now_ms: int = NOON) -> Member | None:
    return member_like(name, directory, now_ms=now_ms)


def test_members_are_found_by_name_and_by_what_looks_like_it_while_they_are_there() -> None:
    anna, nobody = Member("anna", "Anna  Smith", "member", NOON), Member("x", UNREADABLE, "member", NOON)
    directory = Directory(members={"anna": anna, "x": nobody})
    assert called("anna smith", directory) is anna
    assert like("Аnna Smith", directory) is anna
    assert (called("Аnna Smith", directory), like("Anna", directory)) == (None, None)
    assert (called(UNREADABLE, directory), like(UNREADABLE, directory)) == (None, None)
    anna.removed_at = NOON
    assert (called("anna smith", directory), like("anna smith", directory)) == (None, None)


@pytest.mark.parametrize(("after", "is_held"), [(0, True), (DAY - 1, True), (DAY, False)])
def test_a_name_that_was_given_up_is_its_members_for_a_day(after: int, is_held: bool) -> None:
    anja = Member("anna", "Anja", "member", NOON, former_names=(FormerName("anna", NOON, "Anna"),))
    directory = Directory(members={"anna": anja})
    found = anja if is_held else None
    assert called("ANNA", directory, NOON + after) is found
    assert like("Аnnа", directory, NOON + after) is found
    assert member_like("Anna", directory, other_than=anja, now_ms=NOON) is None
    anja.leave(NOON)
    assert called("Anna", directory) is None
