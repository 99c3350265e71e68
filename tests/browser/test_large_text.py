"""Twice as large: text at 200 %, and a page of which a window shows half as much. Nothing is cut off or covered."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.layout import misplaced
from tests.browser.views import each_view, furnish, settle
from tests.browser.visitor import Visitor
from tests.people import Person

SIZES: dict[str, dict[str, Any]] = {
    "text": {"width": 1920, "height": 1080},
    "text-phone": {"width": 390, "height": 844},
    "zoom": {"width": 720, "height": 450, "device_scale_factor": 2},
}


def _enlarge(visitor: Visitor, size: str) -> None:
    """As somebody does in the settings of a browser: what is measured in rem follows, and so do widths in em."""
    if size.startswith("text"):
        fonts = {"standard": 32, "fixed": 26}
        visitor.context.new_cdp_session(visitor.page).send("Page.setFontSizes", {"fontSizes": fonts})


@pytest.mark.parametrize("language", ["en-GB", "ru-RU"])
@pytest.mark.parametrize("size", list(SIZES))
def test_nothing_is_cut_off_or_covered_at_twice_the_size(
    window: OpenWindow, person: Callable[..., Person], size: str, language: str
) -> None:
    anna = window(language=language, **SIZES[size])
    _enlarge(anna, size)
    anna.page.locator("form#login").wait_for()
    settle(anna)
    found = {"sign-in": misplaced(anna.page)}
    anna.picture(f"large-{size}-sign-in-{language[:2]}")
    assert anna.flaws() == []
    furnish(anna, person)
    for name in each_view(anna):
        found[name] = misplaced(anna.page)
        anna.picture(f"large-{size}-{name}-{language[:2]}")
    assert "\n".join(f"{name}: {each}" for name, troubles in found.items() for each in troubles) == ""


@pytest.mark.parametrize("size", list(SIZES))
def test_a_welcome_is_whole_at_twice_the_size(window: OpenWindow, size: str) -> None:
    anna = window(**SIZES[size])
    _enlarge(anna, size)
    anna.sign_in("Anna")
    expect(anna.page.locator(".welcome__step")).not_to_have_count(0)
    settle(anna)
    anna.picture(f"large-{size}-welcome")
    assert misplaced(anna.page) == []
    assert anna.flaws() == []
