"""chat/name_digests.py: one digest for all spellings of a name, and another one in each room."""

from chat.name_digests import digest_of_name
from tests.rooms import ChatRoom, Person, make_room


async def test_spellings_of_one_name_share_a_digest_and_no_other_name_does(room: ChatRoom, anna: Person) -> None:
    async def digest(name: str) -> bytes:
        return await digest_of_name(name, room.state.keyring, now_ms=room.now_ms)

    assert await digest("Anna") == await digest(" @anna ") == await digest("ＡＮＮＡ")
    assert len({await digest(name) for name in ("Anna", "Hanna", "Anna 2", "")}) == 4
    assert room.state.store.members.named(await digest(anna.name)) == anna.id


async def test_the_digest_of_a_name_is_the_rooms_own() -> None:
    rooms = [await make_room(name) for name in ("main", "ops")]
    digests = set()
    for room in rooms:
        await room.join("Anna")
        digests.add(await digest_of_name("Anna", room.state.keyring, now_ms=room.now_ms))
    assert len(digests) == 2
