"""Rows that the platform bills: exactly what each operation reads and writes, by the storage's own counters."""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.worker.gathering import member_of
from tests.worker.meter import Meter, metered

MISSED = 10
PAGE = 50


def rows_of_operations(stored: int) -> dict[str, dict[str, int]]:
    """By operation, `read` and `written`, in a room of two people and so many messages."""
    with TemporaryDirectory(prefix="durable-chat-bench-") as folder, metered(Path(folder)) as meter:
        return _measure(meter, stored)


def _measure(meter: Meter, stored: int) -> dict[str, dict[str, int]]:
    anna, person = meter.gathering.join("Anna"), meter.gathering.enter("Boris")
    boris = person.come()
    meter.fill(anna, "general", stored)
    said = anna.say("The first reserves seals for many.")
    found = {}

    def cost(operation: str, kind: str, **fields: object) -> None:
        _, counts = meter.cost(anna, kind, **fields)
        found[operation] = counts

    meter.counts()
    anna.say("Shall we meet at the harbour?")
    found["message"] = meter.counts()
    anna.say("Boris?", mentions=[member_of(boris)])
    found["message that mentions somebody"] = meter.counts()
    cost("edit", "edit", id=said["id"], body="Changed.")
    cost("reaction", "react", id=said["id"], emoji="\N{THUMBS UP SIGN}", on=True)
    cost("delete", "delete", id=said["id"])
    cost(f"page of {PAGE}", "history", channel="general", before=None, limit=PAGE)
    meter.counts()
    seq = person.come().welcome["seq"]
    found["welcome"] = meter.counts()
    for _ in range(MISSED):
        anna.say("Where are you?")
    meter.counts()
    person.come(seq).next("events")
    found[f"welcome and {MISSED} missed messages"] = meter.counts()
    return found
