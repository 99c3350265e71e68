"""SQL metacharacters in every text field come back as they went in, and the tables are as they were."""

import urllib.parse

import pytest

from tests.places import Place

NASTY = [
    "'; DROP TABLE messages; --",
    "' OR '1'='1",
    '" OR ""="',
    "1; DELETE FROM sessions",
    "Robert'); DROP TABLE members;--",
    "' UNION SELECT hash FROM credentials --",
    "%' ESCAPE '%",
    "_%_",
    "?1 ?2 :name @name $name",
    "\\'; --",
    "/* comment */ -- and another",
    "`tick` [bracket]",
    "x' || (SELECT wrapped FROM data_keys) || 'x",
    "json_each('[1]') -> 0",
    "NULL",
    "0x27 CHAR(39)",
    "ünï¢ode ʼ＇′ quotes",
]


@pytest.mark.parametrize("text", NASTY)
def test_what_looks_like_sql_is_text_in_every_field(place: Place, text: str) -> None:
    before = None
    name = text[:40].strip()
    anna = place.stranger(name)
    anna.http.headers["User-Agent"] = f"{text.encode('ascii', 'ignore').decode().strip()} Firefox/145.0"
    assert anna.sign_in().json()["member"]["name"] == name
    line = anna.come()
    before = place.tables()

    message = line.say(text)
    assert line.event("message")["body"] == text
    line.ask("edit", id=message["id"], body=f"{text} edited")
    assert line.event("edit")["body"] == f"{text} edited"
    assert line.history()[0]["body"] == f"{text} edited"

    channel = line.ask("channel.create", name=text, topic=text)["channel"]
    told = line.event("channel")["channel"]
    assert (told["name"], told["topic"]) == (text, text)
    assert line.ask("channel.create", name=text)["code"] == "name_taken"
    line.ask("channel.update", id=channel, topic=f"{text} new")
    assert line.event("channel")["channel"]["topic"] == f"{text} new"
    assert line.say(text, channel)["type"] == "ack"
    assert line.history(channel)[0]["body"] == text

    again = anna.come()
    assert [each["name"] for each in again.welcome["members"]] == [name]
    assert {each["name"] for each in again.welcome["channels"]} == {"general", text}
    assert anna.http.get("/sessions").json()["sessions"][0]["agent"] == "Firefox"
    assert place.stranger(name).sign_in().status_code == 409, "the name is found again"
    assert place.tables() == before


def test_what_looks_like_sql_is_an_unknown_id_in_every_place_for_one(place: Place) -> None:
    anna = place.member("Anna")
    line = anna.come()
    counts = {table: place.rows(f"SELECT count(*) FROM {table}") for table in place.tables()}
    for text in NASTY:
        frames = [
            {"type": "send", "id": text, "channel": "general", "body": "x"},
            {"type": "edit", "ref": "r", "id": text, "body": "x"},
            {"type": "delete", "ref": "r", "id": text},
            {"type": "react", "ref": "r", "id": text, "emoji": "👍", "on": True},
            {"type": "history", "ref": "r", "channel": text, "before": None, "limit": 1},
            {"type": "channel.delete", "ref": "r", "id": text},
            {"type": "login.answer", "ref": "r", "id": text, "approve": False},
        ]
        for frame in frames:
            line.put(frame)
            assert line.next("error")["code"] in ("malformed", "not_found"), frame
        line.close()
        line = anna.come()
    for text in NASTY:
        quoted = urllib.parse.quote(text, safe="")
        assert anna.http.delete(f"/sessions/{quoted}").status_code == 404
        assert place.stranger().http.get(f"{place.server.url}/api/rooms/{quoted}").status_code == 404
        assert place.stranger().http.get(f"{place.url}?room={quoted}").status_code == 200
        form = {"name": "Eve", "proof": "A" * 43, "code": text[:64], "confirmation": text[:64], "altcha": text}
        answer = place.stranger().http.post("/session", json=form)
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
        form.pop("code")
        assert place.stranger().http.post("/session", json=form).status_code == 401
    after = {table: place.rows(f"SELECT count(*) FROM {table}") for table in place.tables()}
    counts.pop("attempts")
    after.pop("attempts")
    assert after == counts
