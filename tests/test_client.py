"""The client's own tests on Node's test runner, as part of this suite; and what its folders may import."""

import re
import subprocess

import pytest

from tools import paths


def test_the_core_of_the_client_keeps_its_promises() -> None:
    # In one process: a process for each file takes twice the work.
    command = [str(paths.node()), "--test", "--test-isolation=none", "client/**/*.test.ts"]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]


@pytest.mark.parametrize(
    ("folder", "may_import"),
    [
        ("core", {"core"}),
        ("browser", {"browser", "core"}),
        ("node", {"node", "core", "i18n"}),
        ("archive", {"archive", "core"}),
        ("i18n", {"i18n", "core"}),
        ("push", {"push", "browser", "core", "i18n"}),
        ("ui", {"ui", "push", "browser", "core", "i18n"}),
    ],
)
def test_imports_of_the_client_point_one_way(folder: str, may_import: set[str]) -> None:
    for file in (paths.CLIENT / folder).rglob("*.ts*"):
        if ".test." in file.name:
            continue
        for target in re.findall(r'(?:from |import\()"(\.[^"]+)"', file.read_text(encoding="utf-8")):
            imported = (file.parent / target).resolve().relative_to(paths.CLIENT)
            assert imported.parts[0] in may_import, f"{file.name} imports {imported}"
