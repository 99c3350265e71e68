"""chat/roster.py: the list of members is what a fresh one would be, whatever happened since it was made."""

import json

from chat.directory import Directory, Member
from chat.presence import Presence
from chat.roster import Roster


def listed(roster: Roster) -> dict[str, bool]:
    return {entry["id"]: entry["online"] for entry in json.loads(roster.present())}


def room(*names: str) -> tuple[Directory, Presence, Roster]:
    members = {name: Member(name, name.title(), "member", 0) for name in names}
    directory, presence = Directory(members=members), Presence()
    return directory, presence, Roster(directory, presence)


def test_members_are_listed_with_name_role_and_whether_they_are_here() -> None:
    _, presence, roster = room("anna", "boris")
    presence.come("anna")
    assert json.loads(roster.present()) == [
        {"id": "anna", "name": "Anna", "role": "member", "hue": 0, "online": True},
        {"id": "boris", "name": "Boris", "role": "member", "hue": 0, "online": False},
    ]
    assert json.loads(roster.former()) == []


def test_who_comes_and_goes_is_shown_at_once() -> None:
    _, presence, roster = room("anna", "boris")
    assert listed(roster) == {"anna": False, "boris": False}
    presence.come("anna")
    assert listed(roster) == {"anna": True, "boris": False}
    presence.come("boris")
    presence.go("anna")
    assert listed(roster) == {"anna": False, "boris": True}


def test_a_change_of_the_members_is_shown_with_its_seq() -> None:
    directory, presence, roster = room("anna", "boris")
    presence.come("boris")
    assert len(listed(roster)) == 2
    directory.members["boris"].removed_at = 5
    directory.members["olga"] = Member("olga", "Ольга", "admin", 0)
    directory.seq += 1
    assert listed(roster) == {"anna": False, "olga": False}
    assert json.loads(roster.former()) == [{"id": "boris", "name": "Boris"}]


def test_somebody_who_is_no_longer_a_member_may_still_be_connected() -> None:
    directory, presence, roster = room("anna", "boris")
    directory.members["boris"].removed_at = 5
    directory.seq += 1
    assert listed(roster) == {"anna": False}
    presence.come("boris")
    assert listed(roster) == {"anna": False}
