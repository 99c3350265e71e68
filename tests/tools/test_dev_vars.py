import base64
import stat
from pathlib import Path

import pytest

from settings import read_settings
from tools import dev_vars


def test_a_new_file_holds_fresh_secrets_that_only_their_owner_reads(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    dev_vars.create(first)
    dev_vars.create(second)
    settings = dev_vars.read(first)
    assert set(settings) == {"CHAT_PASSWORD", "ADMIN_PASSWORD", "MASTER_KEY", "VAPID_PRIVATE_KEY", "VAPID_SUBJECT"}
    assert read_settings(settings).vapid_private_key == settings["VAPID_PRIVATE_KEY"], "notifications work"
    assert len(base64.urlsafe_b64decode(settings["MASTER_KEY"] + "=")) == 32
    assert len(settings["CHAT_PASSWORD"].replace("-", "")) == 20
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    alike = set(settings.values()) & set(dev_vars.read(second).values())
    assert alike == {settings["VAPID_SUBJECT"]}


def test_no_file_means_no_settings(tmp_path: Path) -> None:
    assert dev_vars.read(tmp_path / "missing") == {}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=plain", "plain"),
        ("NAME = spaced  ", "spaced"),
        ("export NAME=exported", "exported"),
        ("NAME=plain # a comment", "plain"),
        ('NAME="with # in it"', "with # in it"),
        ("NAME='with \"double\" ones'", 'with "double" ones'),
        ("NAME=`it's`", "it's"),
        (r'NAME="two\nlines"', "two\nlines"),
        (r"NAME='two\nlines'", r"two\nlines"),
        ("NAME=", ""),
        ("NAME=a=b", "a=b"),
    ],
)
def test_a_line_reads_as_wrangler_reads_it(line: str, value: str) -> None:
    assert dev_vars.parse(f"# first\n\n{line}\nOTHER=1\n") == {"NAME": value, "OTHER": "1"}


@pytest.mark.parametrize(
    "value", ["plain", "with space", "a$b${c}", "it's", 'a "word"', 'it\'s a "word"', "back\\slash", "#", "=", "é☃"]
)
def test_what_is_written_for_wrangler_reads_back(tmp_path: Path, value: str) -> None:
    path = tmp_path / "settings.env"
    dev_vars.write_env_file(path, {"NAME": value})
    # wrangler turns \$ into $ after reading; the rest is the reading itself.
    assert dev_vars.read(path)["NAME"].replace("\\$", "$") == value
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_value_with_every_quote_is_refused(tmp_path: Path) -> None:
    with pytest.raises(dev_vars.BadSetting, match="NAME"):
        dev_vars.write_env_file(tmp_path / "settings.env", {"NAME": "'`\""})


@pytest.mark.parametrize("argument", ["NAME", "=value", "1NAME=value", "NA ME=value", ""])
def test_a_setting_without_name_or_value_is_refused(argument: str) -> None:
    with pytest.raises(dev_vars.BadSetting):
        dev_vars.parse_assignment(argument)


def test_the_value_of_a_setting_may_hold_anything() -> None:
    assert dev_vars.parse_assignment("NAME=a=b c") == ("NAME", "a=b c")
    assert dev_vars.parse_assignment("NAME=") == ("NAME", "")


def test_a_change_wins_and_an_empty_one_takes_a_secret_away() -> None:
    base = {"CHAT_PASSWORD": "old", "MASTER_KEY": "key"}
    merged = dev_vars.merge(base, {"CHAT_PASSWORD": "new", "MASTER_KEY": ""}, declared={})
    assert merged == {"CHAT_PASSWORD": "new"}


def test_an_empty_change_of_a_declared_variable_empties_it() -> None:
    assert dev_vars.merge({}, {"CHAT_TITLE": ""}, declared={"CHAT_TITLE": "Durable Chat"}) == {"CHAT_TITLE": ""}
