"""What a chat takes inside: memory, the time of its parts, its start; each in servers of its own."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.contenders import Snapshot, beside, running
from bench.growth import Growth
from bench.inspector import free_inspector
from bench.joining import MISSED
from bench.parts import ALONE
from bench.parts import parts as parts_of
from bench.runs import CROWD, FILL_SOCKETS, Bench
from bench.searches import Searcher
from limits import MAX_SOCKETS_PER_MEMBER

IDLE_PEOPLE = 51  # with twenty sockets each
SEARCHES = ("harbour", "#000000007", "nowhere")  # a frequent word, a rare one, a miss


def memory(bench: Bench) -> None:
    """The memory of a socket that only listens."""
    few, many = bench.plan.idle_sockets
    for chat in bench.chats:
        bench.say(f"memory of {many} idle sockets with {chat.name}")
        with running(chat.name, IDLE_PEOPLE) as fresh:  # one that has worked keeps the memory that it needed then
            with fresh.idle(CROWD, few):
                before = fresh.memory_kb()
            with fresh.idle(CROWD, many):
                grown = fresh.memory_kb() - before
        bench.results.add("memory", chat.name, str(many), {"kb_per_socket": grown / (many - few)})


def isolate(bench: Bench) -> None:
    """What the isolate of ours takes in a room with more and more sockets, and in one with many messages."""
    sockets, stored = bench.plan.isolate_sockets, max(bench.plan.stored)
    with running("ours", 1 + max(sockets) // (MAX_SOCKETS_PER_MEMBER - 1), inspector=free_inspector()) as fresh:
        for count in sockets:
            bench.say(f"memory of an isolate, {count} sockets")
            with fresh.idle(CROWD, count):
                fresh.load("paced", CROWD, 1, rate=10, count=20, first=bench.take(20))
                bench.results.add("isolate", "ours", f"{count} sockets", fresh.isolate_mb())
        bench.say("memory of an isolate, after a storm")
        storm = bench.plan.storm_sockets
        bench.fill(fresh, CROWD, bench.plan.storm_stored)
        fresh.load("reconnect", CROWD, storm + 1, missed=MISSED, first=bench.take(MISSED))
        bench.results.add("isolate", "ours", f"{storm} sockets that came back at once", fresh.isolate_mb())
    with running("ours", FILL_SOCKETS, inspector=free_inspector()) as fresh:
        bench.say(f"memory of an isolate, {stored} messages")
        bench.fill(fresh, CROWD, stored)
        bench.results.add("isolate", "ours", f"{stored} messages", fresh.isolate_mb())
        with Searcher(fresh, CROWD) as searcher:
            for query in SEARCHES:
                searcher.search(query)
        bench.results.add("isolate", "ours", f"{stored} messages, searched", fresh.isolate_mb())


def parts(bench: Bench) -> None:
    """Where the time of one message goes, in ours, in the sealer and in the floor."""
    seconds = bench.plan.profiled_seconds
    if not seconds:
        return
    with (
        running("ours", 2, inspector=free_inspector()) as ours,
        running("floor", 2, inspector=free_inspector()) as floor,
    ):
        for number in range(bench.plan.rounds):
            bench.say(f"parts of a message, round {number + 1} of {bench.plan.rounds}")
            for chat in (ours, beside(floor, "sealer"), floor):
                bench.results.add("parts", chat.name, ALONE, parts_of(chat, seconds, bench.take()))


def growth(bench: Bench) -> None:
    """What a message, joining, waking and a search cost in larger and larger rooms of ours."""
    sizes = bench.plan.growth
    if not sizes:
        return
    with running("ours", IDLE_PEOPLE * 3) as fresh:
        rooms = Growth(fresh, sizes, bench.plan.asleep_seconds, bench.take, bench.say)
        rooms.measure(bench.plan.rounds, bench.results)


def cold_starts(bench: Bench) -> None:
    """From starting workerd to the first answer, of ours and of an empty Python Worker."""
    if not bench.plan.starts:
        return
    with ExitStack() as stack:
        bench.say("snapshots, as a deploy takes them")
        workers = {
            path: (name, Snapshot.take(name, Path(stack.enter_context(TemporaryDirectory()))))
            for name, path in (("ours", "/api/rooms/main"), ("empty", "/"))
        }
        for number in range(bench.plan.starts):
            bench.say(f"cold start {number + 1} of {bench.plan.starts}")
            for path, (name, snapshot) in workers.items():
                seconds = snapshot.seconds_to_answer(path)
                bench.results.add("cold start", name, "first answer", {"seconds": seconds})
