"""errors.py: what each refusal carries."""

from collections.abc import Iterator

import pytest

from errors import (
    ChatError,
    Internal,
    MethodNotAllowed,
    NameTaken,
    RateLimited,
    TooLarge,
    Unopenable,
)
from web.answers import problem
from wire.writing import error_frame


def every(base: type[ChatError] = ChatError) -> Iterator[type[ChatError]]:
    for refusal in base.__subclasses__():
        yield refusal
        yield from every(refusal)


def test_a_refusal_says_what_it_was_given() -> None:
    error = RateLimited("Too fast.", retry_after=0.5)
    assert (str(error), error.detail, error.retry_after, error.extra) == ("Too fast.", "Too fast.", 0.5, {})
    assert NameTaken("Taken.", confirm=True).extra == {"confirm": True}


def test_a_text_that_is_too_large_names_its_limit_and_not_itself() -> None:
    error = TooLarge("body", limit=4_000)
    assert (error.detail, error.limit) == ("body is over its limit of 4000.", 4_000)


def test_a_method_that_is_not_allowed_says_which_are() -> None:
    error = MethodNotAllowed(("GET", "POST"))
    assert (error.detail, error.allow) == ("This address takes GET, POST.", ("GET", "POST"))


def test_our_own_mistake_tells_nothing_about_itself() -> None:
    mistake = Internal()
    mistake.__cause__ = ValueError("the plaintext of a message")
    answers = str(problem(mistake, "an id")) + error_frame(mistake, None)
    assert "plaintext" not in answers
    assert '"code":"internal"' in answers


REFUSALS: list[type[ChatError]] = sorted(every(), key=str)


@pytest.mark.parametrize("refusal", REFUSALS, ids=[refusal.__name__ for refusal in REFUSALS])
def test_every_refusal_has_a_code_of_its_own_a_status_and_a_meaning(refusal: type[ChatError]) -> None:
    assert refusal.code.replace("_", "").isalpha()
    assert refusal.code == refusal.code.lower()
    assert 400 <= refusal.status < 600
    assert refusal.__doc__


def test_what_does_not_open_is_no_refusal_that_a_client_sees() -> None:
    assert not issubclass(Unopenable, ChatError)
