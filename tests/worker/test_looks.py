"""How the room and its members look, through the Worker: what strangers see, and pictures as browsers get them."""

from collections.abc import Iterator

import httpx
import pytest

from encoding import b64url
from tests.faces import png
from tests.people import Person, get
from tests.server import ADMIN_PASSWORD, Server

FACE = png(64)


@pytest.fixture
def olga(server: Server) -> Iterator[Person]:
    person = Person(server.url, "Olga").enter(ADMIN_PASSWORD)
    yield person
    person.leave()


def picture_of(person: Person, picture: str) -> httpx.Response:
    return person.http.get(f"/pictures/{picture}")


def test_a_picture_is_for_members_and_kept_by_their_browsers(olga: Person) -> None:
    line = olga.come()
    assert line.ask("profile.update", picture=b64url(FACE), status={"emoji": "🌴"})["type"] == "ack"
    shown = line.event("member")
    assert (shown["reason"], shown["member"]["status"]) == ("profile", {"emoji": "🌴", "text": ""})
    answer = picture_of(olga, shown["member"]["picture"])
    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == (200, FACE, "image/png")
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    address = f"{olga.url}/api/rooms/{olga.room}/pictures/{shown['member']['picture']}"
    assert get(address).status_code == 401
    assert picture_of(olga, "nobodys").status_code == 404
    assert line.ask("profile.update", picture=None)["type"] == "ack"
    assert picture_of(olga, shown["member"]["picture"]).status_code == 404


def test_a_stranger_sees_title_and_colour_of_the_room_and_no_picture(olga: Person) -> None:
    line = olga.come()
    line.ask("room.update", name="Boats", colour="iris", picture=b64url(FACE))
    shown = line.event("room")["room"]
    facts = get(f"{olga.url}/api/rooms/{olga.room}").json()
    assert (facts["title"], facts["colour"]) == ("Boats", "iris")
    assert shown["picture"] not in get(f"{olga.url}/api/rooms/{olga.room}").text
    assert picture_of(olga, shown["picture"]).content == FACE
    line.ask("room.update", name=None, colour=None, picture=None)
    assert get(f"{olga.url}/api/rooms/{olga.room}").json()["colour"] == ""
