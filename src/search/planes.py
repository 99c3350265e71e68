"""Planes: one byte for each column of a segment, such as the number of its author, and which columns have a value.

A number is a column set: its bit is set if the column belongs to it. Nothing here knows what the columns are.
"""

from collections.abc import Collection, Iterable

_ONE_PLANE = 256  # names that one byte can number


class Names:
    """Names of channels or members, and which of them each column has: a number in two planes of bytes."""

    def __init__(self, names: Iterable[str] = (), low: bytes | bytearray = b"", high: bytes | bytearray = b"") -> None:
        self.names = list(names)
        self._numbers = {name: number for number, name in enumerate(self.names)}
        self._low, self._high = bytearray(low), bytearray(high)

    def append(self, name: str) -> None:
        """Give the next column a name."""
        number = self._numbers.setdefault(name, len(self.names))
        if number == len(self.names):
            self.names.append(name)
        self._low.append(number % _ONE_PLANE)
        self._high.append(number // _ONE_PLANE)

    def without_first(self, columns: int) -> "Names":
        """The same without the first columns."""
        return Names(self.names, self._low[columns:], self._high[columns:])

    def forget(self, column: int) -> None:
        """Take a column's name away: it has the first one then, which says nothing."""
        self._low[column] = self._high[column] = 0

    def at(self, column: int) -> str:
        """The name of a column."""
        return self.names[self._low[column] + _ONE_PLANE * self._high[column]]

    def planes(self) -> bytes:
        """The low bytes of all columns' numbers, then the high ones."""
        return bytes(self._low + self._high)

    def columns(self, names: Collection[str]) -> int:
        """The columns that have one of some names."""
        if all(name in names for name in self.names):
            return (1 << len(self._low)) - 1
        found = 0
        for high in range((len(self.names) + _ONE_PLANE - 1) // _ONE_PLANE):
            low = [
                self._numbers[name] % _ONE_PLANE for name in names if self._numbers.get(name, -1) // _ONE_PLANE == high
            ]
            if low:
                found |= columns_with(self._low, low) & columns_with(self._high, [high])
        return found


def columns_with(plane: bytearray, values: Iterable[int]) -> int:
    """The columns whose byte is one of some values, by way of a binary number: quicker than a loop in Python."""
    digits = bytearray(b"0" * _ONE_PLANE)
    for value in values:
        digits[value] = ord("1")
    return int(plane[::-1].translate(digits), 2) if plane else 0
