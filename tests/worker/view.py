"""What a client shows, put together from events only, and the same loaded afresh: the two must always agree."""

import time
from collections.abc import Iterable
from typing import Any

from tests.people import Frame, Line

PAGE = 100
MANY = 100  # more replies to a message are not counted


class View:
    """A room as one client knows it. `known()` is what is compared."""

    def __init__(self, welcome: Frame) -> None:
        self.seqs: dict[str, int] = {"": welcome["seq"]}
        """How far the room is known, and each lane."""
        self.seqs |= {channel["id"]: channel["seq"] for channel in welcome["channels"] if "seq" in channel}
        self.retention_days: int = welcome["retention_days"]
        self.channels: dict[str, Frame] = {channel["id"]: _channel(channel) for channel in welcome["channels"]}
        self.members: dict[str, tuple[str, str]] = {
            each["id"]: (each["name"], each["role"]) for each in welcome["members"]
        }
        self.former: dict[str, str] = {each["id"]: each["name"] for each in welcome["former_members"]}
        self.messages: dict[str, dict[int, Frame]] = {channel: {} for channel in self.channels}
        self.replies: dict[tuple[str, int], int] = {}
        """How many, by the channel and the `seq` of what they answer."""
        self._counted_at: dict[tuple[str, int], int] = {}
        self.purged: list[Frame] = []

    @property
    def seq(self) -> int:
        """How far the room is known."""
        return self.seqs[""]

    @property
    def lanes(self) -> dict[str, int]:
        """How far each lane is known."""
        return {lane: seq for lane, seq in self.seqs.items() if lane}

    @classmethod
    def load(cls, line: Line) -> "View":
        """Everything that a welcome and pages of history tell a client that has just come."""
        view = cls(line.welcome)
        for channel in view.channels:
            for message in whole_history(line, channel):
                view.messages[channel][message["seq"]] = _message(message)
                if replies := message.get("replies"):
                    view.replies[channel, message["seq"]] = replies["count"]
                    view._counted_at[channel, message["seq"]] = replies["as_of"]
        return view

    def take(self, events: Iterable[Frame]) -> "View":
        """Live through events; each must be the next."""
        for event in events:
            lane = event.pop("lane", "")
            assert event["seq"] > self.seqs[lane], f"seq {event['seq']} after {self.seqs[lane]} in {lane or 'the room'}"
            self.seqs[lane] = event["seq"]
            getattr(self, f"_take_{event['kind']}")(event)
        return self

    def known(self) -> dict[str, Any]:
        """All of it, to compare."""
        return {
            "seqs": self.seqs,
            "channels": self.channels,
            "members": self.members,
            "former": self.former,
            "messages": {
                channel: [messages[seq] for seq in sorted(messages)] for channel, messages in self.messages.items()
            },
            "replies": {first: min(count, MANY) for first, count in self.replies.items() if count > 0},
        }

    def bodies(self, channel: str = "general") -> list[str]:
        """The texts of a channel, oldest first; None for a deleted one."""
        return [self.messages[channel][seq].get("body", "") for seq in sorted(self.messages[channel])]

    def _take_message(self, event: Frame) -> None:
        if event["channel"] in self.messages:
            self.messages[event["channel"]][event["seq"]] = _message(event)
            if "deleted_at" not in event:
                self._count(event, 1)

    def _count(self, event: Frame, change: int) -> None:
        first = (event["channel"], event.get("reply_seq") or 0)
        if first[1] in self.messages.get(first[0], {}) and event["seq"] > self._counted_at.get(first, 0):
            self.replies[first] = self.replies.get(first, 0) + change

    def _take_edit(self, event: Frame) -> None:
        message = self._find(event)
        if message is not None:
            message |= {"body": event["body"], "mentions": event.get("mentions", []), "edited_at": event["edited_at"]}

    def _take_delete(self, event: Frame) -> None:
        self._count(event, -1)
        message = self._find(event)
        if message is not None:
            seq = next(seq for seq, known in self.messages[event["channel"]].items() if known is message)
            gone = {"seq": seq, "id": event["id"], "channel": event["channel"], "deleted_at": event["at"]}
            self.messages[event["channel"]][seq] = gone

    def _take_reaction(self, event: Frame) -> None:
        message = self._find(event)
        if message is None:
            return
        members = message["reactions"].setdefault(event["emoji"], [])
        (members.append if event["on"] else members.remove)(event["by"])
        if not members:
            del message["reactions"][event["emoji"]]

    def _take_channel(self, event: Frame) -> None:
        self.channels[event["channel"]["id"]] = _channel(event["channel"])
        self.messages.setdefault(event["channel"]["id"], {})

    def _take_channel_deleted(self, event: Frame) -> None:
        self.channels.pop(event["channel"], None)
        self.messages.pop(event["channel"], None)
        self._forget_replies(event["channel"])

    def _take_member(self, event: Frame) -> None:
        member = event["member"]
        self.members[member["id"]] = (member["name"], member["role"])

    def _take_member_removed(self, event: Frame) -> None:
        self.former[event["member"]] = self.members.pop(event["member"])[0]

    def _take_room(self, event: Frame) -> None:
        self.retention_days = event["retention_days"]

    def _take_purge(self, event: Frame) -> None:
        self.purged.append(event)
        messages = self.messages.get(event["channel"], {})
        for seq in [seq for seq in messages if seq <= event["up_to_seq"]]:
            del messages[seq]
        self._forget_replies(event["channel"], event["up_to_seq"])

    def _forget_replies(self, channel: str, up_to_seq: float = float("inf")) -> None:
        self.replies = {
            first: count for first, count in self.replies.items() if first[0] != channel or first[1] > up_to_seq
        }

    def _find(self, event: Frame) -> Frame | None:
        """The message that an event is about, unless it is gone: later news of a lost message says nothing."""
        for message in self.messages.get(event["channel"], {}).values():
            if message["id"] == event["id"] and "deleted_at" not in message:
                return message
        return None


def whole_history(line: Line, channel: str = "general") -> list[Frame]:
    """All messages of a channel, oldest first, page by page."""
    found: list[Frame] = []
    before = None
    while True:
        answer = line.ask("history", channel=channel, before=before, limit=PAGE)
        if answer.get("code") == "rate_limited":
            time.sleep(answer["retry_after"])
            continue
        found = answer["messages"] + found
        if not answer["more"]:
            return found
        before = found[0]["seq"]


def _channel(channel: Frame) -> Frame:
    return {name: channel[name] for name in ("id", "name", "topic", "archived", "created_by", "retention_days")}


def _message(message: Frame) -> Frame:
    """A message as events and history both tell it; what one of them may leave out has its empty value."""
    if "deleted_at" in message:
        return {name: message[name] for name in ("seq", "id", "channel", "deleted_at")}
    told = {name: value for name, value in message.items() if name not in ("kind", "replies")}
    reactions = {emoji: list(members) for emoji, members in message.get("reactions", {}).items()}
    return {"edited_at": None, **told, "mentions": message.get("mentions", []), "reactions": reactions}
