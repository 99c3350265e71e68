"""recent.py: an answer that was kept is the one that would be given now, and there are never too many."""

import pytest

from directory import Directory
from recent import Recent


@pytest.fixture
def directory() -> Directory:
    directory = Directory()
    directory.seq = 7
    return directory


def recent(directory: Directory, most: int = 2) -> Recent:
    return Recent(directory, most=most, most_characters=5)


def test_an_answer_is_kept_while_nothing_changes(directory: Directory) -> None:
    answers = recent(directory)
    answers.keep("general", 7, "page")
    assert answers.get("general") == "page"
    assert answers.get("plans") is None


def test_nothing_is_kept_over_a_change(directory: Directory) -> None:
    answers = recent(directory)
    answers.keep("general", 7, "page")
    directory.seq += 1
    assert answers.get("general") is None
    answers.keep("plans", 8, "new")
    assert (answers.get("plans"), answers.get("general")) == ("new", None)


def test_an_answer_that_a_change_has_overtaken_is_not_kept(directory: Directory) -> None:
    answers = recent(directory)
    directory.seq += 1
    answers.keep("general", 7, "page")
    directory.seq -= 1
    assert answers.get("general") is None


def test_a_long_answer_is_not_kept(directory: Directory) -> None:
    answers = recent(directory)
    answers.keep("short", 7, "12345")
    answers.keep("long", 7, "123456")
    assert (answers.get("short"), answers.get("long")) == ("12345", None)


def test_there_are_never_more_than_so_many(directory: Directory) -> None:
    answers = recent(directory, most=2)
    for number in range(5):
        answers.keep(number, 7, str(number))
        assert answers.get(number) == str(number)
        assert sum(answers.get(other) is not None for other in range(5)) <= 2
