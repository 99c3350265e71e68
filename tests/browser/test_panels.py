"""Each panel in each way to see it: by day, in the dark, in the system's own colours, and with text twice as large.

The page is opened once, and each panel: what changes is how one looks at it.
"""

from collections.abc import Callable, Iterator

from tests.browser.conftest import OpenWindow
from tests.browser.layout import misplaced
from tests.browser.panels import each_panel, furnish_panels
from tests.browser.views import settle
from tests.browser.visitor import Visitor
from tests.people import Person

_PARTS = "dialog[open], .jump, .thread, .preview, .poll"
_EDGE = """() => {
  const dialog = document.querySelector("dialog[open]")
  return dialog === null || getComputedStyle(dialog).borderTopWidth === "1px"
}"""
_NEXT_FRAME = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def test_every_panel_can_be_read_in_any_colours_and_at_twice_the_size(
    window: OpenWindow, person: Callable[..., Person]
) -> None:
    anna = window(width=1920, height=1080)
    furnish_panels(anna, person)
    troubles = [f"{name}: {trouble}" for name in each_panel(anna) for trouble in _troubles(anna)]
    assert "\n".join(troubles) == ""


def _troubles(visitor: Visitor) -> Iterator[str]:
    """What is wrong with what the page shows now; afterwards it looks as before."""
    page = visitor.page
    yield from visitor.flaws(within=_PARTS)
    page.emulate_media(color_scheme="dark")
    yield from _colour_troubles(visitor, "dark")
    page.emulate_media(color_scheme="light", forced_colors="active")
    yield from _colour_troubles(visitor, "forced colours")
    if not page.evaluate(_EDGE):
        yield "forced colours: no edge"
    page.emulate_media(color_scheme="light", forced_colors="none")
    for size in (32, 16):
        fonts = {"standard": size, "fixed": size * 13 // 16}
        visitor.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": fonts})
        page.evaluate(_NEXT_FRAME)
        settle(visitor)
        yield from (f"text of {size} px: {trouble}" for trouble in misplaced(page))


def _colour_troubles(visitor: Visitor, look: str) -> Iterator[str]:
    settle(visitor)
    yield from (f"{look}: {flaw}" for flaw in visitor.flaws("color-contrast", within=_PARTS))
