"""tests/vectors/contract.json, what the Worker and the page both know; and good frames made from it."""

import json
from typing import Any

from tools.paths import ROOT

CONTRACT: dict[str, Any] = json.loads((ROOT / "tests/vectors/contract.json").read_text(encoding="utf-8"))
CLIENT_FRAMES: dict[str, dict[str, str]] = CONTRACT["client_frames"]

MESSAGE_ID = "0199f3a0-1111-7222-8333-444455556666"
GOOD_VALUES: dict[str, Any] = {
    "uuid": MESSAGE_ID,
    "id": "general",
    "ids": ["anna", "boris"],
    "body": "let me in",
    "caption": "let me in",
    "files": [
        {
            "id": "AAECAwQFBgcICQoLDA0ODw",
            "key": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            "name": "summer.jpg",
            "type": "image/jpeg",
            "size": 300_000,
            "width": 4_000,
            "height": 3_000,
            "duration": 0,
            "hash": "1QcSHQRnh493V4dIh4eXh1h4kJUI",
            "alt": "the sea",
            "thumb": {"type": "image/webp", "size": 9_000, "width": 400, "height": 300},
        }
    ],
    "has": ["file"],
    "traits": ["link", "file", "image"],
    "query": "let me in",
    "cursor": "AAAAAAAAAAAA",
    "found size": 20,
    "file ids": ["AAECAwQFBgcICQoLDA0ODw"],
    "question": "where to?",
    "options": ["in", "out"],
    "choice": [1],
    "emoji": "👍",
    "flag": True,
    "seq": 7,
    "page size": 50,
    "level": "all",
    "name": "mine",
    "topic": "ours",
    "days": 1,
    "digest": "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg",
    "kind": "person",
    "made role": "admin",
    "channel kind": "private",
    "past": "none",
    "lanes": {"mine": 7},
    "hours": 24,
    "uses": 5,
    "hook rights": ["name", "mention"],
    "bot rights": ["post", "read"],
    "bot channels": ["general", "ops"],
    "imported": [
        {
            "id": MESSAGE_ID,
            "author": "clara",
            "sent_at": 1_700_000_000_000,
            "edited_at": 1_700_000_001_000,
            "body": "let me in",
            "reply_to": "0199f3a0-1111-7222-8333-444455556667",
            "mentions": ["boris"],
            "reactions": {"👍": ["boris", "clara"]},
            "shown_as": {"name": "builds", "emoji": "👍"},
        },
        {"id": "0199f3a0-1111-7222-8333-444455556668", "deleted_at": 1_700_000_002_000},
    ],
    "colour": "iris",
    "picture": "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQAQAAAAA3iMLM",
    "status": {"emoji": "🌴", "text": "away", "until": 1_900_000_000_000},
    "people": [{"id": "clara", "name": "Clara"}],
    "quiet minutes": 30,
    "quiet hours": {"from": 22 * 60, "to": 8 * 60, "days": [1, 2, 3, 4, 5], "zone": "Europe/Berlin"},
    "webhook": {"url": "https://bot.example.org/hook", "command": "deploy"},
}
"""A good value of each kind that a field may have."""


def frame_fields(kind: str) -> dict[str, tuple[str, bool, bool]]:
    """The fields of a frame by name: their kind, whether they may be missing, whether they may be null."""
    fields = CLIENT_FRAMES[kind].items()
    return {
        name.removesuffix("?"): (what.removesuffix(" or null"), name.endswith("?"), what.endswith(" or null"))
        for name, what in fields
    }


def good_frame(kind: str, *, is_full: bool = True) -> dict[str, Any]:
    """A frame as docs/protocol.md describes it: with all its fields, or with as few as it may have.

    A page of history goes forward or back or both, so it has only `before`; and a cursor is only what the room gave.
    """
    fields = frame_fields(kind)
    left_out = {"after", "around", "at", "cursor"}
    chosen = [name for name, (_, may_miss, _) in fields.items() if (is_full and name not in left_out) or not may_miss]
    return {"type": kind} | {name: GOOD_VALUES[fields[name][0]] for name in chosen}
