"""What fails is tried once more, and said to be unsteady when it passes then."""

import textwrap
from pathlib import Path

import pytest

from tools.testing import patiently

_UNSTEADY = """
    from pathlib import Path

    import pytest

    TRIES = Path(__file__).with_suffix(".tries")


    def test_steady():
        pass


    @pytest.mark.parametrize("which", range({tests}))
    def test_unsteady(which):
        tries = TRIES.with_suffix(f".{{which}}")
        tries.write_text(tries.read_text() + "x" if tries.exists() else "x")
        assert len(tries.read_text()) > {failures}
"""


@pytest.mark.parametrize(
    ("tests", "failures", "status", "tries"),
    [
        pytest.param(1, 0, 0, 1, id="all pass"),
        pytest.param(3, 1, 0, 2, id="a few fail once"),
        pytest.param(1, 2, 1, 2, id="one fails twice"),
        pytest.param(4, 1, 1, 1, id="many fail once"),
    ],
)
def test_what_fails_once_is_repeated_and_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], tests: int, failures: int, status: int, tries: int
) -> None:
    file = tmp_path / "test_it.py"
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    file.write_text(textwrap.dedent(_UNSTEADY.format(tests=tests, failures=failures)))
    assert patiently([file.name], tmp_path) == status
    assert [len(each.read_text()) for each in sorted(tmp_path.glob("test_it.[0-9]"))] == [tries] * tests
    unsteady = [line for line in capfd.readouterr().err.splitlines() if line.startswith("Unsteady")]
    assert len(unsteady) == (status == 0 and tries > 1)
    assert all(line.count("test_unsteady") == tests for line in unsteady)
