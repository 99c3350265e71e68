"""Who came into the room, who is no longer a member and who is called something else now, in order of time.

The rows of members and of former names say it, and they are in memory anyway: nothing is stored for it. What the
room has forgotten about somebody (access/vacancies.py) is forgotten here too.
"""

from bisect import bisect_left
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from chat.directory import Directory, Member


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody became a member, is one no longer, or took another name."""

    at: int
    member: str
    is_gone: bool
    went: str | None = None
    renamed: tuple[str, str] | None = None
    """The former name and the one that they took then."""

    def public(self) -> dict[str, Any]:
        """As clients get it: whether an admin removed them, if that is known. Not who did: that is among their acts."""
        shown: dict[str, Any] = {"at": self.at, "member": self.member}
        if self.renamed is not None:
            return {**shown, "renamed": self.renamed}
        if not self.is_gone:
            return shown
        return {**shown, "gone": True} if self.went is None else {**shown, "gone": True, "went": self.went}


class Comings:
    """All comings, goings and new names of people; a cache, made anew when members have changed and somebody asks."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._made_of = -1, 0, 0  # how many members there were, and when former ones went and names changed, added up
        self._all: list[Coming] = []

    def page(self, before: int | None, limit: int) -> tuple[list[Coming], bool]:
        """The newest ones, or those before a time, newest first; and whether there are more.

        What happened in one millisecond is not torn apart, so that the next page can begin with a time.
        """
        self._refresh()
        at = attrgetter("at")
        end = len(self._all) if before is None else bisect_left(self._all, before, key=at)
        start = max(end - limit, 0)
        if start > 0:
            start = bisect_left(self._all, self._all[start].at, key=at)
        return self._all[start:end][::-1], start > 0

    def _refresh(self) -> None:
        members = self._directory.members.values()
        # Not the `seq`, which every message moves: in a full room, making this anew takes some hundred milliseconds.
        gone_at = sum(each.removed_at for each in members if each.removed_at is not None)
        made_of = len(members), gone_at, sum(name.at for each in members for name in each.former_names)
        if made_of == self._made_of:
            return
        self._made_of = made_of
        people = [each for each in members if not each.is_bot and not was_never_here(each)]
        came = [Coming(each.joined_at, each.id, is_gone=False) for each in people]
        gone = [
            Coming(each.removed_at, each.id, is_gone=True, went=each.went)
            for each in people
            if each.removed_at is not None
        ]
        renamed = [each for member in people for each in _renamings(member)]
        self._all = sorted([*came, *gone, *renamed], key=lambda each: (each.at, each.member, each.is_gone))


def _renamings(member: Member) -> list[Coming]:
    names = [*(each.name for each in member.former_names), member.name]
    return [
        Coming(former.at, member.id, is_gone=False, renamed=(former.name, taken))
        for former, taken in zip(member.former_names, names[1:], strict=True)
    ]


def was_never_here(member: Member) -> bool:
    """Whether somebody is known only by what they said elsewhere: an import makes former members of these."""
    return member.removed_at is not None and member.joined_at == member.removed_at
