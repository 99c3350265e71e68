"""Keys of a running room: rotated, lost, and what is left of a room that somebody tampered with."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from tests.conftest import StartServer
from tests.people import Line, get
from tests.places import DAY_MS, Place
from tests.server import ADMIN_PASSWORD, MASTER_KEY, PASSWORD, Server, fresh_master_key
from tests.worker.gathering import sleep_until_evicted
from tools.paths import ROOT

Row = tuple[str, int]


def restart(server: Server, **settings: str) -> None:
    """The operator sets something and deploys."""
    server.settings.update(settings)
    server.restart()


def bodies(line: Line) -> list[str | None]:
    """What a page of general shows; None for what does not open."""
    return [None if message.get("unreadable") else message["body"] for message in line.history()]


@pytest.fixture
def main_room(start_server: StartServer) -> Iterator[Callable[..., Place]]:
    """Starts a server of the test's own; the people in its room leave when the test ends."""
    places: list[Place] = []

    def start(**settings: str) -> Place:
        places.append(Place(start_server(settings=settings), "main"))
        return places[-1]

    yield start
    for place in places:
        place.close()


# --- MASTER_KEY ---


def test_a_rotated_master_key_opens_what_the_old_one_sealed_and_then_the_old_one_may_go(
    main_room: Callable[..., Place],
) -> None:
    new_key = fresh_master_key()
    place = main_room()
    server = place.server
    anna = place.member("Anna")
    line = anna.come()
    line.say("sealed before")
    line.ask("channel.create", name="plans", topic="a topic")
    salt = anna.facts()["kdf"]["salt"]
    before = place.rows("SELECT epoch, wrapped, master FROM data_keys ORDER BY epoch")
    rows_before = place.rows("SELECT sealed FROM messages UNION SELECT sealed FROM members ORDER BY 1")

    restart(server, MASTER_KEY=new_key, MASTER_KEY_PREVIOUS=MASTER_KEY)
    line = anna.come()
    assert bodies(line) == ["sealed before"]
    assert {each["name"] for each in line.welcome["channels"]} == {"general", "plans"}
    line.say("sealed after")
    after = place.rows("SELECT epoch, wrapped, master FROM data_keys ORDER BY epoch")
    assert [epoch for epoch, *_ in after] == [epoch for epoch, *_ in before]
    assert not {wrapped for _, wrapped, _ in after} & {wrapped for _, wrapped, _ in before}, "all are wrapped anew"
    assert {master for *_, master in after}.isdisjoint({master for *_, master in before})
    kept = place.rows("SELECT sealed FROM messages UNION SELECT sealed FROM members ORDER BY 1")
    assert set(rows_before) <= set(kept), "no message was touched"
    assert anna.facts()["kdf"]["salt"] == salt, "browsers stretch as before"

    restart(server, MASTER_KEY_PREVIOUS="")
    line = anna.come()
    assert bodies(line) == ["sealed before", "sealed after"]
    refused = place.stranger("Anna").sign_in()
    assert refused.json()["code"] == "name_taken", "names are still found"

    restart(server, MASTER_KEY=fresh_master_key())
    for path in ("", "/session", "/challenge", "/sessions"):
        answer = anna.http.get(place.url + path)
        assert (answer.status_code, answer.json()["code"]) == (500, "misconfigured")
        assert answer.json()["title"].startswith("MASTER_KEY is not the key that this room was sealed with")
    login = place.stranger("Bea").http.post("/session", json={"name": "Bea", "proof": "A" * 43})
    assert login.json()["code"] == "misconfigured"
    assert "MASTER_KEY is not the key" in server.wait_for_log("MASTER_KEY is not the key")
    assert new_key not in server.log()
    assert place.rows("SELECT epoch, wrapped, master FROM data_keys ORDER BY epoch") == after, "nothing was replaced"


# --- passwords ---


def verifier(password: str, salt: str) -> str:
    """What bin/verifier prints for a room that exists already."""
    command = [sys.executable, str(ROOT / "bin" / "verifier"), "--salt", salt]
    return subprocess.run(
        command, input=password, capture_output=True, text=True, check=True, timeout=60
    ).stdout.strip()


def test_a_changed_password_ends_sessions_and_touches_no_message_and_a_verifier_will_do(
    main_room: Callable[..., Place],
) -> None:
    place = main_room()
    server = place.server
    anna, boss = place.member("Anna"), place.member("Boss", password=ADMIN_PASSWORD)
    anna.come().say("written under the old password")
    sealed = place.rows("SELECT epoch, sealed FROM messages"), place.rows("SELECT epoch, wrapped FROM data_keys")
    salt = anna.facts()["kdf"]["salt"]

    restart(server, CHAT_PASSWORD="another password altogether")
    assert anna.http.get("/session").status_code == 401
    assert boss.http.get("/session").status_code == 401
    assert anna.sign_in(PASSWORD).status_code == 401
    assert anna.sign_in("another password altogether").status_code == 201
    assert (
        place.rows("SELECT epoch, sealed FROM messages"),
        place.rows("SELECT epoch, wrapped FROM data_keys"),
    ) == sealed
    assert bodies(anna.come()) == ["written under the old password"]
    assert anna.facts()["kdf"]["salt"] == salt

    restart(server, CHAT_PASSWORD="", CHAT_PASSWORD_VERIFIER=verifier("only its verifier is kept", salt))
    assert anna.http.get("/session").status_code == 401
    assert anna.sign_in("another password altogether").status_code == 401
    assert anna.sign_in("only its verifier is kept").status_code == 201
    assert bodies(anna.come()) == ["written under the old password"]
    everything = server.log().encode() + place.stored_bytes()
    assert b"only its verifier is kept" not in everything


def test_a_new_room_takes_the_salt_of_its_verifier_and_a_changed_admins_password_ends_admins_only(
    main_room: Callable[..., Place],
) -> None:
    printed = verifier("a team of its own", "AAECAwQFBgcICQoLDA0ODw")
    place = main_room(CHAT_PASSWORD="", CHAT_PASSWORD_VERIFIER=printed)
    server = place.server
    anna = place.stranger("Anna")
    assert anna.facts()["kdf"]["salt"] == "AAECAwQFBgcICQoLDA0ODw"
    assert anna.sign_in("a team of its own").status_code == 201
    boss = place.member("Boss", password=ADMIN_PASSWORD)
    restart(server, ADMIN_PASSWORD="the admins have a new one")
    assert anna.http.get("/session").status_code == 200
    assert boss.http.get("/session").status_code == 401
    assert boss.sign_in(ADMIN_PASSWORD).status_code == 401
    assert boss.sign_in("the admins have a new one").status_code == 201


# --- a thief, and somebody who writes into the database ---


def test_the_database_holds_no_text_name_topic_password_or_address(place: Place) -> None:
    anna = place.stranger("Anneliese", address="203.0.113.200")
    anna.http.headers["User-Agent"] = "A very special browser"
    anna.sign_in()
    line = anna.come()
    message = line.say("the plaintext of a message")
    line.ask("edit", id=message["id"], body="the plaintext of an edit")
    line.ask("react", id=message["id"], emoji="🐸", on=True)
    line.ask("channel.create", name="secret plans", topic="the plaintext of a topic")
    line.ask("draft", channel="general", body="the plaintext of a draft")
    place.stranger("Anneliese").sign_in()
    stored = place.stored_bytes()
    secrets = [
        "Anneliese",
        "plaintext",
        "secret plans",
        "🐸",
        "very special",
        "203.0.113.200",
        PASSWORD,
        ADMIN_PASSWORD,
        anna.cookie.partition("=")[2],
        MASTER_KEY,
    ]
    assert [secret for secret in secrets if secret.encode() in stored] == []
    with closing(sqlite3.connect(f"{place.file.as_uri()}?mode=ro", uri=True)) as database:  # as Place.rows
        dump = "\n".join(database.iterdump())
    assert [secret for secret in secrets if secret in dump or secret.encode().hex() in dump.lower()] == []


def flip_a_bit(place: Place, row: Row) -> None:
    (sealed,) = place.rows("SELECT sealed FROM messages WHERE channel = ? AND seq = ?", *row)[0]
    place.change(
        "UPDATE messages SET sealed = ? WHERE seq = ?", sealed[:-20] + bytes([sealed[-20] ^ 1]) + sealed[-19:], row[1]
    )


def change_the_nonce(place: Place, row: Row) -> None:
    (sealed,) = place.rows("SELECT sealed FROM messages WHERE seq = ?", row[1])[0]
    place.change("UPDATE messages SET sealed = ? WHERE seq = ?", sealed[:1] + bytes(12) + sealed[13:], row[1])


def cut_it_short(place: Place, row: Row) -> None:
    place.change("UPDATE messages SET sealed = substr(sealed, 1, 10) WHERE seq = ?", row[1])


def empty_it(place: Place, row: Row) -> None:
    place.change("UPDATE messages SET sealed = x'' WHERE seq = ?", row[1])


def call_it_another_version(place: Place, row: Row, *, more: int = 1) -> None:
    (sealed,) = place.rows("SELECT sealed FROM messages WHERE seq = ?", row[1])[0]
    place.change("UPDATE messages SET sealed = ? WHERE seq = ?", bytes([sealed[0] + more]) + sealed[1:], row[1])


def call_it_the_version_that_is_bound_to_less(place: Place, row: Row) -> None:
    call_it_another_version(place, row, more=-1)


def call_it_the_first_version(place: Place, row: Row) -> None:
    place.change("UPDATE messages SET sealed = CAST(x'01' || substr(sealed, 2) AS BLOB) WHERE seq = ?", row[1])


def give_it_another_time(place: Place, row: Row) -> None:
    place.change("UPDATE messages SET sent_at = sent_at - 1 WHERE seq = ?", row[1])


def give_it_another_author(place: Place, row: Row) -> None:
    place.change("UPDATE messages SET author = (SELECT id FROM members WHERE id != author) WHERE seq = ?", row[1])


def give_it_another_id(place: Place, row: Row) -> None:
    place.change("UPDATE messages SET id = randomblob(16) WHERE seq = ?", row[1])


def give_it_an_epoch_that_never_was(place: Place, row: Row) -> None:
    place.change("UPDATE messages SET epoch = 99 WHERE seq = ?", row[1])


def give_it_the_epoch_that_seals_nothing(place: Place, row: Row) -> None:
    place.change("UPDATE messages SET epoch = 0 WHERE seq = ?", row[1])


def give_it_the_text_of_another(place: Place, row: Row) -> None:
    place.change(
        "UPDATE messages SET sealed = (SELECT sealed FROM messages WHERE seq = ? - 1) WHERE seq = ?", row[1], row[1]
    )


def give_it_a_text_that_is_no_message(place: Place, row: Row) -> None:
    place.change(
        "UPDATE messages SET (epoch, sealed) = (SELECT epoch, sealed FROM members LIMIT 1) WHERE seq = ?", row[1]
    )


TAMPERING: list[Callable[[Place, Row], None]] = [
    flip_a_bit,
    change_the_nonce,
    cut_it_short,
    empty_it,
    call_it_another_version,
    call_it_the_version_that_is_bound_to_less,
    call_it_the_first_version,
    give_it_another_time,
    give_it_another_author,
    give_it_another_id,
    give_it_an_epoch_that_never_was,
    give_it_the_epoch_that_seals_nothing,
    give_it_the_text_of_another,
    give_it_a_text_that_is_no_message,
]


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda each: each.__name__)
def test_a_tampered_message_is_refused_and_the_rest_stays_readable(
    place: Place, tamper: Callable[[Place, Row], None]
) -> None:
    line = place.member("Anna").come()
    place.member("Bea")
    sent = [line.say(body) for body in ("first", "second", "third", "fourth")]
    tamper(place, ("general", sent[2]["seq"]))
    page = line.history()
    assert bodies(line) == ["first", "second", None, "fourth"]
    assert set(page[2]) == {"seq", "id", "channel", "author", "sent_at", "unreadable"}
    assert line.say("and the room goes on")["type"] == "ack"
    assert bodies(line)[-1] == "and the room goes on"


def test_two_swapped_rows_are_both_refused(place: Place) -> None:
    line = place.member("Anna").come()
    first, second = line.say("first"), line.say("second")
    line.say("third")
    texts = dict(place.rows("SELECT seq, sealed FROM messages"))
    place.change("UPDATE messages SET sealed = ? WHERE seq = ?", texts[second["seq"]], first["seq"])
    place.change("UPDATE messages SET sealed = ? WHERE seq = ?", texts[first["seq"]], second["seq"])
    assert bodies(line) == [None, None, "third"]


def test_a_row_moved_to_another_channel_is_refused_there(place: Place) -> None:
    line = place.member("Anna").come()
    moved = line.say("for general only")
    other = line.ask("channel.create", name="other")["channel"]
    line.say("at home here", other)
    place.change("UPDATE messages SET channel = ? WHERE seq = ?", other, moved["seq"])
    shown = line.history(other)
    assert [message.get("body") for message in shown] == [None, "at home here"]
    assert shown[0]["unreadable"] is True
    assert bodies(line) == []


def test_a_row_moved_to_another_room_is_refused_there(place: Place) -> None:
    line = place.member("Anna").come()
    line.say("for this room only")
    neighbour = place.next_door()
    elsewhere = neighbour.member("Anna")
    there = elsewhere.come()
    there.say("at home here")
    epoch, sealed = place.rows("SELECT epoch, sealed FROM messages")[0]
    wrapped = place.rows("SELECT wrapped FROM data_keys WHERE epoch = ?", epoch)[0][0]
    neighbour.change("UPDATE messages SET epoch = ?, sealed = ?", epoch, sealed)
    assert bodies(there) == [None]
    neighbour.change("UPDATE data_keys SET wrapped = ? WHERE epoch = ?", wrapped, epoch)
    assert neighbour.rows("SELECT wrapped FROM data_keys WHERE epoch = ?", epoch) == [(wrapped,)]
    there.close()
    sleep_until_evicted(elsewhere)  # and wakes with the key that was planted
    assert bodies(elsewhere.come()) == [None]


def test_a_message_of_today_does_not_open_with_a_key_of_yesterday_and_damaged_names_lock_nobody_out(
    main_room: Callable[..., Place],
) -> None:
    place = main_room()
    server = place.server
    anna, bea = place.member("Anna"), place.member("Bea")
    anna.come().say("yesterday")
    server.stop()
    place.change("UPDATE data_keys SET created_at = created_at - ?", 2 * DAY_MS)
    place.change("UPDATE members SET sealed = zeroblob(60) WHERE id = ?", bea.id)
    server.restart()
    line = anna.come()
    names = {member["id"]: member["name"] for member in line.welcome["members"]}
    assert names == {anna.id: "Anna", bea.id: "\N{REPLACEMENT CHARACTER}"}
    assert bea.http.get("/session").status_code == 200
    today = line.say("today")
    old, new = place.rows("SELECT epoch FROM messages ORDER BY seq")
    assert new > old
    place.change("UPDATE messages SET epoch = ? WHERE seq = ?", old[0], today["seq"])
    assert bodies(line) == ["yesterday", None]


def test_a_reaction_that_does_not_open_takes_no_message_with_it(place: Place) -> None:
    line = place.member("Anna").come()
    message = line.say("hello")
    line.ask("react", id=message["id"], emoji="👍", on=True)
    place.change("UPDATE messages SET reactions = zeroblob(40)")
    (shown,) = line.history()
    assert shown["body"] == "hello"
    assert "reactions" not in shown
    assert line.ask("react", id=message["id"], emoji="🎉", on=True)["type"] == "ack"
    assert line.history()[0]["reactions"] == {"🎉": [line.welcome["member"]["id"]]}


def test_a_resumed_client_is_told_what_does_not_open_too(place: Place) -> None:
    anna = place.member("Anna")
    line = anna.come()
    seq = line.welcome["seq"]
    for body in ("first", "second", "third"):
        line.say(body)
    place.change("UPDATE messages SET sealed = zeroblob(60) WHERE seq = ?", seq + 2)
    returned = anna.come(last_seq=seq)
    events = returned.next("events")["events"]
    assert [event.get("body") for event in events] == ["first", "", "third"]
    assert [event.get("unreadable", False) for event in events] == [False, True, False]


def test_health_needs_no_key(many_rooms: Server) -> None:
    assert get(f"{many_rooms.url}/api/health").json() == {"status": "ok", "version": "0.1.0"}
