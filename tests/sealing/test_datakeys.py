"""sealing/datakeys.py: when a data key is replaced, and that it never makes more seals than it may."""

import asyncio

import pytest

from limits import EPOCH_MAX_SEALS, EPOCH_MS, SEAL_RESERVE
from sealing import datakeys
from sealing.datakeys import DataKeys, fields
from tests.fakes import MemoryKeyStore, OpenSslCiphers

NOON = 1_800_000_000_000


def data_keys(store: MemoryKeyStore) -> DataKeys:
    return DataKeys(b"main", [bytes(32)], OpenSslCiphers(), store)


@pytest.fixture
def store() -> MemoryKeyStore:
    return MemoryKeyStore()


async def epoch_for(keys: DataKeys, count: int = 1, now_ms: int = NOON) -> int:
    epoch, _ = await keys.key_for(count, now_ms)
    return epoch


@pytest.mark.parametrize(("age_ms", "epoch"), [(EPOCH_MS - 1, 1), (EPOCH_MS, 2), (EPOCH_MS + 1, 2)])
async def test_a_data_key_is_replaced_after_a_day(store: MemoryKeyStore, age_ms: int, epoch: int) -> None:
    keys = data_keys(store)
    await epoch_for(keys)
    assert await epoch_for(keys, now_ms=NOON + age_ms) == epoch


@pytest.mark.parametrize(
    ("first", "then", "epoch"),
    [
        (EPOCH_MAX_SEALS - 1, 1, 1),
        (EPOCH_MAX_SEALS, 1, 2),
        (EPOCH_MAX_SEALS - 1, 2, 2),
        (1, EPOCH_MAX_SEALS - 1, 1),
        (1, EPOCH_MAX_SEALS, 2),
    ],
)
async def test_a_data_key_is_replaced_when_its_seals_are_used_up(
    store: MemoryKeyStore, first: int, then: int, epoch: int
) -> None:
    keys = data_keys(store)
    assert await epoch_for(keys, first) == 1
    assert await epoch_for(keys, then) == epoch
    assert all(key.reserved <= EPOCH_MAX_SEALS for key in store.keys.values())


@pytest.mark.parametrize("count", [EPOCH_MAX_SEALS + 1, 10 * EPOCH_MAX_SEALS])
async def test_more_texts_than_one_key_may_seal_are_a_mistake(store: MemoryKeyStore, count: int) -> None:
    with pytest.raises(ValueError, match="more than"):
        await epoch_for(data_keys(store), count)
    assert store.keys == {}


@pytest.mark.parametrize(
    ("count", "reserved"),
    [
        (1, SEAL_RESERVE),
        (SEAL_RESERVE - 1, SEAL_RESERVE),
        (SEAL_RESERVE, SEAL_RESERVE),
        (SEAL_RESERVE + 1, 2 * SEAL_RESERVE),
        (3 * SEAL_RESERVE + 5, 3 * SEAL_RESERVE + 5),
    ],
)
async def test_seals_are_counted_in_storage_in_blocks_before_they_are_made(
    store: MemoryKeyStore, count: int, reserved: int
) -> None:
    await epoch_for(data_keys(store), count)
    assert store.keys[1].reserved == reserved


async def test_ten_thousand_texts_one_by_one_write_the_count_three_times(store: MemoryKeyStore) -> None:
    keys = data_keys(store)
    counts = set()
    for _ in range(10_000):
        await epoch_for(keys)
        counts.add(store.keys[1].reserved)
    assert counts == {SEAL_RESERVE, 2 * SEAL_RESERVE, 3 * SEAL_RESERVE}


async def test_a_room_that_crashes_all_the_time_still_never_overuses_a_key(store: MemoryKeyStore) -> None:
    """Each wake reserves a block and forgets what was left of it: the count errs on the safe side."""
    crashes = 2 * EPOCH_MAX_SEALS // SEAL_RESERVE
    used: dict[int, int] = {}
    for _ in range(crashes):
        epoch = await epoch_for(data_keys(store))
        used[epoch] = used.get(epoch, 0) + 1
        assert store.keys[epoch].reserved >= used[epoch]
    assert set(used) == {1, 2}
    assert all(key.reserved <= EPOCH_MAX_SEALS for key in store.keys.values())


async def test_tasks_at_once_never_overuse_a_key(store: MemoryKeyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datakeys, "EPOCH_MAX_SEALS", 10)
    monkeypatch.setattr(datakeys, "SEAL_RESERVE", 4)
    keys = data_keys(store)
    epochs = await asyncio.gather(*(epoch_for(keys, 3) for _ in range(20)))
    seals = {epoch: 3 * epochs.count(epoch) for epoch in epochs}
    assert all(made <= 10 for made in seals.values())
    assert all(store.keys[epoch].reserved >= made for epoch, made in seals.items())
    assert sorted(store.keys) == list(range(1, len(store.keys) + 1))


async def test_a_clock_set_back_does_not_replace_a_key_and_ends_no_period_early(store: MemoryKeyStore) -> None:
    keys = data_keys(store)
    await epoch_for(keys, EPOCH_MAX_SEALS, NOON)
    assert await epoch_for(keys, 1, NOON - EPOCH_MS) == 2
    assert store.keys[2].created_at == NOON


async def test_an_index_key_counts_no_seals_and_is_not_the_newest(store: MemoryKeyStore) -> None:
    keys = data_keys(store)
    assert await keys.open_index(NOON) is not None
    assert store.keys[0].reserved == 0
    assert await epoch_for(keys) == 1


def test_values_put_together_can_be_told_apart() -> None:
    assert fields(b"ab", b"c") != fields(b"a", b"bc")
    assert fields(b"ab") != fields(b"ab", b"")
    assert fields() == b""
