"""storage/passkeys.py: what goes in comes out."""

from dataclasses import replace

import pytest

from storage.database import NotUnique
from storage.passkeys import Passkey
from storage.store import Store
from tests.rooms import NOON
from tests.storage.samples import NASTY, OTHER, SEALED

PHONE = Passkey("phone", "anna", -7, b"\x30key", 0, NOON + 1, None, SEALED)


def test_passkeys_come_back_oldest_first_and_one_by_one(store: Store) -> None:
    laptop = replace(PHONE, id="laptop", algorithm=-257, created_at=NOON, sealed=OTHER)
    other = replace(PHONE, id="other", member="boris")
    for passkey in (PHONE, laptop, other):
        store.passkeys.insert(passkey)
    assert store.passkeys.of("anna") == [laptop, PHONE]
    assert store.passkeys.get("other") == other
    assert store.passkeys.get("nobody's") is None
    assert store.passkeys.members() == {"anna", "boris"}
    store.passkeys.delete_of("anna")
    assert store.passkeys.members() == {"boris"}


def test_a_passkey_remembers_its_last_use_and_goes_alone(store: Store) -> None:
    laptop = replace(PHONE, id="laptop")
    store.passkeys.insert(PHONE)
    store.passkeys.insert(laptop)
    store.passkeys.set_used("phone", 7, NOON + 5)
    assert store.passkeys.get("phone") == replace(PHONE, sign_count=7, used_at=NOON + 5)
    store.passkeys.delete("phone")
    assert store.passkeys.of("anna") == [laptop]


def test_one_credential_is_nobody_elses_too(store: Store) -> None:
    store.passkeys.insert(PHONE)
    with pytest.raises(NotUnique):
        store.passkeys.insert(replace(PHONE, member="boris"))
    assert store.passkeys.get("phone") == PHONE


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_any_text_comes_back_as_it_was(store: Store, text: str) -> None:
    passkey = replace(PHONE, id=text, member=text)
    store.passkeys.insert(passkey)
    assert store.passkeys.of(text) == [passkey]
