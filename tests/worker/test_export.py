"""bin/export against a real chat: what a member sees comes out, to the last byte, and nothing of what others see."""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pyrage
import pytest

from chat.directory import GENERAL
from tests.people import Line, Person
from tests.sealed_files import upload
from tests.server import ADMIN_PASSWORD, PASSWORD, Server
from tests.worker.archives import CODE, export, lines, secured

CONTENT = os.urandom(600_000)


@pytest.fixture(scope="module")
def chat() -> Iterator[Server]:
    """A chat that asks for a proof of work, as chats do."""
    running = Server.start(settings={"BOT_PROTECTION": "altcha", "MESSAGE_RATE": "100000/100000"})
    yield running
    running.stop()


@pytest.fixture(scope="module")
def told(chat: Server) -> Iterator[dict[str, Any]]:
    """A room in which something was said, in the open and not."""
    anna, boris, carol = (secured(Person(chat.url, name).enter()) for name in ("Anna", "Boris", "Carol"))
    line, other = anna.come(lanes={}), boris.come(lanes={})
    said = line.say("Good **morning** </script> @Boris", mentions=[boris.id])
    answer = other.say("And to you", reply_to=said["id"])
    line.ask("react", id=answer["id"], emoji="👍", on=True)
    other.ask("edit", id=answer["id"], body="And to you all")
    gone = line.say("never mind")
    line.ask("delete", id=gone["id"])
    file = upload(anna, CONTENT, name="summer.bin", kind="application/octet-stream")
    line.say("", files=[file])
    line.say_many(120)
    den = line.ask("channel.create", name="hideaway", kind="private", members=[boris.id])["channel"]
    line.say("only for the two of us", channel=den)
    direct = line.ask("direct.open", members=[boris.id])["channel"]
    line.say("between you and me", channel=direct)
    hidden = upload(anna, b"a secret file", name="hidden.txt", kind="text/plain", channel=den)
    line.say("", channel=den, files=[hidden])
    yield {"anna": anna, "line": line, "den": den, "direct": direct, "file": file, "hidden": hidden, "gone": gone["id"]}
    for person in (anna, boris, carol):
        person.leave()


def history(line: Line, channel: str) -> list[dict[str, Any]]:
    """All of a channel, as another client gets it."""
    found: list[dict[str, Any]] = []
    while page := line.ask("history", channel=channel, after=found[-1]["seq"] if found else 0, limit=100):
        found += page["messages"]
        if not page["more"]:
            break
    return found


def test_a_member_exports_everything_that_they_see(chat: Server, told: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "anna.zip"
    done = export(chat, file, CHAT_NAME="Anna", CHAT_RECOVERY_CODE=CODE)
    assert (done.returncode, done.stderr) == (0, "")
    assert oct(file.stat().st_mode)[-3:] == "600"
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        manifest = json.loads(archive.read("manifest.json"))
        names = archive.namelist()
        assert [part["name"] for part in manifest["parts"]] == names[:-1]
        for part in manifest["parts"]:
            content = archive.read(part["name"])
            assert (len(content), hashlib.sha256(content).hexdigest()) == (part["bytes"], part["sha256"])
        assert archive.read(f"files/{told['file']['id']}") == CONTENT
        assert archive.read(f"files/{told['hidden']['id']}") == b"a secret file"
        kinds = {channel["id"]: channel["kind"] for channel in lines(archive, "channels.jsonl")}
        assert kinds == {"general": "open", told["den"]: "private", told["direct"]: "direct"}
        for channel in kinds:
            expected = [as_exported(message) for message in history(told["line"], channel)]
            assert lines(archive, f"messages/{channel}.jsonl") == expected
        assert manifest["counts"] == {
            "members": 3, "channels": 3, "messages": 126, "deleted": 1, "files": 2, "file_bytes": 600_013
        }  # fmt: skip
        assert {member["name"] for member in lines(archive, "members.jsonl")} == {"Anna", "Boris", "Carol"}


def as_exported(message: dict[str, Any]) -> dict[str, Any]:
    """What docs/export.md makes of a message of the wire."""
    missing = {"author": None, "sent_at": None, "edited_at": None, "deleted_at": None, "body": None, "reply_to": None}
    empty: dict[str, Any] = {"mentions": [], "reactions": {}, "files": []}
    files = [{key: value for key, value in file.items() if key != "key"} for file in message.get("files", [])]
    known = {key: value for key, value in message.items() if key not in ("channel", "reply_seq", "replies")}
    return {**missing, **empty, **known, "files": files}


def test_an_export_holds_nothing_of_lanes_that_its_member_is_not_in(
    chat: Server, told: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "carol.zip"
    assert export(chat, file, CHAT_NAME="Carol", CHAT_RECOVERY_CODE=CODE).returncode == 0
    content = file.read_bytes()
    secrets = ["hideaway", "only for the two of us", "between you and me", "a secret file", "hidden.txt"]
    secrets += [told["den"], told["direct"], told["hidden"]["id"]]
    assert [secret for secret in secrets if secret.encode() in content] == []
    # What is searched for would be found: entries are stored as they are.
    assert b"And to you all" in content
    assert told["file"]["id"].encode() in content
    # No key of any file travels along, and nothing of what was deleted.
    assert told["file"]["key"].encode() not in content
    assert b"never mind" not in content


def test_a_passphrase_seals_it_as_age_does(chat: Server, told: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "sealed.zip.age"
    passphrase = "correct horse"
    done = export(chat, file, "--no-files", CHAT_NAME="Eve", CHAT_PASSWORD=PASSWORD, EXPORT_PASSPHRASE=passphrase)
    assert done.returncode == 0, done.stderr
    sealed = file.read_bytes()
    assert sealed.startswith(b"age-encryption.org/v1\n-> scrypt ")
    with zipfile.ZipFile(BytesIO(pyrage.passphrase.decrypt(sealed, passphrase))) as archive:
        assert archive.testzip() is None
        assert json.loads(archive.read("manifest.json"))["files"] == "left_out"
        assert not [name for name in archive.namelist() if name.startswith("files/")]
    with pytest.raises(pyrage.DecryptError):
        pyrage.passphrase.decrypt(sealed, "wrong horse")


def test_the_layout_of_slack_has_users_channels_and_days(chat: Server, told: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "slack.zip"
    done = export(chat, file, "--slack", "--open-only", CHAT_NAME="Eve", CHAT_PASSWORD=PASSWORD)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(file) as archive:
        users = {user["id"]: user for user in json.loads(archive.read("users.json"))}
        assert {user["real_name"] for user in users.values()} >= {"Anna", "Boris", "Carol", "Eve"}
        assert [channel["name"] for channel in json.loads(archive.read("channels.json"))] == ["general"]
        assert json.loads(archive.read("groups.json")) == json.loads(archive.read("dms.json")) == []
        days = [name for name in archive.namelist() if name.startswith("general/")]
        messages = [message for day in days for message in json.loads(archive.read(day))]
        assert len(messages) == 123
        first, second = messages[:2]
        boris = next(user["id"] for user in users.values() if user["name"] == "boris")
        assert first["text"] == f"Good *morning* &lt;/script&gt; <@{boris}>"
        assert first["thread_ts"] == second["thread_ts"] == first["ts"]
        assert second["reactions"] == [{"name": "+1", "users": [first["user"]], "count": 1}]
        [with_file] = [message for message in messages if "files" in message]
        [attached] = with_file["files"]
        assert archive.read(f"__uploads/{attached['id']}/summer.bin") == CONTENT


def test_refusals_are_said_and_leave_nothing(chat: Server, told: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "none.zip"
    for words, options, who in [
        ("The password is wrong", (), {"CHAT_NAME": "Eve", "CHAT_PASSWORD": "not the password"}),
        ("belongs to somebody", (), {"CHAT_NAME": "Anna", "CHAT_PASSWORD": PASSWORD}),
        ("Set CHAT_PASSWORD", (), {"CHAT_NAME": "Eve"}),
        ("no room", ("--room", "nowhere"), {"CHAT_NAME": "Eve", "CHAT_PASSWORD": PASSWORD}),
    ]:
        done = export(chat, file, *options, **who)
        assert done.returncode == 1
        assert words in done.stderr
        assert "Traceback" not in done.stderr
        assert "at " not in done.stderr.split()
        assert list(tmp_path.iterdir()) == []


def test_where_admins_read_along_an_admin_takes_everything_along_and_a_member_what_they_see(tmp_path: Path) -> None:
    server = Server.start(settings={"SUPERVISION": "on", "BOT_PROTECTION": "altcha"})
    try:
        people = anna, boris, _ = [secured(Person(server.url, name).enter()) for name in ("Anna", "Boris", "Carol")]
        line = anna.come(lanes={})
        den = line.ask("channel.create", name="hideaway", kind="private", members=[boris.id])["channel"]
        direct = line.ask("direct.open", members=[boris.id])["channel"]
        line.say("in the open")
        line.say("only for the two of us", channel=den)
        hidden = upload(anna, b"a secret file", name="hidden.txt", kind="text/plain", channel=direct)
        line.say("between you and me", channel=direct, files=[hidden])
        everything, without, carols = (tmp_path / f"{name}.zip" for name in ("everything", "without", "carols"))
        olga = {"CHAT_NAME": "Olga", "CHAT_PASSWORD": ADMIN_PASSWORD}
        assert export(server, everything, **olga).returncode == 0
        assert export(server, without, "--open-only", **olga).returncode == 0
        assert export(server, carols, CHAT_NAME="Carol", CHAT_RECOVERY_CODE=CODE).returncode == 0
        with zipfile.ZipFile(everything) as archive:
            said = [each["body"] for channel in (GENERAL, den, direct) for each in of_channel(archive, channel)]
            assert said == ["in the open", "only for the two of us", "between you and me"]
            assert archive.read(f"files/{hidden['id']}") == b"a secret file"
            members = {each["id"]: each["members"] for each in lines(archive, "channels.jsonl")}
            assert {frozenset(members[channel]) for channel in (den, direct)} == {frozenset([anna.id, boris.id])}
        for file in (without, carols):
            content = file.read_bytes()
            assert b"in the open" in content
            assert [
                each for each in (den, direct, "hideaway", "only for", "a secret") if each.encode() in content
            ] == []
        for person in people:
            person.leave()
    finally:
        server.stop()


def of_channel(archive: zipfile.ZipFile, channel: str) -> list[dict[str, Any]]:
    return lines(archive, f"messages/{channel}.jsonl")
