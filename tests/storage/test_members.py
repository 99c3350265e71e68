"""storage/members.py: what goes in comes out."""

from dataclasses import replace

import pytest

from storage.database import NotUnique
from storage.members import MemberRow
from storage.store import Store
from tests.rooms import NOON
from tests.storage.samples import NASTY, SEALED


def test_members_come_back_and_one_name_is_one_present_members(store: Store) -> None:
    anna = MemberRow("anna", "member", NOON, None, SEALED, joined_at=NOON)
    store.members.insert(anna, name_digest=b"a")
    with pytest.raises(NotUnique):
        store.members.insert(replace(anna, id="other"), name_digest=b"a")
    store.members.set_role("anna", "admin")
    store.members.set_seen("anna", NOON + 5)
    assert store.members.all() == [MemberRow("anna", "admin", NOON + 5, None, SEALED, joined_at=NOON)]
    assert (store.members.named(b"a"), store.members.named(b"b")) == ("anna", None)


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_any_text_comes_back_as_it_was(store: Store, text: str) -> None:
    member = MemberRow(text, text, NOON, None, SEALED, joined_at=NOON)
    store.members.insert(member, name_digest=text.encode())
    assert (store.members.all(), store.members.named(text.encode())) == ([member], text)
