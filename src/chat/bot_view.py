"""What a bot is shown of the room itself: who is there, by what name. Events of channels it gets as everybody does."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from chat.audience import Audience
from chat.changes import Event, channel_of
from chat.directory import Directory
from encoding import compact_json

_OWN = ("secured", "profile")  # the reasons of events that change nothing of what a bot is shown


def event_text(bot: str, event: Event, audience: Audience) -> str | None:
    """An event as the bot gets it; None if it is none of its business."""
    if event.channel:
        return event.text if audience.hears(bot) and audience.may_see(bot, event.channel) else None
    shown = room_event(json.loads(event.text))
    return None if shown is None else compact_json(shown)


def stored_events(events: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Those of stored events that a bot may see, as it gets them."""
    shown = (dict(event) if channel_of(event) else room_event(event) for event in events)
    return [event for event in shown if event is not None]


def room_event(event: Mapping[str, Any]) -> dict[str, Any] | None:
    """An event of the room: nothing about devices, recovery codes, links and who has done it."""
    shown = {"seq": event["seq"], "kind": event["kind"]}
    match event["kind"]:
        case "member" if event["reason"] not in _OWN:
            return {**shown, "member": _member(event["member"])}
        case "member_removed":
            return {**shown, "member": event["member"]}
        case "former":
            return {**shown, "members": event["members"]}
        case "room":
            return {**shown, "retention_days": event["retention_days"]}
    return None


def roster(directory: Directory) -> dict[str, list[dict[str, Any]]]:
    """The lists of members in a welcome, without who is online."""
    return {
        "members": [_member(member.public()) for member in directory.present_members()],
        "former_members": [_member(member.public()) for member in directory.former_members()],
    }


def _member(member: Mapping[str, Any]) -> dict[str, Any]:
    return {name: member[name] for name in ("id", "name", "role")}
