"""What bin/deploy asks of Cloudflare, all through wrangler: which secrets exist, setting them, and the upload.

The upload goes through pywrangler, Cloudflare's own wrapper of wrangler for Python. It would first fetch the Worker's
packages, without hashes and with an interpreter that it downloads. Ours are there already, exactly those of
requirements/worker.txt, and two marks show it that.
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
_PLAIN = {**QUIET, "NO_COLOR": "1", "FORCE_COLOR": "0"}  # we parse this output, or show it further down


class WranglerFailed(Exception):
    """wrangler ended with an error; it has shown the reason, or the message does."""


def secret_names(arguments: Sequence[str]) -> set[str]:
    """The secrets that the Worker has now; empty if there is no such Worker yet.

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
    """Set secrets, all at once. They go through a pipe, so they appear in no list of processes and in no file.

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
    """Call `pywrangler deploy` and show its output as it comes.

    Returns:
        The addresses where the Worker answers now, without a slash at the end; empty after a dry run.
    Raises:
        WranglerFailed: nothing was uploaded; wrangler has shown why.
    """
    with run_folder() as folder, _in_sync():
        told = folder / "wrangler.ndjson"
        extra = {
            **QUIET,
            "PATH": f"{_LAUNCHERS}:{environment()['PATH']}",
            "DURABLE_CHAT_WRANGLER": "\n".join(command_prefix()),
            "WRANGLER_OUTPUT_FILE_PATH": str(told),
            "UV_OFFLINE": "1",  # if it still tries to fetch packages, it has to fail
        }
        command = [str(paths.PYWRANGLER), "deploy", *arguments]
        if subprocess.run(command, cwd=paths.ROOT, env=environment(extra), check=False).returncode != 0:
            raise WranglerFailed("The upload failed; wrangler says above why.")
        return _addresses(told)


@contextmanager
def _in_sync() -> Iterator[None]:
    """Write the marks by which pywrangler knows that packages are in place: its version in two files."""
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
    """The addresses in wrangler's output for programs; a route with a pattern is not an address."""
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
