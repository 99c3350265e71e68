"""access/alerts.py: who is told what about their own name, and who may put it away."""

from dataclasses import replace

import pytest

from access.alerts import NEW_DEVICE, REPLACED, concerns
from storage.alerts import Alert
from storage.sessions import PastDevice
from tests.rooms import HOUR, ChatRoom, Person, sign_in_again


async def device(room: ChatRoom, anna: Person, name: str) -> Person:
    """One more device of hers, an hour later."""
    room.later(HOUR)
    sign_in_again(room, anna, name)
    session = room.state.sessions.find(anna.id, name, now_ms=room.now_ms)
    assert session is not None
    room.state.alerts.note_device(session, now_ms=room.now_ms)
    return replace(anna, session=session)


async def test_older_devices_are_told_of_a_newer_one_and_never_the_other_way_round(
    room: ChatRoom, anna: Person
) -> None:
    phone = await device(room, anna, "phone")
    tablet = await device(room, anna, "tablet")
    assert [len(room.state.alerts.of(each.session)) for each in (anna, phone, tablet)] == [2, 1, 0]
    assert [alert.session for alert in room.state.alerts.of(anna.session)] == ["phone", "tablet"]


async def test_a_stranger_who_got_in_twice_cannot_hide_the_first_time(room: ChatRoom, anna: Person) -> None:
    first = await device(room, anna, "stranger")
    second = await device(room, anna, "stranger again")
    for alert in room.state.alerts.of(anna.session):
        room.state.alerts.see(second.session, alert.id)
        room.state.alerts.see(first.session, alert.id)
    assert [alert.session for alert in room.state.alerts.of(anna.session)] == ["stranger"]


async def test_what_was_seen_on_one_device_is_seen(room: ChatRoom, anna: Person) -> None:
    laptop = await device(room, anna, "laptop")
    await device(room, anna, "phone")
    (alert,) = room.state.alerts.of(laptop.session)
    assert room.state.alerts.see(laptop.session, alert.id) is True
    assert room.state.alerts.see(anna.session, alert.id) is False
    assert [each.session for each in room.state.alerts.of(anna.session)] == ["laptop"]


async def test_where_no_other_device_is_there_is_nobody_to_tell(room: ChatRoom, anna: Person) -> None:
    assert room.state.alerts.note_device(anna.session, now_ms=room.now_ms) is None
    assert room.database.count("alerts") == 0


async def test_nobody_puts_away_what_another_member_is_told(room: ChatRoom, anna: Person) -> None:
    boris = await room.join("Boris")
    await device(room, anna, "phone")
    (alert,) = room.state.alerts.of(anna.session)
    assert room.state.alerts.see(boris.session, alert.id) is False
    assert room.state.alerts.of(anna.session) == [alert]


@pytest.mark.parametrize(("created", "told"), [(-1, True), (0, True), (1, False)])
def test_a_device_of_the_same_moment_counts_as_older(anna: Person, created: int, told: bool) -> None:
    alert = Alert("a", anna.id, "phone", NEW_DEVICE, anna.session.created_at)
    assert concerns(alert, replace(anna.session, created_at=alert.at + created)) is told
    assert concerns(alert, replace(anna.session, id="phone")) is False


def test_that_a_name_was_taken_is_for_the_browser_it_was_taken_from(anna: Person) -> None:
    alert = Alert("a", anna.id, anna.session.id, REPLACED, 1)
    assert concerns(alert, anna.session) is True
    assert concerns(alert, replace(anna.session, id="phone")) is False


async def test_an_alert_goes_with_the_last_device_that_shows_it(room: ChatRoom, anna: Person) -> None:
    phone = await device(room, anna, "phone")
    tablet = await device(room, anna, "tablet")
    taken = PastDevice(b"former cookie", "former", room.now_ms)
    room.state.alerts.note_replaced(tablet.session, taken)
    room.state.sessions.end(phone.session, anna.session.id, now_ms=room.now_ms)
    await room.state.retention.run(now_ms=room.now_ms, is_online=())
    left = [(row["kind"], row["session"]) for row in room.database.rows("alerts")]
    assert sorted(left) == [("new_device", "tablet"), ("replaced", "tablet")]
    assert [alert.kind for each in (phone, tablet) for alert in room.state.alerts.of(each.session)] == [
        "new_device",
        "replaced",
    ]


async def test_alerts_go_with_their_member_and_with_the_last_device(room: ChatRoom, anna: Person) -> None:
    await device(room, anna, "phone")
    room.state.sessions.end(anna.session, "phone", now_ms=room.now_ms)
    await room.state.retention.run(now_ms=room.now_ms, is_online=())
    assert room.database.count("alerts") == 1, "it was a stranger's, perhaps"
    room.state.store.remove_member(anna.id, room.now_ms)
    assert room.database.count("alerts") == 0
