"""bots/recognition.py: every tool on the shelf is recognized; whatever else comes costs little and breaks nothing."""

import contextlib
import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot_limits import MAX_HOOK_BYTES
from bots.incoming import Incoming, Passing, People
from bots.recognition import recognise
from errors import Malformed
from tools.paths import ROOT

SHELF = json.loads((ROOT / "tests/vectors/hooks.json").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = SHELF["cases"]
OBJECTS = [case for case in CASES if isinstance(case["body"], dict)]
OTHERS: tuple[Any, ...] = (None, 7, 1.5, True, "", "x", [], {}, [None], [[]], {"a": {}}, "\ud800")
JSON = "application/json"


def people() -> People:
    return People(SHELF["members"].get)


def recognised(body: Any, media_type: str = JSON) -> Incoming | None:
    return recognise(body if isinstance(body, str) else json.dumps(body), media_type, people())


def said(case: dict[str, Any]) -> Incoming | None:
    """What the shelf says of a case."""
    says = case["says"]
    if says is None:
        return None
    passing = Passing(says["what"], says["failed"]) if "what" in says else None
    named = {name: says[name] for name in ("name", "emoji", "channel", "is_discord") if name in says}
    return Incoming(says["body"], passing=passing, **named)


@pytest.mark.parametrize("case", CASES, ids=[f"{case['tool']} {case['case']}" for case in CASES])
def test_each_tools_message_becomes_the_one_on_the_shelf(case: dict[str, Any]) -> None:
    assert recognised(case["body"], case["media_type"]) == said(case)


def test_every_tool_that_is_promised_is_on_the_shelf() -> None:
    promised = {"Alertmanager", "Apprise", "Discord", "GitHub", "GitLab", "Gitea", "Grafana", "Mattermost", "Slack"}
    promised |= {"Shoutrrr", "Uptime Kuma", "curl"}
    assert {case["tool"] for case in CASES} == promised


@pytest.mark.parametrize("case", OBJECTS, ids=[f"{case['tool']} {case['case']}" for case in OBJECTS])
@pytest.mark.parametrize("instead", OTHERS, ids=repr)
def test_a_field_that_is_something_else_breaks_nothing(case: dict[str, Any], instead: Any) -> None:
    for damaged in _damaged(case["body"], instead):
        try:
            found = recognised(damaged, case["media_type"])
        except Malformed:
            continue
        assert found is None or not any("\ud800" <= letter <= "\udfff" for letter in found.body)


def _damaged(value: Any, instead: Any) -> list[Any]:
    """The same value once for each place in it, with something else there."""
    found = []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        for other in [instead, *_damaged(inner, instead)]:
            copy = dict(value) if isinstance(value, dict) else list(value)
            copy[name] = other
            found.append(copy)
    return found


FIELDS = (
    *("text", "attachments", "blocks", "embeds", "content", "alerts"),
    *("labels", "annotations", "repository", "sender", "object_kind", "commits"),
    *("pull_request", "issue", "comment", "action", "fields", "title"),
    *("value", "type", "elements", "user_id", "object_attributes"),
)
NAMES = st.sampled_from(FIELDS)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | NAMES, inner, max_size=6),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(NAMES, ANYTHING, max_size=6))
def test_any_object_becomes_a_message_nothing_or_malformed(body: dict[str, Any]) -> None:
    try:
        found = recognised(body)
    except Malformed:
        return
    assert found is None or isinstance(found.body, str)


@settings(max_examples=200, deadline=None)
@given(st.text(), st.sampled_from(["", JSON, "text/plain", "application/x-www-form-urlencoded", "x/y"]))
def test_any_text_becomes_a_message_or_malformed(body: str, media_type: str) -> None:
    with contextlib.suppress(Malformed):
        assert recognised(body, media_type) is not None


def many(field: str, piece: str) -> str:
    """A body of the most bytes whose one text consists of one piece."""
    times = (MAX_HOOK_BYTES - 20) // (len(json.dumps(piece)) - 2)
    return json.dumps({field: piece * times})


PIECES = (
    *("*", "* *", "<", "<|", "<a|", "```", "``` `", "`", "~", "*a", "<@x>", "<http://", ":", ":a", "&", "[](", "\n>"),
    *("<@", "<t:1", "<:a", "<a:b:1>"),
)
BODIES = ("{", "[", '{"', '[{"a":', "--x", "&=", "\ufeff")
HOSTILE = {
    "10,000 fields": json.dumps({str(number): 1 for number in range(10_000)}),
    "10,000 fields of an attachment": json.dumps({"attachments": [{"text": "x", "fields": [{"title": 1}] * 3_500}]}),
    "10,000 form fields": "text=x&" + "&".join(f"a{number}=1" for number in range(9_000)),
    **{f"{field} of {piece!r}": many(field, piece) for piece in PIECES for field in ("text", "content")},
    **{f"body of {piece!r}": (piece * MAX_HOOK_BYTES)[:MAX_HOOK_BYTES] for piece in BODIES},
    "many alerts": json.dumps({"alerts": [{"labels": {"a": "b"}}] * 2_500}),
    "many labels": json.dumps({"alerts": [{"labels": {f"l{number}": "x" for number in range(4_000)}}]}),
    "many blocks": json.dumps({"blocks": [{"type": "section", "text": {"text": "*a* <b|c>"}}] * 900}),
    "many commits": json.dumps({"repository": {}, "sender": {}, "commits": [{"message": "m"}] * 3_000}),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("media_type", [JSON, "application/x-www-form-urlencoded", "multipart/form-data"])
def test_hostile_bodies_take_no_longer_than_their_length_allows(name: str, media_type: str) -> None:
    body = HOSTILE[name]
    assert len(body.encode("utf-8", "replace")) <= MAX_HOOK_BYTES * 3
    begun = time.process_time()
    with contextlib.suppress(Malformed):
        recognise(body, media_type, people(), boundary="x")
    assert time.process_time() - begun < 0.5  # some milliseconds; this machine may be busy
