"""What people do beside writing: files, searches, rows that it costs, and what a window shows."""

from collections.abc import Sequence
from contextlib import ExitStack

from bench import transfers
from bench.contenders import beside, running, running_apart
from bench.figures import spread
from bench.load.talk import FREQUENT, MISS, RARE, talk
from bench.page import click_to_shown
from bench.rows import rows_of_operations
from bench.runs import Bench
from bench.searches import Searcher, searching, wait_for_segments
from bench.talking import IDLE_RATE

UPLOADS = 2  # at a time, while messages are sent
WORDS = {"rare": RARE, "frequent": FREQUENT, "miss": MISS}
SEARCHERS = 30  # who search in turn, as each may search ten times at once and then once a second
SEARCHED = "searched"


def files(bench: Bench) -> None:
    """A file of 25 MB to a store and back, for ours and for a plain one."""
    with running("store", 1) as store:
        ours = transfers.ours(bench.chats[0].server.url)
        for number in range(bench.plan.rounds):
            bench.say(f"files, round {number + 1} of {bench.plan.rounds}")
            for _ in range(bench.plan.files):
                mine = ours()
                bench.results.add("files", "ours", "25 MB", transfers.megabytes_per_second(mine))
                transfers.give_up(mine)
                other = transfers.plain(store.server.url)()
                bench.results.add("files", "store", "25 MB", transfers.megabytes_per_second(other))


def beside_uploads(bench: Bench) -> None:
    """Round trips in an idle room, without uploads there and with some."""
    count = bench.plan.beside_uploads
    with running_apart(2) as ours:
        people = [transfers.ours(ours.server.url, number) for number in range(1, UPLOADS + 1)]
        transfers.wait_for_store(people[0])
        for number in range(bench.plan.rounds):
            bench.say(f"messages beside uploads, round {number + 1} of {bench.plan.rounds}")
            bench.paced(ours, "without uploads", 2, IDLE_RATE, count, transfers.ROOM)
            with transfers.uploading(people):
                bench.paced(ours, "beside uploads", 2, IDLE_RATE, count, transfers.ROOM)


def searches(bench: Bench) -> None:
    """Words among many messages, and the same ones by SQLite's own index; then messages while somebody searches."""
    ours, finder = bench.chats[0], beside(bench.floor, "finder")
    bench.say(f"storing {bench.plan.searched} messages to search")
    first = bench.fill(ours, SEARCHED, bench.plan.searched, words=True)
    with ExitStack() as stack:
        others = stack.enter_context(Searcher(finder, SEARCHED))
        others.store([talk(first + number) for number in range(bench.plan.searched)], first)
        bench.say("building segments")
        wait_for_segments(ours.server, bench.plan.searched)
        people = [
            stack.enter_context(Searcher(ours, SEARCHED, number))
            for number in range(min(SEARCHERS, bench.plan.searches))
        ]
        for searcher in (people[0], others):  # opens what is kept open from then on
            searcher.search(MISS)
        for number in range(bench.plan.rounds):
            bench.say(f"searches, round {number + 1} of {bench.plan.rounds}")
            for case, word in WORDS.items():
                _search(bench, case, word, people, others)
        for number in range(bench.plan.rounds):
            bench.say(f"messages beside searches, round {number + 1} of {bench.plan.rounds}")
            count = bench.plan.beside_searches
            bench.paced(ours, "without searches", 2, IDLE_RATE, count, SEARCHED)
            with searching(people[-1], list(WORDS.values())):
                bench.paced(ours, "beside searches", 2, IDLE_RATE, count, SEARCHED)


def _search(bench: Bench, case: str, word: str, people: Sequence[Searcher], others: Searcher) -> None:
    ours, theirs = [], []
    for number in range(bench.plan.searches):
        took, found = people[number % len(people)].search(word)
        ours.append(took)
        took, same = others.search(word)
        theirs.append(took)
        if len(found) != len(same):  # which are the newest depends on who wrote when
            raise ValueError(f"{word}: {len(found)} messages, the finder has {len(same)}")
    bench.results.add("search", "ours", case, spread(ours))
    bench.results.add("search", "finder", case, spread(theirs))


def rows(bench: Bench) -> None:
    """Rows read and written by each operation."""
    stored = bench.plan.storm_stored
    bench.say(f"rows of operations, with {stored} messages")
    for operation, counts in rows_of_operations(stored).items():
        bench.results.add("rows", "ours", operation, dict(counts))


def page(bench: Bench) -> None:
    """From a click to a message on the screen."""
    if not bench.plan.windows:
        return
    bench.say("two windows in Chromium")
    ours = bench.chats[0]
    bench.results.add("page", "ours", "click to shown", click_to_shown(ours.server.url, "windows"))
