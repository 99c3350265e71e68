"""What a newer chat needs of wrangler.toml: it comes by itself where nobody changed the file, else it is asked for."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tools import bindings, paths
from tools.bindings import BindingsMissing, bring_up_to_date, missing

EXAMPLE = paths.WRANGLER_CONFIG_EXAMPLE.read_text(encoding="utf-8")
FORMER = """
name = "mine"

[[durable_objects.bindings]]
name = "ROOMS"
class_name = "Room"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Room"]
"""
LACKING = [
    '[[durable_objects.bindings]]\nname = "GUESSES"\nclass_name = "Guesses"',
    '[[migrations]]\ntag = "v2"\nnew_sqlite_classes = ["Guesses"]',
]


def test_the_example_lacks_nothing() -> None:
    assert missing(EXAMPLE, EXAMPLE) == []


def test_what_an_earlier_file_lacks_is_told_as_lines_to_add() -> None:
    assert missing(FORMER, EXAMPLE) == LACKING
    assert missing("\n".join([FORMER, *LACKING]), EXAMPLE) == []
    assert missing(FORMER + LACKING[0], EXAMPLE) == LACKING[1:]


def test_another_name_or_tag_of_one_s_own_is_no_fault() -> None:
    own = FORMER.replace('"v1"', '"first"') + LACKING[0] + "\n" + LACKING[1].replace('"v2"', '"second"')
    assert missing(own, EXAMPLE) == []


def test_a_file_that_is_no_toml_is_wranglers_to_complain_of() -> None:
    assert missing("mine", EXAMPLE) == []


def test_a_file_that_somebody_changed_is_left_alone_and_its_owner_told(tmp_path: Path) -> None:
    config = tmp_path / "wrangler.toml"
    config.write_text(FORMER)
    with pytest.raises(BindingsMissing) as told:
        bring_up_to_date(config, paths.WRANGLER_CONFIG_EXAMPLE)
    assert all(section in str(told.value) for section in LACKING)
    assert config.read_text() == FORMER


def test_a_file_that_nobody_changed_is_copied_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    example, config = tmp_path / "wrangler.toml.example", tmp_path / "wrangler.toml"
    example.write_text(FORMER)
    config.write_text(FORMER)
    git = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.org"]
    for words in (["init", "-q"], ["add", example.name], ["commit", "-q", "-m", "first"]):
        subprocess.run([*git, *words], cwd=tmp_path, check=True)
    example.write_text("\n".join([FORMER, *LACKING]))
    bring_up_to_date(config, example)
    assert config.read_text() == example.read_text()
    config.write_text(FORMER.replace("mine", "ours"))
    with pytest.raises(BindingsMissing):
        bring_up_to_date(config, example)


def test_without_git_a_file_counts_as_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(bindings, "_git", lambda *_: "")
    (tmp_path / "wrangler.toml").write_text(FORMER)
    with pytest.raises(BindingsMissing):
        bring_up_to_date(tmp_path / "wrangler.toml", paths.WRANGLER_CONFIG_EXAMPLE)


def test_a_script_tells_it_as_a_sentence_and_not_as_a_traceback(tmp_path: Path) -> None:
    script = (
        "from tools.cli import run_script\n"
        "from tools.bindings import BindingsMissing\n"
        "def main(arguments):\n    raise BindingsMissing('add this')\n"
        "run_script(main)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=paths.ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (1, "add this")


def test_every_class_of_the_worker_is_in_the_example() -> None:
    config = tomllib.loads(EXAMPLE)
    classes = set(
        re.findall(
            r"^class (\w+)\(DurableObject\)",
            "".join(path.read_text(encoding="utf-8") for path in (paths.ROOT / "src").rglob("*.py")),
            re.MULTILINE,
        )
    )
    assert classes == {each["class_name"] for each in config["durable_objects"]["bindings"]}
    assert classes == {name for each in config["migrations"] for name in each["new_sqlite_classes"]}
