"""wrangler.toml.example is what production runs: nothing of development in it, and every setting explained."""

import re
import tomllib

from settings import SETTING_NAMES, read_settings
from tests.server import MASTER_KEY
from tools.paths import WRANGLER_CONFIG_EXAMPLE

TEXT = WRANGLER_CONFIG_EXAMPLE.read_text(encoding="utf-8")
CONFIG = tomllib.loads(TEXT)
SECRET_NAMES = set(re.findall(r"^#   ([A-Z_]+) ", TEXT, re.MULTILINE))


def test_no_development_flag_is_ever_deployed() -> None:
    assert CONFIG["compatibility_flags"] == ["python_workers"]


def test_every_setting_is_either_a_variable_or_a_secret_and_is_explained() -> None:
    assert set(CONFIG["vars"]) | SECRET_NAMES == set(SETTING_NAMES)
    assert not set(CONFIG["vars"]) & SECRET_NAMES
    for name in CONFIG["vars"]:
        assert re.search(rf"^{name} += .+ # \S", TEXT, re.MULTILINE), name


def test_the_defaults_written_down_are_the_defaults() -> None:
    secrets = {"CHAT_PASSWORD": "a password of the chat", "MASTER_KEY": MASTER_KEY}
    assert read_settings({**CONFIG["vars"], **secrets}) == read_settings(secrets)


def test_pages_and_the_api_reach_the_worker() -> None:
    assert CONFIG["assets"]["run_worker_first"] == ["/", "/r/*", "/api/*"]
