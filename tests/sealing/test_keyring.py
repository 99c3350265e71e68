"""sealing/keyring.py: sealing, opening, moving, and what each epoch can open."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from errors import Misconfigured, Unopenable
from limits import EPOCH_MS, KEY_MARGIN_MS
from sealing.datakeys import INDEX_EPOCH
from sealing.keyring import Header, Keyring, Sealed
from tests.fakes import MemoryKeyStore, OpenSslCiphers

MASTER = bytes(range(32))
OTHER_MASTER = bytes(range(1, 33))
NOON = 1_800_000_000_000
GENERAL = Header("message", "general", "alice", "message-1")
PLACED = replace(GENERAL, seq=7, sent_at=1_800_000_000_000)
HELLO = "Привет, мир".encode()


def keyring(
    store: MemoryKeyStore, *, room: str = "main", master: bytes = MASTER, previous: bytes | None = None
) -> Keyring:
    """A room that has just woken up with what `store` holds."""
    return Keyring(room, master, previous, OpenSslCiphers(), store)


@pytest.fixture
def store() -> MemoryKeyStore:
    return MemoryKeyStore()


async def seal_one(keys: Keyring, *, text: bytes = HELLO, header: Header = GENERAL, now_ms: int = NOON) -> Sealed:
    (sealed,) = await keys.seal([(text, header)], now_ms=now_ms)
    return sealed


async def open_one(keys: Keyring, sealed: Sealed, header: Header = GENERAL) -> bytes | None:
    (text,) = await keys.open([(sealed, header)])
    return text


@pytest.mark.parametrize("text", [b"", b"x", HELLO, bytes(70_000)], ids=len)
async def test_what_was_sealed_opens_also_after_the_object_was_evicted(store: MemoryKeyStore, text: bytes) -> None:
    sealed = await seal_one(keyring(store), text=text)
    assert len(sealed.data) == 1 + 12 + len(text) + 16
    assert await open_one(keyring(store), sealed) == text


async def test_nothing_to_seal_makes_no_key(store: MemoryKeyStore) -> None:
    assert await keyring(store).seal([], now_ms=NOON) == []
    assert await keyring(store).open([]) == []
    assert store.keys == {}


async def test_a_batch_keeps_its_order_across_epochs(store: MemoryKeyStore) -> None:
    keys = keyring(store)
    headers = [replace(GENERAL, id=str(number)) for number in range(9)]
    sealed = []
    for day in range(3):
        batch = [(header.id.encode(), header) for header in headers[day * 3 : day * 3 + 3]]
        sealed += await keys.seal(batch, now_ms=NOON + day * EPOCH_MS)
    items = list(zip(sealed, headers, strict=True))[::-1]
    assert [sealed.epoch for sealed, _ in items] == [3, 3, 3, 2, 2, 2, 1, 1, 1]
    assert await keyring(store).open(items) == [b"8", b"7", b"6", b"5", b"4", b"3", b"2", b"1", b"0"]


async def test_the_same_text_never_looks_the_same_twice(store: MemoryKeyStore) -> None:
    sealed = await keyring(store).seal([(HELLO, GENERAL)] * 5_000, now_ms=NOON)
    assert len({one.data[1:13] for one in sealed}) == 5_000
    assert HELLO not in b"".join(one.data for one in sealed)


async def test_the_format_is_as_written_down(store: MemoryKeyStore) -> None:
    """version (1) | nonce (12) | ciphertext | tag (16), opened here without a line of ours but the data key."""
    keys = keyring(store)
    sealed = await seal_one(keys)
    parts = (b"durable-chat text v1", b"main", (1).to_bytes(8, "big"), b"message", b"general", b"alice", b"message-1")
    context = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    data_key = keys._keys.opened[1]
    assert sealed.data[:1] == b"\x01"
    assert AESGCM(data_key).decrypt(sealed.data[1:13], sealed.data[13:], context) == HELLO


async def test_the_format_of_what_has_a_place_in_the_order_is_as_written_down(store: MemoryKeyStore) -> None:
    keys = keyring(store)
    (sealed,) = await keys.seal([(HELLO, PLACED)], now_ms=NOON)
    parts = (
        b"durable-chat text v3",
        b"main",
        (1).to_bytes(8, "big"),
        b"message",
        b"general",
        b"alice",
        b"message-1",
        b"7",
        b"1800000000000",
    )
    context = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    assert sealed.data[:1] == b"\x03"
    assert AESGCM(keys._keys.opened[1]).decrypt(sealed.data[1:13], sealed.data[13:], context) == HELLO


@pytest.mark.parametrize(
    "change", [{"seq": 8}, {"sent_at": NOON + 1}, {"seq": NOON, "sent_at": 7}, {"id": "message-17"}]
)
async def test_a_text_given_another_place_or_time_does_not_open(store: MemoryKeyStore, change: dict[str, Any]) -> None:
    keys = keyring(store)
    (sealed,) = await keys.seal([(HELLO, PLACED)], now_ms=NOON)
    assert await open_one(keys, sealed, PLACED) == HELLO
    assert await open_one(keys, sealed, replace(PLACED, **change)) is None


async def test_whoever_changes_the_version_of_a_text_only_makes_it_unreadable(store: MemoryKeyStore) -> None:
    keys = keyring(store)
    (placed, plain) = await keys.seal([(HELLO, PLACED), (HELLO, GENERAL)], now_ms=NOON)
    for sealed, version in ((placed, b"\x01"), (placed, b"\x02"), (plain, b"\x03"), (plain, b"\x02")):
        changed = replace(sealed, data=version + sealed.data[1:])
        for header in (PLACED, GENERAL):
            assert await open_one(keys, changed, header) is None
    assert await open_one(keys, plain, PLACED) == HELLO, "old texts stay readable: their place is not asked for"


MOVES: dict[str, Header] = {
    "to another channel": replace(GENERAL, channel="random"),
    "to another author": replace(GENERAL, author="bob"),
    "to another id": replace(GENERAL, id="message-2"),
    "to another kind": replace(GENERAL, kind="change"),
    "across the border of two fields": replace(GENERAL, channel="generala", author="lice"),
    "with fields swapped": replace(GENERAL, channel="alice", author="general"),
    "with a field left out": replace(GENERAL, author=""),
}


@pytest.mark.parametrize("header", MOVES.values(), ids=MOVES.keys())
async def test_a_text_moved_elsewhere_does_not_open(store: MemoryKeyStore, header: Header) -> None:
    keys = keyring(store)
    sealed = await seal_one(keys)
    assert await open_one(keys, sealed, header) is None


async def test_a_text_moved_to_another_room_does_not_open(store: MemoryKeyStore) -> None:
    """Not even with the whole table of keys moved along."""
    sealed = await seal_one(keyring(store))
    assert await open_one(keyring(store, room="team"), sealed) is None


async def test_a_text_under_another_epoch_does_not_open(store: MemoryKeyStore) -> None:
    keys = keyring(store)
    sealed = await seal_one(keys)
    later = await seal_one(keys, now_ms=NOON + EPOCH_MS)
    for epoch in (-1, INDEX_EPOCH, later.epoch, 99, 2**62):
        assert await open_one(keys, replace(sealed, epoch=epoch)) is None
    assert await open_one(keys, sealed) == HELLO


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda data: b"",
    "only a version": lambda data: data[:1],
    "cut within the nonce": lambda data: data[:12],
    "one byte short of a tag": lambda data: data[:28],
    "without ciphertext": lambda data: data[:13] + data[-16:],
    "last byte lost": lambda data: data[:-1],
    "a byte more": lambda data: data + b"\0",
    "first byte lost": lambda data: data[1:],
    "another version": lambda data: b"\x02" + data[1:],
    "version 0": lambda data: b"\x00" + data[1:],
    "a bit of the nonce": lambda data: data[:1] + bytes([data[1] ^ 1]) + data[2:],
    "a bit of the ciphertext": lambda data: data[:13] + bytes([data[13] ^ 0x80]) + data[14:],
    "a bit of the tag": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "zeros": lambda data: bytes(len(data)),
    "backwards": lambda data: data[::-1],
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
async def test_a_damaged_text_does_not_open_and_the_others_do(
    store: MemoryKeyStore, damage: Callable[[bytes], bytes]
) -> None:
    keys = keyring(store)
    first, second, third = await keys.seal([(HELLO, GENERAL)] * 3, now_ms=NOON)
    second = replace(second, data=damage(second.data))
    assert await keys.open([(each, GENERAL) for each in (first, second, third)]) == [HELLO, None, HELLO]


async def test_two_swapped_texts_do_not_open(store: MemoryKeyStore) -> None:
    keys = keyring(store)
    other = replace(GENERAL, id="message-2")
    first, second = await keys.seal([(b"first", GENERAL), (b"second", other)], now_ms=NOON)
    assert await keys.open([(second, GENERAL), (first, other)]) == [None, None]


async def test_an_epoch_is_forgotten_when_all_its_texts_are_too_old(store: MemoryKeyStore) -> None:
    keys = keyring(store)
    sealed = [await seal_one(keys, now_ms=NOON + day * EPOCH_MS) for day in range(4)]
    second_ended = NOON + 2 * EPOCH_MS + KEY_MARGIN_MS
    assert keys.epochs_before(second_ended) == [1]
    assert keys.epochs_before(second_ended + 1) == [1, 2]
    assert await keys.forget_before(second_ended + 1) == [1, 2]
    assert sorted(store.keys) == [3, 4]
    assert await keys.open([(each, GENERAL) for each in sealed]) == [None, None, HELLO, HELLO]
    assert await keyring(store).open([(each, GENERAL) for each in sealed]) == [None, None, HELLO, HELLO]


async def test_an_epoch_that_other_rows_need_is_kept(store: MemoryKeyStore) -> None:
    keys = keyring(store)
    for day in range(4):
        await seal_one(keys, now_ms=NOON + day * EPOCH_MS)
    assert await keys.forget_before(NOON + 10 * EPOCH_MS, in_use={2}) == [1, 3]
    assert sorted(store.keys) == [2, 4]


async def test_the_newest_epoch_and_the_index_are_never_forgotten(store: MemoryKeyStore) -> None:
    keys = keyring(store)
    await keys.index_key("names", now_ms=NOON)
    sealed = await seal_one(keys)
    assert await keys.forget_before(NOON + 1_000 * EPOCH_MS) == []
    assert sorted(store.keys) == [INDEX_EPOCH, 1]
    assert await open_one(keyring(store), sealed) == HELLO


async def test_a_number_of_an_epoch_is_not_used_again(store: MemoryKeyStore) -> None:
    keys = keyring(store)
    for day in range(3):
        await seal_one(keys, now_ms=NOON + day * EPOCH_MS)
    await keys.forget_before(NOON + 100 * EPOCH_MS)
    assert (await seal_one(keyring(store), now_ms=NOON + 100 * EPOCH_MS)).epoch == 4


async def test_a_text_sealed_while_the_clock_was_set_back_outlives_its_own_time(store: MemoryKeyStore) -> None:
    keys = keyring(store)
    await seal_one(keys, now_ms=NOON)
    await seal_one(keys, now_ms=NOON + EPOCH_MS)
    late = await seal_one(keys, now_ms=NOON - EPOCH_MS)
    assert late.epoch == 2
    await keys.forget_before(NOON + EPOCH_MS)
    assert await open_one(keys, late) == HELLO


async def test_a_text_sealed_on_a_machine_whose_clock_is_fast_is_not_lost(store: MemoryKeyStore) -> None:
    """The next machine begins a new epoch at what is an earlier time by its own clock."""
    await seal_one(keyring(store))
    fast = await seal_one(keyring(store), now_ms=NOON + EPOCH_MS - 1)
    await keyring(store).seal([(HELLO, GENERAL)], now_ms=NOON + EPOCH_MS)
    store.keys[2] = replace(store.keys[2], created_at=NOON + EPOCH_MS - KEY_MARGIN_MS // 2)
    keys = keyring(store)
    assert await keys.forget_before(NOON + EPOCH_MS - 1) == []
    assert await open_one(keys, fast) == HELLO


async def test_a_changed_master_key_reads_everything_once_it_has_rewrapped(store: MemoryKeyStore) -> None:
    before = keyring(store)
    sealed = [await seal_one(before, now_ms=NOON + day * EPOCH_MS) for day in range(3)]
    index = await before.index_key("names", now_ms=NOON)
    changing = keyring(store, master=OTHER_MASTER, previous=MASTER)
    await changing.rewrap()
    after = keyring(store, master=OTHER_MASTER)
    await after.rewrap()
    assert await after.open([(each, GENERAL) for each in sealed]) == [HELLO] * 3
    assert await after.index_key("names", now_ms=NOON) == index


async def test_rewrapping_with_nothing_to_do_writes_nothing(store: MemoryKeyStore) -> None:
    await seal_one(keyring(store))
    before = dict(store.keys)
    await keyring(store, previous=OTHER_MASTER).rewrap()
    assert store.keys == before


async def test_texts_are_readable_while_the_change_is_under_way(store: MemoryKeyStore) -> None:
    sealed = await seal_one(keyring(store))
    changing = keyring(store, master=OTHER_MASTER, previous=MASTER)
    assert await open_one(changing, sealed) == HELLO


async def test_a_lost_master_key_is_a_clear_error_and_no_garbage(store: MemoryKeyStore) -> None:
    sealed = await seal_one(keyring(store))
    await keyring(store).index_key("names", now_ms=NOON)
    before = dict(store.keys)
    for lost in (keyring(store, master=OTHER_MASTER), keyring(store, master=OTHER_MASTER, previous=bytes(32))):
        with pytest.raises(Misconfigured, match="MASTER_KEY"):
            await lost.rewrap()
        with pytest.raises(Misconfigured, match="MASTER_KEY"):
            await seal_one(lost)
        with pytest.raises(Misconfigured, match="MASTER_KEY"):
            await lost.index_key("names", now_ms=NOON)
        assert await open_one(lost, sealed) is None
    assert store.keys == before, "the right key still opens everything"


async def test_the_refusal_shows_no_key(store: MemoryKeyStore) -> None:
    await seal_one(keyring(store))
    with pytest.raises(Misconfigured) as refusal:
        await keyring(store, master=OTHER_MASTER).rewrap()
    assert MASTER.hex() not in str(refusal.value)
    assert OTHER_MASTER.hex() not in str(refusal.value)


def damage_key(store: MemoryKeyStore, epoch: int) -> None:
    key = store.keys[epoch]
    store.keys[epoch] = replace(key, wrapped=key.wrapped[:-1] + bytes([key.wrapped[-1] ^ 1]))


async def test_a_damaged_data_key_costs_its_own_texts_and_nothing_else(store: MemoryKeyStore) -> None:
    keys = keyring(store)
    sealed = [await seal_one(keys, now_ms=NOON + day * EPOCH_MS) for day in range(2)]
    damage_key(store, 1)
    after = keyring(store)
    await after.rewrap()
    assert await after.open([(each, GENERAL) for each in sealed]) == [None, HELLO]


async def test_a_room_whose_newest_data_key_is_damaged_goes_on_with_a_fresh_one(store: MemoryKeyStore) -> None:
    sealed = await seal_one(keyring(store))
    damage_key(store, 1)
    keys = keyring(store)
    fresh = await seal_one(keys)
    assert fresh.epoch == 2
    assert await keys.open([(sealed, GENERAL), (fresh, GENERAL)]) == [None, HELLO]


async def test_a_damaged_data_key_does_not_stop_a_change_of_the_master_key(store: MemoryKeyStore) -> None:
    keys = keyring(store)
    sealed = [await seal_one(keys, now_ms=NOON + day * EPOCH_MS) for day in range(2)]
    damage_key(store, 1)
    await keyring(store, master=OTHER_MASTER, previous=MASTER).rewrap()
    after = keyring(store, master=OTHER_MASTER)
    await after.rewrap()
    assert await after.open([(each, GENERAL) for each in sealed]) == [None, HELLO]


@pytest.mark.parametrize("wrapped", [b"", b"\x01", bytes(28), bytes(29), bytes(61)], ids=len)
async def test_a_wrapped_key_of_the_wrong_form_opens_nothing(store: MemoryKeyStore, wrapped: bytes) -> None:
    sealed = await seal_one(keyring(store))
    store.keys[1] = replace(store.keys[1], wrapped=wrapped)
    assert await open_one(keyring(store), sealed) is None


async def test_a_data_key_moved_to_another_epoch_or_room_opens_nothing(store: MemoryKeyStore) -> None:
    keys = keyring(store)
    sealed = await seal_one(keys)
    await seal_one(keys, now_ms=NOON + EPOCH_MS)
    store.keys[1], store.keys[2] = (
        replace(store.keys[1], wrapped=store.keys[2].wrapped),
        replace(store.keys[2], wrapped=store.keys[1].wrapped),
    )
    assert await keyring(store).open([(sealed, GENERAL), (replace(sealed, epoch=2), GENERAL)]) == [None, None]


async def test_stored_keys_are_wrapped_and_masters_are_named_without_being_told(store: MemoryKeyStore) -> None:
    keys = keyring(store)
    await seal_one(keys)
    stored = store.keys[1]
    assert len(stored.wrapped) == 61
    assert keys._keys.opened[1] not in stored.wrapped
    assert bytes.fromhex(stored.master) not in (MASTER[:8], MASTER[-8:])
    elsewhere = MemoryKeyStore()
    await seal_one(keyring(elsewhere, room="team"))
    assert elsewhere.keys[1].master != stored.master


async def test_derived_keys_differ_by_purpose_room_and_master_and_are_repeatable(store: MemoryKeyStore) -> None:
    keys = keyring(store)
    salt = await keys.derive("salt", 16)
    assert len(salt) == 16
    assert salt == await keyring(MemoryKeyStore()).derive("salt", 16)
    others = [
        (await keys.derive("challenge"))[:16],
        await keyring(store, room="team").derive("salt", 16),
        await keyring(store, master=OTHER_MASTER).derive("salt", 16),
    ]
    assert len({salt, *others}) == 4
    assert len(await keys.derive("challenge")) == 32
    assert store.keys == {}, "asking for a salt writes nothing"


async def test_index_keys_differ_by_purpose_and_stay_for_good(store: MemoryKeyStore) -> None:
    keys = keyring(store)
    names = await keys.index_key("names", now_ms=NOON)
    addresses = await keys.index_key("addresses", now_ms=NOON)
    assert len(names) == 32
    assert names != addresses
    assert await keyring(store).index_key("names", now_ms=NOON + 10**12) == names
    assert await keyring(MemoryKeyStore()).index_key("names", now_ms=NOON) != names, "random for each room"


async def test_a_damaged_index_key_is_not_quietly_replaced(store: MemoryKeyStore) -> None:
    await keyring(store).index_key("names", now_ms=NOON)
    damage_key(store, INDEX_EPOCH)
    with pytest.raises(Unopenable):
        await keyring(store).index_key("names", now_ms=NOON)


async def test_tasks_that_meet_make_one_key(store: MemoryKeyStore) -> None:
    keys = keyring(store)
    batches: Sequence[Sealed] = await asyncio.gather(*(seal_one(keys, text=b"%d" % n) for n in range(20)))
    indexes = await asyncio.gather(*(keys.index_key("names", now_ms=NOON) for _ in range(5)))
    assert {sealed.epoch for sealed in batches} == {1}
    assert len(set(indexes)) == 1
    assert sorted(store.keys) == [INDEX_EPOCH, 1]
    assert await keyring(store).open([(each, GENERAL) for each in batches]) == [b"%d" % n for n in range(20)]
