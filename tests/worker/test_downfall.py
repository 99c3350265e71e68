"""A room that the platform stops in the middle of a commit ends, and the next one goes on from what is stored."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.people import NO_CLOSE_FRAME
from tests.server import Server
from tests.worker.gathering import FAST, Gathering
from tests.worker.meter import put_together


@pytest.fixture(scope="module")
def falling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    config = put_together(tmp_path_factory.mktemp("falling"), "falling")
    running = Server.start(settings={**FAST, "ROOM_NAMES": "*"}, config=config)
    yield running
    running.stop()


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("before it is stored", "room ended: the platform stopped it in the middle of its work"),
        ("after it was stored", "room ended: the platform stopped it in the middle of its work"),
        ("stuck", "room ended: the event loop is stuck"),
    ],
)
def test_nobody_hears_of_what_a_new_room_does_not_know(falling: Server, body: str, line: str) -> None:
    people = Gathering(falling)
    member = people.enter("Anna")
    anna, boris = member.come(), people.join("Boris")
    anna.say("one")
    message = str(uuid4())
    anna.put({"type": "send", "id": message, "channel": "general", "body": body})
    assert {anna.closed(), boris.closed()} == {NO_CLOSE_FRAME}
    assert message not in str([anna.passed_over, boris.passed_over]), "nobody heard of it, its author included"

    again = member.come()
    # An object that ends takes back what it wrote since its last wait.
    assert [each["body"] for each in again.history()] in (["one"], ["one", body])
    assert again.say("two")["seq"] == again.history()[-1]["seq"], "it counts on from what is stored"
    assert line in falling.wait_for_log(line)
    people.end()
