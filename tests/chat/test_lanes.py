"""chat/lanes.py: what a lane is, and who is in it."""

from chat.lanes import DIRECT, OPEN, PRIVATE, Lane, Membership


def test_the_room_is_the_lane_without_an_id() -> None:
    room = Lane()
    assert (room.id, room.kind, room.seq, room.members) == ("", OPEN, 0, {})


def test_a_conversation_is_known_to_those_who_opened_it_until_somebody_speaks() -> None:
    lane = Lane("x", DIRECT, members={"anna": Membership(leads=True), "boris": Membership()})
    assert lane.audience == {"anna"}
    lane.put("boris", Membership(leads=True))
    assert lane.audience == {"anna", "boris"}
    lane.put("boris", Membership())
    lane.advance(1)
    assert lane.audience == {"anna", "boris"}


def test_a_private_channel_is_known_to_its_members_from_the_start() -> None:
    lane = Lane("x", PRIVATE, members={"anna": Membership(leads=True), "boris": Membership()})
    assert lane.audience == {"anna", "boris"}
    lane.drop("boris")
    assert lane.audience == {"anna"}


def test_what_is_about_an_older_message_is_for_those_who_are_shown_it() -> None:
    lane = Lane("x", PRIVATE, 9, members={"anna": Membership(), "boris": Membership(since_seq=5)})
    assert [lane.audience_after(seq) for seq in (4, 5, 6)] == [{"anna"}, {"anna"}, {"anna", "boris"}]
    assert [lane.since(each) for each in ("anna", "boris", "clara")] == [0, 5, 0]


def test_who_comes_later_has_a_higher_place_also_after_somebody_left() -> None:
    lane = Lane("x", PRIVATE)
    assert lane.next_place() == 0
    lane.put("anna", Membership(place=0))
    lane.put("boris", Membership(place=1))
    lane.drop("anna")
    assert lane.next_place() == 2
