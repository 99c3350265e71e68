"""storage/recovery_codes.py: what goes in comes out."""

from storage.store import Store
from tests.rooms import NOON


def test_a_member_has_one_code_the_newest(store: Store) -> None:
    store.recovery_codes.put("anna", b"first", NOON)
    store.recovery_codes.put("anna", b"second", NOON + 1)
    store.recovery_codes.put("boris", b"other", NOON)
    assert store.recovery_codes.get("anna") == b"second"
    assert store.recovery_codes.members() == {"anna", "boris"}
    store.recovery_codes.delete("anna")
    assert store.recovery_codes.get("anna") is None
    assert store.recovery_codes.members() == {"boris"}
