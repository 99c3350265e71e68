"""settings.py: what the operator sets, and that a mistake is named and its value is not."""

from typing import Any

import pytest

from encoding import b64url
from errors import Misconfigured
from sealing.verifiers import RoomVerifier, Verifier, format_verifier
from setting_values import ROOM_NAME
from settings import SETTING_NAMES, SITEVERIFY_URL, Settings, read_settings

PASSWORD = "correct horse battery staple"
MASTER_KEY = b64url(bytes(range(32)))
REQUIRED = {"CHAT_PASSWORD": PASSWORD, "MASTER_KEY": MASTER_KEY}
ENTRY = RoomVerifier(bytes(16), Verifier(bytes(range(16)), bytes(range(32))))
DAY_MS = 86_400_000


def read(**given: Any) -> Settings:
    return read_settings({**REQUIRED, **given})


def refused(**given: Any) -> str:
    with pytest.raises(Misconfigured) as refusal:
        read(**given)
    assert refusal.value.__cause__ is None, "a cause could quote the value"
    return refusal.value.detail


def test_two_settings_are_enough_and_the_others_have_defaults() -> None:
    assert read() == Settings(
        chat_title="Durable Chat",
        room_names=frozenset({"main"}),
        chat_password=PASSWORD,
        chat_password_verifiers={},
        admin_password=None,
        master_key=bytes(range(32)),
        master_key_previous=None,
        must_be_secured=False,
        access="both",
        invites="members",
        supervision=False,
        call_url=None,
        direct_messages="everyone",
        altcha=True,
        turnstile=False,
        turnstile_site_key=None,
        turnstile_secret_key=None,
        turnstile_verify_url=SITEVERIFY_URL,
        session_ms=30 * DAY_MS,
        retention_days=30,
        message_burst=20,
        message_rate=5,
        bot_messages_day=2_000,
        webhook_hosts=frozenset(),
        file_bytes=26_214_400,
        room_file_bytes=None,
        location_hint=None,
        jurisdiction=None,
        vapid_private_key=None,
        vapid_subject=None,
        push_content="short",
        push_services=frozenset(),
        push_allow_http=False,
    )


def test_an_empty_text_is_as_good_as_none() -> None:
    assert read(**{name: "" for name in SETTING_NAMES if name not in REQUIRED}) == read()
    assert read(**{name: None for name in SETTING_NAMES if name not in REQUIRED}) == read()


def test_unknown_names_are_left_alone() -> None:
    assert read(PATH="/bin", ROOMS="x") == read()


def test_everything_can_be_set() -> None:
    given = {
        "CHAT_TITLE": "  Команда ",
        "ROOM_NAMES": "main, team-2",
        "ADMIN_PASSWORD": "only for admins",
        "MASTER_KEY_PREVIOUS": b64url(bytes(32)),
        "BOT_PROTECTION": "both",
        "TURNSTILE_SITE_KEY": "1x00000000000000000000AA",
        "TURNSTILE_SECRET_KEY": "secret",
        "TURNSTILE_VERIFY_URL": "http://127.0.0.1:9999/siteverify",
        "SESSION_DAYS": "1",
        "RETENTION_DAYS": "0",
        "MESSAGE_RATE": "100/2.5",
        "BOT_MESSAGES_DAY": "0",
        "WEBHOOK_HOSTS": "bots.example.org, *.example.com",
        "FILE_BYTES": "0",
        "ROOM_FILE_BYTES": "1000000000000",
        "LOCATION_HINT": "apac-se",
        "JURISDICTION": "eu",
        "VAPID_PRIVATE_KEY": b64url(bytes(range(32))),
        "VAPID_SUBJECT": "mailto:admin@example.org",
        "PUSH_CONTENT": "none",
        "PUSH_SERVICES": "push.example.org, ntfy.example",
        "PUSH_ALLOW_HTTP": "on",
        "SUPERVISION": "on",
        "CALL_URL": "https://meet.example.org:8443/team/{call}?lang=ru#config.a=%22b%22",
        "DIRECT_MESSAGES": "with-admins",
    }
    settings = read(**given)
    assert settings.chat_title == "Команда"
    assert settings.room_names == frozenset({"main", "team-2"})
    assert settings.admin_password == "only for admins"
    assert settings.master_key_previous == bytes(32)
    assert (settings.altcha, settings.turnstile) == (True, True)
    assert settings.turnstile_site_key == "1x00000000000000000000AA"
    assert settings.turnstile_secret_key == "secret"
    assert settings.turnstile_verify_url == "http://127.0.0.1:9999/siteverify"
    assert settings.session_ms == DAY_MS
    assert settings.retention_days == 0
    assert (settings.message_burst, settings.message_rate) == (100, 2.5)
    assert settings.bot_messages_day == 0
    assert settings.webhook_hosts == frozenset({"bots.example.org", "*.example.com"})
    assert read(WEBHOOK_HOSTS="*").webhook_hosts is None
    assert (settings.file_bytes, settings.room_file_bytes) == (0, 1_000_000_000_000)
    assert settings.location_hint == "apac-se"
    assert settings.jurisdiction == "eu"
    assert settings.vapid_private_key == b64url(bytes(range(32)))
    assert settings.vapid_subject == "mailto:admin@example.org"
    assert settings.push_content == "none"
    assert settings.push_services == frozenset({"push.example.org", "ntfy.example"})
    assert settings.push_allow_http is True
    assert settings.call_url == given["CALL_URL"]
    assert (settings.supervision, settings.direct_messages) == (True, "with-admins")


@pytest.mark.parametrize("name", ["CHAT_PASSWORD", "MASTER_KEY"])
@pytest.mark.parametrize("value", ["", None])
def test_a_missing_required_setting_is_named(name: str, value: str | None) -> None:
    assert refused(**{name: value}).startswith(f"{name} is not set")


MALFORMED = {
    "CHAT_TITLE": ["\u202e", "x" * 81, "a\x00b"],
    "ROOM_NAMES": ["Main", "main,", ",", "-main", "main team", "x" * 64, "main,*", "комната", "main/..", "main\n,a_b"],
    "CHAT_PASSWORD_VERIFIER": ["main", "main:a.b.c", "Main:" + format_verifier("x", ENTRY)[2:], "main:..", "ж"],
    "MASTER_KEY": [
        MASTER_KEY[:-1],
        MASTER_KEY + "A",
        MASTER_KEY + "=",
        MASTER_KEY.replace("A", "+"),
        b64url(bytes(31)),
    ],
    "MASTER_KEY_PREVIOUS": ["x", b64url(bytes(33))],
    "BOT_PROTECTION": ["on", "ALTCHA", "altcha,turnstile"],
    "TURNSTILE_VERIFY_URL": ["http://example.org/", "ftp://127.0.0.1/", "siteverify", "http://127.0.0.1.example.org/"],
    "SESSION_DAYS": ["0", "401", "-1", "1.5", "one", "1e2", "٣", "0x1"],
    "RETENTION_DAYS": ["-1", "36501", "1.5", "never"],
    "MESSAGE_RATE": [
        "20",
        "20/",
        "/5",
        "0/5",
        "20/0",
        "-1/5",
        "20/-5",
        "20/5/1",
        "1e3/5",
        "20/.5",
        "1000001/1",
        "20 / 5",
    ],
    "BOT_MESSAGES_DAY": ["-1", "many", "1000001"],
    "CALL_URL": [
        *("talk", "http://talk.example.org/", "https://talk.example.org", "https://anna:secret@talk.example.org/"),
        *("https://{call}.example.org/", "https://talk.example.org/{call}/{call}", "https://talk.example.org/{room}"),
        *("https://talk.example.org/a b", "https://talk.example.org/<script>", "javascript:alert(1)//https://a/"),
        f"https://talk.example.org/{'a' * 500}",
    ],
    "WEBHOOK_HOSTS": [
        "https://bots.example.org",
        "bots.example.org,",
        "Bots.example.org",
        "*,a.b",
        "*.org",
        "*.*.example.org",
        "a.*.example.org",
        "*example.org",
        "localhost",
        "chat.localhost",
        "printer.local",
        "db.internal",
        "127.0.0.1",
        "0x7f.0x1",
        "example.org.",
        "example.org:443",
        "[::1]",
        "me@example.org",
    ],
    "FILE_BYTES": ["-1", "25MB", "1073741825", "26_214_400", "1e6"],
    "ROOM_FILE_BYTES": ["-1", "1GB", "1000000000001", "9" * 14],
    "LOCATION_HINT": ["europe", "WEUR", "weur,eeur", "auto", "apac-sw"],
    "JURISDICTION": ["EU", "europe", "eu,us", "de"],
    "VAPID_PRIVATE_KEY": [
        b64url(bytes(31)),
        "x",
        "-----BEGIN PRIVATE KEY-----",
        b64url(bytes(32)),
        b64url(b"\xff" * 32),
    ],
    "VAPID_SUBJECT": [
        "admin@example.org",
        "http://example.org",
        "mailto:@",
        "mailto:admin",
        "mailto:<admin@example.org>",
        "mailto:Admin admin@example.org",
        "mailto:a@example.org,b@example.org",
        "https://",
        "https://a@example.org",
    ],
    "PUSH_CONTENT": ["all", "SHORT"],
    "PUSH_SERVICES": ["https://push.example.org", "push.example.org,", "Push.example.org", "*,a.b", "localhost"],
    "PUSH_ALLOW_HTTP": ["yes", "true", "1", "ON"],
    "CHAT_PASSWORD": ["1234567", "x" * 1_001, "\ud800 long enough"],
    "ADMIN_PASSWORD": ["1234567", "x" * 1_001],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in MALFORMED.items() for value in values], ids=ascii
)
def test_a_malformed_setting_is_named_and_its_value_is_not(name: str, value: str) -> None:
    detail = refused(**{name: value})
    assert detail.startswith(name)
    assert len(value) < 5 or value not in detail


@pytest.mark.parametrize("value", [30, 1.5, True, ["main"], {"a": "b"}], ids=repr)
def test_a_setting_that_is_no_text_is_named(value: object) -> None:
    assert refused(SESSION_DAYS=value).startswith("SESSION_DAYS must be text")


@pytest.mark.parametrize("password", ["12345678", "x" * 1_000, "пароль 8", "  spaces  "])
def test_a_password_has_eight_to_a_thousand_characters_and_is_kept_as_it_is(password: str) -> None:
    assert read(CHAT_PASSWORD=password).chat_password == password


@pytest.mark.parametrize("admin", [PASSWORD, "ﬁve words are not enough"])
def test_the_admins_password_is_another_one_also_after_normalising(admin: str) -> None:
    chat = PASSWORD if admin == PASSWORD else "five words are not enough"
    assert refused(CHAT_PASSWORD=chat, ADMIN_PASSWORD=admin).startswith("ADMIN_PASSWORD")


def test_a_verifier_takes_the_place_of_the_password() -> None:
    settings = read(CHAT_PASSWORD="", CHAT_PASSWORD_VERIFIER=format_verifier("main", ENTRY))
    assert settings.chat_password is None
    assert settings.chat_password_verifiers == {"main": ENTRY}


@pytest.mark.parametrize("rooms", ["main,team", "*"])
def test_a_room_that_nothing_would_open_is_a_mistake(rooms: str) -> None:
    verifier = format_verifier("main", ENTRY)
    assert refused(CHAT_PASSWORD="", CHAT_PASSWORD_VERIFIER=verifier, ROOM_NAMES=rooms).startswith("CHAT_PASSWORD")
    assert read(CHAT_PASSWORD_VERIFIER=verifier, ROOM_NAMES=rooms).chat_password == PASSWORD


@pytest.mark.parametrize(
    ("value", "altcha", "turnstile"),
    [("off", False, False), ("altcha", True, False), ("turnstile", False, True), ("both", True, True)],
)
def test_bots_are_kept_out_by_either_both_or_nothing(value: str, altcha: bool, turnstile: bool) -> None:
    settings = read(BOT_PROTECTION=value, TURNSTILE_SITE_KEY="site", TURNSTILE_SECRET_KEY="secret")
    assert (settings.altcha, settings.turnstile) == (altcha, turnstile)


@pytest.mark.parametrize("value", ["turnstile", "both"])
@pytest.mark.parametrize("missing", ["TURNSTILE_SITE_KEY", "TURNSTILE_SECRET_KEY"])
def test_turnstile_needs_both_its_keys(value: str, missing: str) -> None:
    keys = {"TURNSTILE_SITE_KEY": "site", "TURNSTILE_SECRET_KEY": "secret", missing: ""}
    assert refused(BOT_PROTECTION=value, **keys) == f"{missing} is not set."


def test_push_needs_somebody_to_write_to() -> None:
    assert refused(VAPID_PRIVATE_KEY=b64url(bytes(range(32)))) == "VAPID_SUBJECT is not set."


ROOMS = ["main", "a", "0", "a-", "a" * 63]
NO_ROOMS = ["", "-", "-a", "A", "a_b", "a b", "a/b", "a" * 64, "main\n", "ж", ".."]


@pytest.mark.parametrize("room", ROOMS)
def test_a_star_opens_any_room_that_can_be_named(room: str) -> None:
    assert ROOM_NAME.fullmatch(room)
    assert read(ROOM_NAMES="*").has_room(room)
    assert read(ROOM_NAMES=room).has_room(room)
    assert read().has_room(room) is (room == "main")


@pytest.mark.parametrize("room", NO_ROOMS, ids=repr)
def test_a_room_that_cannot_be_named_does_not_exist(room: str) -> None:
    assert not read(ROOM_NAMES="*").has_room(room)


# --- names and invites ---


@pytest.mark.parametrize(("given", "must_be"), [("open", False), ("secured", True)])
def test_names_are_open_or_have_to_be_secured(given: str, must_be: bool) -> None:
    assert read(NAMES=given).must_be_secured is must_be


@pytest.mark.parametrize("name", ["NAMES", "ACCESS", "INVITES", "DIRECT_MESSAGES", "SUPERVISION"])
@pytest.mark.parametrize("value", ["yes", "Open", "members,admins", " "])
def test_another_word_is_malformed_and_the_right_ones_are_told(name: str, value: str) -> None:
    if value.strip():
        assert refused(**{name: value}).startswith(f'{name} is malformed: it is "')
    else:
        assert read(**{name: value}) == read()


@pytest.mark.parametrize(
    ("access", "invites", "members_may", "admins_may", "are_taken"),
    [
        ("both", "members", True, True, True),
        ("both", "admins", False, True, True),
        ("both", "off", False, False, False),
        ("invite", "members", True, True, True),
        ("password", "members", False, False, False),
    ],
)
def test_who_may_invite(access: str, invites: str, members_may: bool, admins_may: bool, are_taken: bool) -> None:
    settings = read(ACCESS=access, INVITES=invites, ADMIN_PASSWORD="of the admins")
    assert settings.may_invite(is_admin=False) is members_may
    assert settings.may_invite(is_admin=True) is admins_may
    assert settings.takes_invites is are_taken
    assert settings.takes_passwords is (access != "invite")


def test_where_only_invites_let_in_there_has_to_be_an_admin_and_need_be_no_password() -> None:
    assert "ADMIN_PASSWORD is not set" in refused(ACCESS="invite")
    assert read(ACCESS="invite", ADMIN_PASSWORD="of the admins", CHAT_PASSWORD="").chat_password is None
