"""bin/lock: write requirements/ again from pyproject.toml, with a hash for every file.

The files hold no registry address and nothing of this machine: uv's configuration is ignored, and the lock has only
packages, versions and hashes. `npm install` writes npm's own lock file.
"""

from collections.abc import Sequence

from tools import paths
from tools.commands import run
from tools.progress import step
from tools.setup import FROM_SOURCE, ONLY_WHEELS, set_up

_PLAIN = ("--no-config", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet")
_UV = paths.VENV_BIN / "uv"


def main(_arguments: Sequence[str]) -> int:
    """Lock every set of packages."""
    set_up()
    with step("requirements/build.txt"):
        _lock("--group", "build", "--python-version", "3.11", "--output-file", paths.BUILD_REQUIREMENTS)
    with step("requirements/development.txt"):
        _lock("--group", "dev", "--python-version", "3.11", "--output-file", paths.DEVELOPMENT_REQUIREMENTS)
    with step("requirements/deploy.txt"):
        _lock("--group", "deploy", "--python-version", "3.11", "--output-file", paths.DEPLOY_REQUIREMENTS)
    with step("requirements/worker.txt"):
        _lock("pyproject.toml", "--python-version", "3.14", "--output-file", paths.WORKER_REQUIREMENTS)
    return 0


def _lock(*what: str | object) -> None:
    words = [str(word) for word in what]
    run(
        [_UV, "pip", "compile", *words, "--universal", "--generate-hashes", *ONLY_WHEELS, *FROM_SOURCE, *_PLAIN],
        log="lock",
    )
