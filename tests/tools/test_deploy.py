"""bin/deploy: what goes to Cloudflare, in which order, and what is said when something is missing or wrong."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from limits import VERSION
from sealing.verifiers import proves, stretch
from settings import SECRET_NAMES, read_settings
from tests.fakes import OpenSslCiphers
from tests.tools.deploying import WELL, Operator, chat
from tests.tools.probe import SOURCE, write_probe
from tools import module_level
from tools.module_level import SNAPSHOT_SECONDS, trial
from tools.operator_settings import UNTOUCHED, Unreadable, keep_variable, problems
from tools.paths import PYTHON_MODULES, ROOT, WRANGLER_CONFIG

CONTACT = "ops@chat.example.org"
PASSWORD = "Верная лошадь, ﬁve"
OF_THE_TEAM = "another one, for the team alone"
HAS_ALL = "CHAT_PASSWORD_VERIFIER,MASTER_KEY"


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


@pytest.fixture
def address() -> Iterator[str]:
    with chat(WELL) as url:
        yield url


def without_account(home: Path) -> dict[str, str]:
    """The environment of somebody whom Cloudflare does not know and who has set no secret."""
    known = ("CLOUDFLARE_", "WRANGLER_")
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(known) and name not in SECRET_NAMES
    }
    return {**kept, "HOME": str(home), "XDG_CONFIG_HOME": str(home)}


# --- the upload ---


def test_a_dry_run_goes_all_the_way_but_the_upload_and_needs_no_account(tmp_path: Path) -> None:
    before = sorted(PYTHON_MODULES.rglob("*"))
    done = subprocess.run(
        [sys.executable, str(ROOT / "bin" / "deploy"), "--dry-run", "--outdir", str(tmp_path / "out")],
        env=without_account(tmp_path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    told = done.stdout + done.stderr
    assert done.returncode == 0, told
    uploaded = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert {str(path.relative_to(ROOT / "src")) for path in (ROOT / "src").rglob("*.py")} <= uploaded
    assert {"python_modules/workers/__init__.py", "python_modules/altcha/__init__.py"} <= uploaded
    for binding in (
        "env.ROOMS (Room)",
        "env.GUESSES (Guesses)",
        "env.FILES (Files)",
        "env.ADDRESS_LIMIT",
        "env.ASSETS",
    ):
        assert binding in told
    assert "python_workers_development" not in told
    assert "MASTER_KEY is not set. `bin/deploy --init` makes one" in told
    assert told.rstrip().endswith("A dry run: nothing was uploaded.")
    assert sorted(PYTHON_MODULES.rglob("*")) == before  # pywrangler fetched nothing, and its marks are gone
    assert not (ROOT / ".venv-workers").exists()


def test_it_uploads_and_looks_whether_the_chat_answers(operator: Operator, address: str) -> None:
    done = operator.deploys(FAKE_SECRETS=HAS_ALL, FAKE_TARGETS=f"{address},chat.example.org/*")
    assert done.returncode == 0, done.stderr
    assert [call.words for call in operator.calls()] == [
        ["secret", "list", "--format", "json", "--env", ""],
        ["deploy", "--env", ""],
    ]
    assert "uploading, says wrangler" in done.stdout
    assert f"The chat is running.\n\n    {address}/\n" in done.stdout
    assert operator.secrets() == {}


def test_an_environment_and_whatever_else_is_passed_on(operator: Operator, address: str) -> None:
    done = operator.deploys("--env", "preview", "--minify", FAKE_SECRETS=HAS_ALL, FAKE_TARGETS=address)
    assert done.returncode == 0, done.stderr
    assert [call.words[-3:] for call in operator.calls()] == [
        ["json", "--env", "preview"],
        ["--env", "preview", "--minify"],
    ]


def test_an_environment_that_is_not_there_is_named(operator: Operator) -> None:
    done = operator.deploys("--env", "preveiw")
    assert (done.returncode, operator.calls()) == (1, [])
    assert "wrangler.toml has no section [env.preveiw]" in done.stderr


@pytest.mark.parametrize("step", ["secret list", "deploy"])
def test_a_step_that_fails_ends_it_and_no_secret_is_shown(operator: Operator, address: str, step: str) -> None:
    given = {"CHAT_PASSWORD": PASSWORD, "MASTER_KEY": "A" * 43}
    done = operator.deploys(FAKE_FAILS=step, FAKE_TARGETS=address, FAKE_SECRETS="", **given)
    assert done.returncode == 1
    assert " ".join(operator.calls()[-1].words).startswith(step)
    assert "refused" in done.stdout + done.stderr
    assert not {value for value in given.values() if value in done.stdout + done.stderr}


# --- settings ---


def test_everything_that_is_missing_is_named_at_once_with_how_to_get_it(operator: Operator) -> None:
    operator.variables = 'BOT_PROTECTION = "both"\nRETENTION_DAYS = "a month"\nCHAT_TITEL = "Harbour"\n'
    done = operator.deploys()
    assert done.returncode == 1
    assert [call.words[0] for call in operator.calls()] == ["secret"]  # nothing was uploaded
    for told in (
        "CHAT_PASSWORD is not set (and neither is CHAT_PASSWORD_VERIFIER). `bin/deploy --init` asks for the password",
        "MASTER_KEY is not set. `bin/deploy --init` makes one",
        "TURNSTILE_SITE_KEY is not set. The Turnstile page of Cloudflare's dashboard gives it",
        "TURNSTILE_SECRET_KEY is not set. Cloudflare's Turnstile page gives it",
        "RETENTION_DAYS is malformed: it is a whole number",
        "CHAT_TITEL is no setting; did you mean CHAT_TITLE?",
    ):
        assert told in done.stderr


def test_a_secret_in_wrangler_toml_is_refused_and_not_repeated(operator: Operator) -> None:
    operator.variables = f'CHAT_PASSWORD = "{PASSWORD}"\n'
    done = operator.deploys(FAKE_SECRETS=HAS_ALL)
    assert done.returncode == 1
    assert "CHAT_PASSWORD stands in wrangler.toml" in done.stderr
    assert PASSWORD not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("there", "variables", "named"),
    [
        ({"MASTER_KEY", "CHAT_PASSWORD"}, {}, []),
        ({"MASTER_KEY", "CHAT_PASSWORD_VERIFIER"}, {"ROOM_NAMES": "main,team"}, []),
        ({"MASTER_KEY", "CHAT_PASSWORD_VERIFIER"}, {"ROOM_NAMES": "*"}, ["CHAT_PASSWORD"]),
        ({"MASTER_KEY", "CHAT_PASSWORD", "ADMIN_PASSWORD", "MASTER_KEY_PREVIOUS"}, {}, []),
        ({"MASTER_KEY", "CHAT_PASSWORD", "VAPID_PRIVATE_KEY"}, {}, ["VAPID_SUBJECT"]),
        ({"MASTER_KEY", "CHAT_PASSWORD", "VAPID_PRIVATE_KEY"}, {"VAPID_SUBJECT": "mailto:a@example.org"}, []),
        ({"MASTER_KEY", "CHAT_PASSWORD"}, {"ROOM_NAMES": "Main", "SESSION_DAYS": "x"}, ["ROOM_NAMES", "SESSION_DAYS"]),
        ({"CHAT_PASSWORD"}, {"MASTER_KEY": "short"}, ["MASTER_KEY"]),
    ],
)
def test_a_secret_that_cannot_be_read_counts_as_well_made(
    there: set[str], variables: dict[str, str], named: list[str]
) -> None:
    assert [problem.split()[0] for problem in problems(variables, there)] == named


# --- secrets ---


def test_secrets_of_the_environment_go_through_a_pipe_and_are_inherited_by_nobody(
    operator: Operator, address: str
) -> None:
    given = {"CHAT_PASSWORD": PASSWORD, "MASTER_KEY": "A" * 43, "ADMIN_PASSWORD": ""}
    done = operator.deploys(FAKE_TARGETS=address, **given)
    assert done.returncode == 0, done.stderr
    assert operator.secrets() == {"CHAT_PASSWORD": PASSWORD, "MASTER_KEY": "A" * 43}
    for secret in operator.secrets().values():
        for call in operator.calls():
            assert not [word for word in (*call.words, *call.environment) if secret in word]
        assert secret not in done.stdout + done.stderr + operator.files()


async def test_the_first_time_makes_keys_and_asks_for_each_rooms_password(operator: Operator, address: str) -> None:
    operator.variables = 'ROOM_NAMES = "main, team"\nVAPID_SUBJECT = "mailto:a@example.org"\n'
    done = operator.deploys("--init", typed=f"{PASSWORD}\n{OF_THE_TEAM}\n", FAKE_TARGETS=address)
    assert done.returncode == 0, done.stderr
    secrets = operator.secrets()
    assert set(secrets) == {"CHAT_PASSWORD_VERIFIER", "MASTER_KEY", "VAPID_PRIVATE_KEY"}
    settings = read_settings({**secrets, "ROOM_NAMES": "main,team", "VAPID_SUBJECT": "mailto:a@example.org"})
    for room, password, other in (("main", PASSWORD, OF_THE_TEAM), ("team", OF_THE_TEAM, PASSWORD)):
        entry = settings.chat_password_verifiers[room]
        proof, wrong = [await stretch(each, entry.kdf_salt, OpenSslCiphers()) for each in (password, other)]
        assert await proves(proof, entry.verifier, OpenSslCiphers())
        assert not await proves(wrong, entry.verifier, OpenSslCiphers()), "one room's password opens no other"
        assert f"The password of room {room}" in done.stderr
    for secret in (*secrets.values(), PASSWORD, OF_THE_TEAM):
        assert secret not in done.stdout + done.stderr + operator.files()
    words = [call.words[:2] for call in operator.calls()]
    assert words == [["secret", "list"], ["deploy", "--env"]], "code and secrets are one version"


def test_what_is_set_already_is_never_made_again(operator: Operator, address: str) -> None:
    operator.variables = 'VAPID_SUBJECT = "mailto:a@example.org"\n'
    done = operator.deploys("--init", FAKE_SECRETS=HAS_ALL, FAKE_TARGETS=address)
    assert done.returncode == 0, done.stderr
    assert set(operator.secrets()) == {"VAPID_PRIVATE_KEY"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (CONTACT, f"mailto:{CONTACT}"),
        (f"mailto:{CONTACT}", f"mailto:{CONTACT}"),
        ("https://a.example", "https://a.example"),
    ],
)
def test_the_contact_that_is_typed_switches_notifications_on_and_is_kept(
    operator: Operator, address: str, typed: str, kept: str
) -> None:
    operator.variables = 'CHAT_TITLE = "Harbour"\nVAPID_SUBJECT = ""  # mailto: or https:\n'
    done = operator.deploys("--init", typed=f"{PASSWORD}\n{typed}\n", FAKE_TARGETS=address)
    assert done.returncode == 0, done.stderr
    assert set(operator.secrets()) == {"CHAT_PASSWORD_VERIFIER", "MASTER_KEY", "VAPID_PRIVATE_KEY"}
    written = (operator.folder / "wrangler.toml").read_text()
    assert f'[vars]\nCHAT_TITLE = "Harbour"\nVAPID_SUBJECT = "{kept}"  # mailto: or https:\n' in written
    assert written.count(kept) == 1, "the preview has its own"


def test_who_types_no_contact_has_a_chat_without_notifications(operator: Operator, address: str) -> None:
    done = operator.deploys("--init", typed=f"{PASSWORD}\n", FAKE_TARGETS=address)
    assert done.returncode == 0, done.stderr
    assert "VAPID_PRIVATE_KEY" not in operator.secrets()
    assert "Notifications stay off" in done.stderr


def test_a_contact_that_nobody_can_write_to_is_asked_for_again(operator: Operator, address: str) -> None:
    done = operator.deploys("--init", typed=f"{PASSWORD}\nops at example\n", FAKE_TARGETS=address)
    assert done.returncode == 1
    assert "VAPID_SUBJECT is malformed: it is an address such as mailto:" in done.stderr
    assert [call.words[0] for call in operator.calls()] == ["secret"], "nothing was uploaded"
    typed = [PASSWORD, PASSWORD, "ops at example", CONTACT, "n"]
    status, screen = operator.deploys_at_a_terminal("--init", typed=typed, FAKE_TARGETS=address)
    assert status == 0, screen
    assert "VAPID_PRIVATE_KEY" in operator.secrets()


@pytest.mark.parametrize(
    ("text", "env", "written"),
    [
        ("[vars]\nA = 'b'\n\n[other]\nA = \"c\"\n", None, '[vars]\nA = "x"\n\n[other]\nA = "c"\n'),
        (f'{UNTOUCHED}: …\nname = "chat"\n[vars]\nA = "b"\n', None, 'name = "chat"\n[vars]\nA = "x"\n'),
        ('[vars] # ours\nB = "b"', None, '[vars] # ours\nA = "x"\nB = "b"'),
        ('[vars]\nA = "b"\n[env.try.vars]\nA="c" # why\n', "try", '[vars]\nA = "b"\n[env.try.vars]\nA = "x" # why\n'),
    ],
)
def test_a_variable_is_written_in_its_place_and_nothing_else_changes(
    tmp_path: Path, text: str, env: str | None, written: str
) -> None:
    config = tmp_path / "wrangler.toml"
    config.write_text(text)
    keep_variable(config, env, "A", "x")
    assert config.read_text() == written
    with pytest.raises(Unreadable, match=r"\[env.none.vars\]"):
        keep_variable(config, "none", "A", "x")


def test_a_room_for_any_name_needs_the_password_itself(operator: Operator, address: str) -> None:
    operator.variables = 'ROOM_NAMES = "*"\n'
    done = operator.deploys("--init", typed=f"{PASSWORD}\n", FAKE_TARGETS=address)
    assert done.returncode == 0, done.stderr
    assert operator.secrets()["CHAT_PASSWORD"] == PASSWORD


@pytest.mark.parametrize("typed", ["", "short\n"])
def test_without_a_password_nothing_begins(operator: Operator, typed: str) -> None:
    done = operator.deploys("--init", typed=typed)
    assert done.returncode == 1
    assert "8 to 1000 characters" in done.stderr
    assert [call.words[0] for call in operator.calls()] == ["secret"]


def test_new_keys_are_shown_to_whoever_asks_and_the_password_is_not(operator: Operator, address: str) -> None:
    done = operator.deploys("--init", "--show", typed=f"{PASSWORD}\n", FAKE_TARGETS=address)
    assert f"MASTER_KEY={operator.secrets()['MASTER_KEY']}\n" in done.stdout
    assert "CHAT_PASSWORD" not in done.stdout
    assert PASSWORD not in done.stdout + done.stderr


@pytest.mark.parametrize(("answer", "shown"), [("y", True), ("", False)])
def test_a_person_at_a_terminal_is_asked_twice_and_sees_no_password(
    operator: Operator, address: str, answer: str, shown: bool
) -> None:
    typed = ["a slip of the finger", PASSWORD, PASSWORD, PASSWORD, "", answer]
    status, screen = operator.deploys_at_a_terminal("--init", typed=typed, FAKE_TARGETS=address)
    assert status == 0, screen
    assert "They differ" in screen
    assert PASSWORD not in screen
    assert (operator.secrets()["MASTER_KEY"] in screen) is shown


def test_a_first_time_can_be_tried_without_an_account(operator: Operator) -> None:
    status, screen = operator.deploys_at_a_terminal("--init", "--dry-run", typed=[PASSWORD, PASSWORD, CONTACT, "n"])
    assert status == 0, screen
    assert [call.words for call in operator.calls()] == [["deploy", "--dry-run", "--env", ""]]
    assert "nothing was uploaded, and not set: CHAT_PASSWORD_VERIFIER, MASTER_KEY, VAPID_PRIVATE_KEY" in screen
    assert CONTACT not in operator.files()
    assert PASSWORD not in screen


# --- the look at the end ---

OLD = {**WELL, "/api/health": (200, {"status": "ok", "version": "0.0.1"})}
BROKEN = {**WELL, "/api/health": (500, b"<html>")}
WITHOUT_PAGE = {**WELL, "/": (500, b"<!doctype html>")}
MISSING = {"/api/health": (503, {"status": 503, "code": "misconfigured", "title": "MASTER_KEY is not set."})}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (OLD, f"still runs version 0.0.1, not {VERSION}"),
        (BROKEN, "/api/health does not answer as it should: status 500"),
        ({"/api/health": (200, ["ok"])}, "/api/health does not answer as it should: status 200"),
        (WITHOUT_PAGE, "The chat runs, but the page of its room main does not open: status 500"),
        (MISSING, "/api/health does not answer as it should: MASTER_KEY is not set."),
    ],
)
def test_a_chat_that_is_not_well_is_told(operator: Operator, answers: dict[str, tuple[int, object]], said: str) -> None:
    with chat(answers) as url:
        done = operator.deploys(FAKE_SECRETS=HAS_ALL, FAKE_TARGETS=url)
    assert done.returncode == 1
    assert said in done.stderr
    assert "bin/wrangler rollback" in done.stderr
    assert "is running" not in done.stdout


def test_a_protection_of_the_zone_that_answers_in_place_of_the_chat_is_named(operator: Operator) -> None:
    with chat({"/api/health": (403, b"<html>")}, headers={"cf-mitigated": "challenge"}) as url:
        done = operator.deploys(FAKE_SECRETS=HAS_ALL, FAKE_TARGETS=url)
    assert done.returncode == 1
    assert "a protection of your zone answered in its place (cf-mitigated: challenge)" in done.stderr


def test_no_room_wakes_as_it_would_stay_near_this_machine_for_ever(operator: Operator) -> None:
    asked: list[str] = []
    with chat(WELL, asked=asked) as url:
        assert operator.deploys(FAKE_SECRETS=HAS_ALL, FAKE_TARGETS=url).returncode == 0
    assert asked == ["/api/health", "/"]


@pytest.mark.parametrize(("there", "hint", "goes"), [("", "", False), ("", "weur", True), (HAS_ALL, "", True)], ids=str)
def test_the_first_deployment_from_ci_has_to_say_where_rooms_live(
    operator: Operator, there: str, hint: str, goes: bool
) -> None:
    operator.variables = f'CHAT_TITLE = "Harbour"\nLOCATION_HINT = "{hint}"\n'
    given = {} if there else {"CHAT_PASSWORD": PASSWORD, "MASTER_KEY": "A" * 43}
    with chat({**WELL, "/api/rooms/main": (200, {"room": "main"})}) as address:
        done = operator.deploys(FAKE_SECRETS=there, FAKE_TARGETS=address, CI="true", **given)
    assert (done.returncode == 0) is goes, done.stderr
    if not goes:
        assert "LOCATION_HINT" in done.stderr
        assert [call.words[:2] for call in operator.calls()] == [["secret", "list"]]


def test_with_a_hint_the_room_has_to_run_what_was_uploaded(operator: Operator) -> None:
    operator.variables = 'LOCATION_HINT = "weur"\n'
    asked: list[str] = []
    with chat({**WELL, "/api/rooms/main": (200, {"room": "main"})}, asked=asked) as url:
        assert operator.deploys(FAKE_SECRETS=HAS_ALL, FAKE_TARGETS=url).returncode == 0
    assert asked == ["/api/health", "/", "/api/rooms/main"]
    with chat(WELL) as url:
        done = operator.deploys(FAKE_SECRETS=HAS_ALL, FAKE_TARGETS=url)
    assert done.returncode == 1
    assert "its room main does not answer: status 404" in done.stderr


def test_another_version_that_still_answers_is_not_taken_for_the_uploaded_one(operator: Operator, address: str) -> None:
    done = operator.deploys(FAKE_SECRETS=HAS_ALL, FAKE_TARGETS=address, FAKE_VERSION="another")
    assert done.returncode == 1
    assert f"{address} does not run what was uploaded yet" in done.stderr


def test_a_question_that_was_answered_with_no_is_no_success(operator: Operator, address: str) -> None:
    done = operator.deploys(FAKE_SECRETS=HAS_ALL, FAKE_TARGETS=address, FAKE_VERSION="")
    assert done.returncode == 1
    assert "wrangler ended without an upload; nothing was changed." in done.stderr


def test_new_secrets_reach_rooms_at_once_and_new_code_when_it_suits_them(operator: Operator, address: str) -> None:
    immediate = ["--durable-objects-code-update-mode", "immediate"]
    assert operator.deploys(FAKE_SECRETS=HAS_ALL, FAKE_TARGETS=address).returncode == 0
    assert immediate[0] not in operator.calls()[-1].words
    done = operator.deploys(FAKE_SECRETS=HAS_ALL, FAKE_TARGETS=address, MASTER_KEY="A" * 43)
    assert done.returncode == 0, done.stderr
    words = operator.calls()[-1].words
    assert words[words.index(immediate[0]) :][:2] == immediate


def test_cloudflares_builder_uploads_what_still_lacks_secrets_and_the_page_says_how_to_set_them(
    operator: Operator,
) -> None:
    asked: list[str] = []
    with chat(WELL, asked=asked) as url:
        done = operator.deploys(FAKE_TARGETS=url, CI="true", WORKERS_CI="1")
    assert done.returncode == 0, done.stderr
    assert "These secrets are not set yet; the chat's page will say how:\n  CHAT_PASSWORD is not set" in done.stderr
    assert "The chat's page says how to set what is missing." in done.stdout
    assert asked == []


def test_what_is_wrong_is_refused_in_cloudflares_builder_too(operator: Operator, address: str) -> None:
    operator.variables = 'MESSAGE_RATE = "fast"\n'
    done = operator.deploys(FAKE_TARGETS=address, CI="true", WORKERS_CI="1")
    assert done.returncode == 1
    assert "MESSAGE_RATE is malformed" in done.stderr
    assert [call.words[0] for call in operator.calls()] == ["secret"]


def test_a_chat_that_nobody_answers_for_is_told_in_time(operator: Operator) -> None:
    with chat(WELL) as url:
        pass  # it listens no more
    operator.seconds = 1.5
    done = operator.deploys(FAKE_SECRETS=HAS_ALL, FAKE_TARGETS="", NO_PROXY="*")
    assert "names no address" in done.stderr
    done = operator.deploys("--url", f"{url}/", FAKE_SECRETS=HAS_ALL)
    assert done.returncode == 1
    assert f"{url}/api/health does not answer as it should" in done.stderr
    assert "(tried for 2 seconds)" in done.stderr


# --- the snapshot ---


def test_our_module_level_survives_the_deploy_snapshot_and_answers_from_it(tmp_path: Path) -> None:
    with trial(WRANGLER_CONFIG, tmp_path, "--python-save-snapshot") as attempt:
        assert attempt.succeeds(), attempt.output()
    with trial(WRANGLER_CONFIG, tmp_path, "--python-load-snapshot=snapshot.bin") as attempt:
        assert httpx.get(f"{attempt.url()}/api/health", timeout=SNAPSHOT_SECONDS).json()["status"] == "ok"


def test_a_javascript_object_at_module_level_is_caught(tmp_path: Path) -> None:
    source = f"from pyodide.ffi import to_js\n\nTRAP = to_js({{}})\n\n{SOURCE}"
    problem = module_level.problem(write_probe(tmp_path / "probe", source))
    assert problem is not None
    assert "Can't serialize top-level variable" in problem
