"""bots/sending.py: under which id and name a message is posted, where, and whom it mentions."""

from dataclasses import replace
from uuid import UUID

import pytest

from bot_limits import HOOK_REPEATED_MS
from bots.incoming import Incoming
from bots.sending import message, message_ids
from chat.directory import BOT, GENERAL, Member
from errors import Malformed
from limits import MAX_BODY_CHARACTERS, MAX_MENTIONS, MAX_NAME_CHARACTERS
from storage.bots import Bot
from tests.rooms import NOON, ChatRoom, Person
from wire.bots import HOOK
from wire.changes import Send, UpdateChannel

ALERTS = Bot("alerts", HOOK, b"digest", (GENERAL,), ("name",), "olga", NOON)


@pytest.fixture
def hook(room: ChatRoom, anna: Person) -> Bot:
    room.state.directory.members["alerts"] = Member("alerts", "Alerts", BOT, NOON, created_by=anna.id)
    return ALERTS


def posted(room: ChatRoom, hook: Bot, said: Incoming, mentioned: tuple[str, ...] = ()) -> Send:
    return message(hook, said, mentioned, "id", room.state.audience, room.state.directory, now_ms=room.now_ms)


def test_an_id_is_a_uuid_and_follows_from_hook_secret_and_what_is_sent() -> None:
    made = message_ids(ALERTS, "", "body", NOON)
    keyed = message_ids(ALERTS, "key", "body", NOON)
    assert {UUID(each).version for each in (*made, *keyed)} == {8}
    assert {UUID(each).variant for each in made} == {UUID(int=1 << 63).variant}
    others = [
        message_ids(replace(ALERTS, id="other"), "", "body", NOON),
        message_ids(replace(ALERTS, digest=b"other"), "", "body", NOON),
        message_ids(ALERTS, "", "Body", NOON),
        message_ids(ALERTS, "other", "body", NOON),
        keyed,
    ]
    assert len({made[0], *(each[0] for each in others)}) == 6
    assert made == message_ids(ALERTS, "", "body", NOON)


def test_a_key_alone_makes_the_id_and_without_one_the_minute_counts() -> None:
    assert message_ids(ALERTS, "key", "a", 0) == message_ids(ALERTS, "key", "b", NOON)
    first, second = (message_ids(ALERTS, "", "a", NOON + minute * HOOK_REPEATED_MS) for minute in (0, 1))
    assert second[1] == first[0] != second[0]
    assert message_ids(ALERTS, "", "\ud800", NOON)


def test_a_body_is_trimmed_cut_and_visible(room: ChatRoom, hook: Bot) -> None:
    assert posted(room, hook, Incoming("\n  a\n b\n\n")).body == "  a\n b"
    assert posted(room, hook, Incoming("x" * MAX_BODY_CHARACTERS)).body == "x" * MAX_BODY_CHARACTERS
    assert len(posted(room, hook, Incoming("🙂" * 9_000)).body) == MAX_BODY_CHARACTERS
    for nothing in ("", " \n", "\u200b", "\u3164"):
        with pytest.raises(Malformed):
            posted(room, hook, Incoming(nothing))


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("Grafana", {"name": "Grafana"}),
        ("  @Grafana \n", {"name": "Grafana"}),
        ("Alerts", {}),
        ("Alerts!", {"name": "Alerts!"}),
        ("Anna", {}),
        ("ANNA", {}),
        ("Аnnа", {}),
        ("Anna ✓", {}),
        ("x" * (MAX_NAME_CHARACTERS + 1), {}),
        ("\u202egro.evil", {}),
        ("", {}),
    ],
)
def test_a_shown_name_is_a_good_one_and_no_members(
    room: ChatRoom, hook: Bot, wanted: str, shown: dict[str, str]
) -> None:
    assert posted(room, hook, Incoming("x", name=wanted)).shown_as == shown
    assert posted(room, replace(hook, rights=()), Incoming("x", name=wanted)).shown_as == {}


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [(":rocket:", "🚀"), ("🚀", "🚀"), ("❤", "❤️"), (":unknown:", None), ("x", None), ("https://a.example/x.png", None)],
)
def test_a_picture_is_an_emoji(room: ChatRoom, hook: Bot, wanted: str, shown: str | None) -> None:
    assert posted(room, hook, Incoming("x", emoji=wanted)).shown_as.get("emoji") == shown


async def test_a_channel_is_chosen_only_by_right_and_where_everybody_sees_it(
    room: ChatRoom, hook: Bot, anna: Person
) -> None:
    ops, plans = await room.create_channel(anna, "Ops"), await room.create_channel(anna, "plans")
    free = replace(hook, rights=("channel",))
    for wanted, channel in [
        ("ops", ops),
        ("#ops", ops),
        (ops, ops),
        ("nowhere", GENERAL),
        ("", GENERAL),
        ("#", GENERAL),
    ]:
        assert posted(room, free, Incoming("x", channel=wanted)).channel == channel
        assert posted(room, hook, Incoming("x", channel=wanted)).channel == GENERAL
    await room.ask(anna, UpdateChannel("r", ops, {"archived": True}))
    assert posted(room, free, Incoming("x", channel="ops")).channel == GENERAL
    room.restricted = {plans: frozenset({anna.id, "alerts"})}
    await room.wake()
    room.state.directory.members["alerts"] = Member("alerts", "Alerts", BOT, NOON, created_by=anna.id)
    assert posted(room, free, Incoming("x", channel="plans")).channel == GENERAL


def test_mentions_need_the_right_and_are_bounded(room: ChatRoom, hook: Bot) -> None:
    many = tuple(f"m{number}" for number in range(MAX_MENTIONS + 1))
    assert posted(room, hook, Incoming("x"), many).mentions == ()
    assert posted(room, replace(hook, rights=("mention",)), Incoming("x"), many).mentions == many[:MAX_MENTIONS]
