"""What bin/deploy asks of Cloudflare, all through wrangler: which secrets exist, and the upload of code and secrets.

The upload goes through pywrangler, Cloudflare's own wrapper of wrangler for Python. It would first fetch the Worker's
packages, without hashes and with an interpreter that it downloads. Ours are there already, exactly those of
requirements/worker.txt, and two marks show it that.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

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


@dataclass(frozen=True)
class Uploaded:
    """What wrangler says of an upload."""

    version: str
    """Cloudflare's id of this version of code, settings and secrets; empty after a dry run."""
    addresses: list[str]
    """Where the Worker answers now, without a slash at the end; empty after a dry run."""


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


def upload(arguments: Sequence[str], secrets: Mapping[str, str], *, is_dry_run: bool = False) -> Uploaded:
    """Call `pywrangler deploy` and show its output as it comes.

    Args:
        secrets: set with the code, as one version: new code never runs with old secrets, nor old code with new ones.
    Raises:
        WranglerFailed: nothing was uploaded; wrangler has shown why.
    """
    with run_folder() as folder, _in_sync(), _as_pipe(secrets, folder) as pipe:
        told = folder / "wrangler.ndjson"
        extra = {
            **QUIET,
            "PATH": f"{_LAUNCHERS}:{environment()['PATH']}",
            "DURABLE_CHAT_WRANGLER": "\n".join(command_prefix()),
            "WRANGLER_OUTPUT_FILE_PATH": str(told),
            "UV_OFFLINE": "1",  # if it still tries to fetch packages, it has to fail
        }
        command = [str(paths.PYWRANGLER), "deploy", *(["--dry-run"] if is_dry_run else []), *arguments, *pipe]
        if subprocess.run(command, cwd=paths.ROOT, env=environment(extra), check=False).returncode != 0:
            raise WranglerFailed("The upload failed; wrangler says above why.")
        uploaded = _uploaded(told)
    if not is_dry_run and not uploaded.version:  # one of its questions was answered with no
        raise WranglerFailed("wrangler ended without an upload; nothing was changed.")
    return uploaded


@contextmanager
def _as_pipe(secrets: Mapping[str, str], folder: Path) -> Iterator[list[str]]:
    """wrangler's option for a file of secrets. The file is a named pipe, so they are never on the disk."""
    if not secrets:
        yield []
        return
    pipe = folder / "secrets.json"
    os.mkfifo(pipe, 0o600)
    writer = Thread(target=_write, args=(pipe, json.dumps(dict(secrets))), daemon=True)
    writer.start()
    try:
        yield ["--secrets-file", str(pipe)]
    finally:
        with suppress(OSError):  # frees the writer, if nobody has read
            os.close(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK))
        writer.join()


def _write(pipe: Path, text: str) -> None:
    with suppress(BrokenPipeError):
        pipe.write_text(text, encoding="utf-8")


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


def _uploaded(told: Path) -> Uploaded:
    """The version and the addresses in wrangler's output for programs; a route with a pattern is not an address."""
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    entries = [entry for entry in map(json.loads, lines) if entry.get("type") == "deploy"]
    targets = [str(each) for entry in entries for each in entry.get("targets") or []]
    hosts = [target.split()[0].rstrip("/") for target in targets if target.strip() and "*" not in target]
    version = next((str(entry["version_id"]) for entry in entries if entry.get("version_id")), "")
    return Uploaded(version, [host if "://" in host else f"https://{host}" for host in hosts])


def _last_lines(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.strip().splitlines()[-_SHOWN_LINES:])
