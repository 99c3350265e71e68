"""search/normal.py: what counts as the same text, and where each part of it comes from."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limits import FOLDS_KEPT
from search.normal import _Folds, is_letter, normal, traced
from tests.search.texts import SIGNS, WORDS

TEXTS = st.one_of(st.text(SIGNS, max_size=40), st.text(max_size=40), st.lists(st.sampled_from(WORDS)).map(" ".join))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Ёлка", "елка"),
        ("CAFÉ", "cafe"),
        ("Cafe\u0301", "café"),
        ("STRASSE", "Straße"),
        ("ＡＢＣ１", "abc1"),
        ("ﬁne", "FINE"),
        ("ｶﾞ", "カ"),
        ("\u1112\u1161\u11ab", "한"),
        ("하\u11ab", "한"),
        ("İ", "i"),
        ("soft\u00adhyphen", "softhyphen"),
        ("👍\ufe0f", "👍"),
        (" a \n\t b\u00a0", "a b"),
        ("بَيْت", "بيت"),
        ("й", "и"),
    ],
)
def test_texts_that_are_the_same(text: str, same: str) -> None:
    assert normal(text) == normal(same)


@pytest.mark.parametrize(
    ("text", "other"), [("a", "а"), ("ㄱ", "가"), ("각", "가"), ("ab", "a b"), ("1", "l"), ("日", "曰")]
)
def test_texts_that_differ(text: str, other: str) -> None:
    assert normal(text) != normal(other)


@pytest.mark.parametrize("text", ["´", "¨", "ﷺ", "…", "a", "🙂", "ㅋ"])
def test_no_visible_sign_is_lost_or_becomes_a_space(text: str) -> None:
    assert normal(text).strip() != ""
    assert " " not in normal(text)


@given(TEXTS)
def test_it_is_the_standards_form_for_whole_texts(text: str) -> None:
    """Of letters and digits: NFKC, case folding, NFD without marks; the order of the steps makes no difference."""
    letters = "".join(
        each for each in text if unicodedata.category(each)[0] in "LN" and each not in "\u1160\u115f\uffa0"
    )
    letters = "".join(
        each for each in letters if not "\u1100" <= each <= "\u318f" and " " not in unicodedata.normalize("NFKD", each)
    )
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", letters).casefold())
    folded = unicodedata.normalize("NFKD", folded)
    plain = "".join(each for each in folded if not unicodedata.combining(each))
    assert unicodedata.normalize("NFD", normal(letters)) == plain


@given(TEXTS)
def test_the_traced_form_is_the_same_and_every_character_comes_from_its_place(text: str) -> None:
    found = traced(text)
    assert found.text == normal(text)
    for at, (start, end) in enumerate(zip(found.starts, found.ends, strict=True)):
        if at < len(found.text):
            assert 0 <= start < end <= len(text)
            assert found.text[at] in normal(f"x{text[start:end]}x")
    assert list(found.starts) == sorted(found.starts)


@given(TEXTS, st.integers(0, 40), st.integers(0, 40))
def test_a_part_of_a_text_has_a_part_of_its_form(text: str, start: int, length: int) -> None:
    part = text[start : start + length]
    if any("\u1100" <= each <= "\u11ff" or "\uac00" <= each <= "\ud7a3" for each in text):
        return  # a syllable may be cut
    assert normal(part) in normal(text)


def test_the_memory_of_forms_is_bounded() -> None:
    folds = _Folds()
    for code in range(0x4E00, 0x4E00 + FOLDS_KEPT + 1):
        assert folds[code] == chr(code)
    assert len(folds) == 1


@pytest.mark.parametrize("letter", "aж1_é")
def test_letters_of_scripts_with_spaces(letter: str) -> None:
    assert is_letter(letter)


@pytest.mark.parametrize("sign", "東あア한ท🙂.-'")
def test_everything_else_stands_alone(sign: str) -> None:
    assert not is_letter(sign)
