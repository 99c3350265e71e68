from pathlib import Path

import pytest

from tools import pyodide_bundle, worker_runtime


@pytest.fixture
def official(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for the official runtime."""
    monkeypatch.setattr(worker_runtime, "_OFFICIAL", tmp_path / "official")
    return tmp_path / "official"


def reach(monkeypatch: pytest.MonkeyPatch, *, answers: bool) -> None:
    monkeypatch.setattr(worker_runtime, "official_is_reachable", lambda: answers)


def test_auto_takes_the_official_runtime_where_it_can_be_reached(
    official: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach(monkeypatch, answers=True)
    chosen = worker_runtime.choose("auto")
    assert chosen.folder == official
    assert chosen.flags == ()  # those of wrangler.toml, as in production
    assert "official" in chosen.description


def test_auto_takes_the_official_runtime_of_an_earlier_start_without_a_network(
    official: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach(monkeypatch, answers=False)
    official.mkdir()
    (official / "pyodide_314.0.6.capnp.bin").touch()
    assert worker_runtime.choose("auto").folder == official


def test_auto_builds_from_npm_where_the_official_runtime_is_out_of_reach(
    official: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach(monkeypatch, answers=False)
    chosen = worker_runtime.choose("auto")
    assert chosen.folder != official
    assert (chosen.folder / pyodide_bundle.BUNDLE_NAME).is_file()
    assert "python_workers_development" in chosen.flags
    assert "cannot be reached" in chosen.description


def test_what_was_asked_for_is_not_second_guessed(official: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reach(monkeypatch, answers=False)
    assert worker_runtime.choose("official").folder == official
    reach(monkeypatch, answers=True)
    assert worker_runtime.choose("npm").folder != official


def test_a_bundle_is_built_once() -> None:
    bundle = worker_runtime.choose("npm").folder / pyodide_bundle.BUNDLE_NAME
    made = bundle.stat().st_mtime_ns
    assert worker_runtime.choose("npm").folder / pyodide_bundle.BUNDLE_NAME == bundle
    assert bundle.stat().st_mtime_ns == made
