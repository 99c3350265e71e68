"""Where the time of one message goes, as V8 samples it while messages go round, one at a time.

What V8 says of a function is whose it is, not what it is for: the functions of WebAssembly have no names, so Python is
one part. Its interpreter, the objects that it makes of JavaScript's values, and our own code are all in there.
"""

import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.cases import closed
from bench.contenders import Contender
from bench.inspector import inspecting

ROOM = "parts"
ALONE = closed(2, 1)
PARTS = {
    "python": "Python, in WebAssembly",
    "crossing": "between Python and JavaScript: Pyodide, workerd's entrance for Python",
    "platform": "the platform's functions: SQL, SubtleCrypto, sending, timers",
    "engine": "workerd itself: lines, events, the disk; V8's collector",
    "idle": "waiting for the next frame",
}
_ENGINE, _IDLE = ("(program)", "(garbage collector)"), "(idle)"
_CROSSING = ("pyodide", "python")
_WASM = ("wasm", "js-to-wasm")
_SAMPLE_MICROSECONDS = 100
_BEFORE_SECONDS = 1.0


def parts(chat: Contender, seconds: float, first: int) -> dict[str, float]:
    """Microseconds of each of PARTS that a message takes, in a closed loop of two sockets with one on its way.

    Args:
        first: the number of the first message.
    """
    going = seconds + 2 * _BEFORE_SECONDS  # so that the profile lies within what is measured
    load = {"in_flight": [1], "first": first, "seconds": going, "messages": 1, "warm_up_seconds": _BEFORE_SECONDS}
    chat.enter(ROOM, 2)
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(chat.load, "traffic", ROOM, 2, **load)
        time.sleep(2 * _BEFORE_SECONDS)
        with inspecting(chat.server) as inspector:
            inspector.ask("Profiler.enable")
            inspector.ask("Profiler.setSamplingInterval", interval=_SAMPLE_MICROSECONDS)
            inspector.ask("Profiler.start")
            time.sleep(seconds)
            profile = inspector.ask("Profiler.stop")["profile"]
        (figures,) = job.result()
    took = microseconds(profile)
    messages = figures["messages_per_second"] * sum(took.values()) / 1_000_000
    return {part: took[part] / messages for part in PARTS}


def microseconds(profile: Mapping[str, Any]) -> Counter[str]:
    """The microseconds of each of PARTS in a profile of the DevTools protocol."""
    part_of = {node["id"]: _part(node["callFrame"]) for node in profile["nodes"]}
    took: Counter[str] = Counter()
    for node, microseconds_before in zip(profile["samples"], profile["timeDeltas"], strict=True):
        took[part_of[node]] += microseconds_before
    return took


def _part(frame: Mapping[str, Any]) -> str:
    name, url = frame["functionName"], frame["url"]
    if name == _IDLE:
        return "idle"
    if name in _ENGINE:
        return "engine"
    if name.startswith(_WASM):
        return "python"
    if any(word in url for word in _CROSSING):
        return "crossing"
    return "platform"
