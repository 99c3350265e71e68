"""tools/deployed_snapshot.py: the memory from which the servers of tests start."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.tools.probe import SOURCE, write_probe
from tools import worker_runtime
from tools.deployed_snapshot import NoSnapshot, start_from


def test_it_is_taken_once_and_again_when_a_module_has_changed(tmp_path: Path) -> None:
    probe = write_probe(tmp_path / "probe")
    runtime = replace(worker_runtime.choose("npm"), folder=tmp_path)
    first = start_from(runtime, probe)
    (kept,) = tmp_path.glob("deployed-*.bin")
    assert first.workerd_options == (f"--python-snapshot-dir={tmp_path}", f"--python-load-snapshot={kept.name}")
    taken_at = kept.stat().st_mtime_ns
    assert start_from(runtime, probe) == first
    assert kept.stat().st_mtime_ns == taken_at

    probe.with_name("src").joinpath("entry.py").write_text(f"{SOURCE}\nCHANGED = True\n")
    assert start_from(runtime, probe) != first
    assert not kept.exists()


def test_a_module_level_that_no_deploy_would_take_is_told(tmp_path: Path) -> None:
    source = f"from pyodide.ffi import to_js\n\nTRAP = to_js({{}})\n\n{SOURCE}"
    runtime = replace(worker_runtime.choose("npm"), folder=tmp_path)
    with pytest.raises(NoSnapshot, match="Can't serialize top-level variable"):
        start_from(runtime, write_probe(tmp_path / "probe", source))
    assert list(tmp_path.glob("deployed-*")) == []
