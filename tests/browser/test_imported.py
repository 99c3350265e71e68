"""Messages that were said elsewhere and brought here: they say so, quietly, to eyes and ears."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.people import Line, Person
from tests.server import ADMIN_PASSWORD

Enter = Callable[..., Person]
SENT_AT = 1_700_000_000_000
BY_OLGA = re.compile(r"^Imported by Olga on .*\b20\d\d\b")


def said(number: int, body: str, author: str = "clara", **more: Any) -> dict[str, Any]:
    id_ = f"0199f3a0-1111-7222-8333-{number:012}"
    return {"id": id_, "author": author, "sent_at": SENT_AT + number * 1_000, "body": body, **more}


def bring(admin: Line, *messages: dict[str, Any]) -> str:
    """Import messages of somebody who is no member into a new channel; its id."""
    channel = str(admin.ask("channel.create", name="from elsewhere")["channel"])
    admin.ask("channel.update", id=channel, retention_days=0)
    people = [{"id": "clara", "name": "Clara"}]
    answer = admin.ask("import", channel=channel, messages=list(messages), people=people)
    assert answer["counts"]["added"] == len(messages)
    return channel


def test_what_was_imported_says_by_whom_and_when_and_nothing_else_does(window: OpenWindow, person: Enter) -> None:
    olga = person("Olga", password=ADMIN_PASSWORD).come()
    channel = bring(olga, said(1, "the first"), said(2, "the second"), said(3, "the third"))
    anna = window("Anna")
    anna.come(f"#{channel}")
    anna.sees("the third")
    for text in ("the first", "the second", "the third"):
        mark = anna.message(text).get_by_role("img", name=BY_OLGA, include_hidden=True)
        expect(mark).to_have_count(1)
        expect(mark).to_have_attribute("title", BY_OLGA)
    expect(anna.message("the first").get_by_role("img", name=BY_OLGA)).to_be_visible()
    anna.say("said here")
    olga.say("and by Olga", channel=channel)
    anna.sees("and by Olga")
    expect(anna.page.get_by_role("img", name=BY_OLGA, include_hidden=True)).to_have_count(3)
    assert anna.flaws() == []
    anna.reload()
    expect(anna.page.get_by_role("img", name=BY_OLGA, include_hidden=True)).to_have_count(3)


def test_the_sign_is_quiet_no_row_is_higher_for_it_nor_does_it_reach_into_the_text(
    window: OpenWindow, person: Enter
) -> None:
    olga = person("Olga", password=ADMIN_PASSWORD).come()
    channel = bring(olga, said(1, "the first"), said(2, "the second"), said(3, "the third"))
    anna = window("Anna")
    anna.come(f"#{channel}")
    mark = anna.message("the second").get_by_role("img", name=BY_OLGA, include_hidden=True)
    expect(mark).to_be_hidden()
    olga.say("native", channel=channel)
    olga.say("and again", channel=channel)
    anna.sees("and again")
    heights = [anna.message(text).bounding_box() for text in ("the second", "and again")]
    assert len({box["height"] for box in heights if box is not None}) == 1
    anna.message("the second").hover()
    expect(mark).to_be_visible()
    body = anna.message("the second").locator(".message__body").bounding_box()
    sign = mark.bounding_box()
    assert body is not None
    assert sign is not None
    assert sign["x"] + sign["width"] <= body["x"]


def test_it_is_said_in_russian_too(window: OpenWindow, person: Enter) -> None:
    channel = bring(person("Olga", password=ADMIN_PASSWORD).come(), said(1, "the first"))
    anna = window("Anna", language="ru-RU")
    anna.come(f"#{channel}")
    expect(anna.page.get_by_role("img", name=re.compile(r"^Импортировано: Olga, .*20\d\d"))).to_have_count(1)
