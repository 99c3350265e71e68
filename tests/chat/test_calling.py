"""chat/calling.py: which messages call which bots."""

from typing import Any

import pytest

from bot_limits import MAX_COMMAND_CHARACTERS
from chat.calling import COMMAND, MENTION, called_by, command_of, way_of
from chat.directory import BOT, MEMBER, Directory, Member

ROBO = Member("robo", "Robo", BOT, 0, command="deploy", is_called=True)
DEAF = Member("deaf", "Deaf", BOT, 0)
QUIET = Member("quiet", "Quiet", BOT, 0, is_called=True)
GONE = Member("gone", "Gone", BOT, 0, removed_at=1, command="old", is_called=True)
ANNA = Member("anna", "Anna", MEMBER, 0)
ROOM = Directory(members={each.id: each for each in (ROBO, DEAF, QUIET, GONE, ANNA)})


@pytest.mark.parametrize(
    ("body", "command"),
    [
        ("/deploy", ("deploy", "")),
        ("/Deploy  now, please ", ("deploy", "now, please")),
        ("/deploy\nthe second line", ("deploy", "the second line")),
        ("/выкатить всё", ("выкатить", "всё")),
        ("/" + "x" * MAX_COMMAND_CHARACTERS, ("x" * MAX_COMMAND_CHARACTERS, "")),
        ("/" + "x" * (MAX_COMMAND_CHARACTERS + 1), ("", "")),
        ("/usr/bin is missing", ("", "")),
        ("//deploy", ("", "")),
        ("/ deploy", ("", "")),
        (" /deploy", ("", "")),
        ("/deploy: now", ("", "")),
        ("deploy", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_command_is_a_word_behind_a_slash_at_the_beginning(body: str, command: tuple[str, str]) -> None:
    assert command_of(body) == command


@pytest.mark.parametrize(
    ("texts", "called"),
    [
        ({"body": "hello"}, ()),
        ({"body": "/deploy it"}, ("robo",)),
        ({"body": "/other"}, ()),
        ({"body": "/old"}, ()),
        ({"body": "/"}, ()),
        ({"body": "@Robo", "mentions": ["robo"]}, ("robo",)),
        ({"body": "/deploy @Robo", "mentions": ["robo"]}, ("robo",)),
        ({"body": "/deploy @Quiet", "mentions": ["anna", "quiet", "deaf"]}, ("quiet", "robo")),
    ],
)
def test_a_persons_message_calls_bots_that_have_a_webhook(texts: dict[str, Any], called: tuple[str, ...]) -> None:
    assert called_by("anna", texts, ROOM) == called
    for bot in ("robo", "deaf"):
        assert called_by(bot, texts, ROOM) == (), "bots call nobody"


def test_a_command_counts_more_than_a_mention() -> None:
    assert way_of(ROBO, {"body": "/deploy", "mentions": ["robo"]}) == COMMAND
    assert way_of(ROBO, {"body": "/other", "mentions": ["robo"]}) == MENTION
    assert way_of(ROBO, {"body": "/other"}) is None
    assert way_of(QUIET, {"body": "/"}) is None
