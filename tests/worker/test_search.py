"""Searching in real workerd: what was said is found, in any script, and others write meanwhile."""

import threading
import time

from limits import SEARCH_BURST
from tests.people import Frame, Line
from tests.worker.gathering import Gathering

SAID = {
    "Договор подписан вчера вечером": ["договор", "писан", "вечер", "договору", '"подписан вчера"', "догвор"],
    "Die Straße nach München ist gesperrt": ["strasse", "munchen", "GESPERRT", "die straße", "gespert"],
    "東京に行きます": ["東京", "行", "きます"],
    "我们在搜索消息": ["搜索", "息"],
    "한국어로 검색합니다": ["검색", "한국"],
    "foo(bar) += https://example.org/a?b=1": ["foo(", "+=", "example.org"],
    "Wie schön! 👍🏽 Olé": ["👍🏽", "ole", "schon"],
}


def search(line: Line, query: str, **more: object) -> Frame:
    """One page; a room that says when to search again is asked again then."""
    while (found := line.ask("search", query=query, limit=20, **more))["type"] == "error":
        assert found["code"] == "rate_limited", found
        time.sleep(found["retry_after"])
    return found


def test_every_part_of_every_text_is_found(gathering: Gathering) -> None:
    alice = gathering.join("Alice")
    for body in SAID:
        alice.say(body)
    for body, queries in SAID.items():
        for query in queries[: SEARCH_BURST // len(SAID) + 1]:
            found = search(alice, query)
            assert [hit["body"] for hit in [*found["messages"], *found.get("similar", [])]] == [body], query
    assert search(alice, "nothing like this")["messages"] == []


def test_a_search_goes_on_by_its_cursor_and_after_a_crash(gathering: Gathering) -> None:
    alice, person = gathering.join("Alice"), gathering.enter("Bob")
    bob = person.come()
    said = [each["seq"] for each in alice.say_many(70, "The harbour number {}")]
    edited = alice.say("Something else")
    alice.ask("edit", id=edited["id"], body="The Harbour, too")
    first = search(bob, "harbour")
    assert [hit["seq"] for hit in first["messages"]] == [edited["seq"], *said[:-20:-1]]
    assert first["messages"][0]["match"] == [[4, 7]]
    gathering.server.kill()
    gathering.server.restart()
    bob = person.come()
    seqs, cursor = [], first["cursor"]
    while cursor is not None:
        page = search(bob, "harbour", cursor=cursor)
        seqs += [hit["seq"] for hit in page["messages"]]
        cursor = page["cursor"]
    assert seqs == said[-20::-1]


def test_others_write_while_somebody_searches(gathering: Gathering) -> None:
    alice, bob = gathering.join("Alice"), gathering.join("Bob")
    for _ in range(3):
        alice.say_many(400, "A long story about the lighthouse and number {}")
    found: list[Frame] = []
    searching = threading.Thread(target=lambda: found.extend(search(bob, "nowhere to be seen") for _ in range(2)))
    searching.start()
    answers = alice.say_many(50)
    searching.join()
    assert {answer["type"] for answer in answers} == {"ack"}
    assert [page["messages"] for page in found] == [[], []]
