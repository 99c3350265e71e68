"""Parts of files in real workerd, in the object of the room and in a bucket: who gets them, and nobody else does."""

import os
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from access.cookies import session_token
from encoding import b64url
from files.layout import BLOCK_BYTES, BUCKET, OBJECT
from files.parts import PART_HEADERS
from files.tickets import DOWNLOAD, UPLOAD
from limits import SESSION_PARTS_BYTES_AT_ONCE
from tests.conftest import StartServer
from tests.people import Frame, Line, Person
from tests.places import Place
from tests.push_service import wait_until
from tests.server import ADMIN_PASSWORD, Server, fresh_master_key
from tests.worker.parcels import HEADERS, Parcel, ask_store, files_of, start_with_bucket

ADDRESS_LIMIT = 600  # requests a minute, wrangler.toml
SMALL, THUMB = 1_000, 500
PASSING = {"date", "x-request-id", "content-length", "connection", "transfer-encoding"}


@pytest.fixture(scope="module")
def both_places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start_with_bucket(tmp_path_factory.mktemp("both"))
    yield running
    running.stop()


@pytest.fixture
def home(both_places: Server) -> Iterator[Place]:
    """A room of the test's own on a server that has both places."""
    place = Place(both_places)
    yield place
    place.close()


@pytest.fixture
def anna(home: Place) -> Person:
    return home.member("Anna")


@pytest.fixture(params=[OBJECT, BUCKET])
def where(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def small(home: Place, anna: Person, where: str) -> Parcel:
    """A file that is stored, with a thumbnail."""
    return Parcel(home, anna, where, SMALL, THUMB).store()


# --- there and back ---


def test_parts_come_back_byte_for_byte_and_are_no_page_or_picture(home: Place, anna: Person, where: str) -> None:
    parcel = Parcel(home, anna, where, BLOCK_BYTES[where] + SMALL, THUMB)
    for part in reversed(parcel.parts):  # in any order
        assert parcel.get(part).status_code == 404
        answer = parcel.put(part)
        assert (answer.status_code, answer.content) == (204, b"")
    for part, data in parcel.parts.items():
        answer = parcel.get(part)
        assert (answer.status_code, answer.content == data) == (200, True)
        assert answer.headers["content-length"] == str(len(data))
        told = {name.lower(): value for name, value in PART_HEADERS.items()}
        assert {name: value for name, value in answer.headers.items() if name not in PASSING} == told


def test_the_first_bytes_of_a_part_stay_whatever_comes_after_or_at_once(home: Place, anna: Person, where: str) -> None:
    parcel = Parcel(home, anna, where, BLOCK_BYTES[where] + SMALL).store()
    for part in parcel.parts:
        assert parcel.put(part, os.urandom(parcel.bytes_of(part))).status_code == 204
        assert parcel.get(part).content == parcel.parts[part]
    racing = Parcel(home, anna, where, SMALL)
    texts = [os.urandom(SMALL) for _ in range(6)]
    with ThreadPoolExecutor(len(texts)) as pool:
        assert {answer.status_code for answer in pool.map(lambda text: racing.put("0", text), texts)} == {204}
    stored = racing.get("0").content
    assert stored in texts
    assert racing.get("0").content == stored


def test_a_long_part_is_stored_block_by_block_and_comes_back_whole_or_in_pieces(home: Place, anna: Person) -> None:
    block = BLOCK_BYTES[OBJECT]
    parcel = Parcel(home, anna, OBJECT, 9 * block + SMALL)
    assert [parcel.bytes_of(part) for part in parcel.parts] == [5 * block, 4 * block + SMALL]
    with line(parcel, "PUT", "1", parcel.parts["1"][: 2 * block + 5]):  # it breaks in the middle of the third block
        wait_until(lambda: ask_store(home, "sizes", OBJECT, (parcel.id,))[parcel.id] == {"5": block, "6": block})
    with pytest.raises(httpx.TransportError):
        parcel.get("1")  # it ends where the stored blocks end
    assert parcel.store().get("0").content == parcel.parts["0"]
    assert parcel.get("1").content == parcel.parts["1"]
    assert ask_store(home, "sizes", OBJECT, (parcel.id,)) == {parcel.id: parcel.blocks()}
    for first, end in (
        (0, 3 * block),
        (block - 2, block + 2),
        (2 * block, 3 * block),
        (4 * block - 1, 4 * block + SMALL),
    ):
        answer = parcel.get("1", headers={"Range": f"bytes={first}-{end - 1}"})
        assert (answer.status_code, answer.content == parcel.parts["1"][first:end]) == (206, True), first
    for _ in range(3):
        line(parcel, "GET", "0").close()
    wait_until(lambda: ask_store(home, "through") == 0)
    assert home.server.lines("error") == []


def test_a_range_is_answered_with_those_bytes_alone(small: Parcel) -> None:
    data = small.parts["0"]
    for given, first, end in (("0-0", 0, 1), ("10-19", 10, 20), ("990-", 990, 1_000), ("-5", 995, 1_000)):
        answer = small.get("0", headers={"Range": f"bytes={given}"})
        assert (answer.status_code, answer.content) == (206, data[first:end]), given
        assert answer.headers["content-range"] == f"bytes {first}-{end - 1}/1000"
        assert answer.headers["content-length"] == str(end - first)
        assert answer.headers["content-security-policy"] == PART_HEADERS["Content-Security-Policy"]
    beyond = small.get("0", headers={"Range": "bytes=1000-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, "bytes */1000")
    assert beyond.json()["code"] == "range_not_satisfiable"
    assert small.get("0", headers={"Range": "bytes=0-1,5-6"}).content == data


def test_head_tells_what_get_does_without_the_bytes(small: Parcel) -> None:
    get, head = small.get("0"), small.ask("HEAD", "0")
    assert (head.status_code, head.content) == (200, b"")
    assert {k: v for k, v in head.headers.items() if k not in PASSING} == {
        k: v for k, v in get.headers.items() if k not in PASSING
    }
    assert small.ask("HEAD", "0", ticket="").status_code == 403
    for _ in range(2 * SESSION_PARTS_BYTES_AT_ONCE // BLOCK_BYTES[OBJECT]):  # what nobody reads is not on its way
        assert small.ask("HEAD", "0").status_code == 200


# --- tickets ---


def everything(parcel: Parcel, ticket: str) -> set[tuple[int, str]]:
    """What each way to the bytes answers to one ticket: status and code."""
    tried = [(method, name) for method in ("GET", "HEAD", "PUT") for name in HEADERS.values()]
    found = set()
    for method, name in tried:
        headers = {name: ticket, "Range": "bytes=0-9"} if ticket else {}
        url, body = f"/files/{parcel.id}/parts/0", parcel.parts["0"] if method == "PUT" else None
        answer = parcel.person.http.request(method, url, headers=headers, content=body)
        assert parcel.parts["0"][:10] not in answer.content
        found.add((answer.status_code, answer.json()["code"] if answer.content else "forbidden"))
    return found


Wrong = Callable[[Parcel], str]
WRONG: dict[str, Wrong] = {
    "none": lambda _: "",
    "nonsense": lambda _: "x.y",
    "of another room": lambda parcel: parcel.ticket(DOWNLOAD, room="main"),
    "of another file": lambda parcel: parcel.ticket(DOWNLOAD, file=b64url(os.urandom(16))),
    "of another session": lambda parcel: parcel.ticket(DOWNLOAD, token=os.urandom(32)),
    "that is over": lambda parcel: parcel.ticket(DOWNLOAD, expires_at=1_700_000_000_000),
    "for another purpose": lambda parcel: parcel.ticket("delete"),
    "of another chat": lambda parcel: parcel.ticket(DOWNLOAD, master_key=fresh_master_key()),
    "with other sizes": lambda parcel: _with_signature_of(parcel, size=SMALL + 1),
    "with another place": lambda parcel: _with_signature_of(parcel, place="elsewhere"),
    "with a later end": lambda parcel: _with_signature_of(parcel, expires_at=9_000_000_000_000),
}


def _with_signature_of(parcel: Parcel, **changes: Any) -> str:
    told = parcel.ticket(DOWNLOAD, **changes).partition(".")[0]
    return f"{told}.{parcel.ticket(DOWNLOAD).partition('.')[2]}"


def test_no_way_leads_to_a_byte_without_a_good_ticket(home: Place, anna: Person, where: str) -> None:
    parcel, untouched = Parcel(home, anna, where, SMALL).store(), Parcel(home, anna, where, SMALL)
    for name, wrong in WRONG.items():
        assert everything(parcel, wrong(parcel)) == {(403, "forbidden")}, name
        assert everything(untouched, wrong(untouched)) == {(403, "forbidden")}, name
    assert ask_store(home, "sizes", where, (untouched.id,)).get(untouched.id, {}) == {}


def test_a_ticket_for_one_purpose_is_none_for_the_other(small: Parcel) -> None:
    assert small.get("0", ticket=small.ticket(UPLOAD)).status_code == 403
    assert small.put("0", ticket=small.ticket(DOWNLOAD)).status_code == 403


def test_a_ticket_without_its_cookie_or_with_another_ones_opens_nothing(small: Parcel) -> None:
    boris = small.place.member("Boris")
    for person, status in ((boris, 403), (small.place.stranger(), 401)):
        for method, purpose in (("GET", DOWNLOAD), ("PUT", UPLOAD)):
            other = Parcel(small.place, person, small.where, SMALL)
            other.id = small.id
            answer = other.ask(method, "0", ticket=small.ticket(purpose), content=b"x" * SMALL)
            assert answer.status_code == status
            assert small.parts["0"][:10] not in answer.content
    assert small.get("0").content == small.parts["0"]


def test_another_sites_page_stores_nothing_and_a_room_that_does_not_exist_has_no_files(small: Parcel) -> None:
    answer = small.put("0", headers={"Origin": "https://evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_origin")
    url = f"{small.place.server.url}/api/rooms/No-Such-Room/files/{small.id}/parts/0"
    assert small.person.http.get(url, headers={HEADERS[DOWNLOAD]: small.ticket(DOWNLOAD)}).status_code == 404
    assert small.ask("DELETE", "0").headers["allow"] == "GET, HEAD, PUT"


def test_bad_tickets_count_for_their_address_and_good_ones_do_not(home: Place, anna: Person) -> None:
    parcel = Parcel(home, anna, OBJECT, SMALL).store()
    url = f"/files/{parcel.id}/parts/0"
    statuses: set[int] = set()
    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):  # it is counted by the minute, and a minute may begin in between
            statuses |= set(pool.map(lambda _: anna.http.get(url).status_code, range(ADDRESS_LIMIT + 10)))
            if 429 in statuses:
                break
    assert statuses == {403, 429}
    assert parcel.get("0").content == parcel.parts["0"]


def test_a_ticket_wakes_no_room(home: Place, where: str) -> None:
    """Only its key says that there is such a room; so nothing has to be asked, and nothing is."""
    traveller = home.stranger()
    traveller.http.headers["Cookie"] = f"__Host-session-{home.room}={b64url(os.urandom(32))}"
    parcel = Parcel(home, traveller, where, SMALL).store()
    assert session_token(traveller.cookie, home.room)
    assert parcel.get("0").content == parcel.parts["0"]
    assert home.tables() == []


# --- lengths ---


def test_a_part_has_exactly_the_bytes_that_it_has_to_have(home: Place, anna: Person, where: str) -> None:
    parcel = Parcel(home, anna, where, BLOCK_BYTES[where] + SMALL, THUMB)

    def refusal(part: str, **given: Any) -> tuple[int, str]:
        # Without reading all of it the server ends the line: the next question must not go that way.
        answer = parcel.put(part, headers={"Connection": "close"}, **given)
        return answer.status_code, answer.json()["code"]

    for part in parcel.parts:
        size = parcel.bytes_of(part)
        assert refusal(part, data=os.urandom(size + 1)) == (413, "too_large")
        assert refusal(part, data=os.urandom(size - 1)) == (400, "malformed")
        assert refusal(part, data=b"") == (400, "malformed")
    answer = parcel.ask("PUT", "t", content=iter([bytes(THUMB)]))  # in chunks, without a length
    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")
    for part in ("2", "-1", "00", "T", "x"):
        assert refusal(part, data=b"x") == (404, "not_found")
        assert parcel.get(part).status_code == 404
    assert ask_store(home, "sizes", where, (parcel.id,)).get(parcel.id, {}) == {}
    parcel.store()


def test_a_large_part_without_a_good_ticket_gets_its_answer_and_no_broken_line(home: Place, anna: Person) -> None:
    parcel = Parcel(home, anna, BUCKET, BLOCK_BYTES[BUCKET])
    over = parcel.put("0", ticket=parcel.ticket(UPLOAD, expires_at=1_700_000_000_000))
    assert (over.status_code, over.json()["code"]) == (403, "forbidden")


# --- lines that break, and crowds ---


def line(parcel: Parcel, method: str, part: str, body: bytes = b"") -> socket.socket:
    """A request on a line of its own, with so much of its body."""
    url, purpose = urlsplit(parcel.place.url), UPLOAD if method == "PUT" else DOWNLOAD
    lines = [
        f"{method} {url.path}/files/{parcel.id}/parts/{part} HTTP/1.1",
        f"Host: {url.netloc}",
        f"Cookie: {parcel.person.cookie}",
        f"{HEADERS[purpose]}: {parcel.ticket(purpose)}",
        *([f"Content-Length: {parcel.bytes_of(part)}"] if method == "PUT" else []),
    ]
    opened = socket.create_connection((url.hostname, url.port))
    opened.sendall("\r\n".join([*lines, "", ""]).encode() + body)
    return opened


def test_a_line_that_breaks_in_the_middle_stores_nothing_and_the_next_one_all(
    home: Place, anna: Person, where: str
) -> None:
    parcel = Parcel(home, anna, where, BLOCK_BYTES[where])
    for _ in range(3):
        line(parcel, "PUT", "0", parcel.parts["0"][: BLOCK_BYTES[where] // 2]).close()
    assert parcel.get("0").status_code == 404
    parcel.store()
    for _ in range(3):
        line(parcel, "GET", "0").close()
    assert parcel.get("0").content == parcel.parts["0"]
    assert home.server.lines("error") == []


def test_a_session_fills_the_object_with_a_few_parts_only_and_others_go_on(home: Place, anna: Person) -> None:
    most = SESSION_PARTS_BYTES_AT_ONCE // BLOCK_BYTES[OBJECT]
    *waiting, parcel = [Parcel(home, anna, OBJECT, BLOCK_BYTES[OBJECT]) for _ in range(most + 1)]
    with ExitStack() as stack:
        for slow in waiting:
            stack.enter_context(line(slow, "PUT", "0", bytes(1)))
        wait_until(lambda: ask_store(home, "through") == SESSION_PARTS_BYTES_AT_ONCE)
        crowded = parcel.put("0")
        assert (crowded.json()["code"], crowded.headers["retry-after"]) == ("too_many_attempts", "1")
        other = Parcel(home, home.member("Boris"), OBJECT, BLOCK_BYTES[OBJECT]).store()
        assert other.get("0").status_code == 200
    wait_until(lambda: ask_store(home, "through") == 0)
    parcel.store()


# --- what is stored ---


def test_a_part_is_one_row_and_a_repeated_one_none(home: Place, anna: Person) -> None:
    Parcel(home, anna, OBJECT, SMALL).store()
    ask_store(home, "rows")
    parcel = Parcel(home, anna, OBJECT, BLOCK_BYTES[OBJECT] + SMALL, THUMB).store()
    assert ask_store(home, "rows") == 3
    parcel.store()
    assert ask_store(home, "rows") == 0
    ask_store(home, "remove", OBJECT, (parcel.id,))
    assert ask_store(home, "rows") == 3


def test_a_room_is_told_what_is_there_and_removes_it(home: Place, anna: Person, where: str) -> None:
    kept, removed = (Parcel(home, anna, where, BLOCK_BYTES[where] + SMALL, THUMB).store() for _ in range(2))
    unknown = b64url(os.urandom(16))
    sizes = kept.blocks()
    found = ask_store(home, "sizes", where, (kept.id, removed.id, unknown))
    assert {file: parts for file, parts in found.items() if parts} == {kept.id: sizes, removed.id: sizes}
    ask_store(home, "remove", where, (removed.id, unknown))
    assert [removed.get(part).status_code for part in removed.parts] == [404] * 3
    assert kept.get("0").content == kept.parts["0"]
    ask_store(home, "remove", where, (removed.id,))
    assert ask_store(home, "sizes", where, (kept.id,)) == {kept.id: sizes}


def test_an_object_whose_last_file_is_removed_is_empty_and_takes_files_again(home: Place, anna: Person) -> None:
    assert Parcel(home, anna, OBJECT, SMALL).get("0").status_code == 404
    assert files_of(home).tables() == []
    parcel = Parcel(home, anna, OBJECT, SMALL, THUMB).store()
    assert files_of(home).rows("SELECT id, part FROM parts ORDER BY part")[1][1] == "t"
    ask_store(home, "remove", OBJECT, (parcel.id,))
    assert files_of(home).tables() == []
    again = Parcel(home, anna, OBJECT, SMALL).store()
    assert again.get("0").content == again.parts["0"]


def test_neither_the_log_nor_the_store_says_whose_a_part_is_or_what(small: Parcel) -> None:
    lines = small.place.server.lines()
    assert {entry["route"] for entry in lines if "route" in entry} >= {"part"}
    for secret in (small.id, small.ticket(DOWNLOAD).partition(".")[0], small.person.id, "octet-stream"):
        assert secret not in str(lines)
    if small.where == OBJECT:
        (columns,) = files_of(small.place).rows("SELECT group_concat(name) FROM pragma_table_info('parts')")
        assert columns == ("id,part,bytes",)


# --- with a room ---


@pytest.fixture
def club(both_places: Server, where: str) -> Iterator[Place]:
    """A room whose new files go to this place."""
    place = Place(both_places, f"{where}-{os.urandom(4).hex()}")
    yield place
    place.close()


def sent(parcel: Parcel, line: Line, channel: str = "general") -> Frame:
    """A message with this file, which goes the whole way."""
    ticket = parcel.reserve(channel)
    for part in parcel.parts:
        assert parcel.put(part, ticket=ticket).status_code == 204
    ack = line.say("Look at this", channel, files=[parcel.told()])
    assert ack["type"] == "ack", ack
    return ack


def is_gone(parcel: Parcel) -> bool:
    return not any(ask_store(parcel.place, "sizes", parcel.where, (parcel.id,)).values())


def test_a_picture_goes_from_one_to_the_other_with_the_tickets_of_the_room(club: Place, where: str) -> None:
    anna, boris = club.member("Anna"), club.member("Boris")
    parcel = Parcel(club, anna, where, BLOCK_BYTES[where] + SMALL, THUMB)
    writes, reads = anna.come(), boris.come()
    early = writes.say("Look at this", files=[parcel.told()])
    assert (early["code"], early["detail"][:5]) == ("malformed", "files")
    sent(parcel, writes)
    (shown,) = reads.event("message")["files"]
    assert shown == parcel.told()
    ticket = reads.ask("file.tickets", ids=[parcel.id])["tickets"][parcel.id]
    assert parcel.get("0", ticket=ticket).status_code == 403, "it is for the device that asked"
    parcel.person = boris
    assert [parcel.get(part, ticket=ticket).content for part in parcel.parts] == list(parcel.parts.values())


def test_what_nobody_has_any_more_leaves_the_place_though_it_fails_at_first(club: Place, where: str) -> None:
    anna, olga = club.member("Anna"), club.member("Olga", password=ADMIN_PASSWORD)
    line, admin = anna.come(), olga.come()
    channel = str(line.ask("channel.create", name="Holidays")["channel"])
    deleted, cleared, cancelled, abandoned = (Parcel(club, anna, where, SMALL, THUMB) for _ in range(4))
    message = sent(deleted, line)
    sent(cleared, line, channel)
    for parcel in (cancelled, abandoned):
        parcel.reserve()
        parcel.store()
    assert not any(map(is_gone, (deleted, cleared, cancelled, abandoned)))
    assert deleted.key.encode() not in club.stored_bytes() + files_of(club).stored_bytes()

    ask_store(club, "refuse", files=("once", "twice"))
    assert line.ask("delete", id=message["id"])["type"] == "ack"
    wait_until(lambda: is_gone(deleted))
    assert "files could not be removed" in {entry["message"] for entry in club.server.lines("warning")}
    assert line.ask("channel.delete", id=channel)["type"] == "ack"
    assert anna.http.delete(f"/files/{cancelled.id}").status_code == 204
    wait_until(lambda: is_gone(cleared) and is_gone(cancelled))
    assert admin.ask("member.remove", id=anna.id)["type"] == "ack"
    wait_until(lambda: is_gone(abandoned))
    if where == OBJECT:
        wait_until(lambda: files_of(club).tables() == [])


def test_a_file_in_a_bucket_that_is_no_longer_bound_is_the_operators_to_see_to(start_server: StartServer) -> None:
    place = Place(start_server(), "main")
    parcel = Parcel(place, place.member("Anna"), BUCKET, SMALL)
    answer = parcel.get("0")
    place.close()
    assert (answer.status_code, answer.json()["code"]) == (500, "misconfigured")
    assert answer.json()["title"].startswith("FILES_BUCKET is not bound")
