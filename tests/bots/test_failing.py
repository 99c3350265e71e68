"""bots/failing.py: which builds fail is remembered, and written only when that changes."""

from bot_limits import MAX_FAILING_BUILDS
from bots.failing import Failing
from tests.rooms import ChatRoom


async def test_a_build_fails_until_it_passes_and_each_hook_has_its_own(room: ChatRoom) -> None:
    room.state.prepare()
    store = room.state.store
    failing = Failing(store)
    assert not failing.has("hook", "build")
    failing.note("hook", "build", failed=True)
    assert failing.has("hook", "build")
    assert Failing(store).has("hook", "build"), "a room that has slept still knows"
    assert not failing.has("hook", "other")
    assert not failing.has("other", "build")
    failing.note("hook", "build", failed=False)
    assert not failing.has("hook", "build")
    assert not Failing(store).has("hook", "build")


async def test_what_does_not_change_is_not_written(room: ChatRoom) -> None:
    room.state.prepare()
    store = room.state.store
    failing = Failing(store)
    failing.note("hook", "build", failed=False)
    assert store.facts.get("failing_builds") is None
    failing.note("hook", "build", failed=True)
    store.facts.put("failing_builds", "[]")
    failing.note("hook", "build", failed=True)
    assert store.facts.get("failing_builds") == "[]"


async def test_of_too_many_the_longest_known_is_forgotten(room: ChatRoom) -> None:
    room.state.prepare()
    store = room.state.store
    failing = Failing(store)
    for number in range(MAX_FAILING_BUILDS + 1):
        failing.note("hook", f"build {number}\ud800", failed=True)
    assert not failing.has("hook", "build 0\ud800")
    assert failing.has("hook", "build 1\ud800")
    assert len(store.facts.get("failing_builds")) <= 20 * MAX_FAILING_BUILDS
