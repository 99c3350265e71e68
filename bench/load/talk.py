"""What people say in rooms that are searched: messages of words as often as words are, the same for every chat."""

import random
from functools import cache

FREQUENT, RARE, MISS = "harbour", "lighthouse", "kaleidoscope"
"""What is looked for: in every fourth message, in one of RARE_EVERY, in none."""
RARE_EVERY = 20_000
_WORDS, _WORDS_A_MESSAGE = 6_000, 15
_BEGINNINGS = ["b", "br", "c", "ch", "d", "f", "fl", "g", "h", "k", "l", "m", "n", "p", "pr", "r", "s", "sh", "st", "t"]
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "oo"]
_ENDINGS = ["", "", "n", "r", "s", "t", "l", "nd", "ck"]


def talk(number: int) -> str:
    """The text of message `number`: about a hundred characters."""
    chance = random.Random(number)  # noqa: S311 (the same for everybody)
    words = [_vocabulary()[int(_WORDS ** chance.random()) - 1] for _ in range(_WORDS_A_MESSAGE)]
    if number % 4 == 0:
        words[number % _WORDS_A_MESSAGE] = FREQUENT
    if number % RARE_EVERY == 777:
        words[number % _WORDS_A_MESSAGE] = RARE
    return f"#{number:09d} {' '.join(words)}"


@cache
def _vocabulary() -> list[str]:
    """Invented words of one to three syllables, the most frequent ones first."""
    chance = random.Random(1)  # noqa: S311 (the same every time)
    words: dict[str, None] = {}
    while len(words) < _WORDS:
        syllables = 1 + int(3 * chance.random() * min(1, len(words) / 200))
        words["".join([chance.choice(each) for _ in range(syllables) for each in (_BEGINNINGS, _VOWELS, _ENDINGS)])] = (
            None
        )
    return list(words)
