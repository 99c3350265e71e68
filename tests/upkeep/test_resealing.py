"""upkeep/resealing.py: years of clean-up lose no text of a row that is still there, whichever table it stands in."""

from dataclasses import dataclass
from typing import Any

import pytest

from chat.directory import GENERAL
from limits import EPOCH_MS, PURGE_BATCH_ROWS
from sealing.keyring import Sealed
from storage.entries import Entry, InOrder, SealedColumn
from storage.registry import SEALED_COLUMNS
from tests.rooms import DAY, HOUR, ChatRoom, Person, make_room
from tests.storage.planting import (
    COLUMN_NAMES,
    COLUMNS,
    IN_TEN_YEARS,
    TEXT,
    lost_texts,
    plant_sealed,
    texts_at,
)
from upkeep import resealing
from upkeep.resealing import OldKeys

EACH = pytest.mark.parametrize(("entry", "column"), COLUMNS, ids=COLUMN_NAMES)
STEP = 10 * DAY


async def live_on(room: ChatRoom, person: Person, *, until: int) -> None:
    """Somebody writes every few days, so that data keys change, and the room is cleaned up each time."""
    while room.now_ms < until:
        room.later(STEP)
        await room.say(person, "still here")
        while (await room.state.retention.run(now_ms=room.now_ms, is_online=[person.id])).more:
            pass


@dataclass
class Planted:
    """A room with a row in a table, and the member who stays in that room."""

    room: ChatRoom
    anna: Person
    entry: Entry
    column: SealedColumn
    place: tuple[Any, ...]
    epoch: int
    """The data key that the row was sealed with at first."""

    async def found(self) -> list[tuple[Sealed, bytes | None]]:
        return await texts_at(self.room, self.entry, self.column, self.place)

    def data_keys(self) -> set[int]:
        return {row["epoch"] for row in self.room.database.rows("data_keys")}


async def planted(entry: Entry, column: SealedColumn, *, retention_days: int, over_in: int) -> Planted:
    room = await make_room(RETENTION_DAYS=str(retention_days))
    anna = await room.join("Anna")
    await room.say(anna, "the first one")
    places = await plant_sealed(room, entry, member=anna.id, channel=GENERAL, over_at=room.now_ms + over_in)
    await room.wake()
    made = Planted(room, anna, entry, column, places[column.name], 0)
    ((sealed, text),) = await made.found()
    assert text == TEXT
    made.epoch = sealed.epoch
    return made


@EACH
@pytest.mark.parametrize("over_in", [HOUR, IN_TEN_YEARS], ids=["is over soon", "lasts"])
@pytest.mark.parametrize("retention_days", [0, 1, 30])
async def test_in_years_of_clean_up_a_row_goes_or_still_opens(
    entry: Entry, column: SealedColumn, retention_days: int, over_in: int
) -> None:
    row = await planted(entry, column, retention_days=retention_days, over_in=over_in)
    for year in range(1, 4):
        await live_on(row.room, row.anna, until=row.room.now_ms + 365 * DAY)
        assert [text for _, text in await row.found()] in ([TEXT], []), year
        assert await lost_texts(row.room) == []
    needs_key = row.epoch in {sealed.epoch for sealed, _ in await row.found()}
    assert (row.epoch in row.data_keys()) is (needs_key or retention_days == 0)


@pytest.mark.parametrize(
    ("entry", "column"),
    [each for each in COLUMNS if not isinstance(each[1].key, InOrder)],
    ids=[name for each, name in zip(COLUMNS, COLUMN_NAMES, strict=True) if not isinstance(each[1].key, InOrder)],
)
async def test_a_column_that_nobody_registered_would_lose_its_texts(
    entry: Entry, column: SealedColumn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the test above would notice."""
    monkeypatch.setattr(resealing, "SEALED_COLUMNS", tuple(each for each in SEALED_COLUMNS if each is not column))
    row = await planted(entry, column, retention_days=1, over_in=IN_TEN_YEARS)
    await live_on(row.room, row.anna, until=row.room.now_ms + 2 * STEP)
    assert [text for _, text in await row.found()] == [None]


async def forget(room: ChatRoom) -> bool:
    return await OldKeys(room.state.store, room.state.keyring, room.state.directory).forget(now_ms=room.now_ms)


async def room_with_changes(count: int) -> ChatRoom:
    """A room with so many events of one old data key, and without messages."""
    room = await make_room()
    olga = await room.join("Olga", admin=True)
    for number in range(count):
        event = {"kind": "test", "number": number}
        await room.state.conversation.record(event, now_ms=room.now_ms)
    assert room.database.count("changes") == count + 1
    room.later(EPOCH_MS)
    await room.state.conversation.record({"kind": "test"}, now_ms=room.now_ms)
    room.later(HOUR)
    assert olga.id in room.state.directory.members
    return room


@pytest.mark.parametrize("count", [PURGE_BATCH_ROWS - 1, PURGE_BATCH_ROWS, PURGE_BATCH_ROWS + 1])
async def test_texts_are_sealed_anew_in_batches_and_the_key_goes_after_the_last(count: int) -> None:
    room = await room_with_changes(count - 1)
    old = [row["epoch"] for row in room.database.rows("changes")].count(1)
    assert old == count
    assert await forget(room) is (count >= PURGE_BATCH_ROWS)
    assert [row["epoch"] for row in room.database.rows("changes")].count(1) == max(0, count - PURGE_BATCH_ROWS)
    while await forget(room):
        pass
    assert 1 not in {row["epoch"] for row in room.database.rows("data_keys")}
    assert await lost_texts(room) == []


async def test_a_batch_of_rows_that_do_not_open_hides_no_good_row_behind_it() -> None:
    room = await room_with_changes(PURGE_BATCH_ROWS + 1)
    room.database.tamper("UPDATE changes SET sealed = zeroblob(60) WHERE seq <= ?", PURGE_BATCH_ROWS)
    damaged = len(await lost_texts(room))
    assert damaged >= PURGE_BATCH_ROWS - 1
    while await forget(room):
        pass
    assert 1 not in {row["epoch"] for row in room.database.rows("data_keys")}
    assert len(await lost_texts(room)) == damaged
