"""The memory of the isolate in which ours runs: V8's heap, as V8 tells it, and WebAssembly's, where Python lives.

Cloudflare gives an isolate 128 MB for both together. What else a process has (the engine itself, bytes that wait in
sockets, SQLite's pages) is the platform's. Nobody looks at this inspector but we, after all is over: one that somebody
looks at keeps what it has shown. V8 is asked to throw away first what nobody needs any more.
"""

import json
import re
import socket
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

from tests.server import Server

_TARGET = "core:user:"  # of the Worker; all others are wrangler's
_MEGABYTE = 1 << 20
_MAPPING = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (\S{4}) ", re.MULTILINE)
_RESERVED = 4 << 30
"""V8 reserves so many addresses for a memory of WebAssembly, which grows as one piece from the first of them."""
_HEAP_BEGINS = 8 << 20
"""A heap of V8 reserves as many, from a multiple of them on; nothing is written before this."""
_PATIENCE_SECONDS = 60.0
_TURN_SECONDS = 0.2


def free_inspector() -> str:
    """An address for the inspector of a server that is about to start."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


def memory_mb(server: Server) -> dict[str, float]:
    """Megabytes of `webassembly` and of the `heap`, buffers included."""
    targets = httpx.get(f"http://{server.inspector}/json", timeout=_PATIENCE_SECONDS).json()
    (url,) = [each["webSocketDebuggerUrl"] for each in targets if each["id"].startswith(_TARGET)]
    with connect(url, max_size=None) as line:
        line.send(json.dumps({"id": 1, "method": "HeapProfiler.enable"}))
        for number in (2, 3):  # what the first run finalizes, the second collects
            _ask(line, server, number, "HeapProfiler.collectGarbage")
        usage = _ask(line, server, 4, "Runtime.getHeapUsage")
    heap = usage["usedSize"] + usage["backingStorageSize"]
    smaps = Path(f"/proc/{server.pids()[-1]}/smaps").read_text(encoding="ascii", errors="replace")
    return {"webassembly": webassembly_bytes(smaps) / _MEGABYTE, "heap": heap / _MEGABYTE}


def webassembly_bytes(smaps: str) -> int:
    """How large the one memory of WebAssembly is in a process with these mappings.

    Raises:
        ValueError: there is none, or several.
    """
    mappings = [(int(start, 16), int(end, 16), mode) for start, end, mode in _MAPPING.findall(smaps)]
    (size,) = [
        end - start
        for (start, end, mode), (follows, reserved_to, next_mode) in pairwise(mappings)
        if (mode, next_mode, end) == ("rw-p", "---p", follows)
        and reserved_to - start >= _RESERVED
        and start % _RESERVED > _HEAP_BEGINS
    ]
    return size


def _ask(line: ClientConnection, server: Server, number: int, method: str) -> dict[str, Any]:
    """The result of a call; the isolate answers in its next event, so it is given one."""
    line.send(json.dumps({"id": number, "method": method}))
    while True:
        with suppress(TimeoutError):
            answer = json.loads(line.recv(_TURN_SECONDS))
            if answer.get("id") == number:
                result: dict[str, Any] = answer["result"]
                return result
            continue
        httpx.get(f"{server.url}/api/health", timeout=_PATIENCE_SECONDS)
