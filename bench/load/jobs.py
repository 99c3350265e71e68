"""The jobs of the load generator. Each is one function from its arguments to its figures."""

import asyncio
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar

from bench.figures import Figures, spread
from bench.load.crowd import (
    Address,
    CountsDiffer,
    Crowd,
    Line,
    NothingCameBack,
    addresses,
    connect,
    connect_all,
    disconnect,
)
from bench.load.dialects import dialect, text
from bench.load.stalls import Stalls, watching
from bench.load.talk import talk

Job = dict[str, Any]
Found = TypeVar("Found")
ATTEMPTS = 3
_HEARTBEAT_SECONDS = 1.0
_PATIENCE_SECONDS = 120.0


async def traffic(job: Job) -> list[Figures]:
    """Messages that go round in a room, closed loop, at each of several numbers in flight.

    Job: chat, url, people (headers of each socket), in_flight (list), seconds and messages (at least so many of both),
    warm_up_seconds, first; channel and talking, if not all of them are in the channel, but so many, the first ones. The
    others may be told nothing of it.
    """
    spoken = dialect(job["chat"], channel=job.get("channel", "general"))
    everybody = await connect_all(addresses(job), spoken)
    talking = job.get("talking", len(everybody))
    lines, others = everybody[:talking], everybody[talking:]
    figures = []
    first = job["first"]
    async with watching() as stalls:
        for in_flight in job["in_flight"]:
            crowd = Crowd(lines, spoken, first=first)
            crowd.open(in_flight)
            await asyncio.sleep(job["warm_up_seconds"])
            going = partial(_observe, crowd, job["seconds"], job["messages"])
            figures.append(await undisturbed(going, stalls) | {"sockets": len(lines), "in_flight": in_flight})
            await crowd.close()
            first += crowd.sent
    if any(line.found for line in others):
        raise CountsDiffer("somebody was told who is not in the channel")
    await disconnect(everybody)
    return figures


async def undisturbed(measure: Callable[[], Awaitable[Found]], stalls: Stalls) -> Found:
    """What a measure finds, which is repeated if the machine stood still meanwhile; that is said.

    The last of ATTEMPTS stands as it is: a machine that always stands still is measured so.
    """
    attempt = 0
    while True:
        attempt += 1
        began = time.perf_counter()
        found = await measure()
        if not await stalls.seen(began, time.perf_counter()):
            return found
        again = "measuring again" if attempt < ATTEMPTS else "and so does every time"
        print(f"        the machine stood still; {again}", file=sys.stderr, flush=True)
        if attempt == ATTEMPTS:
            return found


async def _observe(crowd: Crowd, seconds: float, messages: int) -> Figures:
    """The figures of a crowd over at least so many seconds and messages."""
    before, came_back, started = crowd.received, crowd.came_back, time.perf_counter()
    crowd.times.clear()
    while True:
        await asyncio.sleep(seconds)
        took = time.perf_counter() - started
        if crowd.came_back - came_back >= messages:
            break
        if took > _PATIENCE_SECONDS:
            raise NothingCameBack(f"{crowd.came_back - came_back} of {messages} messages came back")
    return {
        "deliveries_per_second": (crowd.received - before) / took,
        "messages_per_second": (crowd.came_back - came_back) / took,
        **spread(_milliseconds(crowd.times)),
    }


async def paced(job: Job) -> Figures:
    """What round trips at a steady rate come to; job: as that of `round_trips`."""
    return spread(await round_trips(job)) | {"sockets": len(job["people"]), "rate": job["rate"]}


async def round_trips(job: Job) -> list[float]:
    """Milliseconds of each round trip at a steady rate, even if some are slow, in a room that is idle or half loaded.

    Job: chat, url, people, rate (messages a second), count, first; warm_up (messages before those that are measured).
    """
    spoken = dialect(job["chat"])
    lines = await connect_all(addresses(job), spoken)
    crowd = Crowd(lines, spoken, first=job["first"])

    async def measure() -> list[float]:
        crowd.times.clear()
        await _at_rate(crowd, lines, job["rate"], job["count"])
        return _milliseconds(crowd.times)

    await _at_rate(crowd, lines, job["rate"], job.get("warm_up", 0))
    async with watching() as stalls:
        times = await undisturbed(measure, stalls)
    await disconnect(lines)
    return times


def _milliseconds(seconds: Sequence[float]) -> list[float]:
    return [1_000 * each for each in seconds]


async def _at_rate(crowd: Crowd, lines: Sequence[Line], rate: float, count: int) -> None:
    """Send so many messages, by one socket after another, and wait until everybody has them."""
    started = time.perf_counter()
    for number in range(count):
        crowd.send(lines[number % len(lines)])
        await asyncio.sleep(max(0.0, started + (number + 1) / rate - time.perf_counter()))
    await crowd.finished()


async def join(job: Job) -> Figures:
    """The time from opening a socket until the newest messages are there, parsed; one person after another.

    Job: chat, url, people, times.
    """
    spoken = dialect(job["chat"], wants_page=True)
    where = addresses(job)
    took, sizes = [], []
    for number in range(job["times"] + 1):
        started = time.perf_counter()
        line = await connect(where[number % len(where)], spoken)
        if number > 0:  # the first one warms up
            took.append(time.perf_counter() - started)
            sizes.append(line.bytes_in)
        await disconnect([line])
    return {"join_ms": 1_000 * statistics.median(took), "bytes": statistics.median(sizes)}


async def wake(job: Job) -> Figures:
    """As `join`, once, by the first who comes to a room that sleeps. Job: chat, url, people."""
    started = time.perf_counter()
    line = await connect(addresses(job)[0], dialect(job["chat"], wants_page=True))
    took = time.perf_counter() - started
    await disconnect([line])
    return {"join_ms": 1_000 * took}


async def reconnect(job: Job) -> Figures:
    """Everybody's line drops, messages are posted, everybody comes back at once and gets the missed ones.

    Job: chat, url, people (the first one stays), missed, first.
    """
    spoken = dialect(job["chat"])
    where = addresses(job)
    stays, *lines = await connect_all(where, spoken)
    known = [line.progress.seq for line in lines]
    await disconnect(lines)
    crowd = Crowd([stays], spoken, first=job["first"])
    for _ in range(job["missed"]):
        crowd.send(stays)
    await crowd.close()
    missed = frozenset(stays.found)
    started = time.perf_counter()
    back = await asyncio.gather(
        *(_come_back(each, seq, job, missed) for each, seq in zip(where[1:], known, strict=True))
    )
    took = time.perf_counter() - started
    bytes_in = sum(line.bytes_in for line in back)
    await disconnect([stays, *back])
    return {"seconds": took, "sockets": len(back), "bytes": bytes_in}


async def _come_back(address: Address, seq: int, job: Job, missed: frozenset[bytes]) -> Line:
    line = await connect(address, dialect(job["chat"]), seq, missed)
    if len(line.found) != len(missed):
        raise CountsDiffer(f"{len(line.found)} messages came after a reconnect, {len(missed)} were missed")
    return line


async def fill(job: Job) -> Figures:
    """Post many messages. Job: chat, url, people, count, in_flight, first, words (whether they differ by more)."""
    spoken = dialect(job["chat"], says=talk if job.get("words") else text)
    lines = await connect_all(addresses(job), spoken)
    crowd = Crowd(lines, spoken, first=job["first"])
    started = time.perf_counter()
    async with _showing_that_they_read(lines, spoken.heartbeat):
        crowd.open(job["in_flight"], job["count"])
        await crowd.finished()
    took = time.perf_counter() - started
    await disconnect(lines)
    return {"messages_per_second": job["count"] / took, **spread(_milliseconds(crowd.times))}


@asynccontextmanager
async def _showing_that_they_read(lines: Sequence[Line], heartbeat: str) -> AsyncIterator[None]:
    """While hundreds of megabytes go to sockets that never ping, the chat takes them for readers that do not read."""

    async def beat() -> None:
        while heartbeat:
            for line in lines:
                line.say(heartbeat)
            await asyncio.sleep(_HEARTBEAT_SECONDS)

    beating = asyncio.ensure_future(beat())
    try:
        yield
    finally:
        beating.cancel()


async def idle(job: Job) -> Figures:
    """Open sockets, report it, and hold them until told to let go. Job: chat, url, people."""
    lines = await connect_all(addresses(job), dialect(job["chat"]))
    print("open", flush=True)  # the other process waits for it
    await asyncio.get_running_loop().run_in_executor(None, input)
    await disconnect(lines)
    return {"sockets": len(lines)}


JOBS = {each.__name__: each for each in (traffic, paced, round_trips, join, wake, reconnect, fill, idle)}
