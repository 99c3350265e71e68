"""text/names.py: how a name is kept, which are one, which look alike, what is empty (docs/protocol.md, "Names")."""

import json
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import Malformed, TooLarge
from limits import MAX_MARKS_IN_A_ROW
from text.names import clean_line, clean_name, folded, is_empty, looks, looks_of_person
from tools.paths import ROOT

LIMIT = 40
VECTORS = json.loads((ROOT / "tests/vectors/names.json").read_text(encoding="utf-8"))
RANGES = [(int(first, 16), int(last, 16)) for first, last in VECTORS["default_ignorable"]]
# Of the thousands in the last range a few: the tag, the variation selector.
IGNORABLE = [code for first, last in RANGES[:-1] for code in range(first, last + 1)] + [
    0xE0000,
    0xE0001,
    0xE0041,
    0xE0100,
    0xE01EF,
    0xE0FFF,
]
TURNING = {0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def clean(text: str, limit: int = LIMIT) -> str:
    return clean_name(text, limit=limit, what="The name")


def line(text: str) -> str:
    return clean_line(text, limit=LIMIT, what="The topic")


def alike(one: str, other: str) -> bool:
    return not looks(one).isdisjoint(looks(other))


# --- empty ---


@pytest.mark.parametrize("text", VECTORS["empty"], ids=ascii)
def test_what_nobody_sees_is_empty(text: str) -> None:
    assert is_empty(text)
    with pytest.raises(Malformed):
        clean(text)
    with suppress(Malformed):  # for the control characters among it
        assert line(text) == ""


@pytest.mark.parametrize("text", VECTORS["visible"], ids=ascii)
def test_what_somebody_sees_is_not_empty(text: str) -> None:
    assert not is_empty(text)
    assert not is_empty(f" \u200b{text}\u2800")


def test_every_character_whose_name_says_that_it_is_blank_is_empty_or_drawn_all_the_same() -> None:
    drawn = {"BLANK SYMBOL", "SYMBOL FOR NULL"}
    words = ("BLANK", "FILLER", "INVISIBLE", "ZERO WIDTH", "NULL NOTEHEAD")
    found = {
        name
        for code in range(0x110000)
        if any(word in (name := unicodedata.name(chr(code), "")) for word in words) and not is_empty(chr(code))
    }
    # The gap fillers of some scripts are strokes, which fill a line.
    assert {name for name in found if "GAP FILLER" not in name and "LINE FILLER" not in name} <= drawn


@pytest.mark.parametrize(
    "code",
    [code for code in range(0x110000) if unicodedata.name(chr(code), "").endswith((" FILLER", " BLANK"))],
    ids=hex,
)
def test_a_filler_that_is_not_drawn_is_no_part_of_a_name(code: int) -> None:
    if is_empty(chr(code)):
        assert clean(f"Anna{chr(code)}") == "Anna"


@pytest.mark.parametrize("edges", RANGES, ids=str)
def test_every_ignorable_character_is_empty(edges: tuple[int, int]) -> None:
    assert all(is_empty(chr(each)) for each in range(edges[0], edges[1] + 1))


# --- how a name is kept ---


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Anna", "Anna"),
        ("  Anna\t\n", "Anna"),
        ("\ufeff\u00a0\u3000Anna\u2028", "Anna"),
        ("Zoe\u0308", "Zoë"),
        ("Анна Каренина", "Анна Каренина"),
        ("José's café (2)", "José's café (2)"),
        ("<b>", "<b>"),
        ("O'Neil-Smith, Jr.", "O'Neil-Smith, Jr."),
        ("नमस्ते", "नमस्ते"),
        ("กั้ง", "กั้ง"),
        ("Anna  Smith", "Anna Smith"),
        ("Anna\u2003\u3000Smith", "Anna Smith"),
        ("Anna \u200b Smith", "Anna Smith"),
        ("@Anna", "Anna"),
        ("# general", "general"),
        ("＃general", "general"),
        ("c#", "c#"),
        ("anna@example.com", "anna@example.com"),
        ("👩\u200d💻", "👩💻"),
        ("☺\ufe0f", "☺"),
        ("می\u200cخواهم", "میخواهم"),
        ("Rene\u200d\u0301", "René"),
        ("An\u2800na", "Anna"),
    ],
)
def test_a_name_is_composed_trimmed_and_freed_of_what_nobody_sees(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize("length", [1, LIMIT - 1, LIMIT])
def test_a_name_up_to_the_limit_is_taken(length: int) -> None:
    assert clean("я" * length) == "я" * length


@pytest.mark.parametrize("length", [LIMIT + 1, 4 * LIMIT, 4 * LIMIT + 1, 60_000])
def test_a_name_over_the_limit_is_too_large(length: int) -> None:
    with pytest.raises(TooLarge) as refusal:
        clean("я" * length)
    assert refusal.value.limit == LIMIT


def test_the_limit_counts_what_is_left_after_trimming_and_composing() -> None:
    assert clean(" " * 500 + "e\u0301" * LIMIT + " " * 500) == "é" * LIMIT


@pytest.mark.parametrize("code", [code for code in IGNORABLE if code not in TURNING], ids=lambda code: f"U+{code:04X}")
def test_what_is_ignorable_is_no_part_of_a_name(code: int) -> None:
    for text in (f"{chr(code)}Anna", f"An{chr(code)}na", f"Anna{chr(code)}"):
        assert clean(text) == "Anna"


@pytest.mark.parametrize(
    "text", ["An\ue000na", "\uf8ff", "Anna\U0010fffd", "An\u0378na", "Anna\ufdd0", "Anna\U0001ffff"]
)
def test_a_name_has_only_characters_that_mean_something(text: str) -> None:
    with pytest.raises(Malformed):
        clean(text)


@pytest.mark.parametrize("text", ["@", "#", "@@ #"])
def test_a_sign_alone_is_no_name(text: str) -> None:
    with pytest.raises(Malformed):
        clean(text)


MARKS = "\u0315\u035c\u0360\u0321\u0334"  # none of them becomes one character with an x


@pytest.mark.parametrize("count", [0, 1, MAX_MARKS_IN_A_ROW - 1, MAX_MARKS_IN_A_ROW, MAX_MARKS_IN_A_ROW + 1, 20])
def test_a_letter_has_at_most_so_many_marks(count: int) -> None:
    text = "x" + (MARKS * 4)[:count] + "y"
    for cleaned in (clean, line):
        if count <= MAX_MARKS_IN_A_ROW:
            assert len(cleaned(text)) == count + 2
        else:
            with pytest.raises(Malformed, match="marks"):
                cleaned(text)


@pytest.mark.parametrize("text", ["\u0301Anna", "Anna \u0301x", "\u200b\u0301Anna", "\u0489"])
def test_marks_stand_on_a_letter(text: str) -> None:
    with pytest.raises(Malformed):
        clean(text)


FORBIDDEN = [*range(0x20), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A)]


@pytest.mark.parametrize("code", FORBIDDEN, ids=lambda code: f"U+{code:04X}")
def test_control_and_direction_characters_are_refused_in_names(code: int) -> None:
    with pytest.raises(Malformed):
        clean(f"An{chr(code)}na")


@pytest.mark.parametrize("text", ["\ud800", "Anna\udfff"])
def test_a_name_with_a_lone_surrogate_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        clean(text)


@given(st.text(st.characters(codec=None), max_size=200))
def test_a_cleaned_name_is_clean(text: str) -> None:
    try:
        name = clean(text)
    except (Malformed, TooLarge):
        return
    assert clean(name) == name
    assert 1 <= len(name) <= LIMIT
    assert unicodedata.is_normalized("NFC", name)
    name.encode()


# --- lines ---


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("  What we  talk about  ", "What we  talk about"),
        ("👩\u200d💻 and ☺\ufe0f", "👩\u200d💻 and ☺\ufe0f"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Cafe\u0301", "Café"),
        ("#1 \uf8ff", "#1 \uf8ff"),
        ("\u200b \u3164", ""),
    ],
)
def test_a_line_is_composed_and_trimmed_and_else_kept(typed: str, kept: str) -> None:
    assert line(typed) == kept


@pytest.mark.parametrize("text", ["one\ntwo", "\u202egnirts", "a\x00b", "\ud800", "x" + "\u0334" * 5])
def test_a_line_does_not_leave_its_place(text: str) -> None:
    with pytest.raises(Malformed):
        line(text)


def test_a_line_over_the_limit_is_too_large() -> None:
    assert line("я" * LIMIT) == "я" * LIMIT
    with pytest.raises(TooLarge):
        line("я" * (LIMIT + 1))


# --- the same name ---


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna", "anna"),
        ("STRASSE", "straße"),
        ("Zoë", "Zoe\u0308"),
        ("Ａｎｎａ", "Anna"),
        ("ﬁona", "FIONA"),
        ("An\u200bna", "Anna"),
        ("An\u2060\u00adna", "Anna"),
        ("☺\ufe0f", "☺"),
        ("АННА", "анна"),
        ("𝐀𝐧𝐧𝐚", "Anna"),
        ("Ａｎｎａ\u3000Ｓｍｉｔｈ", "Anna Smith"),
        ("Anna  Smith", "Anna Smith"),
        ("An\u3164na", "Anna"),
        ("Anna\U000e0100", "Anna"),
        ("Rene\u200d\u0301", "René"),
    ],
)
def test_names_that_people_would_read_as_one_are_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("Anna", "Аnna"), ("Anna", "Anna1"), ("resume", "résumé")])
def test_names_that_differ_stay_different(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


# --- names that look alike ---


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna", "Аnnа"),
        ("Anna", "ANNА"),
        ("Anna", "ꓮnna"),
        ("Anna", "Ann a"),
        ("anna", "Аnna"),
        ("Max", "Мах"),
        ("max", "Мах"),
        ("Ian", "lan"),
        ("Ian", "1an"),
        ("Bob", "B0b"),
        ("Tom", "Torn"),
        ("Person 1", "Person l"),
        ("paypal", "рауpаl"),
        ("Иван", "Ивaн"),
        ("Zoë", "Ζοë"),
        ("Anna", "Anna"),
        ("STRASSE", "straße"),
        ("release-1", "release\u20131"),
        ("O'Neil", "O\u2019Neil"),
        ("\u0645\u062d\u0645\u062f", "\u0645\u062d\u0640\u0640\u0645\u062f"),  # the same letters, drawn longer
    ],
)
def test_names_that_look_alike_are_found(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna", "Анна"),
        ("Anna", "Hanna"),
        ("Anna", "Anna2"),
        ("Eli", "Ell"),
        ("resume", "résumé"),
        ("Zoe", "Zoë"),
        ("c", "c#"),
        ("c", "c++"),
        ("Boris", "Борис"),
        ("general", "general2"),
        ("名前", "名字"),
        ("👍", "👎"),
        ("Person 1", "Person 2"),
        ("Person 1", "Person 10"),
        ("\u0638\u0644", "\u0637\u0644"),
    ],
)
def test_names_that_people_tell_apart_are_not_alike(one: str, other: str) -> None:
    assert not alike(one, other)


@pytest.mark.parametrize(
    "other",
    [
        "Anna.",
        "Anna!",
        "(Anna)",
        "-Anna-",
        "«Аnna»",
        "Anna…",
        "Anna ,",
        "Anna \u2713",
        "Anna \u2705",
        "\u2714\ufe0f Anna",
        "Anna\U0001f451",
        "\u2605Аnna\u2605",
        "Anna\u00ae",
        "Anna~",
        "+Anna",
        "\u02bbAnna",
        "Anna\u02bc",
        "`Anna\u00b4",
        "Anna\u00a8",
        "Anna\ufffc",
        "Anna\u01c3",
        "Anna\U0001f3fb",
        "Anna\U00016fe4.",
    ],
)
def test_signs_at_the_ends_make_no_other_person(other: str) -> None:
    assert not looks_of_person("Anna").isdisjoint(looks_of_person(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna", "Anna (sales)"),
        ("Anna", "Anna B."),
        ("\u0938\u0940\u0924\u093e", "\u0938\u0940\u0924"),
        ("\U0001f98a", "\U0001f43b"),
        ("\u2605", "\u2606"),
        ("Anna", "Anna \u00bd"),
        ("R\u00e9", "R"),
    ],
)
def test_people_whom_more_than_signs_at_the_ends_tells_apart_stay_apart(one: str, other: str) -> None:
    assert looks_of_person(one).isdisjoint(looks_of_person(other))


@pytest.mark.parametrize("name", ["!!!", "100%", "…", "-"])
def test_a_name_of_punctuation_looks_like_itself_only(name: str) -> None:
    assert not looks_of_person(name).isdisjoint(looks_of_person(name))
    assert looks_of_person(name).isdisjoint(looks_of_person("???"))
    assert "" not in looks_of_person(name)


@given(st.text(min_size=1, max_size=40))
def test_every_name_looks_like_itself_in_any_spelling(name: str) -> None:
    assert alike(name, name)
    assert alike(name, folded(name))
