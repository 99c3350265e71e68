"""What a newer chat needs of wrangler.toml is asked for."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tools import paths
from tools.bindings import BindingsMissing, check, missing

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
    '[[durable_objects.bindings]]\nname = "FILES"\nclass_name = "Files"',
    '[[migrations]]\ntag = "v2"\nnew_sqlite_classes = ["Guesses"]',
    '[[migrations]]\ntag = "v3"\nnew_sqlite_classes = ["Files"]',
]


def test_the_example_lacks_nothing() -> None:
    assert missing(EXAMPLE, EXAMPLE) == []


def test_what_an_earlier_file_lacks_is_told_as_lines_to_add() -> None:
    assert missing(FORMER, EXAMPLE) == LACKING
    assert missing("\n".join([FORMER, *LACKING]), EXAMPLE) == []
    assert missing(FORMER + LACKING[0], EXAMPLE) == LACKING[1:]


def test_another_name_or_tag_of_one_s_own_is_no_fault() -> None:
    own = "\n".join([FORMER.replace('"v1"', '"first"'), *LACKING]).replace('"v2"', '"second"')
    assert missing(own, EXAMPLE) == []


def test_a_file_that_is_no_toml_is_wranglers_to_complain_of() -> None:
    assert missing("mine", EXAMPLE) == []


def test_a_file_that_lacks_something_is_left_alone_and_its_owner_told(tmp_path: Path) -> None:
    config = tmp_path / "wrangler.toml"
    config.write_text(FORMER)
    with pytest.raises(BindingsMissing) as told:
        check(config, paths.WRANGLER_CONFIG_EXAMPLE)
    assert all(section in str(told.value) for section in LACKING)
    assert config.read_text() == FORMER


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
