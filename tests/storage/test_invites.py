"""storage/invites.py: what goes in comes out."""

from dataclasses import replace

import pytest

from storage.database import NotUnique
from storage.invites import Invite
from storage.store import Store
from tests.rooms import NOON
from tests.storage.samples import BIG, NASTY, OTHER, SEALED

CLASS = Invite(b"class", "c", "person", "anna", "laptop", NOON + 1, BIG, 30, SEALED)


def test_invites_come_back_oldest_first_and_one_by_one(store: Store) -> None:
    older = Invite(b"phone", "p", "device", "boris", "phone", NOON, BIG, 1, OTHER)
    endless = replace(CLASS, digest=b"endless", id="e", uses=None)
    for invite in (CLASS, endless, older):
        store.invites.insert(invite)
    assert store.invites.all() == [older, CLASS, endless]
    assert store.invites.get(b"endless") == endless
    assert store.invites.get(b"unknown") is None


def test_uses_are_counted_and_go_with_their_invite(store: Store) -> None:
    other = replace(CLASS, digest=b"other", id="o")
    store.invites.insert(CLASS)
    store.invites.insert(other)
    store.invites.use("c", "boris")
    store.invites.use("c", "chen")
    store.invites.use("o", "dora")
    assert store.invites.count_uses() == {"c": 2, "o": 1}
    assert sorted(store.invites.used_by("c")) == ["boris", "chen"]
    store.invites.delete(CLASS)
    assert store.invites.all() == [other]
    assert store.invites.count_uses() == {"o": 1}


def test_what_is_over_goes_and_so_do_uses_without_an_invite(store: Store) -> None:
    store.invites.insert(replace(CLASS, expires_at=NOON + 1))
    store.invites.insert(replace(CLASS, digest=b"later", id="l", expires_at=NOON + 2))
    for invite in ("c", "l", "removed with its member"):
        store.invites.use(invite, "boris")
    store.invites.delete_expired(NOON + 1)
    assert [invite.id for invite in store.invites.all()] == ["l"]
    assert store.invites.count_uses() == {"l": 1}


def test_a_second_invite_with_the_same_secret_is_refused(store: Store) -> None:
    store.invites.insert(CLASS)
    with pytest.raises(NotUnique):
        store.invites.insert(replace(CLASS, id="other", member="boris"))
    assert store.invites.all() == [CLASS]


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_any_text_comes_back_as_it_was(store: Store, text: str) -> None:
    invite = replace(CLASS, id=text, member=text, kind=text, session=text)
    store.invites.insert(invite)
    assert store.invites.get(CLASS.digest) == invite
