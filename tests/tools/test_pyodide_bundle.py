import pytest

from tools import pyodide_bundle
from tools.pyodide_bundle import CHANGES, GLUE, PACKAGE, UnexpectedPyodide, adapt


@pytest.fixture(scope="module")
def glue() -> str:
    return (PACKAGE / GLUE).read_text(encoding="utf-8")


def test_the_installed_glue_script_is_the_one_we_know(glue: str) -> None:
    adapted = adapt(glue)
    assert adapted.startswith("import { getRandomValues, newWasmModule } from")
    assert adapted.rstrip().endswith("export{_createPyodideModule};")
    assert "new WebAssembly.Module(" not in adapted
    assert "crypto.getRandomValues" not in adapted


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.old)
def test_a_glue_script_that_lacks_a_place_to_change_is_refused(glue: str, change: pyodide_bundle.Change) -> None:
    with pytest.raises(UnexpectedPyodide, match=f"{change.times - 1} times, expected {change.times}"):
        adapt(glue.replace(change.old, "/* gone */", 1))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.old)
def test_a_glue_script_with_one_place_too_many_is_refused(glue: str, change: pyodide_bundle.Change) -> None:
    with pytest.raises(UnexpectedPyodide, match=f"{change.times + 1} times, expected {change.times}"):
        adapt(glue + change.old)


def test_another_version_of_the_package_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyodide_bundle, "VERSION", "0.0.0")
    with pytest.raises(UnexpectedPyodide, match=r"workerd's Python needs 0\.0\.0"):
        pyodide_bundle._check_version()
