"""Finds the member or channel whose name is the same as another one, or a look-alike of it.

Names are compared in memory, because they are stored sealed. The looks of each name are computed once while the room is
awake, at the first comparison.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Protocol, TypeVar

from limits import MAX_CHANNELS, MAX_MEMBERS
from text.names import folded, looks, looks_of_person


class Named(Protocol):
    """A member or a channel, or what a member was called."""

    @property
    def name(self) -> str:
        """What is compared."""


T = TypeVar("T", bound=Named)


class Likeness:
    """Compares names, and keeps their looks for as long as the room is awake."""

    def __init__(self) -> None:
        self._folded: Callable[[str], str] = lru_cache(MAX_MEMBERS)(folded)
        self._looks_of_person: Callable[[str], frozenset[str]] = lru_cache(MAX_MEMBERS)(looks_of_person)
        self._looks: Callable[[str], frozenset[str]] = lru_cache(MAX_CHANNELS)(looks)

    def same(self, name: str, others: Iterable[T]) -> T | None:
        """The member or channel that has this name."""
        wanted = folded(name)
        return next((other for other in others if self._folded(other.name) == wanted), None)

    def of_people(self, name: str, others: Iterable[T]) -> T | None:
        """The first person whose name people could take for this one."""
        wanted = looks_of_person(name)
        return next((other for other in others if not wanted.isdisjoint(self._looks_of_person(other.name))), None)

    def of_channels(self, name: str, others: Iterable[T]) -> T | None:
        """The first channel whose name people could take for this one."""
        wanted = looks(name)
        return next((other for other in others if not wanted.isdisjoint(self._looks(other.name))), None)
