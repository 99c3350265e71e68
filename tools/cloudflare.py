"""What bin/deploy asks of Cloudflare, all of it through wrangler: which secrets there are, setting them, the upload.

The upload goes through pywrangler, Cloudflare's own front of wrangler for Python. It would first fetch the Worker's
packages, unhashed and with an interpreter that it downloads; ours are there already, exactly those of
requirements/worker.txt, and it is told so.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools import paths
from tools.commands import environment
from tools.run_folder import run_folder
from tools.wrangler import QUIET, command_prefix

_LAUNCHERS = paths.ROOT / "tools" / "launchers"
_NO_WORKER = re.compile(r'Worker ".*" (\(env: .*\) )?not found')
_SHOWN_LINES = 20
_PLAIN = {**QUIET, "NO_COLOR": "1", "FORCE_COLOR": "0"}  # what it says here is read, or shown further down


class WranglerFailed(Exception):
    """wrangler ended with an error; it has told the reason, or the message does."""


def secret_names(arguments: Sequence[str]) -> set[str]:
    """The secrets that the Worker has now; none if there is no such Worker yet.

    Raises:
        WranglerFailed: nobody is signed in, or Cloudflare could not be asked.
    """
    done = subprocess.run(
        [*command_prefix(), "secret", "list", "--format", "json", *arguments],
        cwd=paths.ROOT,
        env=environment(_PLAIN),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    told = done.stdout + done.stderr
    if done.returncode != 0:
        if _NO_WORKER.search(told):
            return set()
        raise WranglerFailed(
            "Cloudflare could not be asked which secrets the chat has. Sign in with `bin/wrangler login`, or set"
            f" CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID. wrangler says:\n\n{_last_lines(told)}"
        )
    return {str(each["name"]) for each in json.loads(done.stdout)}


def put_secrets(secrets: Mapping[str, str], arguments: Sequence[str]) -> None:
    """Set secrets, all at once. They go through a pipe: nobody sees them in a list of processes or in a file.

    Raises:
        WranglerFailed: they were not set.
    """
    done = subprocess.run(
        [*command_prefix(), "secret", "bulk", *arguments],
        cwd=paths.ROOT,
        env=environment(_PLAIN),
        input=json.dumps(dict(secrets)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        told = _without(secrets.values(), done.stdout + done.stderr)
        raise WranglerFailed(f"The secrets were not set. wrangler says:\n\n{_last_lines(told)}")


def upload(arguments: Sequence[str]) -> list[str]:
    """`pywrangler deploy`, seen by the person as it goes.

    Returns:
        The addresses where the Worker answers now, without a slash at the end; none after a dry run.
    Raises:
        WranglerFailed: nothing was uploaded; wrangler has said why.
    """
    with run_folder() as folder, _in_sync():
        told = folder / "wrangler.ndjson"
        extra = {
            **QUIET,
            "PATH": f"{_LAUNCHERS}:{environment()['PATH']}",
            "DURABLE_CHAT_WRANGLER": "\n".join(command_prefix()),
            "WRANGLER_OUTPUT_FILE_PATH": str(told),
            "UV_OFFLINE": "1",  # should it want to fetch packages all the same, let it fail
        }
        command = [str(paths.PYWRANGLER), "deploy", *arguments]
        if subprocess.run(command, cwd=paths.ROOT, env=environment(extra), check=False).returncode != 0:
            raise WranglerFailed("The upload failed; wrangler says above why.")
        return _addresses(told)


@contextmanager
def _in_sync() -> Iterator[None]:
    """Leave the marks by which pywrangler knows that packages are in place: its version in two files."""
    found = re.search(r"^workers-py==(\S+)", paths.DEPLOY_REQUIREMENTS.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    own = paths.ROOT / ".venv-workers"  # where it would keep a second environment, for editors
    made = not own.exists()
    marks = [paths.PYTHON_MODULES / ".synced", own / ".synced"]
    try:
        for mark in marks:
            mark.parent.mkdir(exist_ok=True)
            mark.write_text(found[1], encoding="ascii")
        yield
    finally:
        for mark in marks:
            mark.unlink(missing_ok=True)
        if made:
            shutil.rmtree(own)


def _addresses(told: Path) -> list[str]:
    """Addresses from what wrangler wrote for programs; a route with a pattern is none."""
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    entries = [json.loads(line) for line in lines]
    targets = [str(each) for entry in entries if entry.get("type") == "deploy" for each in entry.get("targets") or []]
    hosts = [target.split()[0].rstrip("/") for target in targets if target.strip() and "*" not in target]
    return [host if "://" in host else f"https://{host}" for host in hosts]


def _without(values: Collection[str], text: str) -> str:
    for value in values:
        text = text.replace(value, "…")
    return text


def _last_lines(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.strip().splitlines()[-_SHOWN_LINES:])
