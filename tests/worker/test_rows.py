"""What the platform bills: rows read and written, by the storage's own counters in real workerd.

And how often a notification makes Python reach into JavaScript, which is most of what it costs.
"""

import re
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from encoding import b64url
from limits import MAX_ACTIVITY, MAX_HISTORY_PAGE, STATS_DAYS, UNREAD_ROWS_AT_ONCE, UPLOAD_OVER_MS
from tests import confidential
from tests.faces import png
from tests.people import Frame, Line
from tests.places import DAY_MS
from tests.push_service import PushService
from tests.server import ADMIN_PASSWORD
from tests.worker.archives import own_archive, run_script
from tests.worker.gathering import member_of, until
from tests.worker.meter import Meter, metered
from tests.worker.pictures import Picture
from tools.paths import ROOT

PUSH = {
    "VAPID_PRIVATE_KEY": b64url(bytes(range(100, 132))),
    "VAPID_SUBJECT": "mailto:ops@chat.example.org",
    "PUSH_ALLOW_HTTP": "on",
}
FEW, MANY = "few", "many"
FEW_MESSAGES = 100
PAGE_ROWS = 60
ROWS_A_MESSAGE = 2
WAKE_ROWS = 60  # whatever is in the room: its facts and keys, and whether it has tables, looked at a few times


@pytest.fixture(scope="module")
def meter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meter]:
    with metered(tmp_path_factory.mktemp("counting"), PUSH) as meter:
        yield meter


@pytest.fixture(scope="module")
def alice(meter: Meter) -> Line:
    return meter.gathering.join("Alice")


@pytest.fixture(scope="module")
def sizes(request: pytest.FixtureRequest) -> dict[str, int]:
    """How many messages there are in each channel of `channels`."""
    return {FEW: FEW_MESSAGES, MANY: int(request.config.getoption("--messages"))}


@pytest.fixture(scope="module")
def channels(meter: Meter, alice: Line, sizes: dict[str, int]) -> dict[str, str]:
    """A channel with few messages and one with many."""
    made = {size: str(alice.ask("channel.create", name=f"{size} messages")["channel"]) for size in sizes}
    for size, channel in made.items():
        meter.fill(alice, channel, sizes[size])
    return made


def test_a_message_writes_two_rows(meter: Meter, alice: Line) -> None:
    alice.say("The first reserves seals for many.")
    meter.counts()
    alice.say("Hello")
    assert meter.counts()["written"] <= ROWS_A_MESSAGE


def test_each_act_writes_as_many_rows_as_the_table_of_costs_says(meter: Meter) -> None:
    """docs/architecture.md, "Costs"."""
    anna, olga = meter.gathering.enter("Anna Counts").secure().come(), meter.gathering.join("Olga Counts", admin=True)
    hers, his = (line.say("The first reserves seals for many.")["id"] for line in (anna, olga))
    soon = int(time.time() * 1_000) + 600_000
    poll, later = str(uuid.uuid4()), str(uuid.uuid4())
    found: dict[str, int] = {}

    def say(act: str, **more: Any) -> str:
        anna.history(limit=1)
        meter.counts()
        message = anna.say(act, **more)
        found[act] = meter.counts()["written"]
        return str(message["id"])

    def note(act: str, kind: str, line: Line = anna, **fields: Any) -> None:
        answer, counts = meter.cost(line, kind, **fields)
        assert answer["type"] != "error", (act, answer)
        found[act] = counts["written"]

    def note_both(acts: Sequence[str], kind: str, values: Sequence[object], name: str = "on", **fields: Any) -> None:
        for act, value in zip(acts, values, strict=True):
            note(act, kind, anna, **fields, **{name: value})

    plain = say("a message")
    say("a message that mentions a member", mentions=[member_of(olga)])
    reply = say("a reply to oneself", reply_to=hers)
    say("a reply to another member", reply_to=his)
    note("an edit", "edit", id=plain, body="edited")
    note("a deleted message", "delete", id=plain)
    note("a deleted reply", "delete", id=reply)
    note("a poll", "poll.create", id=poll, channel="general", question="When?", options=["now", "later"])
    note("a vote", "vote", id=poll, options=[0])
    note("a closed poll", "poll.close", id=poll)
    note_both(("a pin", "a pin taken off"), "pin", (True, False), id=hers)
    note_both(("a saved message", "one no longer saved"), "save", (True, False), id=hers)
    note_both(("a star", "a star taken off"), "star", (True, False), channel="general")
    note_both(("a muted channel", "one no longer muted"), "notify", ("none", None), "level", channel="general")
    note("a message marked unread", "unread", channel="general", seq=1)
    note("activity marked as seen", "activity.seen", olga, at=olga.ask("activity")["messages"][0]["at"])
    note("a status", "profile.update", status={"emoji": "🌴"})
    note("a picture", "profile.update", picture=b64url(png(64)))
    note_both(("do not disturb", "do not disturb, ended"), "quiet", (30, 0), "minutes")
    note_both(("a draft kept", "a draft forgotten"), "draft", ("begun", ""), "body", channel="general")
    note("a scheduled message", "schedule", id=later, channel="general", body="later", at=soon)
    note("a scheduled message changed", "schedule.update", id=later, body="not yet")
    note("a scheduled message sent", "schedule.send", id=later)
    for kind in ("activity", "comings", "drafts", "saved", "scheduled"):
        note("a list looked at", kind)
    note("a card looked at", "person", id=member_of(olga))
    note("another name of the room", "room.update", olga, name="North Quay")
    note("a member made an admin", "member.role", olga, id=member_of(anna), role="admin")
    note("an admin made a member", "member.role", olga, id=member_of(anna), role="member")
    note("another name", "profile.update", name="Anja Counts")
    assert found == _told_rows()


def _told_rows() -> dict[str, int]:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    table = page[page.index("| an act | rows written |") :].partition("\n\n")[0]
    return {act: int(rows) for act, rows in re.findall(r"^\| (.+?) \| (\d+) \|", table, re.MULTILINE)}


def test_a_draft_writes_one_row_each_time_it_is_kept_and_one_when_it_is_forgotten(meter: Meter, alice: Line) -> None:
    alice.say("The first reserves seals for many.")
    costs = [meter.cost(alice, "draft", channel="general", body=body)[1] for body in ("begun", "begun and", "", "")]
    assert [counts["written"] for counts in costs] == [1, 1, 1, 0]
    assert max(counts["read"] for counts in costs) <= 2


def test_what_is_noted_for_somebody_costs_one_row_and_one_more_when_it_is_read(meter: Meter, alice: Line) -> None:
    """Of reactions only the first that is not seen, and the last that is taken back."""
    bodo = meter.gathering.join("Bodo")
    asked = bodo.say("The first reserves seals for many.")
    alice.say("The first reserves seals for many.")
    meter.counts()
    alice.say("Bodo?", mentions=[member_of(bodo)])
    assert meter.counts() == {"read": 1, "written": ROWS_A_MESSAGE + 1}
    alice.say("because", reply_to=asked["id"])
    assert meter.counts()["written"] == ROWS_A_MESSAGE + 1 + 1  # the reply itself is one
    reactions = [("👍", True, 3), ("🎉", True, 2), ("👍", False, 2), ("🎉", False, 3), ("🎉", True, 3)]
    for emoji, on, rows in reactions:
        answer, counts = meter.cost(alice, "react", id=asked["id"], emoji=emoji, on=on)
        assert (answer["type"], counts["written"]) == ("ack", rows)
    page, counts = meter.cost(bodo, "activity")
    assert ([each["why"] for each in page["messages"]], page["unseen"]) == (["reaction", "answer", "mention"], 3)
    assert counts["written"] == 0
    assert counts["read"] <= 30
    _, counts = meter.cost(bodo, "activity.seen", at=page["messages"][0]["at"])
    assert counts["written"] == 1
    _, counts = meter.cost(alice, "react", id=asked["id"], emoji="👍", on=True)
    assert counts["written"] == 2 + 1
    newest = bodo.history(limit=1)[0]["seq"]
    meter.counts()
    bodo.put({"type": "read", "channel": "general", "seq": newest})
    bodo.history(limit=1)
    assert meter.counts()["written"] == 1 + 2


def test_the_clean_up_keeps_the_newest_of_what_was_noted_and_a_page_reads_no_more(meter: Meter) -> None:
    olga = meter.gathering.join("Olga", admin=True)
    place, her = meter.gathering.place, member_of(olga)
    place.change(
        "INSERT INTO activity (member, kind, unread, at, channel, seq) SELECT ?, 'mention', value > ?, value, 'gone',"
        " value FROM json_each(?)", her, 3 * MAX_ACTIVITY - 1, str(list(range(1, 3 * MAX_ACTIVITY + 1))),
    )  # fmt: skip
    noted = "SELECT count(*), max(at) FROM activity WHERE member = ?"
    assert place.rows(noted, her) == [(3 * MAX_ACTIVITY, 3 * MAX_ACTIVITY)]
    olga.ask("room.update", retention_days=0)
    until(lambda: place.rows(noted, her) == [(MAX_ACTIVITY, 3 * MAX_ACTIVITY)])
    meter.settle()
    page, counts = meter.cost(olga, "activity")
    assert page["messages"] == []
    assert counts["written"] == 0
    looked_for = MAX_HISTORY_PAGE + 1
    assert counts["read"] <= 2 * MAX_ACTIVITY + looked_for + 20, "read once, and sorted"


def test_an_import_writes_two_rows_for_a_message_and_nothing_when_it_is_repeated(meter: Meter) -> None:
    """And one for each new former member, one for the event about them, the channel, and what admins see of it."""
    oskar = meter.gathering.enter("Oskar", admin=True).come()
    channel = oskar.ask("channel.create", name="from elsewhere")["channel"]
    oskar.ask("channel.update", id=channel, retention_days=0)
    oskar.say("The first reserves seals for many.")
    said = [
        {
            "id": str(uuid.UUID(int=number)),
            "author": "clara",
            "sent_at": number,
            "body": "hello",
            "reactions": {"👍": ["clara"]},
        }
        for number in range(1, 101)
    ]
    asked = {"channel": channel, "messages": said, "people": [{"id": "clara", "name": "Clara"}]}
    meter.settle()
    assert oskar.ask("import", **asked)["counts"]["added"] == len(said)
    assert meter.counts()["written"] <= len(said) * ROWS_A_MESSAGE + 4
    assert oskar.ask("import", **asked)["counts"]["known"] == len(said)
    assert meter.counts()["written"] == 0
    assert [each["body"] for each in oskar.ask("history", channel=channel, before=None, limit=100)["messages"]] == [
        "hello"
    ] * 100


def test_an_import_by_the_script_writes_what_its_plan_says(meter: Meter, tmp_path: Path) -> None:
    """Signing in and out, and how many seals are reserved, come to it. Deleted messages are rows like all others."""
    told = [
        {"id": str(uuid.UUID(int=10_000 + number)), "author": f"p{number % 7}", "sent_at": number, "body": "x"}
        for number in range(450)
    ]
    told[::10] = [each | {"author": None, "sent_at": None, "body": None, "deleted_at": 900} for each in told[::10]]
    people = {f"p{number}": f"Person {number}" for number in range(7)}
    archive = str(own_archive(tmp_path / "told.zip", people, {"told": told}))
    who = {"CHAT_NAME": "Imogen", "CHAT_PASSWORD": ADMIN_PASSWORD}
    server = meter.gathering.server
    kept = ("--expired", "keep")
    planned = run_script("import", server, archive, "--dry-run", *kept, **who).stdout
    found = re.search(r"about ([\d,]+) rows written", planned)
    assert found is not None, planned
    rows = int(found[1].replace(",", ""))
    meter.settle()
    assert run_script("import", server, archive, *kept, **who).returncode == 0
    assert rows - 10 <= meter.counts()["written"] <= rows + 20


def test_a_thousand_messages_write_two_rows_each_and_almost_nothing_more(meter: Meter, alice: Line) -> None:
    meter.settle()
    answers = alice.say_many(1_000)
    assert {answer["type"] for answer in answers} == {"ack"}
    counts = meter.counts()
    assert counts["written"] <= ROWS_A_MESSAGE * 1_000 + 5  # the next block of seals, and segments of the search
    assert counts["read"] <= 5 * 1_000


def test_a_picture_writes_two_rows_more_than_its_message_and_its_removal_two_more(meter: Meter, alice: Line) -> None:
    place = meter.gathering.place
    alice.say("The first reserves seals for many.")
    meter.settle()
    first, _ = alice.say("no picture"), meter.counts()
    plain, counts = alice.say("no picture"), meter.counts()
    meter.cost(alice, "delete", id=first["id"])  # the first may set the alarm
    _, erased = meter.cost(alice, "delete", id=plain["id"])
    picture = Picture(meter.gathering.people[0])
    meter.counts()
    picture.upload()
    said = alice.say("", files=[picture.described()])
    assert said["type"] == "ack"
    assert meter.counts()["written"] == counts["written"] + 2
    place.change("UPDATE files SET created_at = created_at - ?", UPLOAD_OVER_MS)
    meter.counts()
    assert alice.ask("delete", id=said["id"])["type"] == "ack"
    until(lambda: not place.rows("SELECT 1 FROM files"))
    assert meter.counts()["written"] == erased["written"] + 2


def test_media_of_a_channel_cost_their_number_however_long_it_is(
    meter: Meter, alice: Line, channels: dict[str, str]
) -> None:
    picture = Picture(meter.gathering.people[0], channel=channels[MANY]).upload()
    alice.say("", channels[MANY], files=[picture.described()])
    media = {"channel": channels[MANY], "before": None, "limit": 50, "has": ["file"]}
    answer, counts = meter.cost(alice, "history", **media)
    assert [message["files"] for message in answer["messages"]] == [[picture.described()]]
    assert counts["written"] == 0
    assert counts["read"] <= 20
    answer, counts = meter.cost(alice, "file.tickets", ids=[picture.id])
    assert answer["tickets"].keys() == {picture.id}
    assert counts["written"] == 0
    assert counts["read"] <= 10


def test_a_link_writes_one_row_and_ending_it_one_more(meter: Meter, alice: Line) -> None:
    alice.say("The first reserves seals for many.")
    link = {"digest": b64url(bytes(32)), "hours": 1, "uses": None}
    made, counts = meter.cost(alice, "invite.create", **link)
    assert (made["type"], counts["written"]) == ("invite", 1)
    _, counts = meter.cost(alice, "invites")
    assert counts["written"] == 0
    _, counts = meter.cost(alice, "invite.revoke", id=made["id"])
    assert counts["written"] == 1


def test_what_an_admin_does_writes_one_row_more_than_what_others_do(meter: Meter, alice: Line) -> None:
    """And looking at it, or at who is here and what the room takes, writes nothing."""
    paula = meter.gathering.enter("Paula", admin=True).come()
    paula.say("The first reserves seals for many.")
    costs = {}
    for line in (alice, paula):
        made, making = meter.cost(line, "channel.create", name=f"made by {line is paula}")
        _, renaming = meter.cost(line, "channel.update", id=made["channel"], name=f"renamed by {line is paula}")
        link, inviting = meter.cost(line, "invite.create", digest=b64url(bytes([line is paula]) * 32), hours=1, uses=1)
        _, revoking = meter.cost(line, "invite.revoke", id=link["id"])
        costs[line] = [each["written"] for each in (making, renaming, inviting, revoking)]
    assert [paulas - alices for alices, paulas in zip(costs[alice], costs[paula], strict=True)] == [1] * 4
    answer, counts = meter.cost(paula, "audit")
    assert [act["kind"] for act in answer["acts"]][:4] == [
        "invite.revoke",
        "invite.create",
        "channel.update",
        "channel.create",
    ]
    assert (counts["written"], counts["read"] <= len(answer["acts"]) + 10) == (0, True)
    answer, counts = meter.cost(paula, "overview")
    assert (answer["type"], counts["written"]) == ("overview", 0)


@pytest.mark.parametrize("size", [FEW, MANY])
@pytest.mark.parametrize("place", ["newest", "middle", "after"])
def test_a_page_of_fifty_reads_sixty_rows_at_most(
    meter: Meter, alice: Line, channels: dict[str, str], sizes: dict[str, int], size: str, place: str
) -> None:
    newest = alice.history(channels[size], limit=1)[0]["seq"]
    places: dict[str, Frame] = {
        "newest": {"before": None},
        "middle": {"before": newest - 40},
        "after": {"after": newest - sizes[size] + 20},
    }
    answer, counts = meter.cost(alice, "history", channel=channels[size], limit=50, **places[place])
    assert len(answer["messages"]) == 50
    assert counts["read"] <= PAGE_ROWS
    assert counts["written"] == 0


def test_the_newest_page_is_read_once_for_all_who_ask_before_anything_changes(meter: Meter, alice: Line) -> None:
    newest = {"channel": "general", "before": None, "limit": 50}
    bob = meter.gathering.join("Bert")
    first, _ = meter.cost(alice, "history", **newest)
    again, counts = meter.cost(bob, "history", **newest)
    assert counts["read"] == 0
    assert again["messages"] == first["messages"]
    said = alice.say("And now for something new.")
    after, counts = meter.cost(bob, "history", **newest)
    assert counts["read"] > 0
    assert after["messages"][-1]["id"] == said["id"]


def test_a_welcome_reads_channels_and_members_and_a_bounded_number_of_messages_once(
    meter: Meter, alice: Line, channels: dict[str, str], sizes: dict[str, int]
) -> None:
    bob = meter.gathering.enter("Bob")
    meter.gathering.place.change("UPDATE members SET joined_seq = 0 WHERE id = ?", bob.id)
    meter.fill(alice, channels[FEW], 1)  # the room then forgets what it has in memory, as sleep makes it
    alice.history(limit=1)
    meter.counts()
    welcome = bob.come().welcome
    counts = meter.counts()
    assert max(channel["unread"] for channel in welcome["channels"]) >= sizes[MANY]
    usual = 20 + 5 * len(welcome["channels"]) + 5 * len(welcome["members"])
    assert counts["read"] <= usual + UNREAD_ROWS_AT_ONCE
    assert counts["written"] <= 1
    assert bob.come().welcome["channels"] == welcome["channels"]
    assert meter.counts()["read"] <= usual


def test_a_newcomers_welcome_reads_no_messages(meter: Meter, alice: Line, channels: dict[str, str]) -> None:
    bert = meter.gathering.enter("Berta")
    meter.counts()
    welcome = bert.come().welcome
    counts = meter.counts()
    assert {channel["unread"] for channel in welcome["channels"]} == {0}
    assert counts["read"] <= 20 + 5 * len(welcome["channels"]) + 5 * len(welcome["members"])
    assert counts["written"] <= 1


def test_waking_reads_channels_and_members_but_no_messages(meter: Meter, alice: Line, channels: dict[str, str]) -> None:
    costs = []
    for messages in (1, 5_000):
        meter.fill(alice, channels[FEW], messages)  # the room then forgets what it has in memory, as sleep makes it
        meter.counts()
        alice.history(limit=1)
        costs.append(meter.counts()["read"])
    few, many = costs
    assert few == many
    place = meter.gathering.place
    ((kept,),) = place.rows("SELECT (SELECT count(*) FROM channels) + (SELECT count(*) FROM lanes)")
    ((members,),) = place.rows("SELECT count(*) FROM members")
    assert many <= WAKE_ROWS + 5 * kept + 5 * members


def test_the_statistics_read_no_history(
    meter: Meter, alice: Line, channels: dict[str, str], sizes: dict[str, int]
) -> None:
    """Messages of two days: the difference of two positions, found by halving."""
    place = meter.gathering.place
    (newest,) = place.rows("SELECT max(seq) FROM messages")[0]
    # Lanes count for themselves, and in no figure; what was brought from elsewhere is in none either.
    in_open = "seq <= ? AND seq > (SELECT imported_seq FROM channels WHERE channels.id = channel)"
    (said_before,) = place.rows(f"SELECT count(*) FROM messages WHERE {in_open}", newest // 2)[0]
    place.change("UPDATE messages SET sent_at = sent_at - ? WHERE seq <= ?", 2 * DAY_MS, newest // 2)
    root = meter.gathering.enter("Root", admin=True)
    meter.counts()
    told = root.http.get("/stats").json()
    counts = meter.counts()
    assert [day["count"] for day in told["messages"]][-3] == said_before
    assert sum(day["count"] for day in told["messages"]) > sizes[MANY]
    assert counts["read"] <= STATS_DAYS * 20 + 2 * STATS_DAYS * (len(channels) + 1) + WAKE_ROWS
    assert counts["written"] == 0


def test_coming_back_reads_what_was_missed(meter: Meter, alice: Line, channels: dict[str, str]) -> None:
    carol = meter.gathering.enter("Carol")
    seq = carol.come().welcome["seq"]
    alice.say_many(10, channel=channels[MANY])
    meter.counts()
    line = carol.come(seq)
    assert len(line.next("events")["events"]) == 10
    assert meter.counts()["read"] <= 10 + 20 + 5 * len(line.welcome["channels"]) + 5 * len(line.welcome["members"])


def test_a_change_costs_the_same_in_a_long_channel(meter: Meter, alice: Line, channels: dict[str, str]) -> None:
    costs = {}
    for size, channel in channels.items():
        message = alice.say("to be changed", channel=channel)
        changes: dict[str, Frame] = {
            "edit": {"body": "changed"},
            "react": {"emoji": "👍", "on": True},
            "pin": {"on": True},
            "delete": {},
        }
        for kind, fields in changes.items():
            answer, counts = meter.cost(alice, kind, id=message["id"], **fields)
            assert answer["type"] == "ack"
            costs[size, kind] = counts
    for kind in ("edit", "react", "pin", "delete"):
        assert costs[FEW, kind] == costs[MANY, kind]
        assert costs[MANY, kind]["written"] <= 4
        assert costs[MANY, kind]["read"] <= 10


def test_typing_reading_and_pinging_cost_next_to_nothing(meter: Meter, alice: Line, channels: dict[str, str]) -> None:
    newest = alice.history(channels[MANY], limit=1)[0]["seq"]
    meter.counts()
    alice.put({"type": "typing", "channel": "general"})
    alice.put("ping")
    alice.history(limit=1)
    counts = meter.counts()
    page, pins, replies = (
        2,
        2,
        3,
    )  # the message and the one before it; looking for pins and replies, where there are none
    assert (counts["written"], counts["read"] <= page + pins + replies) == (0, True)
    alice.put({"type": "read", "channel": channels[MANY], "seq": newest - 1})
    alice.history(limit=1)
    counts = meter.counts()
    assert counts["written"] <= 2
    assert counts["read"] <= 20


def test_a_notification_reaches_into_javascript_so_many_times(meter: Meter, alice: Line) -> None:
    """docs/architecture.md, "Notifications", names these numbers."""
    service = PushService()
    people = [meter.gathering.enter(name) for name in ("Nina", "Otto", "Paul")]
    browsers = [service.browser() for _ in people]
    for person, browser in zip(people, browsers, strict=True):
        person.http.put("/push", json={"subscription": browser.subscription})
    everybody = [person.id for person in people]
    alice.say("Keys and the token are made once.", mentions=everybody)
    for browser in browsers:
        service.wait_for(browser)
    meter.rounds()
    alice.say("Where are you?", mentions=everybody[:1])
    assert meter.next_round() == {"total": 161, "statements": 12, "each": [41]}
    alice.say("And you?", mentions=everybody)
    assert meter.next_round() == {"total": 403, "statements": 32, "each": [41, 41, 41]}
    service.stop()


def test_a_thousand_messages_cost_a_row_of_index_and_a_tenth_at_most(
    meter: Meter, alice: Line, channels: dict[str, str]
) -> None:
    """After those that count what changing messages costs: it takes them into segments, which makes it another."""
    said = alice.say("Wilhelmina", channel=channels[FEW])
    meter.counts()
    meter.build(alice)
    written = meter.counts()["written"]
    ((messages,),) = meter.gathering.place.rows("SELECT count(*) FROM messages")
    assert 1_000 * written <= 1.1 * messages
    meter.say_each(alice, channels[FEW], ["and one more"])  # the room sleeps
    alice.say_many(10)
    meter.counts()
    found, counts = meter.cost(alice, "search", query="wilhelmina", limit=20)
    assert [message["seq"] for message in found["messages"]] == [said["seq"]]
    assert counts["written"] == 0
    again, rare = meter.cost(alice, "search", query="wilhelmina", limit=20)
    assert again["messages"] == found["messages"]
    assert rare["read"] <= 2 * 2, "the message and a candidate at most, and the list that names them"
    assert rare["written"] == 0
    frequent = meter.cost(alice, "search", query="filler", channel=channels[MANY], limit=20)[1]
    assert frequent == {"read": 2 * (20 + 1), "written": 0}, (
        "a page of candidates, and one that tells whether there are more"
    )
    assert meter.cost(alice, "search", query="zyxwvut", limit=20)[1] == {"read": 0, "written": 0}
    edited = meter.cost(alice, "edit", id=said["id"], body="Wilhelmine")[1]
    assert edited["written"] <= 4 + 1


def test_a_message_of_another_program_writes_two_rows_and_a_repetition_none(meter: Meter) -> None:
    olga = meter.gathering.join("Olga", admin=True)
    token = str(olga.ask("hook.create", name="Alerts", channel="general")["token"])
    confidential.keep_path(f"/hooks/{token}")
    address = f"{meter.gathering.server.url}/hooks/{token}"
    # The first of a day notes where the day's number begins, and the first of an hour that the hook is used.
    for text, rows in (("starting", ROWS_A_MESSAGE + 2), ("disk full", ROWS_A_MESSAGE), ("disk full", 0)):
        meter.counts()
        assert httpx.post(address, json={"text": text}, timeout=60.0).text == "ok"
        assert meter.counts()["written"] == rows
    assert [each["body"] for each in olga.history(limit=2)] == ["starting", "disk full"]
    made = olga.ask("bot.create", name="Robo", channels=["general"], rights=["post", "read"])
    confidential.keep(confidential.SECRET, made["token"].rpartition("_")[2])
    bot = meter.gathering.stranger("Robo").open(Authorization=f"Bearer {made['token']}")
    bot.put({"type": "hello", "last_seq": None})
    bot.next("welcome")
    assert bot.say("on its socket")["type"] == "ack"
    meter.counts()
    assert bot.say("once more")["type"] == "ack"
    assert meter.counts()["written"] == ROWS_A_MESSAGE


def test_private_channels_and_conversations_write_what_they_have_to(meter: Meter) -> None:
    """Five rows for a conversation of two, two for a message, two and one for somebody who is added."""
    anna, boris = [meter.gathering.enter(name).secure() for name in ("Anna", "Boris")]
    line = anna.come(lanes={})
    line.say("The first reserves seals for many.")
    meter.counts()
    direct = line.ask("direct.open", members=[boris.id])["channel"]
    assert meter.counts()["written"] == 5
    line.say("psst", channel=direct)
    assert meter.counts()["written"] == ROWS_A_MESSAGE
    private = line.ask("channel.create", name="private", kind="private")["channel"]
    assert meter.counts()["written"] == 3
    line.ask("channel.add", id=private, members=[boris.id], history="none")
    assert meter.counts()["written"] == 3
    line.say("psst", channel=private)
    assert meter.counts()["written"] == ROWS_A_MESSAGE
