"""Links and recovery codes in real workerd: who gets in, what is used up, and that no secret stays anywhere."""

import hashlib
import os
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from encoding import b64url, from_b64url
from limits import LOGIN_FAILURES_ALLOWED, NAME_HELD_MS
from tests.people import Person, get
from tests.places import DAY_MS, Place
from tests.server import ADMIN_PASSWORD

HOUR_MS = 3_600_000


class Link:
    """A link as its maker's browser makes it (docs/protocol.md, "Invites"), with `cryptography` for SubtleCrypto."""

    def __init__(self) -> None:
        self.secret = os.urandom(16)
        self._proof = HKDF(SHA256(), 32, salt=None, info=b"durable-chat invite v1").derive(self.secret)

    @property
    def proof(self) -> str:
        return b64url(self._proof)

    @property
    def digest(self) -> str:
        return b64url(hashlib.sha256(self._proof).digest())

    @property
    def text(self) -> str:
        """What stands behind the room's name."""
        return b64url(self.secret)


def made_by(person: Person, **more: Any) -> Link:
    """A link of this person's, made over a socket."""
    link = Link()
    line = person.come()
    line.put({"type": "invite.create", "ref": "link", "digest": link.digest, **(more or {"hours": 1, "uses": 1})})
    answer = line.answer("link")
    assert answer["type"] == "invite", answer
    return link


def come_by(person: Person, link: Link, name: str | None = None) -> httpx.Response:
    """A login by a link."""
    form = {"invite": link.proof} | ({"name": name} if name else {})
    return person.http.post("/session", json=form)


def recovery_proof(person: Person, code: str) -> str:
    """The proof of a recovery code (docs/protocol.md, "Recovery code")."""
    salt = from_b64url(person.facts()["kdf"]["salt"])
    return b64url(HKDF(SHA256(), 32, salt=salt, info=b"durable-chat recovery v1").derive(code.encode()))


def test_a_link_lets_in_without_a_password_and_everybody_hears_who_invited(place: Place) -> None:
    anna = place.member("Anna")
    line = anna.come()
    link = made_by(anna)
    answer = come_by(place.stranger(), link, "Boris")
    assert (answer.status_code, answer.json()["member"]["role"]) == (201, "member")
    joined = line.event("member")
    assert (joined["reason"], joined["member"]["name"], joined["invited_by"]) == ("joined", "Boris", anna.id)


def test_opening_a_link_a_hundred_times_uses_and_writes_nothing(place: Place) -> None:
    anna = place.member("Anna")
    link = made_by(anna)
    writes = "SELECT id, uses FROM invites"
    before = (place.rows(writes), place.rows("SELECT * FROM invite_uses"), place.rows("SELECT * FROM attempts"))
    for _ in range(100):
        assert get(f"{place.server.url}/join").status_code == 200
    scanner = place.stranger()
    for _ in range(20):
        assert scanner.http.post("/invite", json={"invite": link.proof}).json()["by"] == "Anna"
    assert before == (place.rows(writes), place.rows("SELECT * FROM invite_uses"), place.rows("SELECT * FROM attempts"))
    assert come_by(place.stranger(), link, "Boris").status_code == 201


def test_two_at_once_on_the_last_use_and_one_gets_in(place: Place) -> None:
    link = made_by(place.member("Anna"), hours=1, uses=3)
    strangers = [place.stranger() for _ in range(12)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda who: come_by(*who), ((each, link, f"G{n}") for n, each in enumerate(strangers))))
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [403] * 9
    assert {answer.json()["code"] for answer in answers if answer.status_code == 403} == {"invite_invalid"}
    assert len(place.rows("SELECT * FROM invite_uses")) == 3
    assert len(place.rows("SELECT id FROM members WHERE removed_at IS NULL")) == 4


def test_links_that_let_nobody_in_are_answered_the_same_and_count_as_failed_logins(place: Place) -> None:
    anna = place.member("Anna")
    over, used, foreign = made_by(anna), made_by(anna), made_by(place.next_door().member("Zoe"))
    place.change("UPDATE invites SET expires_at = 1 WHERE digest = ?", from_b64url(over.digest))
    assert come_by(place.stranger(), used, "Boris").status_code == 201
    eve = place.stranger()
    answers = [come_by(eve, link, "Eve") for link in (Link(), over, used, foreign)]
    told = {re.sub(r'"request_id":"[^"]*"', "", answer.text) for answer in answers}
    assert len(told) == 1
    assert {answer.status_code for answer in answers} == {403}
    for _ in range(LOGIN_FAILURES_ALLOWED - len(answers)):
        assert eve.http.post("/invite", json={"invite": Link().proof}).status_code == 403
    assert come_by(eve, Link(), "Eve").status_code == 429


def test_a_link_for_another_device_signs_in_as_oneself_once(place: Place) -> None:
    anna = place.member("Anna", password=ADMIN_PASSWORD)
    line = anna.come()
    link = made_by(anna, kind="device")
    assert place.stranger().http.post("/invite", json={"invite": link.proof}).json()["kind"] == "device"
    answer = come_by(place.stranger(), link)
    assert (answer.status_code, answer.json()["member"]["id"], answer.json()["member"]["role"]) == (
        201,
        anna.id,
        "member",
    )
    assert line.next("alert")["kind"] == "new_device"
    assert come_by(place.stranger(), link).status_code == 403


@pytest.mark.parametrize("form", ["/join#{}", "/join%23{}", "/join%2523{}", "/join/%23{}", "/join%23{}%26utm=x"])
def test_the_secret_of_a_link_is_in_no_row_no_log_line_and_no_header(place: Place, form: str) -> None:
    link = made_by(place.member("Anna"))
    answer = get(place.server.url + form.format(f"{place.room}.{link.text}"), follow_redirects=True)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.history == []
    assert link.text not in f"{answer.headers} {answer.text}"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert come_by(place.stranger(), link, "Boris").status_code == 201
    place.server.wait_for_log(answer.headers["x-request-id"])
    lines = place.server.lines()
    assert any(line.get("request_id") == answer.headers["x-request-id"] and line["route"] == "join" for line in lines)
    secrets = (link.text, link.proof, link.digest, link.secret.hex())
    assert not [secret for secret in secrets if secret in str(lines)]
    stored = place.stored_bytes()
    assert link.secret not in stored
    assert from_b64url(link.proof) not in stored


# --- names that are somebody's ---

CODE = "ABCDEFGHJKMNPQRSTVWX"


def secured(place: Place, name: str = "Anna") -> Person:
    person = place.member(name)
    assert person.http.put("/recovery", json={"proof": recovery_proof(person, CODE)}).status_code == 204
    return person


@pytest.mark.parametrize("away_ms", [25 * HOUR_MS, 91 * DAY_MS], ids=["25 hours", "91 days"])
def test_a_secured_name_is_its_members_however_long_they_are_away(place: Place, away_ms: int) -> None:
    anna = secured(place)
    boris = place.member("Boris")
    for table, column in (("sessions", "seen_at"), ("members", "seen_at")):
        place.change(f"UPDATE {table} SET {column} = {column} - ?", max(away_ms, NAME_HELD_MS))
    refused = place.stranger("Anna").sign_in()
    assert (refused.status_code, refused.json()["code"]) == (409, "name_taken")
    assert place.stranger("Boris").enter().id != boris.id
    by_code = place.stranger("Anna")
    answer = by_code.http.post("/session", json={"name": "anna", "recovery": recovery_proof(by_code, CODE)})
    assert (answer.status_code, answer.json()["member"]["id"]) == (201, anna.id)


def test_guesses_at_a_code_meet_the_limit_of_their_address(place: Place) -> None:
    anna = secured(place)
    eve = place.stranger()
    tried = [
        eve.http.post("/session", json={"name": "Anna", "recovery": b64url(os.urandom(32))})
        for _ in range(LOGIN_FAILURES_ALLOWED + 3)
    ]
    assert [answer.status_code for answer in tried] == [401] * LOGIN_FAILURES_ALLOWED + [429] * 3
    assert {answer.json()["code"] for answer in tried[:LOGIN_FAILURES_ALLOWED]} == {"wrong_recovery"}
    right = {"name": "Anna", "recovery": recovery_proof(anna, CODE)}
    assert eve.http.post("/session", json=right).status_code == 429
    assert place.stranger().http.post("/session", json=right).status_code == 201
    assert from_b64url(right["recovery"]) not in place.stored_bytes()


def test_sessions_remember_what_they_began_with(place: Place) -> None:
    anna = secured(place)
    guest = place.stranger()
    answer = come_by(guest, made_by(anna), "Boris")
    guest.http.headers["Cookie"] = answer.headers["set-cookie"].partition(";")[0]
    by_code = {"name": "Anna", "recovery": recovery_proof(anna, CODE)}
    assert place.stranger().http.post("/session", json=by_code).status_code == 201
    assert sorted(place.rows("SELECT began FROM sessions")) == [("invite",), ("password",), ("recovery",)]
    assert guest.http.get("/session").status_code == 200
