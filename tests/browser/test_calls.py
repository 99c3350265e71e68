"""Calls: a button, where the operator said at which address people meet, posts a link to one."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import OpenWindow
from tests.server import Server

MEETING = re.compile(r"https://meet\.example\.org/team-[a-z2-7]{20}")
_MORE = re.compile("^(More about|Ещё об)")


@pytest.fixture(scope="module")
def meeting() -> Iterator[Server]:
    """A chat whose operator says where people meet."""
    running = Server.start(settings={"CALL_URL": "https://meet.example.org/team-{call}", "ROOM_NAMES": "*"})
    yield running
    running.stop()


@pytest.mark.parametrize(
    ("language", "width", "button", "action", "message"),
    [
        ("en-GB", 1440, "Start a call", "Post and join", "Call: "),
        ("ru-RU", 390, "Начать звонок", "Отправить и войти", "Звонок: "),
    ],
)
def test_a_call_is_a_link_that_whoever_starts_it_is_led_to(
    window: OpenWindow, meeting: Server, language: str, width: int, button: str, action: str, message: str
) -> None:
    anna = window(server=meeting, language=language, width=width)
    met: list[str] = []

    def meet(route: Route) -> None:
        met.append(route.request.url)
        route.fulfill(status=200, content_type="text/html", body="<title>here we meet</title>")

    anna.context.route(MEETING, meet)
    anna.sign_in("Anna")
    for number in range(2):
        if width < 600:
            anna.page.locator(".channel-header").get_by_role("button", name=_MORE).click()
        anna.page.get_by_role("button", name=button, exact=True).click()
        dialog = anna.page.get_by_role("dialog")
        expect(dialog).to_contain_text("meet.example.org")
        if number == 0:
            anna.picture(f"call-{language}")
            assert anna.flaws() == []
        with anna.context.expect_page() as opened:
            dialog.get_by_role("button", name=action).click()
        opened.value.wait_for_load_state()
        assert opened.value.title() == "here we meet"
        assert opened.value.evaluate("opener") is None
        opened.value.close()
        expect(dialog).to_have_count(0)
        link = anna.sees(message, count=number + 1).last.get_by_role("link", name="meet.example.org")
        assert link.get_attribute("href") == met[-1]
    assert len(set(met)) == len(met)


def test_without_an_address_there_is_no_button(window: OpenWindow) -> None:
    anna = window("Anna")
    anna.page.get_by_role("button", name="Notifications", exact=True).wait_for()
    expect(anna.page.get_by_role("button", name="Start a call")).to_have_count(0)
