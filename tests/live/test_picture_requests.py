"""live/picture_requests.py: small pictures, for members."""

import pytest

from encoding import b64url
from errors import NotFound, TooManyAttempts
from live.replies import Reply
from tests.faces import lossy, png
from tests.live.test_requests import Counter
from tests.rooms import ChatRoom, Person


async def given(room: ChatRoom, person: Person, picture: bytes) -> str:
    """Somebody shows themselves; returns the picture's id."""
    await room.asked(person, {"type": "profile.update", "picture": b64url(picture)})
    return room.state.directory.members[person.id].picture


@pytest.mark.parametrize(("picture", "kind"), [(png(32), "image/png"), (lossy(32), "image/webp")])
async def test_a_member_gets_anybodys_picture_as_an_image_and_nothing_else(
    room: ChatRoom, anna: Person, boris: Person, picture: bytes, kind: str
) -> None:
    face = await given(room, anna, picture)
    reply = await Counter(room).ask("GET", f"/pictures/{face}", boris)
    assert isinstance(reply, Reply)
    assert (reply.status, reply.body, reply.headers["Content-Type"]) == (200, picture, kind)
    assert reply.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


async def test_a_picture_that_nobody_has_any_more_is_not_given(room: ChatRoom, anna: Person) -> None:
    face = await given(room, anna, png(32))
    await given(room, anna, png(33))
    assert isinstance(await Counter(room).refusal("GET", f"/pictures/{face}", anna), NotFound)


async def test_a_damaged_picture_is_none(room: ChatRoom, anna: Person) -> None:
    face = await given(room, anna, png(32))
    room.database.tamper("UPDATE pictures SET sealed = zeroblob(60)")
    assert isinstance(await Counter(room).refusal("GET", f"/pictures/{face}", anna), NotFound)


async def test_looking_counts_as_a_question(room: ChatRoom, anna: Person) -> None:
    face, counter = await given(room, anna, png(32)), Counter(room)
    room.state.budgets.of(anna.id, room.now_ms).questions.spend(1_000)
    assert isinstance(await counter.refusal("GET", f"/pictures/{face}", anna), TooManyAttempts)
