"""Stalls of the machine: moments in which a process got no processor, or a byte did not reach the disk.

A virtual machine stands still for half a second now and then. What was measured meanwhile tells nothing of any chat, so
it is measured again. A process of its own watches: it sleeps, writes a byte to the disk, and says how long both took.
"""

import asyncio
import os
import select
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_BEAT_SECONDS = 0.05
STALL_SECONDS = 0.3
"""A beat takes a twentieth of a second, and on a busy machine up to a tenth."""


class Stalls:
    """What the watching process has seen."""

    def __init__(self) -> None:
        self._beat_began = 0.0  # of the last one that has ended
        self._stalls: list[tuple[float, float]] = []
        self._heard = asyncio.Event()

    def beat(self, began: float, took: float) -> None:
        """Take what the watching process says of one beat; times are those of `time.perf_counter`."""
        self._beat_began = began
        if took > STALL_SECONDS:
            self._stalls.append((began, began + took))
        self._heard.set()

    async def seen(self, began: float, ended: float) -> bool:
        """Whether the machine stood still at some time between these two."""
        while self._beat_began < ended:
            self._heard.clear()
            await self._heard.wait()
        return any(start < ended and end > began for start, end in self._stalls)


@asynccontextmanager
async def watching() -> AsyncIterator[Stalls]:
    """Watch for stalls until the block ends."""
    stalls = Stalls()
    watcher = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.load.stalls", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    listening = asyncio.ensure_future(_listen(watcher, stalls))
    try:
        yield stalls
    finally:
        assert watcher.stdin is not None
        watcher.stdin.close()
        await listening
        await watcher.wait()


async def _listen(watcher: asyncio.subprocess.Process, stalls: Stalls) -> None:
    assert watcher.stdout is not None
    async for line in watcher.stdout:
        began, took = map(float, line.split())
        stalls.beat(began, took)


def watch() -> None:
    """Print how long each beat took, until standard input ends, as it does with the process that started this one."""
    with tempfile.TemporaryFile(buffering=0) as file:
        is_over = False
        while not is_over:
            began = time.perf_counter()
            is_over = bool(select.select([sys.stdin], [], [], _BEAT_SECONDS)[0])
            file.write(b".")
            os.fdatasync(file.fileno())
            print(began, time.perf_counter() - began, flush=True)


if __name__ == "__main__":
    watch()
