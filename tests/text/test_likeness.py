"""text/likeness.py: whose name looks like another one."""

from dataclasses import dataclass

import pytest

from text.likeness import Likeness


@dataclass
class Somebody:
    name: str


ANNA, BORIS, C = Somebody("Anna"), Somebody("Борис"), Somebody("c")
ALL = [ANNA, BORIS, C]


@pytest.mark.parametrize(
    ("name", "found"), [("anna", ANNA), ("БОРИС", BORIS), ("Аnna", None), ("Anna.", None), ("Clara", None)]
)
def test_one_is_found_by_name_in_every_spelling(name: str, found: Somebody | None) -> None:
    assert Likeness().same(name, ALL) is found


@pytest.mark.parametrize(
    ("name", "found"), [("Аnna", ANNA), ("Anna.", ANNA), ("Бopиc", BORIS), ("c#", C), ("Clara", None)]
)
def test_people_are_found_by_their_looks(name: str, found: Somebody | None) -> None:
    assert Likeness().of_people(name, ALL) is found


@pytest.mark.parametrize(("name", "found"), [("Аnna", ANNA), ("с", C), ("c#", None), ("Clara", None)])
def test_channels_are_found_by_their_looks_and_punctuation_counts(name: str, found: Somebody | None) -> None:
    assert Likeness().of_channels(name, ALL) is found


def test_a_changed_name_is_looked_at_anew() -> None:
    likeness, somebody = Likeness(), Somebody("Anna")
    assert likeness.of_people("Аnna", [somebody]) is somebody
    somebody.name = "Clara"
    assert likeness.of_people("Аnna", [somebody]) is None
