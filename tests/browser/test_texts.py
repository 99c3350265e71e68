"""What people type arrives as they mean it: the chat dialect (docs/dialect.md) on a real page, in every direction."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenWindow
from tests.browser.visitor import Theme
from tests.people import Person

_SAMPLE = """# Plan for the harbour festival
The **stage** stands at the *old* crane, ~~12:00~~ 13:00, run `make all`:

- bread
  - brown
  - white
- milk

9) first
10) second
11) third, which is a longer one

- [x] tell the harbour master
- [ ] print the posters

> are you coming?
> I would be glad
yes, at five!

| what | price | note |
|:-----|------:|:----:|
| bread | 3.20 | **fresh** |
| milk | 12.00 | |

```python
def greet(name):
    return f"hello {name}"
```
   roses are red
      violets are blue"""

_RUSSIAN = """## Что взять
1) палатку
2) верёвку

- [ ] **купить** хлеб
- [x] позвонить

> ты идёшь?
да, в 5*2 раза быстрее"""

_ARABIC = """- خبز
- حليب

1. أولا
2. ثانيا

> متى نلتقي؟
غدا إن شاء الله

- [x] تم

| الاسم | العمر |
|---|---|
| سارة | 5 |

مرحبا `npm install` ثم https://example.com/a"""

_WIDE = f"|{'|'.join(f'column number {n}' for n in range(14))}|\n|{'-|' * 14}\n|{'|'.join(str(n) for n in range(14))}|"

TYPED = [
    "2) да",
    "+ 49 30 1234",
    "2026. 11. 28.",
    "3~5天，100~200元",
    "\\\\server\\share\\_docs",
    "¯\\_(ツ)_/¯",
    "\\[x\\]",
    "$5*2 and 3*$4",
    "f**k and s**t",
    "(>_<) (^_^)",
    "__init__.py",
    "Thanks\n--\nBob",
    "Options:\n-",
    "a        b",
    "    if x:\n        y()",
    "[](https://example.com)",
    "```",
    "****",
    "+",
    "#",
    ">",
    "a  \nb",
    "1.\n2.",
]


def _box(found: Locator) -> dict[str, float]:
    box = found.bounding_box()
    assert box is not None
    return {side: float(box[side]) for side in ("x", "y", "width", "height")}


def test_what_was_typed_is_what_is_shown(window: OpenWindow) -> None:
    anna = window("Anna")
    for count, text in enumerate(TYPED, start=1):
        anna.say(text)
        bodies = anna.page.locator("article:not(.message--outgoing) .message__body")
        expect(bodies).to_have_count(count)
        expect(bodies.last).to_be_visible()  # a row is hidden until it was measured, and says nothing then
        assert bodies.last.evaluate("(each) => each.innerText") == text


def test_nothing_is_doubled_between_lines(window: OpenWindow, person: Callable[..., Person]) -> None:
    boris = person("Boris").come()
    for text in ("one", "one\ntwo", "one\n\ntwo"):
        boris.say(text)
    anna = window("Anna")
    expect(anna.page.locator(".message__body")).to_have_count(3)
    heights = [_box(each)["height"] for each in anna.page.locator(".message__body").all()]
    assert heights[1] == pytest.approx(2 * heights[0], abs=2)
    assert 2 * heights[0] < heights[2] < 3 * heights[0]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_part_of_a_message_has_its_look(
    window: OpenWindow, person: Callable[..., Person], theme: Theme, width: int
) -> None:
    boris = person("Boris").come()
    for text in (_WIDE, _ARABIC, _RUSSIAN, _SAMPLE):
        boris.say(text)
    language = "ru-RU" if width < 600 else "en-GB"
    anna = window("Anna", theme=theme, width=width, height=1500, language=language)
    last = anna.page.locator(".message__body").last
    expect(last.locator("ul ul li")).to_have_count(2)
    expect(last.locator("ol > li").last).to_have_text("11) third, which is a longer one")
    expect(last.locator("blockquote")).to_have_text("are you coming?\nI would be glad")
    expect(last.locator("p", has_text="yes, at five!")).to_be_visible()
    expect(last.locator("td").nth(2)).to_have_text("fresh")
    expect(last.locator("pre")).to_have_text('def greet(name):\n    return f"hello {name}"')
    anna.page.locator(".timeline__frame").evaluate("(each) => each.scrollTo(0, each.scrollHeight)")
    anna.picture(f"texts-{theme}-{width}")
    anna.page.locator(".timeline__frame").evaluate("(each) => each.scrollTo(0, 0)")
    anna.picture(f"texts-above-{theme}-{width}")
    assert anna.flaws() == []


def test_a_wide_table_moves_in_its_own_frame(window: OpenWindow, person: Callable[..., Person]) -> None:
    person("Boris").come().say(_WIDE)
    anna = window("Anna", width=390, height=800)
    frame = anna.page.locator(".message__table")
    expect(frame).to_be_visible()
    assert frame.evaluate("(each) => each.scrollWidth > each.clientWidth")
    assert anna.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    timeline = anna.page.locator(".timeline__frame")
    assert timeline.evaluate("(each) => each.scrollWidth <= each.clientWidth")


def test_a_tasks_box_and_its_text_stand_on_one_line(window: OpenWindow, person: Callable[..., Person]) -> None:
    person("Boris").come().say("- [ ] print the posters\n- [x] tell them\n\n1. [ ] first\n2. [x] second")
    anna = window("Anna")
    items = anna.page.locator(".message__body li")
    expect(items).to_have_count(4)
    for item in items.all():
        box, line = _box(item.locator(".message__box")), _box(item)
        assert line["height"] < 1.6 * box["height"]
        assert box["y"] >= line["y"] - 1
    expect(items.nth(1).get_by_role("img", name="Done:")).to_be_visible()


def test_the_marks_of_lists_and_quotes_stand_on_the_side_where_lines_begin(
    window: OpenWindow, person: Callable[..., Person]
) -> None:
    boris = person("Boris").come()
    boris.say("- خبز\n- حليب\n\n1. أولا\n2. ثانيا\n\n> متى نلتقي؟\n\n- [x] تم\n\n|الاسم|العمر|\n|-|-|\n|سارة|5|")
    boris.say("- bread\n- milk\n\n1. one\n2. two\n\n> when?\n\n|name|age|\n|-|-|\n|Sara|5|")
    anna = window("Anna")
    arabic, english = anna.page.locator(".message__body").all()
    for found in arabic.locator("ul, ol, blockquote, .message__table").all():
        assert found.evaluate("(each) => getComputedStyle(each).direction") == "rtl"
    for found in english.locator("ul, ol, blockquote, .message__table").all():
        assert found.evaluate("(each) => getComputedStyle(each).direction") == "ltr"
    item = arabic.locator("ol > li").first
    marker = _box(item.locator(".message__marker"))
    assert marker["x"] + marker["width"] > _box(item)["x"] + _box(item)["width"] / 2
    for ordered in (arabic, english):
        padding = ordered.locator("ol").evaluate("(each) => getComputedStyle(each).paddingInlineStart")
        assert float(padding.removesuffix("px")) >= 20, "the numbers have a column of their own"
    quote = arabic.locator("blockquote").evaluate("(each) => getComputedStyle(each).borderRightWidth")
    assert quote == "3px"
    names = [_box(each)["x"] for each in arabic.locator("th").all()]
    assert names[0] > names[1]
    anna.picture("texts-right-to-left")


def test_ninety_accents_on_a_letter_do_not_touch_other_messages(
    window: OpenWindow, person: Callable[..., Person]
) -> None:
    boris = person("Boris").come()
    for _ in range(4):
        boris.say("calm above")
    # Marks of one kind in a row: of those, fonts build towers.
    boris.say("z" + "\u0301" * 90 + "algo")
    anna = window("Anna")
    loud = anna.sees("algo").locator(".message__body")
    line = _box(loud)
    reach = line["height"] / 3  # an accent may stand a little out of its line, as letters of other scripts do

    def painted(style: str) -> bytes:
        loud.evaluate("(each, style) => { each.style.cssText = style }", style)
        above = line["y"] - 80
        return anna.page.screenshot(clip={"x": line["x"] - 40, "y": above, "width": 80, "height": 80 - reach})

    calm = painted("visibility: hidden")
    assert painted("") == calm
    assert painted("overflow: visible") != calm, "the marks of this font are high enough to be seen"


def test_no_sign_reorders_what_stands_behind_it(window: OpenWindow, person: Callable[..., Person]) -> None:
    boris = person("Boris").come()
    for sign in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068":
        boris.say(f"left {sign}abc.exe right")
    boris.say("שלום `let x = 1` עולם https://example.com/a?b=1 סוף")
    anna = window("Anna")
    expect(anna.page.locator(".message__body")).to_have_count(8)
    ascending = """(each) => {
      const text = each.querySelector("p").firstChild
      const range = document.createRange()
      const left = (at) => {
        range.setStart(text, at)
        range.setEnd(text, at + 1)
        return range.getBoundingClientRect().left
      }
      return [...text.data].every((_, at) => at === 0 || left(at) >= left(at - 1))
    }"""
    for body in anna.page.locator(".message__body").all()[:7]:
        assert body.evaluate(ascending)
        assert body.inner_text() == "left abc.exe right"
    mixed = anna.page.locator(".message__body").last
    assert mixed.locator("code").evaluate("(each) => getComputedStyle(each).unicodeBidi") == "isolate"
    assert mixed.locator("a").evaluate("(each) => getComputedStyle(each).unicodeBidi") == "plaintext"
    assert _box(mixed.locator("code"))["x"] > _box(mixed.locator("a"))["x"]


def test_each_line_runs_in_the_direction_of_its_own_letters_and_no_name_turns_what_follows(
    window: OpenWindow, person: Callable[..., Person]
) -> None:
    somebody = person("דוד")
    david = somebody.come()
    david.say("hello!\nשלום!")
    david.say("- hello!\n- עולם!")
    david.say("|hello!|\n|-|\n|דג!|")
    david.say("ask @דוד 5 times", mentions=[somebody.id])
    anna = window("Anna")
    bodies = anna.page.locator(".message__body")
    expect(bodies).to_have_count(4)
    goes_right = """(body, [first, then]) => {
      const left = (words) => {
        const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT)
        while (walker.nextNode()) {
          const at = walker.currentNode.data.indexOf(words)
          if (at < 0) continue
          const range = document.createRange()
          range.setStart(walker.currentNode, at + words.length - 1)
          range.setEnd(walker.currentNode, at + words.length)
          return range.getBoundingClientRect().left
        }
      }
      return left(first) < left(then)
    }"""
    for each, word in zip(bodies.all(), ["שלום", "עולם", "דג"], strict=False):
        assert each.evaluate(goes_right, ["hello", "hello!"])
        assert each.evaluate(goes_right, [f"{word}!", word])
    expect(bodies.last.locator(".mention")).to_have_text("@דוד")
    assert bodies.last.evaluate(goes_right, ["דוד", "5"])


def test_an_answer_shows_the_words_it_is_about_without_marks(window: OpenWindow, person: Callable[..., Person]) -> None:
    boris = person("Boris").come()
    first = boris.say("**Plan**:\n1) да\n2) нет\n\n|a|b|\n|-|-|\n|1|2*3|")
    boris.say("fine", reply_to=first["ref"], reply_seq=first["seq"])
    anna = window("Anna")
    expect(anna.page.locator(".quote__words")).to_have_text("Plan: 1) да 2) нет a | b 1 | 2*3")
