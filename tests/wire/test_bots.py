"""wire/bots.py: hooks and bots as admins describe them; tests/wire/test_fields.py tries every field."""

import pytest

from errors import TooLarge
from limits import MAX_NAME_CHARACTERS
from tests.wire.frames import parsed, refusal
from wire.bots import (
    CreateBot,
    CreateHook,
    ListBots,
    ListHooks,
    RevokeBot,
    RevokeHook,
    RotateBot,
    RotateHook,
    SetWebhook,
    TryWebhook,
)


def test_a_hook_has_a_clean_name_and_the_usual_rights() -> None:
    frame = parsed({"type": "hook.create", "ref": "r", "name": "  @Build  server ", "channel": "general"})
    assert frame == CreateHook("r", "Build server", "general", ("name",))


@pytest.mark.parametrize(
    ("given", "rights"),
    [([], ()), (["mention"], ("mention",)), (["channel", "name", "channel"], ("channel", "name"))],
)
def test_rights_are_those_that_are_given_each_once(given: list[str], rights: tuple[str, ...]) -> None:
    frame = parsed({"type": "hook.create", "name": "x", "channel": "general", "rights": given})
    assert isinstance(frame, CreateHook)
    assert frame.rights == rights


def test_a_hooks_name_is_no_longer_than_a_members() -> None:
    frame = {"type": "hook.create", "name": "x" * MAX_NAME_CHARACTERS, "channel": "general"}
    assert isinstance(parsed(frame), CreateHook)
    assert isinstance(refusal(frame | {"name": "x" * (MAX_NAME_CHARACTERS + 1)}), TooLarge)


def test_the_other_frames_name_a_hook_or_ask_for_all() -> None:
    assert parsed({"type": "hooks", "ref": "r"}) == ListHooks("r")
    assert parsed({"type": "hook.rotate", "id": "x"}) == RotateHook(None, "x")
    assert parsed({"type": "hook.revoke", "id": "x"}) == RevokeHook(None, "x")


def test_a_bot_has_channels_and_rights_each_once() -> None:
    given = {
        "type": "bot.create",
        "ref": "r",
        "name": " Robo ",
        "channels": ["a", "b", "a"],
        "rights": ["read", "post", "read"],
    }
    assert parsed(given) == CreateBot("r", "Robo", ("a", "b"), ("read", "post"))
    assert parsed({"type": "bots"}) == ListBots(None)
    assert parsed({"type": "bot.rotate", "id": "x"}) == RotateBot(None, "x")
    assert parsed({"type": "bot.revoke", "id": "x"}) == RevokeBot(None, "x")
    assert parsed({"type": "bot.test", "id": "x"}) == TryWebhook(None, "x")


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (None, None),
        ({"url": "https://a.b"}, ("https://a.b", "")),
        ({"url": "https://a.b", "command": None, "other": 1}, ("https://a.b", "")),
        ({"url": "https://a.b", "command": "De-ploy_2"}, ("https://a.b", "de-ploy_2")),
        ({"url": "https://a.b", "command": "Выкатить"}, ("https://a.b", "выкатить")),
    ],
)
def test_a_webhook_has_an_address_and_perhaps_a_command_in_small_letters(
    given: dict[str, str] | None, read: tuple[str, str] | None
) -> None:
    assert parsed({"type": "bot.webhook", "id": "x", "webhook": given}) == SetWebhook(None, "x", read)
