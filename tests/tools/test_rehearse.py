"""bin/rehearse: what Cloudflare's button reads of the repository, and what its builder calls; ci.yml runs it whole."""

import shutil
from pathlib import Path

import pytest

from tools import rehearse
from tools.paths import ROOT
from tools.rehearse import RehearsalFailed


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("wrangler.toml", ".dev.vars.example", "package.json", "package-lock.json"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_the_form_asks_for_the_secrets_first_and_then_for_every_variable(copy: Path) -> None:
    asked = rehearse._asked_for(copy)
    assert asked[:2] == ["CHAT_PASSWORD", "MASTER_KEY"]
    assert {"CHAT_TITLE", "RETENTION_DAYS", "LOCATION_HINT"} <= set(asked[2:])


@pytest.mark.parametrize("name", ["wrangler.toml", ".dev.vars.example", "package-lock.json"])
def test_what_is_not_committed_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(RehearsalFailed, match=f"not committed: {name}"):
        rehearse._asked_for(copy)


def test_no_secret_may_be_suggested_and_no_setting_unexplained(copy: Path) -> None:
    example = copy / ".dev.vars.example"
    example.write_text("CHAT_PASSWORD=sesame\nMASTER_KEY=\n")
    with pytest.raises(RehearsalFailed, match="would suggest a value for CHAT_PASSWORD"):
        rehearse._asked_for(copy)
    example.write_text("CHAT_PASSWORD=\nMASTER_KEY=\nADMIN_PASSWORD=\n")
    with pytest.raises(RehearsalFailed, match="does not explain ADMIN_PASSWORD"):
        rehearse._asked_for(copy)


def test_the_copy_is_what_a_clone_has_and_the_builder_has_little(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    called: list[list[str]] = []

    def call(words: list[str], copy: Path, folder: Path) -> None:
        environment = rehearse._environment(folder)
        programs = {path.name for path in Path(environment["PATH"]).iterdir()}
        assert {"node", "npm", "python3", "git"} <= programs
        assert "uv" not in programs
        assert (environment["CI"], environment["WORKERS_CI"]) == ("true", "1")
        assert list(Path(environment["HOME"]).iterdir()) == []
        assert (copy / "src" / "entry.py").is_file()
        assert not (copy / "node_modules").exists()
        assert not (copy / ".dev.vars").exists()
        called.append(words[:2])

    monkeypatch.setattr(rehearse, "_npm", call)
    assert rehearse.main([]) == 0
    assert called == [["ci", "--no-audit"], ["run", "build"], ["run", "deploy"]]
    assert "come as far as the upload" in capsys.readouterr().err
