"""README.ru.md says what README.md says: the same parts in the same order, the same commands, links and claims."""

import re
from dataclasses import dataclass

from tools.paths import ROOT

_FENCE = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
_ITEM = re.compile(r"^ *(?:[-*]|\d+\.) ", re.MULTILINE)
_ROW = re.compile(r"^\|", re.MULTILINE)
ENGLISH, RUSSIAN = "README.md", "README.ru.md"


@dataclass(frozen=True)
class Part:
    """What must be the same in both languages, of one heading and what stands below it."""

    level: int
    commands: list[str]
    links: list[str]
    code: list[str]
    items: int
    rows: int
    paragraphs: int


def parts(text: str) -> list[Part]:
    """A page by its headings; links from one language to the other count as one and the same."""
    fenced = _FENCE.findall(text)
    prose = _FENCE.sub("\0", text)  # a heading-like line in a block is none
    found = []
    for level, _, below in re.findall(r"^(#+) (.+)\n((?:(?!#+ ).*\n)*)", prose, re.MULTILINE):
        commands = [fenced.pop(0) for _ in range(below.count("\0"))]
        links = [mark + target.replace(RUSSIAN, ENGLISH) for mark, target in _LINK.findall(below)]
        code = sorted(re.findall(r"`([^`]+)`", below))  # two languages may name two things in another order
        blocks = [block for block in below.split("\n\n") if block.strip("\0\n ")]
        counts = (len(_ITEM.findall(below)), len(_ROW.findall(below)), len(blocks))
        found.append(Part(len(level), commands, links, code, *counts))
    return found


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_both_languages_have_the_same_parts_commands_links_and_claims() -> None:
    assert len(parts(read(ENGLISH))) > 5
    assert parts(read(RUSSIAN)) == parts(read(ENGLISH))


def test_each_language_leads_to_the_other() -> None:
    assert f"]({RUSSIAN})" in read(ENGLISH)
    assert f"]({ENGLISH})" in read(RUSSIAN)


def test_the_russian_page_is_russian() -> None:
    headings = re.findall(r"^## (.+)$", read(RUSSIAN), re.MULTILINE)
    assert [heading for heading in headings if not re.search(r"[а-яё]", heading)] == []


def test_the_front_page_stays_short() -> None:
    assert len(read(ENGLISH).splitlines()) <= 80


def test_a_difference_is_seen() -> None:
    page = (
        "# One\n\nSay [this](a.md) with `x` and `y`.\n\n```\nbin/dev\n```\n\n- one\n- two\n\n## Two\n\n| a |\n| - |\n"
    )
    same = "# Одна\n\nСкажите с `y` и `x` [это](a.md).\n\n```\nbin/dev\n```\n\n- раз\n- два\n\n## Две\n\n| а |\n| - |\n"
    assert parts(page) == parts(same)
    for before, after in [
        ("## Две", "### Две"),
        ("bin/dev", "bin/test"),
        ("a.md", "b.md"),
        ("- два\n", ""),
        ("`x`", "`z`"),
        ("| а |\n", ""),
        ("с `y`", "с `y`\n\n"),
    ]:
        assert parts(page) != parts(same.replace(before, after)), before
