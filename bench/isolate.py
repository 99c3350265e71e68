"""The memory of the isolate in which ours runs: V8's heap, as V8 tells it, and WebAssembly's, where Python lives.

Cloudflare gives an isolate 128 MB for both together. What else a process has (the engine itself, bytes that wait in
sockets, SQLite's pages) is the platform's. Nobody looks at this inspector but we, after all is over: one that somebody
looks at keeps what it has shown. V8 is asked to throw away first what nobody needs any more.
"""

import re
from itertools import pairwise
from pathlib import Path

from bench.inspector import inspecting
from tests.server import Server

_MEGABYTE = 1 << 20
_MAPPING = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (\S{4}) ", re.MULTILINE)
_RESERVED = 4 << 30
"""V8 reserves so many addresses for a memory of WebAssembly, which grows as one piece from the first of them."""
_HEAP_BEGINS = 8 << 20
"""A heap of V8 reserves as many, from a multiple of them on; nothing is written before this."""


def memory_mb(server: Server) -> dict[str, float]:
    """Megabytes of `webassembly` and of the `heap`, buffers included."""
    with inspecting(server) as inspector:
        inspector.ask("HeapProfiler.enable")
        for _ in range(2):  # what the first run finalizes, the second collects
            inspector.ask("HeapProfiler.collectGarbage")
        usage = inspector.ask("Runtime.getHeapUsage")
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
