"""bin/verify: compares the page's files that a chat serves with those that this checkout builds.

Whoever runs the server decides what code browsers run. This shows from any machine whether a chat serves the code of a
release: check the release out, and name the chat. It sees what this machine is served, at this moment.
"""

import argparse
import hashlib
import re
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from tools import paths
from tools.progress import say
from tools.setup import set_up

_ANSWER_SECONDS = 30.0
_MOST_BYTES = 10_000_000
_NOT_SERVED = frozenset({"_headers"})
_INDEX = "index.html"
_OUTSIDE = re.compile(rb"""<(?:script|link)[^>]+(?:src|href)=["']?(?:https?:)?//""", re.IGNORECASE)


def main(arguments: Sequence[str]) -> int:
    """Compare; 0 if every file is the same."""
    parser = argparse.ArgumentParser(prog="bin/verify", description="Does a chat serve the page of this checkout?")
    parser.add_argument("url", help="the chat's address, such as https://durable-chat.example.workers.dev")
    url = parser.parse_args(arguments).url.rstrip("/")
    set_up()
    public = paths.ROOT / "public"
    names = served_files(public)
    different = differences(url, public, names)
    for problem in different:
        say(f"  {problem}")
    if different:
        say(f"bin/verify: {url} does not serve the page that this checkout builds.")
        return 1
    print(f"All {len(names)} files of {url} are those of this checkout.\nTheir common SHA-256: {digest(public, names)}")
    return 0


def served_files(public: Path) -> list[str]:
    """The paths of all files of the page, below its folder."""
    found = (path.relative_to(public).as_posix() for path in public.rglob("*") if path.is_file())
    return sorted(name for name in found if name not in _NOT_SERVED)


def differences(url: str, public: Path, names: Sequence[str]) -> list[str]:
    """What differs between the files of a folder and those that an address serves, one line each."""
    found = []
    for name in names:
        served = _get(f"{url}/" if name == _INDEX else f"{url}/{name}")
        if served is None:
            found.append(f"{name}: not served")
        elif served != (public / name).read_bytes():
            outside = ", and names a script or style of another site" if _OUTSIDE.search(served) else ""
            found.append(f"{name}: another file{outside}")
    return found


def digest(public: Path, names: Sequence[str]) -> str:
    """One SHA-256 for all files: two people can read it to each other."""
    lines = [f"{hashlib.sha256((public / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _get(url: str) -> bytes | None:
    request = urllib.request.Request(url, headers={"User-Agent": "durable-chat-verify"})  # noqa: S310 (the address is the person's own)
    try:
        with urllib.request.urlopen(request, timeout=_ANSWER_SECONDS) as response:  # noqa: S310
            return bytes(response.read(_MOST_BYTES))
    except (OSError, ValueError):
        return None
