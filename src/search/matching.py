"""What a message must say to be found: the terms themselves, or what is similar to them."""

from collections.abc import Sequence
from typing import Protocol

from search import query, similar
from search.query import Span, Term
from search.segment import Segment
from search.similar import Similar


class Matching(Protocol):
    """Decides which messages are found by what they say."""

    work: int
    """How many rows of a segment are combined at most."""
    weight: int
    """How many times as much work it is to look at a long text as it is to open it."""

    def candidates(self, segment: Segment, columns: int) -> int:
        """The messages among `columns` that may be found; none that is found is left out."""

    def finds(self, text: str) -> bool:
        """Whether a message with this normal form is found."""

    def spans(self, body: str) -> list[Span]:
        """What a found message is found by, in code points of its body."""


class Exact:
    """All terms occur."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = terms
        self._rows = sorted(frozenset[int]().union(*[term.rows() for term in terms]))
        self.work = len(self._rows)
        self.weight = 1

    def candidates(self, segment: Segment, columns: int) -> int:
        """As `Matching`."""
        return segment.with_rows(self._rows, columns)

    def finds(self, text: str) -> bool:
        """As `Matching`."""
        return query.has_all(self._terms, text)

    def spans(self, body: str) -> list[Span]:
        """As `Matching`."""
        return query.spans(self._terms, body)


class Alike:
    """All terms occur or something similar does, but not all of them themselves."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._exact = Exact(terms)
        self._similar = [Similar(term) for term in terms]
        self.work = sum(each.work for each in self._similar)
        self.weight = 2 * len(terms)

    @property
    def is_wider(self) -> bool:
        """Whether anything but the terms themselves is found."""
        return any(each.is_wider for each in self._similar)

    def candidates(self, segment: Segment, columns: int) -> int:
        """As `Matching`."""
        for each in self._similar:
            columns = each.candidates(segment, columns)
        return columns

    def finds(self, text: str) -> bool:
        """As `Matching`."""
        return all(each.is_in(text) for each in self._similar) and not self._exact.finds(text)

    def spans(self, body: str) -> list[Span]:
        """As `Matching`."""
        return similar.spans(self._similar, body)
