"""Every command in the documentation is run by a test, or stands in a block that says it needs an account.

The rule for writers: a fenced block marked `sh` holds commands that work in a fresh clone; each stands in one of the
lists below, with the test that runs it or with what it should print. A block marked `sh account` holds commands that
need somebody's account; of them only the names of scripts are looked at.
"""

import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_links import committed
from tests.tools.deploying import Operator
from tools import dev_vars, paths, setup
from tools.paths import ROOT
from tools.wrangler import command_prefix

_BLOCK = re.compile(r"^( *)```([^\n`]*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)

# Whoever reads this test run has just called one of these, or bin/check within it.
CALLED_BY_WHOEVER_RUNS_TESTS = ("bin/test", "bin/test --quick", "bin/check")

# Command: the test that runs it.
RUN_ELSEWHERE = {
    # In its smallest form: the whole of it would take longer than all tests.
    "bin/bench": "tests/tools/test_bench.py::test_the_smallest_run_measures_and_loses_nothing",
    "bin/bench --quick": "tests/tools/test_bench.py::test_the_smallest_run_measures_and_loses_nothing",
    'curl -d "The backup is done" https://YOUR-ADDRESS/hooks/TOKEN': "tests/worker/test_hooks.py::"
    "test_an_alert_in_a_minute_is_what_the_page_says",
    "bin/dev": "tests/tools/test_workflows.py::test_the_smoke_run_of_the_mac_works_here",
    "bin/setup": "tests/tools/test_setup.py::test_a_second_set_up_does_nothing",
    "bin/setup --reset": "tests/tools/test_doc_commands.py::test_a_reset_removes_what_set_up_made_and_nothing_else",
    "node client/build.mjs --react": "tests/browser/test_react.py::test_react_itself_runs_the_same_client",
    "bin/deploy --dry-run": "tests/tools/test_deploy.py::"
    "test_a_dry_run_goes_all_the_way_but_the_upload_and_needs_no_account",
    "bin/deploy --init --dry-run": "tests/tools/test_deploy.py::test_a_first_time_can_be_tried_without_an_account",
    "bin/rehearse": "tests/tools/test_rehearse.py::test_the_copy_is_what_a_clone_has_and_the_builder_has_little",
    "bin/export https://YOUR-ADDRESS --output chat.zip": "tests/worker/test_export.py::"
    "test_a_member_exports_everything_that_they_see",
    "bin/restore https://YOUR-ADDRESS --list": "tests/worker/test_restore.py::"
    "test_the_script_says_how_far_back_a_room_can_go",
    "bin/verify https://YOUR-ADDRESS": "tests/tools/test_verify.py::test_the_same_files_are_found_the_same",
    "bin/dev --port 0 --set ROOM_NAMES=main,team --set BOT_PROTECTION=off": "tests/tools/test_doc_commands.py::"
    "test_settings_for_one_run_are_given_as_the_page_says",
}

# Command: what it prints, with a password piped in.
RUN_HERE = {
    "bin/keys MASTER_KEY": r"[\w-]{43}\n",
    "bin/verifier": r"main:[\w-]{22}\.[\w-]{22}\.[\w-]{43}\n",
    "bin/verifier --room team": r"team:[\w-]{22}\.[\w-]{22}\.[\w-]{43}\n",
    "bin/verifier --salt AAECAwQFBgcICQoLDA0ODw": r"main:AAECAwQFBgcICQoLDA0ODw\.[\w-]{22}\.[\w-]{43}\n",
}

SCRIPTS = {f"bin/{path.name}" for path in (ROOT / "bin").iterdir()}
OTHERS = {"age", "git", "gh", "npm"}


def blocks() -> Iterator[tuple[str, str, list[str]]]:
    """Page, mark and commands of every block of commands."""
    for name in sorted(name for name in committed() if name.endswith(".md")):
        for _, mark, text in _BLOCK.findall((ROOT / name).read_text(encoding="utf-8")):
            lines = [re.sub(r"\s+#.*", "", line).strip() for line in text.splitlines()]
            commands = [" ".join(line.split()) for line in lines if line]
            looks_like_commands = mark == "" and any(command.startswith("bin/") for command in commands)
            if mark.split(" ")[0] in ("sh", "bash", "shell", "console") or looks_like_commands:
                yield name, mark, commands


BLOCKS = list(blocks())
EVERY = list(dict.fromkeys((page, "account" in mark, each) for page, mark, commands in BLOCKS for each in commands))
RUNNABLE = [(page, command) for page, with_account, command in EVERY if not with_account]
WITH_ACCOUNT = [(page, command) for page, with_account, command in EVERY if with_account]


def is_run(command: str) -> bool:
    return command in (*CALLED_BY_WHOEVER_RUNS_TESTS, *RUN_ELSEWHERE, *RUN_HERE) or names_tests(command)


def names_tests(command: str) -> bool:
    """bin/test with files that exist: they are part of what bin/test runs."""
    script, *words = shlex.split(command)
    files = [word for word in words if word.startswith("tests/")]
    return script == "bin/test" and bool(files) and all((ROOT / word.split("::")[0]).exists() for word in files)


def test_blocks_of_commands_carry_one_of_two_marks() -> None:
    assert {(page, mark) for page, mark, _ in BLOCKS if mark not in ("", "sh", "sh account")} == set()


@pytest.mark.parametrize(("page", "command"), RUNNABLE)
def test_every_command_is_run_by_a_test(page: str, command: str) -> None:
    assert is_run(command), (
        f"{page} tells readers to type `{command}`, and no test does. Write it as one of the lists in {__name__} has"
        " it, add it there with the test that runs it, or mark its block `sh account` if it takes somebody's account."
    )


def test_no_list_holds_what_no_page_says() -> None:
    said = {command for _, command in RUNNABLE}
    assert {*RUN_ELSEWHERE, *RUN_HERE} - said == set()


@pytest.mark.parametrize("test", sorted(set(RUN_ELSEWHERE.values())))
def test_the_tests_that_run_them_exist(test: str) -> None:
    path, _, name = test.partition("::")
    assert re.search(rf"^(async )?def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize(("command", "printed"), RUN_HERE.items())
def test_it_prints_what_it_should(command: str, printed: str) -> None:
    done = subprocess.run(
        [sys.executable, *shlex.split(command)],
        cwd=ROOT,
        input="correct horse\n",
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert re.fullmatch(printed, done.stdout)


def test_a_command_of_a_page_that_names_tests_selects_some() -> None:
    selecting = [command for _, command in RUNNABLE if names_tests(command) and " -k " in command]
    for command in selecting:
        listed = [sys.executable, *shlex.split(command), "--collect-only", "--quiet"]
        assert subprocess.run(listed, cwd=ROOT, capture_output=True, check=False).returncode == 0, command


@pytest.mark.parametrize(("page", "command"), WITH_ACCOUNT)
def test_commands_with_an_account_call_what_there_is(page: str, command: str) -> None:
    for part in re.split(r" [|<] ", command)[: 1 + command.count("|")]:
        assert part.split()[0] in SCRIPTS | OTHERS, page


def test_scripts_and_options_named_in_sentences_exist() -> None:
    sources = [*(ROOT / "tools").glob("*.py"), ROOT / "bench" / "__main__.py", ROOT / "tests" / "conftest.py"]
    known = "".join(path.read_text(encoding="utf-8") for path in sources) + '"--help"'
    for page in sorted(name for name in committed() if name.endswith(".md")):
        prose = _BLOCK.sub("", (ROOT / page).read_text(encoding="utf-8"))
        for script, rest in re.findall(r"`(bin/[a-z]+)([^`]*)`", prose):
            assert script in SCRIPTS, page
            for option in re.findall(r"--[a-z-]+", rest):
                assert f'"{option}"' in known, f"{page}: {script} {option}"


def test_wrangler_knows_what_the_pages_ask_of_it() -> None:
    asked = {
        tuple(word for word in part.split()[1:] if re.fullmatch(r"[a-z][a-z0-9]*", word))
        for _, command in WITH_ACCOUNT
        for part in command.split(" | ")
        if part.startswith("bin/wrangler")
    }
    assert asked
    for words in sorted(asked):
        done = subprocess.run(
            [*command_prefix(), *words, "--help"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert f"wrangler {' '.join(words)}" in done.stdout.splitlines()[0], words


def test_bin_deploy_takes_what_the_pages_give_it(tmp_path: Path) -> None:
    for _, command in WITH_ACCOUNT:
        if command.startswith("bin/deploy"):
            done = Operator(tmp_path).deploys(*shlex.split(command)[1:], "--dry-run", typed="correct horse\n")
            assert done.returncode == 0, done.stderr


def test_settings_for_one_run_are_given_as_the_page_says(tmp_path: Path) -> None:
    command = "bin/dev --port 0 --set ROOM_NAMES=main,team --set BOT_PROTECTION=off"
    process = subprocess.Popen(
        [sys.executable, *shlex.split(command), "--state", str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    seen = ""
    for line in process.stdout:
        seen += line
        if "Ctrl-C stops it" in line:
            break
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=120)
    assert re.search(r"address   http://127\.0\.0\.1:\d+/", seen), seen


def test_a_reset_removes_what_set_up_made_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {"VENV": ".venv", "NODE_MODULES": "node_modules", "PYTHON_MODULES": "python_modules", "CACHE": ".cache"}
    for constant, name in made.items():
        (tmp_path / name / "below").mkdir(parents=True)
        monkeypatch.setattr(paths, constant, tmp_path / name)
    (tmp_path / "sw.js").touch()
    monkeypatch.setattr(paths, "BUILT_CLIENT", (tmp_path / "assets", tmp_path / "sw.js"))
    dev_vars.create(tmp_path / ".dev.vars")
    (tmp_path / "wrangler.toml").touch()
    setup.reset()
    assert sorted(path.name for path in tmp_path.iterdir()) == [".dev.vars", "wrangler.toml"]
