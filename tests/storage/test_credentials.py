"""storage/credentials.py: what goes in comes out."""

from storage.credentials import Credential
from storage.store import Store


def test_credentials_come_back_by_role(store: Store) -> None:
    credential = Credential(b"salt", b"hash", b"")
    store.credentials.put("member", Credential(b"", b"", b""))
    store.credentials.put("member", credential)
    assert (store.credentials.get("member"), store.credentials.get("admin")) == (credential, None)
    store.credentials.delete("member")
    assert store.credentials.get("member") is None
