from pathlib import Path

import pytest

from tools import stamps


@pytest.fixture(autouse=True)
def _own_stamps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "STAMPS", tmp_path / "stamps")


def test_a_step_is_fresh_only_with_the_inputs_it_ran_with(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_text("one")
    stamps.write("build", stamps.fingerprint(source))
    assert stamps.is_fresh("build", stamps.fingerprint(source), [])
    source.write_text("two")
    assert not stamps.is_fresh("build", stamps.fingerprint(source), [])


def test_a_step_whose_output_was_deleted_is_not_fresh(tmp_path: Path) -> None:
    stamps.write("build", "inputs")
    assert not stamps.is_fresh("build", "inputs", [tmp_path / "missing"])


def test_a_forgotten_step_is_not_fresh() -> None:
    stamps.write("build", "inputs")
    stamps.forget("build")
    assert not stamps.is_fresh("build", "inputs", [])


def test_a_touched_file_changes_nothing_and_a_renamed_one_does(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    source = tmp_path / "sources" / "a.ts"
    source.write_text("same")
    before = stamps.fingerprint(source.parent)
    source.touch()
    assert stamps.fingerprint(source.parent) == before
    source.rename(source.with_name("b.ts"))
    assert stamps.fingerprint(source.parent) != before


def test_a_byte_that_moves_to_the_next_part_changes_the_fingerprint() -> None:
    assert stamps.fingerprint("ab", "c") != stamps.fingerprint("a", "bc")
