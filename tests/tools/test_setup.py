"""Setting up: what is there is left alone, and what a person made is never touched."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import paths, setup, stamps
from tools.setup import STEPS, Step

BIN_SETUP = [sys.executable, str(paths.ROOT / "bin" / "setup")]


def test_a_second_set_up_does_nothing() -> None:
    done = subprocess.run(BIN_SETUP, capture_output=True, text=True, check=True)
    assert done.stderr == "Ready.\n", "a step that runs says so"


def test_every_step_has_an_output_that_is_looked_at() -> None:
    assert [each.name for each in STEPS] == ["python", "npm", "worker-packages", "client"]
    assert [each.name for each in STEPS if not each.outputs()] == []


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Step:
    """A step that copies its input to its output and notes how often it ran."""
    monkeypatch.setattr(stamps, "STAMPS", tmp_path / "stamps")
    source, output, runs = tmp_path / "source", tmp_path / "output", tmp_path / "runs"
    source.write_text("one")

    def perform() -> None:
        output.write_text(source.read_text())
        runs.write_text(f"{runs.read_text() if runs.exists() else ''}x")

    return Step("build", "a build", lambda: stamps.fingerprint(source), lambda: (output,), perform)


def test_a_step_runs_again_only_when_its_input_changed_or_its_output_is_gone(build: Step, tmp_path: Path) -> None:
    def runs_after_another_look() -> int:
        setup.bring_up_to_date(build)
        return len((tmp_path / "runs").read_text())

    assert runs_after_another_look() == 1
    assert runs_after_another_look() == 1
    (tmp_path / "source").write_text("two")
    assert runs_after_another_look() == 2
    (tmp_path / "output").unlink()
    assert runs_after_another_look() == 3


def test_a_step_that_failed_runs_again(build: Step, tmp_path: Path) -> None:
    setup.bring_up_to_date(build)
    (tmp_path / "source").write_text("two")
    broken = Step(build.name, build.title, build.inputs, build.outputs, lambda: sys.exit("broken"))
    with pytest.raises(SystemExit):
        setup.bring_up_to_date(broken)
    (tmp_path / "source").write_text("one")  # as at the last success; the failed run may have damaged the output
    setup.bring_up_to_date(build)
    assert (tmp_path / "runs").read_text() == "xx"


def test_a_person_s_configuration_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "WRANGLER_CONFIG", tmp_path / "wrangler.toml")
    monkeypatch.setattr(paths, "DEV_VARS", tmp_path / ".dev.vars")
    (tmp_path / "wrangler.toml").write_text("mine")
    (tmp_path / ".dev.vars").write_text("mine")
    setup._configure()
    assert (tmp_path / "wrangler.toml").read_text() == (tmp_path / ".dev.vars").read_text() == "mine"
