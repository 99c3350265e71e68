"""Neighbouring versions understand each other: after a deployment the new Worker speaks to rooms with the old code, and
after a rollback the old one to rooms with the new code, until the rooms have changed, too.

The other version is the commit that `last_release` names; whoever makes a release writes its commit there. In a copy of
the repository without its history the present code stands in for it.
"""

import json
import subprocess
import tomllib
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.people import Person
from tests.server import SECRETS, Server
from tests.worker.gathering import FAST
from tools import worker_runtime
from tools.paths import PYTHON_MODULES, ROOT, WRANGLER_CONFIG_EXAMPLE

LAST_RELEASE = (Path(__file__).parent / "last_release").read_text(encoding="ascii").strip()
SETTINGS = {**SECRETS, **FAST, "BOT_PROTECTION": "altcha", "VAPID_SUBJECT": "mailto:ops@example.org"}


def _sources(folder: Path, *, of_release: bool) -> None:
    """The folder `src` of this version or of the last release."""
    is_known = subprocess.run(
        ["git", "cat-file", "-e", f"{LAST_RELEASE}^{{commit}}"], cwd=ROOT, capture_output=True, check=False
    )
    revision = LAST_RELEASE if of_release and is_known.returncode == 0 else None
    if revision is None:
        (folder / "src").symlink_to(ROOT / "src")
        return
    command = ["git", "archive", "--format=zip", revision, "src"]
    archive = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    with zipfile.ZipFile(BytesIO(archive)) as packed:
        packed.extractall(folder)


def _worker(folder: Path, name: str, objects: str, *, of_release: bool) -> Path:
    """One of the two Workers; returns its wrangler.toml.

    Args:
        objects: the name of the Worker that has the objects.
    """
    folder.mkdir()
    _sources(folder, of_release=of_release)
    (folder / "public").mkdir()
    (folder / "python_modules").symlink_to(PYTHON_MODULES)
    example = tomllib.loads(WRANGLER_CONFIG_EXAMPLE.read_text(encoding="utf-8"))
    source = (folder / "src" / "entry.py").read_text(encoding="utf-8")
    bindings = [each for each in example["durable_objects"]["bindings"] if each["class_name"] in source]
    # A class that the other version does not have yet is this Worker's own.
    theirs = "" if objects == name else (folder.parent / objects / "src" / "entry.py").read_text(encoding="utf-8")
    own = [each["class_name"] for each in bindings if each["class_name"] not in theirs]
    lines = [
        f'name = "{name}"',
        'main = "src/entry.py"',
        f'compatibility_date = "{example["compatibility_date"]}"',
        f"compatibility_flags = {json.dumps(worker_runtime.choose('npm').flags or ('python_workers',))}",
        '[assets]\ndirectory = "public"\nbinding = "ASSETS"\nrun_worker_first = ["/api/*"]',
        *(
            f'[[durable_objects.bindings]]\nname = "{each["name"]}"\nclass_name = "{each["class_name"]}"'
            + ("" if each["class_name"] in own else f'\nscript_name = "{objects}"')
            for each in bindings
        ),
    ]
    if own:
        lines.append(f'[[migrations]]\ntag = "v1"\nnew_sqlite_classes = {json.dumps(own)}')
    config = folder / "wrangler.toml"
    config.write_text("\n".join(lines) + "\n", encoding="utf-8")
    # What --set gives is for the first Worker only.
    settings = "".join(f'{name}="{value}"\n' for name, value in {**example["vars"], **SETTINGS}.items() if value)
    (folder / ".dev.vars").write_text(settings, encoding="utf-8")
    return config


@pytest.mark.parametrize("old", ["worker", "rooms"])
def test_a_chat_works_while_worker_and_rooms_are_of_different_versions(tmp_path: Path, old: str) -> None:
    rooms = _worker(tmp_path / "rooms", "rooms", "rooms", of_release=old == "rooms")
    worker = _worker(tmp_path / "worker", "worker", "rooms", of_release=old == "worker")
    server = Server.start(settings=SETTINGS, config=worker, beside=rooms)
    anna, boris, eve = (Person(server.url, name) for name in ("Anna", "Boris", "Eve"))
    try:
        hers, his = anna.enter().come(), boris.enter().come()
        said = hers.say("hello")
        assert his.event("message")["body"] == "hello"
        his.ask("react", id=said["id"], emoji="👍", on=True)
        hers.ask("edit", id=said["id"], body="hello again")
        assert [each["body"] for each in his.history()] == ["hello again"]
        assert anna.http.get("/session").json()["member"]["name"] == "Anna"
        assert len(anna.http.get("/sessions").json()["sessions"]) == 1
        wrong = eve.sign_in("not the password")
        assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_password")
        assert boris.http.delete("/session").status_code == 204
        assert his.closed() == 4401
    finally:
        for person in (anna, boris, eve):
            person.leave()
        server.stop()
