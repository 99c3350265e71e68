"""access/claims.py: who is the same person, and whose name is free."""

from dataclasses import replace

import pytest

from access.claims import is_free, is_proven
from chat.directory import Member
from limits import NAME_HELD_MS
from tests.rooms import NOON, Person

ANNA = Member("anna", "Anna", "member", NOON)


def test_one_is_the_same_by_the_own_device_by_a_code_or_by_an_admins_word_and_else_not() -> None:
    assert is_proven(ANNA, own_device_of="anna", role="member", is_confirmed=False)
    assert is_proven(ANNA, own_device_of=None, role="admin", is_confirmed=False)
    assert is_proven(ANNA, own_device_of=None, role="member", is_confirmed=True)
    for other in (None, "boris"):
        assert not is_proven(ANNA, own_device_of=other, role="member", is_confirmed=False)


@pytest.mark.parametrize(("away", "free"), [(NAME_HELD_MS - 1, False), (NAME_HELD_MS, True), (NAME_HELD_MS + 1, True)])
def test_a_name_is_free_once_none_of_its_devices_was_seen_for_long(anna: Person, away: int, free: bool) -> None:
    sessions = [replace(anna.session, seen_at=NOON - 5), replace(anna.session, seen_at=NOON)]
    assert is_free(ANNA, sessions, is_online=False, now_ms=NOON + away) is free
    assert is_free(ANNA, sessions, is_online=True, now_ms=NOON + away) is False
    assert is_free(replace(ANNA, role="admin"), sessions, is_online=False, now_ms=NOON + away) is False


def test_a_name_without_a_device_is_free_an_admins_too() -> None:
    for role in ("member", "admin"):
        assert is_free(replace(ANNA, role=role), [], is_online=False, now_ms=NOON)
