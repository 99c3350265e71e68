"""The frames that somebody gets who gets a lane or loses it, as events of that lane (docs/protocol.md, "Lanes")."""

from collections.abc import Collection, Mapping
from typing import Any

from chat.changes import Event
from chat.directory import Channel, Directory
from chat.lanes import DIRECT, OPEN, Lane
from encoding import compact_json
from storage.messages import NewMessage


def got(lane: Lane, directory: Directory, members: Collection[str]) -> list[Event]:
    """The frames for members who get a lane now: how it stands, with nothing unread."""
    channel = directory.hidden[lane.id]
    read = {"last_seq": channel.last_seq, "read_seq": channel.last_seq}
    groups: dict[int, set[str]] = {}
    for member in members:
        groups.setdefault(lane.since(member), set()).add(member)
    return [
        _got(channel, directory, standing(directory, channel, since=since) | read, since, group)
        for since, group in groups.items()
    ]


def standing(directory: Directory, channel: Channel, *, since: int) -> dict[str, Any]:
    """How far a lane is: its newest change, and when the newest message after `since` was sent, 0 without one.

    Nothing for an open channel.
    """
    if channel.kind == OPEN:
        return {}
    return {"seq": directory.lanes[channel.id].seq, "last_at": channel.last_at if channel.last_seq > since else 0}


def begun(lane: Lane, message: NewMessage, directory: Directory) -> list[Event]:
    """With the first message of a conversation, the frames for those who have not opened it: how it stood before."""
    if message.seq > 1 or lane.kind != DIRECT:  # nearly always
        return []
    others = {member for member, each in lane.members.items() if not each.leads}
    if not others:
        return []
    nothing = {"seq": 0, "last_at": 0, "last_seq": 0, "read_seq": 0}
    return [_got(directory.hidden[lane.id], directory, nothing, 0, others)]


def _got(
    channel: Channel, directory: Directory, standing: Mapping[str, Any], since: int, members: Collection[str]
) -> Event:
    hidden = {"since_seq": since} if since else {}
    unread = {"unread": 0, "mentions": 0, "notify": None}
    frame = compact_json({"type": "lane", "channel": {**directory.public(channel), **standing, **hidden, **unread}})
    return Event(0, channel.id, frame, channel.id, frozenset(members), is_frame=True)


def gone(lane: Lane, members: Collection[str]) -> Event:
    """The last frame about a lane for members who lose it."""
    frame = compact_json({"type": "lane.gone", "channel": lane.id})
    return Event(0, lane.id, frame, lane.id, frozenset(members), is_frame=True)
