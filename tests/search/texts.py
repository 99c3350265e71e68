"""Texts as people write them in many languages, and parts of them."""

import random

_TEXT = (
    "договор договора договором подписан вчера привет ёлка Київ це їжак Straße München über Kaffee naïve "
    "café hello World search searching o'clock it's foo(bar) x+=1; https://example.org/a?b=1 README.md "
    "www.example.org 東京 東京都 に 行き ます がんばって カタカナ ｶﾀｶﾅ 中文 搜索 消息 한국어 검색 안녕하세요 "
    "สวัสดี हिन्दी नमस्ते עברית العربية 🙂 👍🏽 👨‍👩‍👧 🇩🇪 ﬁne Ⅷ ½ ＡＢＣ Ǆ İstanbul ǅ"
)
WORDS = _TEXT.split()
SIGNS = 'abcAÄäёЁйжß́̈ﾞが か中문\u1100\u1161\u11ab가각 \n\t\u00a0\u200d\ufe0f\u00ad👍🏽ﬁŉ´ͅαᾳẞ"“»(.,:_1２िไทยﷺ'


def said(random: random.Random, *, most: int = 12) -> str:
    """A message of some words, with what people put between them."""
    between = random.choice([" ", " ", "  ", "\n", ", ", "-", ""])
    return between.join(random.choice(WORDS) for _ in range(random.randrange(1, most)))


def part_of(random: random.Random, text: str) -> str:
    """A part of a text, wherever it begins and ends."""
    start = random.randrange(len(text))
    return text[start : start + random.choice([1, 2, 3, 4, 5, 8, 13, 40, 200])]
