"""Sessions against a running Worker: how they begin, how long they last, how they end, and who may have a name."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from limits import CLEAN_UP_EVERY_MS
from tests.logins import PHONE
from tests.people import Frame, Line, Person
from tests.places import DAY_MS, Place
from tests.rooms import FIREFOX
from tests.server import ADMIN_PASSWORD, MASTER_KEY, PASSWORD
from tests.worker.gathering import sleep_until_evicted, until

HOUR_MS = 3_600_000


def now_ms() -> int:
    return int(time.time() * 1_000)


def age(place: Place, person: Person, *, seen_ms: int = 0, expires_in_ms: int | None = None) -> None:
    """Make all devices of a member older."""
    place.change("UPDATE sessions SET seen_at = ? WHERE member = ?", now_ms() - seen_ms, person.id)
    if expires_in_ms is not None:
        place.change("UPDATE sessions SET expires_at = ? WHERE member = ?", now_ms() + expires_in_ms, person.id)


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, object]:
    """The problem that an answer is, after a look at what every problem has."""
    problem = dict(answer.json())
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return problem


# --- how long a session lasts ---


def test_a_session_lasts_as_many_days_as_it_should(place: Place) -> None:
    anna = place.member("Anna")
    told = anna.http.get("/session").json()["expires_at"]
    assert abs(told - now_ms() - 30 * DAY_MS) < 60_000
    assert place.rows("SELECT expires_at FROM sessions") == [(told,)]


@pytest.mark.parametrize(("left_ms", "status"), [(60_000, 200), (0, 401), (-DAY_MS, 401)])
def test_a_session_ends_on_its_day_however_busy_it_was(place: Place, left_ms: int, status: int) -> None:
    anna = place.member("Anna")
    age(place, anna, expires_in_ms=left_ms)
    assert anna.http.get("/session").status_code == status


@pytest.mark.parametrize(("unseen_ms", "status"), [(7 * DAY_MS - 30_000, 200), (7 * DAY_MS, 401)])
def test_a_device_that_nobody_used_for_a_week_is_signed_out(place: Place, unseen_ms: int, status: int) -> None:
    anna = place.member("Anna")
    age(place, anna, seen_ms=unseen_ms)
    assert anna.http.get("/session").status_code == status
    if status == 200:
        assert place.rows("SELECT seen_at FROM sessions")[0][0] > now_ms() - 60_000, "it was used just now"


def test_being_seen_is_written_once_an_hour_and_not_with_every_request(place: Place) -> None:
    anna = place.member("Anna")
    age(place, anna, seen_ms=HOUR_MS - 60_000)
    before = place.rows("SELECT seen_at FROM sessions")
    anna.http.get("/session")
    assert place.rows("SELECT seen_at FROM sessions") == before
    age(place, anna, seen_ms=HOUR_MS)
    anna.http.get("/session")
    assert place.rows("SELECT seen_at FROM sessions")[0][0] > now_ms() - 60_000


def test_a_device_that_only_listened_was_seen_until_it_left(place: Place) -> None:
    """Else a name could be had as soon as somebody who had been online for days closed the window."""
    anna, bea = place.member("Anna"), place.member("Bea")
    line = anna.come()
    line.catch_up()
    age(place, anna, seen_ms=3 * DAY_MS)
    place.change("UPDATE members SET seen_at = ? WHERE id = ?", now_ms() - 3 * DAY_MS, anna.id)
    # What the room holds in memory is of now; a fresh object, as after days, holds what is stored.
    sleep_until_evicted(bea)
    closed_at = now_ms()
    line.close()
    until(lambda: place.rows("SELECT seen_at FROM sessions WHERE member = ?", anna.id)[0][0] >= closed_at)
    refused(place.stranger("Anna").sign_in(), 409, "name_taken")


# --- rotation, devices, ending ---


def test_signing_in_again_on_a_device_gives_it_a_new_session_and_ends_the_old_one(place: Place) -> None:
    anna = place.member("Anna")
    before, line = anna.cookie, anna.come()
    assert anna.sign_in().status_code == 201
    assert anna.cookie != before
    assert line.closed() == 4401
    assert anna.http.get("/session").status_code == 200
    assert anna.http.get("/session", headers={"Cookie": before}).status_code == 401
    assert len(place.rows("SELECT 1 FROM sessions")) == 1


def test_a_browser_that_becomes_somebody_else_is_the_first_no_more(place: Place) -> None:
    anna = place.member("Anna")
    before = anna.cookie
    anna.name = "Bea"
    assert anna.sign_in().json()["member"]["name"] == "Bea"
    assert anna.http.get("/session", headers={"Cookie": before}).status_code == 401


def test_a_member_sees_their_devices_and_nobody_elses(place: Place) -> None:
    anna = place.member("Anna")
    anna.http.headers["User-Agent"] = FIREFOX
    anna.sign_in()
    place.member("Bea")
    laptop, phone = anna, second_device(place, anna, agent=PHONE)
    devices = laptop.http.get("/sessions").json()["sessions"]
    assert [(each["agent"], each["current"]) for each in devices] == [
        ("Firefox, Linux", True),
        ("Safari, iPhone", False),
    ]
    assert {name for each in devices for name in each} == {"id", "created_at", "seen_at", "agent", "current"}
    assert [each["current"] for each in phone.http.get("/sessions").json()["sessions"]] == [False, True]
    assert b"Safari" not in place.stored_bytes()


def told(line: Line, kind: str) -> list[Frame]:
    """The events of a kind that came before a socket was closed."""
    frames = [frame for frame in line.passed_over if frame["type"] == "events"]
    return [event for frame in frames for event in frame["events"] if event["kind"] == kind]


def second_device(place: Place, person: Person, *, agent: str = "Another") -> Person:
    """The same member on one more device, confirmed with the code that the first one shows."""
    line = person.come()
    other = place.stranger(person.name)
    other.http.headers["User-Agent"] = agent
    refused(other.sign_in(), 409, "name_taken")
    assert other.sign_in(code=line.next("confirmation")["code"]).status_code == 201
    line.close()
    return other


def test_ending_a_device_closes_its_sockets_at_once_and_leaves_the_others(place: Place) -> None:
    laptop = place.member("Anna")
    phone = second_device(place, laptop)
    bea = place.member("Bea").come()
    here, *gone = laptop.come(), phone.come(), phone.come()
    (ended,) = [each["id"] for each in laptop.http.get("/sessions").json()["sessions"] if not each["current"]]
    assert laptop.http.delete(f"/sessions/{ended}").status_code == 204
    assert here.say("still here")["type"] == "ack"
    assert bea.event("message")["body"] == "still here"
    for line in gone:
        assert line.closed() == 4401
        assert told(line, "message") == []
    assert phone.http.get("/session").status_code == 401


def test_signing_out_closes_every_socket_of_the_device_and_takes_the_cookie_back(place: Place) -> None:
    anna = place.member("Anna")
    lines = [anna.come(), anna.come()]
    answer = anna.http.delete("/session")
    assert answer.status_code == 204
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert [line.closed() for line in lines] == [4401, 4401]
    refused(anna.http.get("/session"), 401, "unauthenticated")


def test_nobody_ends_a_device_of_somebody_else(place: Place) -> None:
    anna, bea = place.member("Anna"), place.member("Bea")
    (device,) = [each["id"] for each in anna.http.get("/sessions").json()["sessions"]]
    for wanted in (device, "unknown", "' OR 1=1 --", "*"):
        refused(bea.http.delete(f"/sessions/{wanted}"), 404, "not_found")
    assert anna.http.get("/session").status_code == 200


def test_a_removed_member_is_out_on_every_device_at_once(place: Place) -> None:
    boss = place.member("Boss", password=ADMIN_PASSWORD).come()
    anna = place.member("Anna")
    line = anna.come()
    assert boss.ask("member.remove", id=anna.id)["type"] == "ack"
    boss.say("They are gone.")
    assert line.closed() == 4401
    assert told(line, "message") == []
    refused(anna.http.get("/session"), 401, "unauthenticated")
    assert place.stranger("Anna").sign_in().status_code == 201, "the name is free again"


# --- one's own name on another device ---


def test_a_name_is_held_while_its_member_exists_in_every_spelling(place: Place) -> None:
    anna = place.member("Zoë Ann")
    for spelling in ("Zoë Ann", "ZOË ANN", "Zoe\u0308 Ann", "zoë\u00a0ann", "\uff3a\uff4f\u00eb Ann"):
        problem = refused(place.stranger(spelling).sign_in(), 409, "name_taken")
        assert problem["confirm"] is True
        assert isinstance(problem["confirmation"], str)
    assert anna.http.get("/session").status_code == 200
    anna.http.delete("/session")
    assert place.stranger("zoë ann").sign_in().status_code == 201, "signed out everywhere: nobody is there to ask"


def test_a_look_alike_of_a_members_name_is_refused(place: Place) -> None:
    anna = place.member("Anna")
    for name in ("Anna\U000e0100", "Anna\u180b", "\u3164Anna", "An\u115fna", "Anna\u2800", "Anna\u2065"):
        assert refused(place.stranger(name).sign_in(), 409, "name_taken")["confirm"] is True, "the same name"
    for name in ("Аnnа", "Anna.", "Ann a", "ꓮnna"):
        problem = refused(place.stranger(name).sign_in(), 409, "name_taken")
        assert (problem["alike"], problem.get("confirmation")) == (True, None)
    assert place.member("Анна").id != anna.id
    line = anna.come()
    assert "channel" in line.ask("channel.create", name="plans")
    for name in ("plans\u2800", "рlаns", "p1ans"):
        assert line.ask("channel.create", name=name)["code"] == "name_taken"


EMPTY = ("\u200b", "\u3164", "\u2800", "\ufeff", "\0", "\U000e0100", "\u0301", " \u2060\n")


def test_what_nobody_would_see_is_neither_a_name_nor_a_message(place: Place) -> None:
    line = place.member("Anna").come()
    for text in EMPTY:
        assert place.stranger(text).sign_in().json()["code"] == "malformed"
        assert line.say(text)["code"] == "malformed"
        assert line.ask("channel.create", name=text)["code"] == "malformed"
    assert line.history() == []


def test_a_code_shown_on_the_device_that_is_in_lets_another_one_in_and_everyone_is_told(place: Place) -> None:
    anna, bea = place.member("Anna"), place.member("Bea")
    lines = [anna.come(), anna.come()]
    other = bea.come()
    stranger = place.stranger("Anna")
    stranger.http.headers["User-Agent"] = PHONE
    problem = refused(stranger.sign_in(), 409, "name_taken")
    shown = [line.next("confirmation") for line in lines]
    assert shown[0] == shown[1]
    assert shown[0]["agent"] == "Safari, iPhone"
    assert shown[0]["compare"] == problem["compare"] != shown[0]["code"]
    assert shown[0]["expires_at"] == problem["expires_at"]
    assert len(shown[0]["code"]) == 6
    answer = stranger.sign_in(code=shown[0]["code"])
    assert answer.json()["member"]["id"] == anna.id
    for line in (*lines, other):
        event = line.event("member")
        assert (event["reason"], event["member"]["id"]) == ("new_device", anna.id)
    assert lines[0].next("login.done")["id"] == shown[0]["id"]
    assert not [frame for frame in other.passed_over if frame["type"] in ("confirmation", "approval", "login.done")]


def test_a_device_that_comes_while_somebody_waits_is_shown_the_code_too(place: Place) -> None:
    anna = place.member("Anna")
    refused(place.stranger("Anna").sign_in(), 409, "name_taken")
    assert len(anna.come().next("confirmation")["code"]) == 6


def test_five_wrong_codes_and_the_right_one_is_worth_nothing(place: Place) -> None:
    line = place.member("Anna").come()
    stranger = place.stranger("Anna")
    refused(stranger.sign_in(), 409, "name_taken")
    code = line.next("confirmation")["code"]
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        problem = refused(stranger.sign_in(code=wrong), 401, "wrong_password")
        assert problem["wrong_code"] is True
    problem = refused(stranger.sign_in(code=code), 429, "too_many_attempts")
    assert 0 < int(str(problem["retry_after"])) <= 30, "each wrong code was a failed login"
    elsewhere = place.stranger("Anna")
    problem = refused(elsewhere.sign_in(code=code, confirmation=stranger.confirmation), 409, "name_taken")
    assert "confirmation" not in problem, "it was refused, from wherever it comes"


def test_codes_are_made_anew_and_only_so_often(place: Place) -> None:
    line = place.member("Anna").come()
    codes = []
    for _ in range(6):
        refused(place.stranger("Anna").sign_in(), 409, "name_taken")
        codes.append(line.next("confirmation")["code"])
    assert len(set(codes)) > 1
    problem = refused(place.stranger("Anna").sign_in(), 429, "too_many_attempts")
    assert 0 < int(str(problem["retry_after"])) <= 3_600


def clean_up_at(place: Place) -> int:
    """When the next clean-up is due: soon, if something was deleted, and much later once it was done."""
    ((due,),) = place.rows("SELECT CAST(value AS INTEGER) FROM room_facts WHERE name = 'clean_up_at'")
    return int(due)


def test_clean_up_does_not_forget_how_often_a_name_was_asked_for(place: Place) -> None:
    """Deleting a channel starts the clean-up, which any member can do."""
    line = place.member("Anna").come()
    for _ in range(6):
        refused(place.stranger("Anna").sign_in(), 409, "name_taken")
    place.change("UPDATE confirmations SET expires_at = ?", now_ms() - 1)
    before = clean_up_at(place)
    channel = line.ask("channel.create", name="short")["channel"]
    assert line.ask("channel.delete", id=channel)["type"] == "ack"
    until(lambda: before != clean_up_at(place) > now_ms() + CLEAN_UP_EVERY_MS / 2)
    refused(place.stranger("Anna").sign_in(), 429, "too_many_attempts")


def test_a_code_is_good_for_ten_minutes(place: Place) -> None:
    line = place.member("Anna").come()
    stranger = place.stranger("Anna")
    problem = refused(stranger.sign_in(), 409, "name_taken")
    code = line.next("confirmation")["code"]
    assert abs(int(str(problem["expires_at"])) - now_ms() - 600_000) < 60_000
    place.change("UPDATE confirmations SET expires_at = ?", now_ms() - 1)
    refused(stranger.sign_in(code=code), 409, "name_taken")


def test_an_admins_word_is_enough_and_only_an_admins(place: Place) -> None:
    place.member("Anna")
    boss = place.member("Boss", password=ADMIN_PASSWORD).come()
    bea = place.member("Bea").come()
    stranger = place.stranger("Anna")
    token = refused(stranger.sign_in(), 409, "name_taken")["confirmation"]
    asked = boss.next("approval")
    assert asked["member"] == place.rows("SELECT member FROM confirmations")[0][0]
    assert "code" not in asked
    assert bea.ask("login.answer", id=asked["id"], approve=True)["code"] == "forbidden"
    assert bea.ask("login.answer", id=asked["id"], approve=False)["code"] == "forbidden"
    refused(stranger.sign_in(confirmation=token), 409, "name_taken")
    assert boss.ask("login.answer", id=asked["id"], approve=True)["type"] == "ok"
    refused(place.stranger("Anna").sign_in(), 409, "name_taken")  # the word was for the other one
    assert stranger.sign_in(confirmation=token).status_code == 201
    assert bea.event("member")["reason"] == "new_device"


def test_a_member_may_refuse_and_not_approve(place: Place) -> None:
    line = place.member("Anna").come()
    stranger = place.stranger("Anna")
    refused(stranger.sign_in(), 409, "name_taken")
    shown = line.next("confirmation")
    assert line.ask("login.answer", id=shown["id"], approve=True)["code"] == "forbidden"
    assert line.ask("login.answer", id=shown["id"], approve=False)["type"] == "ok"
    assert line.next("login.done")["id"] == shown["id"]
    refused(stranger.sign_in(code=shown["code"]), 409, "name_taken")


@pytest.mark.parametrize(("unseen_ms", "status"), [(DAY_MS - 60_000, 409), (DAY_MS, 201)])
def test_a_name_whose_devices_were_not_seen_for_a_day_is_free(place: Place, unseen_ms: int, status: int) -> None:
    anna, bea = place.member("Anna"), place.member("Bea").come()
    age(place, anna, seen_ms=unseen_ms)
    assert place.stranger("Anna").sign_in().status_code == status
    if status == 201:
        assert (bea.event("member_removed")["member"], bea.event("member")["reason"]) == (anna.id, "joined")


def test_whoever_takes_a_free_name_is_somebody_new_and_inherits_nothing(place: Place) -> None:
    anna = place.member("Anna")
    line = anna.come()
    plans = line.ask("channel.create", name="plans")["channel"]
    said = line.say("mine", plans)
    anna.http.delete("/session")
    mallory = place.member("Anna")
    assert mallory.id != anna.id
    line = mallory.come()
    assert [each["id"] for each in line.welcome["members"]] == [mallory.id]
    assert line.welcome["former_members"] == [{"id": anna.id, "name": "Anna"}]
    for kind, fields in (
        ("edit", {"id": said["id"], "body": "not mine"}),
        ("delete", {"id": said["id"]}),
        ("channel.update", {"id": plans, "name": "others"}),
        ("channel.delete", {"id": plans}),
    ):
        assert line.ask(kind, **fields)["code"] == "forbidden"
    (kept,) = line.history(plans)
    assert (kept["body"], kept["author"]) == ("mine", anna.id)


def test_who_was_replaced_is_told_until_they_have_seen_it(place: Place) -> None:
    anna = place.member("Anna")
    age(place, anna, seen_ms=2 * DAY_MS)
    mallory = place.member("Anna")
    assert mallory.id != anna.id
    problem = refused(anna.http.get("/session"), 401, "unauthenticated")
    assert abs(int(str(problem["replaced_at"])) - now_ms()) < 600_000
    assert refused(anna.http.get("/session"), 401, "unauthenticated")["replaced_at"] == problem["replaced_at"]
    assert (anna.facts()["session"], anna.facts()["replaced_at"]) == (None, problem["replaced_at"])
    assert mallory.facts()["replaced_at"] is None
    refused(anna.http.get("/sessions"), 401, "unauthenticated")
    assert anna.http.delete("/session").status_code == 204
    assert "replaced_at" not in refused(anna.http.get("/session"), 401, "unauthenticated")
    assert mallory.http.get("/session").status_code == 200


def test_who_was_replaced_and_signs_in_again_is_told_there(place: Place) -> None:
    anna = place.member("Anna")
    age(place, anna, seen_ms=2 * DAY_MS)
    place.member("Anna")
    anna.name = "Anna P"
    anna.enter()
    line = anna.come()
    alert = line.next("alert")
    assert alert["kind"] == "replaced"
    assert anna.come().next("alert") == alert
    assert line.ask("alert.seen", id=alert["id"])["type"] == "ok"
    line = anna.come()
    line.catch_up()
    assert [frame for frame in line.passed_over if frame["type"] == "alert"] == []


def test_a_new_device_is_told_to_the_older_ones_until_it_was_seen(place: Place) -> None:
    anna = place.member("Anna")
    line = anna.come()
    phone = place.stranger("Anna")
    assert phone.sign_in(ADMIN_PASSWORD).json()["member"]["id"] == anna.id
    alert = line.next("alert")
    assert alert["kind"] == "new_device"
    assert anna.come().next("alert") == alert
    later = phone.come()
    later.catch_up()
    assert [frame for frame in later.passed_over if frame["type"] == "alert"] == []
    assert later.ask("alert.seen", id=alert["id"])["type"] == "ok"
    again = anna.come()
    assert again.next("alert") == alert, "the new device cannot put it away"
    assert again.ask("alert.seen", id=alert["id"])["type"] == "ok"
    assert line.next("alert.done")["id"] == alert["id"]


def test_a_name_whose_device_is_online_is_held_however_long_ago_it_was_seen(place: Place) -> None:
    anna = place.member("Anna")
    anna.come()
    age(place, anna, seen_ms=2 * DAY_MS)
    assert place.stranger("Anna").sign_in().status_code == 409


def test_an_admins_name_is_not_had_for_the_rooms_password_however_long_nobody_was_there(place: Place) -> None:
    boss = place.member("Boss", password=ADMIN_PASSWORD)
    age(place, boss, seen_ms=3 * DAY_MS)
    refused(place.stranger("Boss").sign_in(), 409, "name_taken")
    assert place.stranger("Boss").sign_in(ADMIN_PASSWORD).status_code == 201


def test_the_admins_password_needs_no_code(place: Place) -> None:
    anna, bea = place.member("Anna"), place.member("Bea").come()
    answer = place.stranger("Anna").sign_in(ADMIN_PASSWORD)
    assert (answer.status_code, answer.json()["member"]) == (201, {**anna.member, "role": "admin"})
    assert [bea.event("member")["reason"] for _ in range(2)] == ["new_device", "role"]


def test_ten_logins_at_once_under_one_new_name_make_one_member(place: Place) -> None:
    people = [place.stranger("Anna") for _ in range(10)]
    with ThreadPoolExecutor(10) as pool:
        statuses = sorted(pool.map(lambda person: person.sign_in().status_code, people))
    assert statuses[0] == 201
    assert set(statuses[1:]) <= {409, 429}
    assert len(place.rows("SELECT 1 FROM members")) == 1


# --- nothing told that should not be ---


def test_no_secret_proof_name_or_message_is_in_the_log_or_in_an_answer(place: Place) -> None:
    anna = place.member("Anneliese Unforgettable")
    line = anna.come()
    line.say("a body that nobody else may read")
    place.stranger("Eve Unforgettable").sign_in("wrong password")
    anna.http.post(f"{place.url}/session", content=b'{"name": "Broken Unforgettable', headers=json_type())
    line.put('{"type":"send","body":"broken body that nobody may read"')
    line.put({"type": "edit", "ref": "x", "id": "not-an-id", "body": "refused body that nobody may read"})
    line.answer("x")
    answers = [anna.http.request(method, path).text for method in ("GET", "PATCH") for path in ("/session", "/nothing")]
    log = place.server.log().replace(f"password  {PASSWORD}", "")
    for secret in ("Unforgettable", "may read", PASSWORD, ADMIN_PASSWORD, MASTER_KEY, anna.cookie.partition("=")[2]):
        assert secret not in log
    assert not [text for text in answers if "Traceback" in text or ".py" in text]


def json_type() -> dict[str, str]:
    return {"Content-Type": "application/json"}


def test_the_cookie_has_every_lock_a_browser_knows(place: Place) -> None:
    cookie = place.stranger("Anna").sign_in().headers["set-cookie"]
    name, *attributes = (part.strip() for part in cookie.split(";"))
    assert name.startswith(f"__Host-session-{place.room}=")
    assert len(name.partition("=")[2]) == 43, "32 bytes"
    assert set(attributes) == {"Path=/", "Secure", "HttpOnly", "SameSite=Strict", f"Max-Age={(30 + 90) * 86_400}"}


def test_no_session_no_socket(place: Place) -> None:
    with pytest.raises(InvalidStatus):
        place.stranger().open()
