"""Which colours stand on which, and that they can be read there: WCAG AA, also where axe-core looks at nothing.

It judges no gradient and nothing half transparent. So here are the meanings of client/styles/colors.css: every text on
every ground of its place, a gradient by both its ends.
"""

import re

import pytest

from tests.colours import Colour, contrast, laid_over
from tools.paths import ROOT

STYLES = ROOT / "client" / "styles"
LOOKS = [(theme, more) for theme in ("light", "dark") for more in (False, True)]
TEXT, SIGN = 4.5, 3.0

SHEET_TEXTS = {
    "text", "text-soft", "text-faint", "link", "accent", "accent-strong", "new-text", "alarm", "warn",
}  # fmt: skip
SHEET_GROUNDS = {
    "page", "page-low", "pressed", "input", "raised", "new-wash", "accent-wash", "alarm-wash", "warn-wash",
}  # fmt: skip
SEA_TEXTS = {"side-text", "side-text-soft", "side-accent"}
SEA_GROUNDS = {"side", "side-low", "side-line", "side-high on side", "side-high on side-low"}
DOOR_GROUNDS = {"scene-water-deep", "side-high on scene-water-deep"}
OWN_GROUNDS = {
    "on-accent": {"accent", "accent-strong"},
    "on-new": {"new"},
    "on-alarm": {"alarm"},
    "new-text": {"new-tint"},
    "online": {"raised"},
    "on-veil": {"veil-strong on white", "veil-strong on black"},
    "on-avatar-deep": {f"avatar-{hue}{end}" for hue in range(0, 12, 2) for end in ("", "-top")},
    "on-avatar-bright": {f"avatar-{hue}{end}" for hue in range(1, 12, 2) for end in ("", "-top")},
}
SIGNS = {
    "border-control": {"page", "page-low", "input", "raised"},
    "online": {"page", "page-low", "raised"},
    "text-faint": {"page", "page-low", "raised"},
    "accent": {"pressed", "page", "raised"},
    "side-online": {"side", "side-low", "side-line"},
    "waiting": {"side", "side-low"},
    "scan-mark": {"scan-ground"},
}

DRAWN = {"base", "top", "border", "border-control", "veil", "text-faint", "online", "waiting", "on-accent"}
"""What is painted like a ground, and no text stands on it: faces are judged by their hues, ticks as text."""


def _tokens(theme: str, *, more: bool) -> dict[str, str]:
    usual, _, stronger = (
        (STYLES / "colors.css").read_text(encoding="utf-8").partition("@media (prefers-contrast: more)")
    )
    found = re.findall(r"--([\w-]+): ([^;]+);", usual) + (re.findall(r"--([\w-]+): ([^;]+);", stronger) if more else [])
    which = ("light", "dark").index(theme)
    return {
        name: value[len("light-dark(") : -1].split(", ")[which] if value.startswith("light-dark(") else value
        for name, value in found
    }


def _colour(name: str, tokens: dict[str, str]) -> Colour:
    """What a meaning looks like; `side-high on side`: laid over another."""
    above, _, below = name.partition(" on ")
    if below:
        return laid_over(_colour(above, tokens), _colour(below, tokens))
    value = tokens[name]
    if value.startswith("var("):
        return _colour(value[len("var(--") : -1], tokens)
    if mixed := re.fullmatch(r"color-mix\(in srgb, var\(--([\w-]+)\) (\d+)%, transparent\)", value):
        return (*_colour(mixed[1], tokens)[:3], int(mixed[2]) / 100)
    assert re.fullmatch("#[0-9a-f]{6}", value), (name, value)
    return tuple(int(value[at : at + 2], 16) for at in (1, 3, 5))


def _pairs() -> list[tuple[str, str, float]]:
    """A colour, its ground, and how much contrast it needs there."""
    places = [(SHEET_TEXTS, SHEET_GROUNDS), (SEA_TEXTS, SEA_GROUNDS), (SEA_TEXTS - {"side-accent"}, DOOR_GROUNDS)]
    texts = [(text, ground) for texts, grounds in places for text in texts for ground in grounds]
    texts += [(text, ground) for text, grounds in OWN_GROUNDS.items() for ground in grounds]
    signs = [(sign, ground) for sign, grounds in SIGNS.items() for ground in grounds]
    return [(*pair, TEXT) for pair in texts] + [(*pair, SIGN) for pair in signs]


@pytest.mark.parametrize(("theme", "more"), LOOKS)
def test_what_is_written_can_be_read_on_its_ground(theme: str, more: bool) -> None:
    tokens = _tokens(theme, more=more)
    found = {
        f"{name} on {ground}": round(contrast(_colour(name, tokens), _colour(ground, tokens)), 2)
        for name, ground, least in _pairs()
        if contrast(_colour(name, tokens), _colour(ground, tokens)) < least
    }
    assert found == {}


def test_every_colour_that_a_component_writes_with_or_on_is_judged() -> None:
    styles = "\n".join(
        file.read_text(encoding="utf-8")
        for file in STYLES.glob("*.css")
        if file.name not in ("colors.css", "forced.css")
    )
    texts = set(re.findall(r"[^-]color: var\(--([\w-]+)\)", styles))
    assert texts <= SHEET_TEXTS | SEA_TEXTS | OWN_GROUNDS.keys()
    grounds = {
        name for each in re.findall(r"background[\w-]*: ([^;]+)", styles) for name in re.findall(r"--([\w-]+)", each)
    }
    named = {part for _, ground, _ in _pairs() for part in ground.split(" on ")}
    assert {name for name in grounds - named - DRAWN if not name.startswith(("sky-", "scene-"))} == set()
