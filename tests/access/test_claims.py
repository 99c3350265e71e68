"""access/claims.py: who is the same person, and whose name is free."""

from dataclasses import replace
from typing import Any

import pytest

from access.claims import is_free, is_proven
from chat.directory import Member
from limits import NAME_HELD_MS
from tests.rooms import NOON, Person

ANNA = Member("anna", "Anna", "member", NOON)


def same(member: Member = ANNA, **proofs: Any) -> bool:
    return is_proven(
        member, **{"own_device_of": None, "role": "member", "proven": None, "is_confirmed": False} | proofs
    )


def test_one_is_the_same_by_the_own_device_a_credential_a_code_or_an_admins_word_and_else_not() -> None:
    assert same(own_device_of="anna")
    assert same(proven="anna")
    assert same(role="admin")
    assert same(is_confirmed=True)
    assert not same()
    assert not same(own_device_of="boris")
    assert not same(proven="boris")


def test_the_admins_password_is_no_proof_of_a_secured_name() -> None:
    secured = replace(ANNA, secured=True)
    assert not same(secured, role="admin")
    assert not same(secured, own_device_of="boris", proven="boris", role="admin")
    assert same(secured, own_device_of="anna")
    assert same(secured, proven="anna")
    assert same(secured, is_confirmed=True)


def test_a_secured_name_is_never_free(anna: Person) -> None:
    secured = replace(ANNA, secured=True)
    assert not is_free(secured, [], is_online=False, now_ms=NOON + 100 * NAME_HELD_MS)
    assert not is_free(secured, [anna.session], is_online=False, now_ms=NOON + 100 * NAME_HELD_MS)


@pytest.mark.parametrize(("away", "free"), [(NAME_HELD_MS - 1, False), (NAME_HELD_MS, True), (NAME_HELD_MS + 1, True)])
def test_a_name_is_free_once_none_of_its_devices_was_seen_for_long(anna: Person, away: int, free: bool) -> None:
    sessions = [replace(anna.session, seen_at=NOON - 5), replace(anna.session, seen_at=NOON)]
    assert is_free(ANNA, sessions, is_online=False, now_ms=NOON + away) is free
    assert is_free(ANNA, sessions, is_online=True, now_ms=NOON + away) is False
    assert is_free(replace(ANNA, role="admin"), sessions, is_online=False, now_ms=NOON + away) is False


def test_a_name_without_a_device_is_free_an_admins_too() -> None:
    for role in ("member", "admin"):
        assert is_free(replace(ANNA, role=role), [], is_online=False, now_ms=NOON)
