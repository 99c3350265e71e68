"""search/planes.py: which columns have a value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.planes import Names, columns_with


@given(st.binary(max_size=40), st.lists(st.integers(0, 255)))
def test_columns_with_one_of_some_values(plane: bytes, values: list[int]) -> None:
    expected = sum((each in values) << column for column, each in enumerate(plane))
    assert columns_with(bytearray(plane), values) == expected


@pytest.mark.parametrize("count", [1, 2, 255, 256, 257, 600])
def test_any_number_of_names(count: int) -> None:
    names = Names()
    given_names = [f"name{(7 * number) % count}" for number in range(2 * count)]
    for name in given_names:
        names.append(name)
    low, high = names.planes()[: 2 * count], names.planes()[2 * count :]
    again = Names(names.names, low, high)
    wanted = {"name0", f"name{count - 1}", "nobody"}
    for each in (names, again):
        assert [each.at(column) for column in range(2 * count)] == given_names
        assert each.columns(wanted) == sum((name in wanted) << at for at, name in enumerate(given_names))
        assert each.columns([]) == 0
        assert each.columns(given_names) == (1 << 2 * count) - 1
    assert [names.without_first(3).at(column) for column in range(2 * count - 3)] == given_names[3:]


def test_a_forgotten_name_is_the_first_one() -> None:
    names = Names()
    for name in ("anna", "boris", "clara"):
        names.append(name)
    names.forget(2)
    assert [names.at(column) for column in range(3)] == ["anna", "boris", "anna"]
