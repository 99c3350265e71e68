"""storage/attempts.py: what goes in comes out."""

from storage.attempts import Attempts
from storage.store import Store
from tests.rooms import NOON
from tests.storage.samples import BIG


def test_attempts_come_back_by_address(store: Store) -> None:
    counts = Attempts(BIG, NOON, BIG, 0)
    store.attempts.put(b"", counts)
    store.attempts.put(b"\x00", Attempts(1, 1, 1, 1))
    assert (store.attempts.get(b""), store.attempts.get(b"x")) == (counts, None)
    store.attempts.delete(b"")
    assert (store.attempts.get(b""), store.attempts.get(b"\x00")) == (None, Attempts(1, 1, 1, 1))


def test_a_challenge_is_used_once(store: Store) -> None:
    assert [store.challenges.use(digest, NOON) for digest in (b"a", b"b", b"a")] == [True, True, False]
