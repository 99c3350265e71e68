"""bin/restore before it speaks to a chat: what it asks, and what it makes of a time and an address."""

import os
import pty
import subprocess
import sys
from collections.abc import Sequence

import pytest

from tools.paths import ROOT

NOWHERE = "http://127.0.0.1:9"
CONFIRM = "Type the room's name to go on: "
Result = subprocess.CompletedProcess[str]


def restore(*options: str, typed: str | None = None, **more: str) -> Result:
    """Run the script as somebody would who types this."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("CHAT_")}
    who = {"CHAT_NAME": "Olga", "CHAT_PASSWORD": "a password"}
    keyboard, terminal = pty.openpty()
    try:
        if typed is not None:
            os.write(keyboard, f"{typed}\n".encode())
        return subprocess.run(
            [sys.executable, str(ROOT / "bin/restore"), *options],
            env=clean | who | more,
            stdin=subprocess.DEVNULL if typed is None else terminal,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        os.close(keyboard)
        os.close(terminal)


@pytest.mark.parametrize("typed", ["", "Main", "team", "yes"])
def test_nothing_is_done_for_somebody_who_does_not_type_the_name_of_the_room(typed: str) -> None:
    refused = restore(NOWHERE, "--at", "2026-01-01", typed=typed)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.endswith(f"{CONFIRM}That is not its name. Nothing was done.\n")


@pytest.mark.parametrize(
    ("options", "room"),
    [
        ([NOWHERE], "main"),
        ([f"{NOWHERE}/r/team"], "team"),
        ([f"{NOWHERE}/r/team/"], "team"),
        ([f"{NOWHERE}/r/team#general"], "team"),
        ([f"{NOWHERE}/r/team/?from=/r/ops"], "team"),
        ([f"{NOWHERE}/r/team/more"], "team"),
        ([f"{NOWHERE}/r/team", "--room", "ops"], "ops"),
    ],
)
def test_whoever_types_it_goes_on(options: Sequence[str], room: str) -> None:
    asked = restore(*options, "--at", "2026-01-01T10:00", typed=room, TZ="Europe/Berlin")
    assert f"Room {room} goes back to 2026-01-01 09:00:00 UTC (10:00:00 here)." in asked.stderr
    assert f"{NOWHERE} does not answer as a chat does." in asked.stderr


@pytest.mark.parametrize("time", ["yesterday", "2026-13-01", "14:30", "", "1764000000"])
def test_what_is_no_time_is_said_to_be_none(time: str) -> None:
    refused = restore(NOWHERE, "--at", time)
    assert refused.returncode == 2
    assert f"--at: {time} is no time such as 2026-11-28T14:30" in refused.stderr


def test_one_thing_is_done_at_a_time() -> None:
    for options in ([], ["--list", "--at", "2026-01-01"], ["--undo", "a", "--at", "2026-01-01"]):
        assert restore(NOWHERE, *options).returncode == 2
