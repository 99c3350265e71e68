"""storage/files.py: what goes in comes out, and what becomes of it."""

from dataclasses import replace

import pytest

from encoding import b64url
from storage.database import NotUnique
from storage.files import GONE, RESERVED, SENT, StoredFile
from storage.store import Store
from tests.rooms import NOON
from tests.storage.samples import NASTY, RecordingDatabase


def ids(*numbers: int) -> list[str]:
    return [b64url(bytes([number] * 16)) for number in numbers]


def file(number: int, *, member: str = "anna", channel: str = "general", created_at: int = NOON) -> StoredFile:
    (own,) = ids(number)
    return StoredFile(RESERVED, own, member, channel, 1_000 + number, number, 1, "object", created_at)


@pytest.fixture
def three(store: Store) -> list[StoredFile]:
    files = [file(number, created_at=NOON + number) for number in (1, 2, 3)]
    for each in files:
        store.files.reserve(each)
    return files


def test_a_file_is_found_in_each_of_its_states(store: Store, three: list[StoredFile]) -> None:
    first, second, third = three
    store.files.send(ids(2), 7)
    store.files.send(ids(3), 8)
    store.files.give_up(ids(3), NOON)
    assert store.files.get(ids(1, 2, 3, 4)) == {
        first.id: first,
        second.id: replace(second, state=SENT, seq=7),
        third.id: replace(third, state=GONE, seq=8),
    }
    assert store.files.get([]) == {}
    assert store.files.sent(ids(1, 2, 3, 4)) == [replace(second, state=SENT, seq=7)]


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_any_text_comes_back_as_it_was(store: Store, text: str) -> None:
    odd = replace(file(1), member=text, channel=text, place=text)
    store.files.reserve(odd)
    assert list(store.files.get(ids(1)).values()) == [odd]


def test_an_id_is_reserved_once(store: Store, database: RecordingDatabase, three: list[StoredFile]) -> None:
    before = database.dump()
    with pytest.raises(NotUnique):
        store.files.reserve(file(1, member="boris"))
    assert database.dump() == before


def test_what_files_take_is_counted_whatever_their_state(store: Store, three: list[StoredFile]) -> None:
    store.files.send(ids(2), 7)
    store.files.give_up(ids(3), NOON)
    assert store.files.totals() == (3, 3_000 + 2 * (1 + 2 + 3))
    assert store.files.reserved_by("anna") == 1
    assert store.files.reserved_by("boris") == 0
    store.files.delete_gone(ids(1, 2, 3))
    assert store.files.totals() == (2, 2_000 + 2 * (1 + 2))


def test_nothing_takes_nothing(store: Store) -> None:
    assert store.files.totals() == (0, 0)
    assert store.files.oldest_gone() is None
    assert not store.files.has_gone()


def test_only_what_is_reserved_is_renewed_and_sent(store: Store, three: list[StoredFile]) -> None:
    store.files.give_up(ids(2), NOON)
    store.files.send(ids(1, 2), 7)
    store.files.send(ids(1), 8)
    for each in three:
        store.files.renew(each.id, NOON + 99)
    found = store.files.get(ids(1, 2, 3))
    assert [(found[each].state, found[each].seq, found[each].created_at) for each in ids(1, 2, 3)] == [
        (SENT, 7, NOON + 1),
        (GONE, None, NOON + 2),
        (RESERVED, None, NOON + 99),
    ]


def test_what_is_given_up_is_found_by_when_it_was_reserved_and_given_up(store: Store, three: list[StoredFile]) -> None:
    store.files.give_up(ids(1, 2), NOON + 10)
    store.files.give_up(ids(2, 3), NOON + 20)
    assert store.files.has_gone()
    assert store.files.oldest_gone() == NOON + 1

    def numbers(found: list[StoredFile]) -> list[str]:
        return [each.id for each in found]

    assert numbers(store.files.gone_until(NOON + 2, 9)) == ids(1, 2)
    assert numbers(store.files.gone_until(NOON + 9, 2)) == ids(1, 2)
    assert numbers(store.files.gone_until(NOON, 9)) == []
    assert numbers(store.files.gone_lately(NOON, NOON + 10)) == ids(3)
    assert numbers(store.files.gone_lately(NOON + 1, 0)) == ids(2, 3)


def test_uploads_go_with_their_member_or_when_nobody_goes_on(store: Store) -> None:
    for each in (file(1), file(2, member="boris"), file(3), file(4, created_at=NOON + 1), file(5, channel="plans")):
        store.files.reserve(each)
    store.files.send(ids(3), 7)
    store.files.give_up_abandoned(NOON, NOON)
    states = {number: store.files.get(ids(number))[ids(number)[0]].state for number in range(1, 6)}
    assert states == {1: GONE, 2: GONE, 3: SENT, 4: RESERVED, 5: GONE}
    store.files.give_up_uploads("anna", NOON)
    assert store.files.get(ids(3, 4))[ids(4)[0]].state == GONE
    assert store.files.get(ids(3))[ids(3)[0]].state == SENT
    store.files.give_up_channel("plans", NOON)
    assert store.files.get(ids(3))[ids(3)[0]].state == SENT
    store.files.give_up_channel("general", NOON)
    assert store.files.get(ids(3))[ids(3)[0]].state == GONE
