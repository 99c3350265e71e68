"""bin/import against a real chat: a room that was taken along goes on in another one, whatever breaks on the way."""

import contextlib
import json
import os
import pty
import random
import signal
import subprocess
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from encoding import b64url
from tests.people import Line, Person
from tests.sealed_files import upload
from tests.server import ADMIN_PASSWORD, PASSWORD, Server
from tests.worker.archives import CODE, Record, command, export, lines, own_archive, run_script, secured, surroundings

ADMIN = {"CHAT_NAME": "Oskar", "CHAT_PASSWORD": ADMIN_PASSWORD, "CHAT_RECOVERY_CODE": CODE}
WORDS = ["Good **morning**", "@Boris, look", "line\nby line", "`code` & <b>", "🌊", "да", "x" * 3_000]
EMOJIS = ["👍", "🎉", "🫡"]


@pytest.fixture(scope="module")
def chat() -> Iterator[Server]:
    """A chat that asks for a proof of work, as chats do, and keeps everything."""
    settings = {"BOT_PROTECTION": "altcha", "MESSAGE_RATE": "100000/100000", "ROOM_NAMES": "*", "RETENTION_DAYS": "0"}
    running = Server.start(settings=settings)
    yield running
    running.stop()


@dataclass
class Room:
    """A room with an admin, and people who are secured."""

    oskar: Person
    people: list[Person]
    line: Line

    def leave(self) -> None:
        """Everybody goes; their names stay."""
        for person in (self.oskar, *self.people):
            person.leave()


def room(chat: Server, name: str, *people: str) -> Room:
    oskar = secured(Person(chat.url, "Oskar", room=name).enter(ADMIN_PASSWORD))
    others = [secured(Person(chat.url, each, room=name).enter()) for each in people]
    return Room(oskar, others, oskar.come(lanes={}))


def bring(server: Server, file: Path, *options: str, **who: str) -> subprocess.CompletedProcess[str]:
    """Import as the admin, without a terminal."""
    return run_script("import", server, str(file), *options, **(ADMIN | who))


def said_at_random(chance: random.Random, gathered: Room) -> None:
    """Open channels, a private one and a conversation, with everything that messages have."""
    oskar, (anna, boris) = gathered.line, [person.come(lanes={}) for person in gathered.people]
    anna_id, boris_id = (person.id for person in gathered.people)
    plans = oskar.ask("channel.create", name="plans", topic="of 2026")["channel"]
    old = anna.ask("channel.create", name="old things")["channel"]
    den = oskar.ask("channel.create", name="den", kind="private", members=[anna_id])["channel"]
    direct = oskar.ask("direct.open", members=[anna_id])["channel"]
    speakers = {"general": [oskar, anna, boris], plans: [oskar, anna, boris], old: [anna, boris], den: [oskar, anna]}
    speakers[direct] = [oskar, anna]
    said: dict[str, list[str]] = {channel: [] for channel in speakers}
    for _ in range(260):
        channel = chance.choice(list(speakers))
        speaker = chance.choice(speakers[channel])
        more: dict[str, Any] = {}
        if said[channel] and chance.random() < 0.3:
            more["reply_to"] = chance.choice(said[channel])
        if chance.random() < 0.2:
            more["mentions"] = [anna_id] if channel in (den, direct) else [boris_id]
        said[channel].append(speaker.say(chance.choice(WORDS), channel, **more)["id"])
        known = chance.choice(said[channel])
        if chance.random() < 0.3:
            chance.choice(speakers[channel]).ask(
                "react", id=known, channel=channel, emoji=chance.choice(EMOJIS), on=True
            )
        if chance.random() < 0.1:
            speaker.ask("edit", id=said[channel][-1], channel=channel, body="said better")
        if chance.random() < 0.05:
            speaker.ask("delete", id=said[channel].pop(), channel=channel)
    answered = anna.say("said too early", plans)["id"]
    oskar.say("why?", plans, reply_to=answered)
    anna.ask("delete", id=answered, channel=plans)
    for channel, size in (("general", 0), (plans, 700_000), (den, 10)):
        file = upload(gathered.oskar, os.urandom(size), name=f"of {size}.bin", kind="application/zip", channel=channel)
        oskar.say("", channel, files=[file])
    anna.ask("channel.update", id=old, archived=True)


def exported(chat: Server, name: str, folder: Path) -> Path:
    file = folder / f"{name}-{time.monotonic_ns()}.zip"
    done = export(chat, file, "--room", name, **ADMIN)
    assert done.returncode == 0, done.stderr
    return file


LEFT_OUT_OF_MESSAGES = ("seq", "imported_at")
LEFT_OUT_OF_CHANNELS = ("id", "created_by", "members", "keepers")


def comparable(file: Path) -> dict[str, Any]:
    """What two exports of the same things have in common, with names in place of the ids that each room gives.

    Not compared: `seq` and `imported_at` of messages, of channels who made them and who is in them, people who said
    nothing, and what everybody is in the room (`role`, `former`).
    """
    with zipfile.ZipFile(file) as archive:
        names = {member["id"]: member["name"] for member in lines(archive, "members.jsonl")}
        contents = {name: archive.read(name) for name in archive.namelist() if name.startswith("files/")}
        channels = {}
        for channel in lines(archive, "channels.jsonl"):
            kept = {key: value for key, value in channel.items() if key not in LEFT_OUT_OF_CHANNELS}
            messages = lines(archive, f"messages/{channel['id']}.jsonl")
            said = [as_said(message, names, contents) for message in messages]
            channels[channel["name"]] = kept | {"messages": said}
        return channels


def as_said(message: Record, names: dict[str, str], contents: dict[str, bytes]) -> Record:
    kept = {key: value for key, value in message.items() if key not in LEFT_OUT_OF_MESSAGES}
    return kept | {
        "author": None if message["author"] is None else names[message["author"]],
        "mentions": [names[each] for each in message["mentions"]],
        "reactions": {emoji: [names[each] for each in who] for emoji, who in message["reactions"].items()},
        "files": [file | {"id": "", "bytes": contents[f"files/{file['id']}"]} for file in message["files"]],
    }


def answers(line: Line) -> list[tuple[Record, Record]]:
    """The answers in all channels, each with what it answers."""
    found = []
    for channel in line.welcome["channels"]:
        messages = {message["id"]: message for message in all_messages(line, channel["id"])}
        found += [(each, messages[each["reply_to"]]) for each in messages.values() if each.get("reply_to")]
    return found


@pytest.fixture(scope="module")
def first(chat: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export of a room in which much was said."""
    gathered = room(chat, "first", "Anna", "Boris")
    said_at_random(random.Random(20261130), gathered)
    gathered.leave()
    return exported(chat, "first", tmp_path_factory.mktemp("first"))


def test_a_room_that_is_exported_imported_and_exported_again_is_the_same(
    chat: Server, first: Path, tmp_path: Path
) -> None:
    gathered = room(chat, "second", "Anna")
    dry = bring(chat, first, "--room", "second", "--dry-run")
    assert (dry.returncode, dry.stderr) == (0, "")
    assert "3 people: members here 2, former members 1" in dry.stdout
    for line in ("# general: is there", "# old things: is made", "# den: is made, private", "@ Anna, Oskar: is opened"):
        assert line in dry.stdout
    assert [channel["name"] for channel in gathered.oskar.come(lanes={}).welcome["channels"]] == ["general"]
    assert gathered.line.history() == []

    done = bring(chat, first, "--room", "second", "--report", str(tmp_path / "report.txt"))
    assert (done.returncode, done.stderr) == (0, "")
    second = exported(chat, "second", tmp_path)
    assert comparable(second) == comparable(first)
    assert (tmp_path / "report.txt").read_text() == ""
    assert dry.stdout.count(" of them deleted there)") > 1
    found = answers(gathered.oskar.come(lanes={}))
    assert found
    assert all(answer["reply_seq"] == answered["seq"] for answer, answered in found)
    assert any("deleted_at" in answered for _, answered in found)
    with zipfile.ZipFile(second) as archive:
        channels = {each["name"]: each for each in lines(archive, "channels.jsonl")}
        members = {each["name"]: each for each in lines(archive, "members.jsonl")}
    assert members["Boris"]["former"]
    assert {members["Anna"]["id"], members["Oskar"]["id"]} == set(channels["den"]["members"])

    again = bring(chat, first, "--room", "second")
    assert again.returncode == 0, again.stderr
    assert "0 messages and 0 files brought" in again.stdout
    with zipfile.ZipFile(second) as before, zipfile.ZipFile(exported(chat, "second", tmp_path)) as after:
        parts = [name for name in before.namelist() if name.startswith(("messages/", "files/", "channels", "members"))]
        assert {name: after.read(name) for name in parts} == {name: before.read(name) for name in parts}
    anna = gathered.people[0].come(lanes={})
    assert [channel["unread"] for channel in anna.welcome["channels"]] == [0] * 5
    gathered.leave()


# --- whatever breaks ---

COUNT = 1_500


def many(count: int = COUNT) -> list[Record]:
    return [
        {
            "id": str(UUID(int=number)),
            "author": "clara",
            "sent_at": 1_700_000_000_000 + number,
            "body": f"said {number}",
        }
        for number in range(1, count + 1)
    ]


def whole_history(line: Line, channel: str) -> list[str]:
    """The texts of a channel, oldest first."""
    return [message["body"] for message in all_messages(line, channel)]


def all_messages(line: Line, channel: str) -> list[Record]:
    """The messages of a channel, oldest first."""
    messages: list[Record] = []
    after = 0
    while True:
        page = line.ask("history", channel=channel, after=after, limit=100)
        if page["type"] == "error":
            time.sleep(page["retry_after"])
            continue
        messages += page["messages"]
        if not page["more"]:
            return messages
        after = page["messages"][-1]["seq"]


def started(server: Server, file: Path, *options: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command("import", server, str(file), *options),
        env=surroundings(**ADMIN),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_for_some(line: Line) -> str:
    """The channel in which something has arrived."""
    return str(line.event("message")["channel"])


def stopped_in_the_middle(server: Server, file: Path, watcher: Person, number: signal.Signals) -> tuple[str, str]:
    """Begin an import and end it once something has arrived: in which channel, and what the tool said."""
    line = watcher.come()
    running = started(server, file)
    channel = wait_for_some(line)
    os.killpg(running.pid, number)
    output, _ = running.communicate(timeout=60)
    assert running.returncode != 0
    return channel, output


def test_a_server_that_crashes_in_the_middle_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """At the usual speed, so that there is a middle: the tool waits for the server and goes on by itself."""
    server = Server.start(settings={"RETENTION_DAYS": "0"})
    try:
        contents = {b64url(number.to_bytes(16, "big")): os.urandom(300_000) for number in range(30)}
        messages = many()
        for message, (file, content) in zip(messages[::50], contents.items(), strict=True):
            message["files"] = [{"id": file, "name": "a.bin", "type": "application/zip", "size": len(content)}]
        archive = own_archive(tmp_path / "many.zip", {"clara": "Clara"}, {"plans": messages}, files=contents)
        oskar = secured(Person(server.url, "Oskar").enter(ADMIN_PASSWORD))
        running = started(server, archive)
        channel = wait_for_some(oskar.come())
        server.kill()
        time.sleep(1)
        server.restart()
        output, _ = running.communicate(timeout=180)
        assert running.returncode == 0, output
        assert whole_history(oskar.come(), channel) == [f"said {number}" for number in range(1, COUNT + 1)]
        taken = tmp_path / "taken.zip"
        assert export(server, taken, **ADMIN).returncode == 0
        with zipfile.ZipFile(taken) as read:
            files = [file["id"] for message in lines(read, f"messages/{channel}.jsonl") for file in message["files"]]
            assert [read.read(f"files/{file}") for file in files] == list(contents.values())
        assert oskar.http.get("/stats").json()["files"]["count"] == len(contents)
        oskar.leave()
    finally:
        server.stop()


def test_an_import_that_is_killed_goes_on_when_it_is_started_again(tmp_path: Path) -> None:
    server = Server.start(settings={"RETENTION_DAYS": "0"})
    try:
        archive = own_archive(tmp_path / "many.zip", {"clara": "Clara"}, {"plans": many()})
        oskar = secured(Person(server.url, "Oskar").enter(ADMIN_PASSWORD))
        stopped_in_the_middle(server, archive, oskar, signal.SIGKILL)
        channel, output = stopped_in_the_middle(server, archive, oskar, signal.SIGINT)
        assert "Stopped." in output
        done = bring(server, archive)
        assert done.returncode == 0, done.stderr
        assert whole_history(oskar.come(), channel) == [f"said {number}" for number in range(1, COUNT + 1)]
        assert len([each for each in oskar.come().welcome["channels"] if each["name"] == "plans"]) == 1
        oskar.leave()
    finally:
        server.stop()


# --- what is refused, and asked ---


def test_refusals_are_said_and_change_nothing(chat: Server, tmp_path: Path) -> None:
    gathered = room(chat, "third", "Anna")
    archive = own_archive(tmp_path / "some.zip", {"clara": "Clara"}, {"plans": many(3)})
    text = tmp_path / "letter.txt"
    text.write_text("Dear all,\n")
    wrong = tmp_path / "wrong.map"
    wrong.write_text("Nobody = Anna\n")
    third = ("--room", "third")
    for words, file, options, who in [
        ("No room can be called", archive, ("--room", "no room"), {}),
        ("The name or the recovery code is wrong", archive, third, {"CHAT_RECOVERY_CODE": "0" * 20}),
        (
            "The password is wrong",
            archive,
            third,
            {"CHAT_PASSWORD": "not it", "CHAT_NAME": "Eve", "CHAT_RECOVERY_CODE": ""},
        ),
        ("Only an admin may import", archive, third, {"CHAT_PASSWORD": PASSWORD}),
        ("Set CHAT_PASSWORD", archive, third, {"CHAT_PASSWORD": "", "CHAT_RECOVERY_CODE": ""}),
        ("neither a zip nor lines of JSON", text, third, {}),
        ('Nobody in the file is called "nobody"', archive, (*third, "--map", str(wrong)), {}),
        ("there is no file", tmp_path / "none.zip", third, {}),
    ]:
        done = bring(chat, file, *options, **who)
        assert done.returncode != 0, words
        assert words in done.stderr
        assert "Traceback" not in done.stderr
        assert "at " not in done.stderr.split()
    assert [channel["name"] for channel in gathered.oskar.come().welcome["channels"]] == ["general"]
    gathered.leave()


def test_where_people_have_written_nothing_is_brought_unless_it_is_said_where_to(chat: Server, tmp_path: Path) -> None:
    gathered = room(chat, "fourth", "Anna")
    anna = gathered.people[0].come()
    anna.say("we are here already")
    anna.event("message")
    archive = own_archive(tmp_path / "some.zip", {"clara": "Clara", "ann": "Ann"}, {"general": many(3)})
    done = bring(chat, archive, "--room", "fourth")
    assert "# general: not taken, people have written" in done.stdout
    assert [message["body"] for message in anna.history()] == ["we are here already"]
    said = tmp_path / "people.map"
    said.write_text("#general = general before\nClara = Anna\n")
    done = bring(chat, archive, "--room", "fourth", "--map", str(said))
    assert done.returncode == 0, done.stderr
    event = anna.event("message")
    assert (event["author"], event["body"]) == (gathered.people[0].id, "said 1")
    gathered.leave()


def test_what_retention_would_delete_is_asked_about_before_anything_is_sent(chat: Server, tmp_path: Path) -> None:
    gathered = room(chat, "fifth")
    gathered.line.ask("room.update", retention_days=30)
    now = int(time.time() * 1_000)
    messages = [*many(2), {**many(1)[0], "id": str(UUID(int=9)), "sent_at": now - 1_000, "body": "new"}]
    archive = own_archive(tmp_path / "old.zip", {"clara": "Clara"}, {"plans": messages})
    dry = bring(chat, archive, "--room", "fifth", "--dry-run")
    assert (dry.returncode, "Say --expired keep" in dry.stdout) == (0, True)
    refused = bring(chat, archive, "--room", "fifth")
    assert refused.returncode == 1
    assert "2 messages are older than their channels keep messages" in refused.stderr
    assert [channel["name"] for channel in gathered.oskar.come().welcome["channels"]] == ["general"]

    assert at_a_terminal(chat, archive, ["q"], "--room", "fifth")[0] == 1
    assert at_a_terminal(chat, archive, [CTRL_C], "--room", "fifth")[0] == 130
    assert [channel["name"] for channel in gathered.oskar.come().welcome["channels"]] == ["general"]
    status, shown = at_a_terminal(chat, archive, ["x", "l", "n"], "--room", "fifth")
    assert (status, "Begin?" in shown) == (1, True)
    assert [channel["name"] for channel in gathered.oskar.come().welcome["channels"]] == ["general"]
    assert at_a_terminal(chat, archive, ["l", "y"], "--room", "fifth")[0] == 0
    plans = next(each for each in gathered.oskar.come().welcome["channels"] if each["name"] == "plans")
    assert whole_history(gathered.line, plans["id"]) == ["new"]
    assert plans["retention_days"] is None

    kept = bring(chat, archive, "--room", "fifth", "--expired", "keep")
    assert kept.returncode == 0, kept.stderr
    plans = next(each for each in gathered.oskar.come().welcome["channels"] if each["name"] == "plans")
    assert plans["retention_days"] == 0
    assert sorted(whole_history(gathered.line, plans["id"])) == ["new", "said 1", "said 2"]
    gathered.leave()


CTRL_C = "^C"


def at_a_terminal(chat: Server, file: Path, answers: list[str], *options: str) -> tuple[int, str]:
    """Run it where somebody can be asked; its status, and what stood on the screen."""
    ours, theirs = pty.openpty()
    typed = command("import", chat, str(file), *options)
    running = subprocess.Popen(
        typed, env=surroundings(**ADMIN), stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    shown = ""
    left = list(answers)
    # A terminal that nobody has open any more reads as an error.
    with contextlib.suppress(OSError):
        while some := os.read(ours, 4_096).decode(errors="replace"):
            shown += some
            if left and shown.endswith("] ") and "/" in shown.rpartition("[")[2]:
                answer = left.pop(0)
                if answer == CTRL_C:
                    os.killpg(running.pid, signal.SIGINT)
                else:
                    os.write(ours, f"{answer}\n".encode())
    os.close(ours)
    return running.wait(60), shown


def test_a_plan_is_what_it_says_and_a_report_has_a_line_for_everything(chat: Server, tmp_path: Path) -> None:
    gathered = room(chat, "sixth")
    wrong = [{"id": "no uuid", "author": "clara", "sent_at": 1, "body": "x"} for _ in range(30)]
    archive = own_archive(tmp_path / "some.zip", {"clara": "Clara"}, {"plans": [*many(3), *wrong]})
    report = tmp_path / "report.txt"
    done = bring(chat, archive, "--room", "sixth", "--dry-run", "--report", str(report))
    assert done.returncode == 0, done.stderr
    assert "# plans: is made; 3 messages" in done.stdout
    assert "1 day of the free plan's 100,000" in done.stdout
    assert "… and 10 more" in done.stdout
    assert len(report.read_text().splitlines()) == 30
    assert oct(report.stat().st_mode)[-3:] == "600"
    gathered.leave()


def test_an_export_of_slack_comes_in_with_threads_reactions_and_files(chat: Server, tmp_path: Path) -> None:
    gathered = room(chat, "seventh", "Anna Smith")
    users = [
        {"id": "U1", "name": "anna", "profile": {"real_name": "Anna Smith", "display_name": "Anna Smith"}},
        {"id": "U2", "name": "clara", "profile": {"real_name": "Clara", "display_name": ""}},
    ]
    first, second = "1700000000.000100", "1700000060.000200"
    messages = [
        {"type": "message", "user": "U1", "ts": first, "thread_ts": first, "text": "Who is *in*, <@U2>?"},
        {
            "type": "message", "user": "U2", "ts": second, "thread_ts": first, "text": "Me &amp; you",
            "reactions": [{"name": "+1", "users": ["U1"], "count": 1}],
            "files": [{"id": "F1", "name": "list.txt", "mimetype": "text/plain", "size": 5}],
        },
        {"type": "message", "subtype": "channel_join", "user": "U2", "ts": "1700000070.000300", "text": "has joined"},
    ]  # fmt: skip
    archive = tmp_path / "slack.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("users.json", json.dumps(users))
        channel = {
            "id": "C1",
            "name": "plans",
            "members": ["U1", "U2"],
            "topic": {"value": "of 2023"},
            "is_archived": False,
        }
        made.writestr("channels.json", json.dumps([channel]))
        made.writestr("plans/2023-11-14.json", json.dumps(messages))
        made.writestr("__uploads/F1/list.txt", "a\nb\nc")
    for brought in ("2 messages and 1 file brought", "0 messages and 0 files brought"):
        done = bring(chat, archive, "--room", "seventh")
        assert done.returncode == 0, done.stderr
        assert brought in done.stdout
    plans = next(each for each in gathered.oskar.come().welcome["channels"] if each["name"] == "plans")
    asked, answered = gathered.line.history(plans["id"])
    assert (asked["author"], asked["body"]) == (gathered.people[0].id, "Who is **in**, @Clara?")
    assert (asked["sent_at"], asked["mentions"]) == (1_700_000_000_000, [answered["author"]])
    assert (answered["body"], answered["reply_to"]) == ("Me & you", asked["id"])
    assert answered["reactions"] == {"👍": [gathered.people[0].id]}
    with zipfile.ZipFile(exported(chat, "seventh", tmp_path)) as taken:
        assert taken.read(f"files/{answered['files'][0]['id']}") == b"a\nb\nc"
    gathered.leave()


def test_a_bulk_export_of_mattermost_comes_in_with_answers_and_reactions(chat: Server, tmp_path: Path) -> None:
    gathered = room(chat, "eighth", "Anna Smith")
    post = {
        "team": "ours", "channel": "plans", "user": "anna", "message": "Who is **in**, @clara?",
        "create_at": 1_700_000_000_000,
        "reactions": [{"user": "clara", "emoji_name": "+1", "create_at": 1_700_000_000_001}],
        "replies": [{"user": "clara", "message": "Me", "create_at": 1_700_000_060_000}],
    }  # fmt: skip
    records = [
        {"type": "version", "version": 1},
        {"type": "team", "team": {"name": "ours", "display_name": "Ours", "type": "I"}},
        {"type": "channel", "channel": {"team": "ours", "name": "plans", "display_name": "Plans", "type": "O"}},
        {"type": "user", "user": {"username": "anna", "first_name": "Anna", "last_name": "Smith"}},
        {"type": "user", "user": {"username": "clara"}},
        {"type": "post", "post": post},
    ]
    file = tmp_path / "bulk.jsonl"
    file.write_text("".join(f"{json.dumps(record)}\n" for record in records) + "not json\n")
    for brought in ("2 messages and 0 files brought", "0 messages and 0 files brought"):
        done = bring(chat, file, "--room", "eighth")
        assert done.returncode == 0, done.stderr
        assert brought in done.stdout
        assert "cannot be read: not JSON" in done.stdout
    plans = next(each for each in gathered.oskar.come().welcome["channels"] if each["name"] == "Plans")
    asked, answered = gathered.line.history(plans["id"])
    assert (asked["author"], asked["sent_at"]) == (gathered.people[0].id, 1_700_000_000_000)
    assert asked["reactions"] == {"👍": [answered["author"]]}
    assert (answered["body"], answered["reply_to"]) == ("Me", asked["id"])
    gathered.leave()
