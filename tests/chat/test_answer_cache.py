"""chat/answer_cache.py: an answer that was kept is the one that would be given now, and there are never too many."""

import pytest

from chat.answer_cache import AnswerCache
from chat.audience import Audience
from chat.directory import Directory

ANNA = "anna"


@pytest.fixture
def directory() -> Directory:
    directory = Directory()
    directory.seq = 7
    return directory


def recent(directory: Directory, most: int = 3, most_characters: int = 10) -> AnswerCache:
    return AnswerCache(directory, Audience(directory), most=most, most_characters=most_characters)


def kept(answers: AnswerCache, *asked: object) -> list[str | None]:
    return [answers.get(ANNA, each) for each in asked]


def test_an_answer_is_kept_while_nothing_changes(directory: Directory) -> None:
    answers = recent(directory)
    answers.keep(ANNA, "general", 7, "page")
    assert kept(answers, "general", "plans") == ["page", None]


def test_nothing_is_kept_over_a_change_not_even_in_memory(directory: Directory) -> None:
    answers = recent(directory)
    answers.keep(ANNA, "general", 7, "page")
    directory.seq = 8
    assert answers.get(ANNA, "general") is None
    directory.seq = 7
    assert answers.get(ANNA, "general") is None


def test_an_answer_that_a_change_has_overtaken_is_not_kept(directory: Directory) -> None:
    answers = recent(directory)
    directory.seq = 8
    answers.keep(ANNA, "general", 7, "page")
    assert answers.get(ANNA, "general") is None
    directory.seq = 7
    assert answers.get(ANNA, "general") is None


def test_the_oldest_goes_where_there_are_too_many(directory: Directory) -> None:
    answers = recent(directory, most=3)
    for number in range(5):
        answers.keep(ANNA, number, 7, str(number))
    assert kept(answers, *range(5)) == [None, None, "2", "3", "4"]


def test_the_oldest_goes_where_they_are_too_long_in_all(directory: Directory) -> None:
    answers = recent(directory, most_characters=10)
    answers.keep(ANNA, "a", 7, "1234")
    answers.keep(ANNA, "b", 7, "1234")
    answers.keep(ANNA, "c", 7, "123")
    assert kept(answers, "a", "b", "c") == [None, "1234", "123"]


def test_an_answer_that_is_too_long_by_itself_drives_no_other_out(directory: Directory) -> None:
    answers = recent(directory, most_characters=10)
    answers.keep(ANNA, "a", 7, "1234567890")
    answers.keep(ANNA, "b", 7, "12345678901")
    assert kept(answers, "a", "b") == ["1234567890", None]
