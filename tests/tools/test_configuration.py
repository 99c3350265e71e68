"""wrangler.toml.example is what production runs: nothing of development in it, and every setting explained."""

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from settings import SECRET_NAMES, SETTING_NAMES, read_settings
from tests.server import MASTER_KEY
from tools.bindings import missing
from tools.commands import environment
from tools.operator_settings import UNTOUCHED
from tools.paths import ROOT, WRANGLER_CONFIG, WRANGLER_CONFIG_EXAMPLE
from tools.wrangler import QUIET, command_prefix

TEXT = WRANGLER_CONFIG_EXAMPLE.read_text(encoding="utf-8")
CONFIG = tomllib.loads(TEXT)
TURNED_ON = re.sub(r"^#(?=\S|$)", "", TEXT, flags=re.MULTILINE)  # with everything that is turned off
EVERYTHING: dict[str, Any] = tomllib.loads(TURNED_ON)
EXPLAINED_SECRETS = re.findall(r"^#   ([A-Z_]+) +\S", TEXT, re.MULTILINE)
REQUIRED = {"CHAT_PASSWORD": "a password of the chat", "MASTER_KEY": MASTER_KEY}


def test_what_is_deployed_is_the_example_unless_somebody_made_it_theirs() -> None:
    """The template's two files must not drift apart; whoever takes the first line away may change what they like."""
    first, rest = WRANGLER_CONFIG.read_text(encoding="utf-8").split("\n", 1)
    is_untouched = first.startswith(UNTOUCHED)
    assert rest == TEXT.split("\n", 1)[1] or not is_untouched
    assert missing(WRANGLER_CONFIG.read_text(encoding="utf-8"), TEXT) == []


def test_cloudflares_button_asks_for_the_two_secrets_and_suggests_no_value() -> None:
    lines = (ROOT / ".dev.vars.example").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["CHAT_PASSWORD=", "MASTER_KEY="]


def test_everything_that_cloudflares_button_asks_for_is_explained() -> None:
    told = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["cloudflare"]["bindings"]
    assert set(told) == {*CONFIG["vars"], "CHAT_PASSWORD", "MASTER_KEY"}
    assert all(each.keys() == {"description"} and each["description"].endswith(".") for each in told.values())


@pytest.mark.parametrize("page", ["README.md", "README.ru.md"])
def test_the_button_of_each_readme_deploys_this_repository(page: str) -> None:
    address = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["repository"]["url"]
    button = f"https://deploy.workers.cloudflare.com/?url={address}"
    assert button in (ROOT / page).read_text(encoding="utf-8")


def test_no_development_flag_is_ever_deployed() -> None:
    assert CONFIG["compatibility_flags"] == ["python_workers"]


def test_every_setting_is_either_a_variable_or_a_secret_and_is_explained() -> None:
    assert sorted([*CONFIG["vars"], *EXPLAINED_SECRETS]) == sorted(SETTING_NAMES)
    assert sorted(EXPLAINED_SECRETS) == sorted(SECRET_NAMES)
    for name in CONFIG["vars"]:
        assert re.search(rf"^{name} += .+ # \S", TEXT, re.MULTILINE), name


def test_what_the_preview_sets_are_settings_and_no_secrets() -> None:
    assert set(EVERYTHING["env"]["preview"]["vars"]) <= set(SETTING_NAMES) - set(SECRET_NAMES)


def test_every_name_in_capitals_is_a_setting_or_a_binding() -> None:
    bindings = {"ASSETS", "ROOMS", "GUESSES", "FILES", "FILES_BUCKET", "ADDRESS_LIMIT", "CF_VERSION_METADATA"}
    spoken = {"NAME", "YOUR-SUBDOMAIN"}  # what a reader puts in
    named = set(re.findall(r"\b[A-Z]{2,}(?:[_-][A-Z]+)*\b", TEXT)) - {"DNS"}
    assert named - bindings - spoken <= set(SETTING_NAMES)


def test_the_defaults_written_down_are_the_defaults() -> None:
    assert read_settings({**CONFIG["vars"], **REQUIRED}) == read_settings(REQUIRED)


def test_pages_and_the_api_reach_the_worker() -> None:
    assert CONFIG["assets"]["run_worker_first"] == ["/", "/r/*", "/join*", "/api/*", "/hooks/*"]


def test_the_chats_own_lines_are_kept_and_none_with_an_address() -> None:
    logs = {"enabled": True, "head_sampling_rate": 1, "invocation_logs": False}
    assert CONFIG["observability"] == {"redact_query_string": True, "logs": logs}


def test_the_preview_has_every_binding_that_the_chat_has() -> None:
    preview = EVERYTHING["env"]["preview"]
    assert preview["durable_objects"] == CONFIG["durable_objects"]
    assert [limit["name"] for limit in preview["ratelimits"]] == [limit["name"] for limit in CONFIG["ratelimits"]]
    assert preview["ratelimits"][0]["namespace_id"] != CONFIG["ratelimits"][0]["namespace_id"]


@pytest.mark.parametrize("environment_name", ["", "preview"])
def test_wrangler_takes_everything_that_is_turned_off_here(environment_name: str, tmp_path: Path) -> None:
    """It tells of fields it does not know; of variables that an environment leaves to their defaults it does, too."""
    config = tmp_path / "wrangler.toml"
    config.write_text(TURNED_ON)
    for name in ("src", "public", "python_modules"):
        (tmp_path / name).symlink_to(ROOT / name)
    command = [*command_prefix(), "deploy", "--dry-run", "--config", str(config), "--env", environment_name]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment({**QUIET, "XDG_CONFIG_HOME": str(tmp_path / "config")}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    told = done.stdout + done.stderr
    assert done.returncode == 0, told
    assert "Unexpected fields" not in told
    assert "deprecated" not in told
    assert f'env.CHAT_TITLE ("{"Preview" if environment_name else "Durable Chat"}")' in told
    for binding in (
        "env.ROOMS (Room)",
        "env.GUESSES (Guesses)",
        "env.FILES (Files)",
        "env.ADDRESS_LIMIT",
        "env.ASSETS",
    ):
        assert binding in told
