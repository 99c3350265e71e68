"""The client's own tests on Node's test runner, as part of this suite: client/core and the catalogues."""

import subprocess

from tools import paths


def test_the_core_of_the_client_keeps_its_promises() -> None:
    done = subprocess.run(
        [paths.node(), "--test", "client/**/*.test.ts"], cwd=paths.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
