"""Good frames of every type, and what becomes of a frame: shared by the tests of reading them."""

import json
from typing import Any

import pytest

from encoding import b64url
from errors import ChatError, Malformed, TooLarge, UnknownType
from limits import (
    MAX_SAFE_INTEGER,
)
from wire.administration import LiftBan, ListActs, ListBans, ShowOverview
from wire.changes import (
    CHANGES,
    CreateChannel,
    Delete,
    DeleteChannel,
    Edit,
    PinMessage,
    React,
    RemoveMember,
    Send,
    UpdateChannel,
)
from wire.channels import MarkUnread, Star
from wire.drafts import KeepDraft, ListDrafts
from wire.files import File, FileTickets
from wire.kept import ListActivity, ListFormer, ListPins, ListSaved, SaveMessage, SeeActivity
from wire.lanes import AddMembers, LeaveChannel, ListLanes, OpenDirect, PartMember, SetKeeper
from wire.people import ListComings, ShowPerson
from wire.profiles import UpdateProfile, UpdateRoom
from wire.questions import (
    QUESTIONS,
    AnswerLogin,
    ChooseLevel,
    Hello,
    History,
    PushTest,
    Read,
    SeeAlert,
    Typing,
    Visible,
)
from wire.quiet import SetQuiet
from wire.reading import Frame, parse
from wire.scheduling import DropScheduled, ListScheduled, Reschedule, Schedule, SendScheduled
from wire.searching import Search
from wire.threads import ListReplies

ID = "0199f3a0-1111-7222-8333-444455556666"
OTHER_ID = "0199f3a0-1111-7222-8333-444455557777"
THUMB = "👍"
FILE: dict[str, Any] = {
    "id": b64url(bytes(16)),
    "key": b64url(bytes(32)),
    "name": "a.txt",
    "type": "text/plain",
    "size": 7,
}
REFUSALS = (Malformed, TooLarge, UnknownType)

GOOD: list[tuple[dict[str, Any], Frame]] = [
    ({"type": "hello", "last_seq": None}, Hello(None, None, acks=True)),
    ({"type": "hello"}, Hello(None, None, acks=True)),
    ({"type": "hello", "ref": "h", "last_seq": 0, "acks": True}, Hello("h", 0, acks=True)),
    ({"type": "hello", "last_seq": MAX_SAFE_INTEGER, "acks": False}, Hello(None, MAX_SAFE_INTEGER, acks=False)),
    ({"type": "send", "id": ID, "channel": "general", "body": "x"}, Send(ID, ID, "general", "x", None, ())),
    (
        {
            "type": "send",
            "id": ID,
            "channel": "c",
            "body": " x\n",
            "reply_to": OTHER_ID,
            "mentions": ["a", "b", "a"],
            "ref": "ignored",
        },
        Send(ID, ID, "c", " x\n", OTHER_ID, ("a", "b")),
    ),
    (
        {"type": "send", "id": ID, "channel": "c", "body": "x", "reply_to": None, "mentions": None},
        Send(ID, ID, "c", "x", None, ()),
    ),
    (
        {"type": "send", "id": ID, "channel": "c", "body": " ", "files": [FILE | {"later": 1, "hash": None}]},
        Send(ID, ID, "c", "", None, (), (File(FILE["id"], 7, None, FILE),)),
    ),
    ({"type": "send", "id": ID, "channel": "c", "body": "x", "files": []}, Send(ID, ID, "c", "x", None, ())),
    ({"type": "edit", "id": ID, "body": "\u200b"}, Edit(None, ID, "", ())),
    ({"type": "edit", "ref": "r", "id": ID, "body": "x", "mentions": ["a"]}, Edit("r", ID, "x", ("a",))),
    ({"type": "edit", "id": ID, "body": "x"}, Edit(None, ID, "x", ())),
    ({"type": "delete", "ref": "r", "id": ID}, Delete("r", ID)),
    ({"type": "react", "ref": "r", "id": ID, "emoji": THUMB, "on": True}, React("r", ID, THUMB, on=True)),
    ({"type": "pin", "ref": "r", "id": ID, "on": True}, PinMessage("r", ID, on=True)),
    ({"type": "pin", "id": ID, "on": False, "channel": "c"}, PinMessage(None, ID, on=False, channel="c")),
    ({"type": "save", "ref": "r", "id": ID, "on": True}, SaveMessage("r", ID, on=True)),
    ({"type": "save", "id": ID, "on": False, "channel": "c"}, SaveMessage(None, ID, on=False, channel="c")),
    ({"type": "saved", "ref": "r"}, ListSaved("r", None)),
    ({"type": "saved", "before": 7}, ListSaved(None, 7)),
    (
        {"type": "schedule", "ref": "r", "id": ID, "channel": "c", "body": "x", "at": 7, "reply_to": OTHER_ID},
        Schedule("r", ID, "c", "x", 7, OTHER_ID, ()),
    ),
    ({"type": "schedule.update", "id": ID, "body": "x", "mentions": ["a"]}, Reschedule(None, ID, "x", None, ("a",))),
    ({"type": "schedule.update", "id": ID, "at": 7}, Reschedule(None, ID, None, 7, ())),
    ({"type": "schedule.send", "ref": "r", "id": ID}, SendScheduled("r", ID)),
    ({"type": "schedule.delete", "ref": "r", "id": ID}, DropScheduled("r", ID)),
    ({"type": "scheduled", "ref": "r"}, ListScheduled("r")),
    ({"type": "draft", "ref": "r", "channel": "c", "body": "x "}, KeepDraft("r", "c", "x ")),
    ({"type": "draft", "channel": "c", "body": " \u200b"}, KeepDraft(None, "c", "")),
    ({"type": "drafts", "ref": "r"}, ListDrafts("r")),
    ({"type": "activity", "ref": "r"}, ListActivity("r", None)),
    ({"type": "activity", "before": 7}, ListActivity(None, 7)),
    ({"type": "activity.seen", "ref": "r", "at": 7}, SeeActivity("r", 7)),
    ({"type": "former", "ref": "r", "id": ID}, ListFormer("r", ID)),
    ({"type": "former", "id": ID, "channel": "c"}, ListFormer(None, ID, "c")),
    ({"type": "pins", "ref": "r", "channel": "c"}, ListPins("r", "c", None)),
    ({"type": "thread", "ref": "r", "channel": "c", "seq": 7}, ListReplies("r", "c", 7, None)),
    ({"type": "thread", "channel": "c", "seq": 7, "after": 9}, ListReplies(None, "c", 7, 9)),
    ({"type": "pins", "channel": "c", "before": 7}, ListPins(None, "c", 7)),
    ({"type": "react", "id": ID, "emoji": THUMB, "on": False}, React(None, ID, THUMB, on=False)),
    (
        {"type": "history", "ref": "r", "channel": "c", "before": None, "limit": 1},
        History("r", "c", None, None, 1),
    ),
    ({"type": "history", "channel": "c", "limit": 100}, History(None, "c", None, None, 100)),
    ({"type": "history", "channel": "c", "before": 7, "limit": 50}, History(None, "c", 7, None, 50)),
    ({"type": "history", "channel": "c", "after": 0, "limit": 50}, History(None, "c", None, 0, 50)),
    ({"type": "history", "channel": "c", "before": None, "after": 3, "limit": 9}, History(None, "c", None, 3, 9)),
    (
        {"type": "history", "channel": "c", "limit": 9, "has": ["file", "file"]},
        History(None, "c", None, None, 9, ("file",)),
    ),
    ({"type": "history", "channel": "c", "limit": 9, "has": []}, History(None, "c", None, None, 9)),
    ({"type": "history", "channel": "c", "around": 7, "limit": 9}, History(None, "c", None, None, 9, (), 7)),
    ({"type": "history", "channel": "c", "at": 7, "limit": 9}, History(None, "c", None, None, 9, at=7)),
    (
        {"type": "search", "query": "x", "limit": 50},
        Search(None, "x", None, None, None, None, (), None, 50),
    ),
    (
        {"type": "file.tickets", "ref": "r", "ids": [FILE["id"], FILE["id"]]},
        FileTickets("r", (FILE["id"],)),
    ),
    ({"type": "file.tickets", "ids": []}, FileTickets(None, ())),
    ({"type": "read", "channel": "c", "seq": 0}, Read(None, "c", 0)),
    ({"type": "typing", "channel": "c"}, Typing(None, "c")),
    ({"type": "channel.create", "ref": "r", "name": " plans "}, CreateChannel("r", "plans", "")),
    ({"type": "channel.create", "name": "plans", "topic": "  what "}, CreateChannel(None, "plans", "what")),
    (
        {"type": "channel.create", "name": "plans", "kind": "private", "members": ["a", "b", "a"], "history": "all"},
        CreateChannel(None, "plans", "", "private", ("a", "b")),
    ),
    ({"type": "channel.create", "name": "plans", "kind": "open", "members": 7}, CreateChannel(None, "plans", "")),
    ({"type": "edit", "id": ID, "body": "x", "channel": "c"}, Edit(None, ID, "x", (), "c")),
    ({"type": "delete", "id": ID, "channel": "c"}, Delete(None, ID, "c")),
    (
        {"type": "react", "id": ID, "emoji": THUMB, "on": True, "channel": "c"},
        React(None, ID, THUMB, on=True, channel="c"),
    ),
    ({"type": "direct.open", "ref": "r", "members": ["a"]}, OpenDirect("r", ("a",))),
    (
        {"type": "channel.add", "id": "c", "members": ["a", "b"], "history": "all"},
        AddMembers(None, "c", ("a", "b"), "all"),
    ),
    ({"type": "channel.remove", "ref": "r", "id": "c", "member": "a"}, PartMember("r", "c", "a")),
    ({"type": "channel.leave", "ref": "r", "id": "c"}, LeaveChannel("r", "c")),
    ({"type": "channel.keeper", "id": "c", "member": "a", "on": False}, SetKeeper(None, "c", "a", on=False)),
    ({"type": "lanes", "ref": "r"}, ListLanes("r")),
    ({"type": "hello", "lanes": {"c": 7}}, Hello(None, None, acks=True, lanes={"c": 7})),
    ({"type": "channel.update", "ref": "r", "id": "c"}, UpdateChannel("r", "c", {})),
    (
        {"type": "channel.update", "id": "c", "name": "n", "topic": "", "archived": True, "retention_days": None},
        UpdateChannel(None, "c", {"name": "n", "topic": "", "archived": True, "retention_days": None}),
    ),
    ({"type": "channel.update", "id": "c", "retention_days": 0}, UpdateChannel(None, "c", {"retention_days": 0})),
    ({"type": "channel.delete", "ref": "r", "id": "c"}, DeleteChannel("r", "c")),
    ({"type": "member.remove", "ref": "r", "id": "m"}, RemoveMember("r", "m")),
    ({"type": "room.update", "ref": "r", "retention_days": 7}, UpdateRoom("r", {"retention_days": 7})),
    (
        {"type": "room.update", "name": "  Boats ", "colour": "iris", "picture": None},
        UpdateRoom(None, {"name": "Boats", "colour": "iris", "picture": b""}),
    ),
    ({"type": "profile.update", "ref": "r", "status": None}, UpdateProfile("r", {"status": None})),
    ({"type": "profile.update", "ref": "r", "name": " @Anja "}, UpdateProfile("r", {"name": "Anja"})),
    (
        {"type": "profile.update", "status": {"emoji": THUMB, "text": " at sea "}},
        UpdateProfile(None, {"status": {"emoji": THUMB, "text": "at sea"}}),
    ),
    ({"type": "room.update", "retention_days": None}, UpdateRoom(None, {"retention_days": None})),
    ({"type": "visible", "ref": "r", "visible": False}, Visible("r", visible=False)),
    ({"type": "quiet", "ref": "r", "minutes": 30}, SetQuiet("r", {"minutes": 30})),
    ({"type": "quiet", "minutes": None, "hours": None}, SetQuiet(None, {"hours": None})),
    ({"type": "notify", "ref": "r", "channel": "c", "level": "mentions"}, ChooseLevel("r", "c", "mentions")),
    ({"type": "notify", "channel": "c", "level": None}, ChooseLevel(None, "c", None)),
    ({"type": "unread", "ref": "r", "channel": "c", "seq": 7}, MarkUnread("r", "c", 7)),
    ({"type": "star", "ref": "r", "channel": "c", "on": True}, Star("r", "c", on=True)),
    ({"type": "push.test", "ref": "r"}, PushTest("r")),
    ({"type": "bans", "ref": "r"}, ListBans("r")),
    ({"type": "audit", "ref": "r"}, ListActs("r", None)),
    ({"type": "audit", "before": 5}, ListActs(None, 5)),
    ({"type": "person", "ref": "r", "id": "x"}, ShowPerson("r", "x")),
    ({"type": "comings", "ref": "r"}, ListComings("r", None)),
    ({"type": "comings", "ref": "r", "before": 5}, ListComings("r", 5)),
    ({"type": "overview", "ref": "r"}, ShowOverview("r", None)),
    ({"type": "overview", "ref": "r", "after_member": "x"}, ShowOverview("r", "x")),
    ({"type": "ban.lift", "ref": "r", "id": "x"}, LiftBan("r", "x")),
    ({"type": "member.remove", "ref": "r", "id": "x", "ban": True}, RemoveMember("r", "x", ban=True)),
    ({"type": "alert.seen", "ref": "r", "id": "x"}, SeeAlert("r", "x")),
    ({"type": "login.answer", "ref": "r", "id": "x", "approve": False}, AnswerLogin("r", "x", approve=False)),
]
GOOD_CHANGES = [good for good in GOOD if good[0]["type"] in CHANGES]
GOOD_QUESTIONS = [good for good in GOOD if good[0]["type"] in QUESTIONS]
GOOD_IDS = [f"{number} {fields['type']}" for number, (fields, _) in enumerate(GOOD)]


def parsed(fields: dict[str, Any]) -> Frame:
    return parse(json.dumps(fields))


def refusal(frame: dict[str, Any] | str) -> ChatError:
    with pytest.raises(REFUSALS) as caught:
        parse(frame if isinstance(frame, str) else json.dumps(frame))
    return caught.value
