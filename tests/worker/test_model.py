"""Random lives of a room: whatever people do, drop, repeat and come back to, they all see the same, and see it right.

Three sources are compared: what each client has put together from events only, what a fresh client loads, and a model
of a few lines that knows nothing of sealing, sockets or storage.
"""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from limits import MAX_SOCKETS_PER_MEMBER
from tests.people import Frame, Line, Person
from tests.server import Server
from tests.worker.gathering import Gathering, sleep_until_evicted, until
from tests.worker.pictures import Picture, stored_files
from tests.worker.view import View
from text.names import is_empty

NAMES = ("Alice", "Bob", "Carol")
EMOJIS = ("👍", "🎉", "🦑")
STEPS = 40

who = st.sampled_from(NAMES)
which = st.integers(min_value=0, max_value=10_000)
bodies = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=30).filter(
    lambda text: not is_empty(text)
)


class Model:
    """The room as the rules of docs/protocol.md make it."""

    def __init__(self) -> None:
        self.channels: dict[str, Frame] = {"general": {"name": "general", "archived": False, "by": ""}}
        self.messages: dict[str, Frame] = {}
        self.uploads: dict[str, str] = {}
        """The channels of files that wait for a message."""

    def in_channel(self, channel: str) -> list[Frame]:
        return [message for message in self.messages.values() if message["channel"] == channel]

    def seen_by(self, name: str) -> list[str]:
        """The channels that a person sees."""
        return [channel for channel, each in self.channels.items() if name in each.get("members", NAMES)]

    def scope(self, channel: str) -> str:
        """Where a message's id is unique: in a lane, or in all open channels."""
        return channel if "members" in self.channels.get(channel, {}) else ""

    def is_open(self, channel: str) -> bool:
        return channel in self.channels and not self.channels[channel]["archived"]

    def files(self) -> set[str]:
        """The ids of all files that somebody still has."""
        standing = [each for each in self.messages.values() if each["channel"] in self.channels and not each["deleted"]]
        sent = {file["id"] for message in standing for file in message["files"]}
        return sent | {file for file, channel in self.uploads.items() if channel in self.channels}


class RoomMachine(RuleBasedStateMachine):
    """People and what they may do at any moment."""

    server: Server

    @initialize()
    def open_room(self) -> None:
        self.gathering = Gathering(self.server)
        self.people: dict[str, Person] = {name: self.gathering.enter(name).secure() for name in NAMES}
        self.model = Model()
        alice = self.people["Alice"].come(lanes={})
        everybody = [person.id for person in self.people.values()]
        private = alice.ask("channel.create", name="private", kind="private", members=everybody)["channel"]
        direct = alice.ask("direct.open", members=[self.people["Bob"].id])["channel"]
        self._begin(alice, direct)
        self.model.channels[private] = {"name": "private", "archived": False, "by": everybody[0], "members": NAMES}
        self.model.channels[direct] = {"name": "", "archived": False, "by": "", "members": ("Alice", "Bob")}
        self.lines: dict[str, Line | None] = {name: person.come(lanes={}) for name, person in self.people.items()}
        self.views: dict[str, View] = {name: View.load(self._line(name)) for name in NAMES}

    def _begin(self, line: Line, direct: str) -> None:
        """The first message of a conversation, from which on both know of it."""
        said = line.say("psst", channel=direct)
        author = self.people["Alice"].id
        self.model.messages[said["id"]] = {
            "id": said["id"], "channel": direct, "author": author, "body": "psst", "seq": said["seq"], "mentions": [],
            "reactions": {}, "deleted": False, "reply_to": None, "files": [],
        }  # fmt: skip

    def teardown(self) -> None:
        if hasattr(self, "gathering"):
            try:
                self._everybody_agrees()
            finally:
                self.gathering.end()

    # --- what people do ---

    @rule(
        name=who,
        channel=which,
        body=bodies,
        times=st.integers(1, 3),
        mention=st.lists(who, max_size=2),
        answer=which,
        pictures=st.sampled_from((0, 0, 1, 2)),
    )
    def send(
        self, name: str, channel: int, body: str, times: int, mention: list[str], answer: int, pictures: int
    ) -> None:
        where = self._channel(channel, name)
        files = [self._uploaded(name, where) for _ in range(pictures)] if self.model.is_open(where) else []
        body = "" if len(files) > 1 else body
        message_id = str(uuid4())
        seers = [each for each in mention if where in self.model.seen_by(each)]
        mentions = list(dict.fromkeys(self.people[each].id for each in mention))
        answered = self._pick(self.model.in_channel(where), answer) if answer % 3 == 0 else None
        more: Frame = {"mentions": mentions} | ({"reply_to": answered["id"]} if answered else {})
        more |= {"files": files} if files else {}
        line = self._line(name)
        for _ in range(times):  # the network repeats what it likes
            line.put({"type": "send", "id": message_id, "channel": where, "body": body, **more})
        answers = [line.answer(message_id) for _ in range(times)]
        assert answers == [answers[0]] * times
        if not self.model.is_open(where):
            assert answers[0]["code"] == "archived"
            return
        message: Frame = {
            "id": message_id,
            "channel": where,
            "author": self.people[name].id,
            "body": body,
            "seq": answers[0]["seq"],
            "mentions": list(dict.fromkeys(self.people[each].id for each in seers)),
            "reactions": {},
            "deleted": False,
            "reply_to": answered["id"] if answered else None,
            "files": files,
        }
        self.model.messages[message_id] = message

    @rule(name=who, channel=which, gives_up=st.booleans())
    def upload_and_send_nothing(self, name: str, channel: int, gives_up: bool) -> None:
        """A picture that never gets a message goes when its member gives it up, or when its channel goes."""
        where = self._channel(channel, name)
        if not self.model.is_open(where):
            assert Picture(self.people[name], channel=where).reserve().json()["code"] == "archived"
            return
        file = self._uploaded(name, where)["id"]
        if gives_up:
            assert self.people[name].http.delete(f"/files/{file}").status_code == 204
        else:
            self.model.uploads[file] = where

    @precondition(lambda self: self.model.messages)
    @rule(name=who, message=which, channel=which, body=bodies)
    def repeat_an_old_send(self, name: str, message: int, channel: int, body: str) -> None:
        """An outbox that never got its ack sends again, whatever happened to the message and its channel since."""
        old = self._message(message)
        scope = self.model.scope(old["channel"])
        places = [each for each in self.model.seen_by(name) if self.model.scope(each) == scope]
        if not places:  # of a conversation that they do not see: there the id is free
            return
        answer = self._line(name).say(body, channel=places[channel % len(places)], id=old["id"])
        if old["author"] == self.people[name].id:
            assert answer["seq"] == old["seq"]
        else:
            assert answer["code"] == "forbidden"

    @precondition(lambda self: self.model.messages)
    @rule(name=who, message=which, body=bodies)
    def edit(self, name: str, message: int, body: str) -> None:
        old = self._message(message)
        answer = self._line(name).ask("edit", id=old["id"], body=body)
        if self._refusal(answer, old, name, own=True):
            return
        old |= {"body": body, "mentions": []}

    @precondition(lambda self: self.model.messages)
    @rule(name=who, message=which)
    def delete(self, name: str, message: int) -> None:
        old = self._message(message)
        answer = self._line(name).ask("delete", id=old["id"])
        if old["channel"] not in self.model.seen_by(name):
            assert answer["code"] == "not_found"
        elif old["author"] != self.people[name].id:
            assert answer["code"] == "forbidden"
        else:
            assert answer["type"] == "ack"
            old["deleted"] = True

    @precondition(lambda self: self.model.messages)
    @rule(name=who, message=which, emoji=st.sampled_from(EMOJIS), on=st.booleans())
    def react(self, name: str, message: int, emoji: str, on: bool) -> None:
        old = self._message(message)
        answer = self._line(name).ask("react", id=old["id"], emoji=emoji, on=on)
        if self._refusal(answer, old, name, own=False):
            return
        members: list[str] = [each for each in old["reactions"].get(emoji, []) if each != self.people[name].id or on]
        if on and self.people[name].id not in members:
            members.append(self.people[name].id)
        old["reactions"] = {key: value for key, value in {**old["reactions"], emoji: members}.items() if value}

    @rule(name=who, label=st.integers(0, 5))
    def create_channel(self, name: str, label: int) -> None:
        taken = any(channel["name"] == f"channel {label}" for channel in self.model.channels.values())
        answer = self._line(name).ask("channel.create", name=f"channel {label}")
        if taken:
            assert answer["code"] == "name_taken"
            return
        made = {"name": f"channel {label}", "archived": False, "by": self.people[name].id}
        self.model.channels[answer["channel"]] = made

    @rule(name=who, channel=which, archived=st.booleans())
    def archive_channel(self, name: str, channel: int, archived: bool) -> None:
        where = self._channel(channel, name)
        answer = self._line(name).ask("channel.update", id=where, archived=archived)
        if self.model.channels[where]["by"] != self.people[name].id:
            assert answer["code"] == "forbidden"
            return
        self.model.channels[where]["archived"] = archived

    @rule(name=who, channel=which)
    def delete_channel(self, name: str, channel: int) -> None:
        where = self._channel(channel, name)
        if self.model.scope(where):  # a keeper may delete what others wrote
            return
        answer = self._line(name).ask("channel.delete", id=where)
        creator = self.model.channels[where]["by"]
        others = [each for each in self.model.in_channel(where) if each["author"] != creator]
        if creator != self.people[name].id or others:
            assert answer["code"] == "forbidden"
            return
        del self.model.channels[where]

    # --- what happens to them ---

    @rule(name=who)
    def lose_the_line(self, name: str) -> None:
        """Everything not taken yet is lost; the view stays where it was."""
        line = self.lines[name]
        if line is not None:
            line.close()
            self.lines[name] = None

    @rule(name=who)
    def take_what_came(self, name: str) -> None:
        line = self.lines[name]
        if line is not None:
            self.views[name].take(line.catch_up())

    @rule(name=who)
    def start_afresh(self, name: str) -> None:
        """A reload of the page, in a second window that takes the place of the first."""
        person = self.people[name]
        if len(person.lines) > MAX_SOCKETS_PER_MEMBER // 2:  # nobody may have very many windows, and none is closed
            return
        self.lines[name] = line = person.come(lanes={})
        self.views[name] = View.load(line)

    @rule(chance=st.integers(0, 59))
    def sleep(self, chance: int) -> None:
        """Now and then, for it takes its time: the object is evicted and forgets all that is not stored."""
        if chance == 17:
            sleep_until_evicted(self.people["Bob"])

    @invariant()
    def positions_only_grow(self) -> None:
        newest = max((message["seq"] for message in getattr(self, "model", Model()).messages.values()), default=0)
        for view in getattr(self, "views", {}).values():
            assert view.seq >= 0
            assert newest >= max((max(messages, default=0) for messages in view.messages.values()), default=0)

    # --- what must hold ---

    def _everybody_agrees(self) -> None:
        for name in NAMES:
            fresh = View.load(self.people[name].come(lanes={}))
            self.views[name].take(self._line(name).catch_up())
            assert self.views[name].known() == fresh.known()
            assert _facts(fresh) == self._expected(name)
        until(lambda: stored_files(self.gathering.place) == self.model.files())

    def _expected(self, name: str) -> dict[str, Any]:
        seen = self.model.seen_by(name)
        return {channel: [_fact(message) for message in self.model.in_channel(channel)] for channel in seen}

    # --- helpers ---

    def _line(self, name: str) -> Line:
        """The person's socket; who has none comes back and catches up first."""
        line = self.lines[name]
        if line is None:
            view = self.views[name]
            self.lines[name] = line = self.people[name].come(view.seq, view.lanes)
            assert line.welcome["resumed"] is True
            assert set(line.welcome["lanes_resumed"]) == view.lanes.keys()
            view.take(line.catch_up())
            assert view.seq == line.welcome["seq"]
            assert view.lanes == {each["id"]: each["seq"] for each in line.welcome["channels"] if "seq" in each}
        return line

    def _uploaded(self, name: str, channel: str) -> Frame:
        return Picture(self.people[name], channel=channel).upload().described()

    def _channel(self, number: int, name: str) -> str:
        channels = self.model.seen_by(name)
        return channels[number % len(channels)]

    def _message(self, number: int) -> Frame:
        """Any message, seen or not."""
        found = self._pick(list(self.model.messages.values()), number)
        assert found is not None
        return found

    def _pick(self, messages: list[Frame], number: int) -> Frame | None:
        return messages[number % len(messages)] if messages else None

    def _refusal(self, answer: Frame, message: Frame, name: str, *, own: bool) -> bool:
        if message["channel"] not in self.model.seen_by(name) or message["deleted"]:
            expected = {"not_found"}
        elif own and message["author"] != self.people[name].id:
            expected = {"forbidden"}
        elif not self.model.is_open(message["channel"]):
            expected = {"archived"}
        else:
            assert answer["type"] == "ack", answer
            return False
        assert answer["code"] in expected, answer
        return True


def _facts(view: View) -> dict[str, Any]:
    return {
        channel: [_fact({**messages[seq], "deleted": "deleted_at" in messages[seq]}) for seq in sorted(messages)]
        for channel, messages in view.messages.items()
    }


def _fact(message: Frame) -> Frame:
    """What the model knows of a message."""
    if message["deleted"]:
        return {"seq": message["seq"], "id": message["id"], "deleted": True}
    names = ("seq", "id", "author", "body", "mentions", "reactions")
    more = {"reply_to": message.get("reply_to"), "files": message.get("files", [])}
    return {name: message[name] for name in names} | more


@pytest.mark.timeout(0)  # as long as --model-runs takes
def test_everybody_sees_the_same_and_sees_it_right(fast_server: Server, request: pytest.FixtureRequest) -> None:
    class Machine(RoomMachine):
        server = fast_server

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=int(request.config.getoption("--model-runs")),
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
            print_blob=True,
        ),
    )
