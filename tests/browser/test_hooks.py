"""What other programs post, as people see it: marked as a bot's, and never a program in a browser."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
from playwright.sync_api import expect

from bot_limits import HOOK_BURST
from tests import confidential
from tests.browser.conftest import OpenWindow
from tests.browser.hostile import TEXTS
from tests.people import Line, Person
from tests.server import ADMIN_PASSWORD, Server
from tools.paths import ROOT

WATCH = """() => {
  globalThis.reports = []
  document.addEventListener("securitypolicyviolation", (event) => globalThis.reports.push(event.violatedDirective))
}"""
CASES = json.loads((ROOT / "tests/vectors/hooks.json").read_text(encoding="utf-8"))["cases"]


def address_of(olga: Line, chat: Server, name: str) -> str:
    """The address of a new hook."""
    token = str(olga.ask("hook.create", name=name, channel="general")["token"])
    confidential.keep_path(f"/hooks/{token}")
    return f"{chat.url}/hooks/{token}"


def post(address: str, payload: dict[str, Any]) -> None:
    answer = httpx.post(address, json=payload, timeout=60.0)
    assert answer.status_code in (200, 204), answer.text


def test_a_programs_message_is_marked_and_stands_under_the_name_that_it_gives(
    window: OpenWindow, person: Callable[..., Person], chat: Server
) -> None:
    olga = person("Olga", password=ADMIN_PASSWORD).come()
    address = address_of(olga, chat, "Alerts")
    anna = window("Anna")
    post(address, {"text": "by the hook itself"})
    post(address, {"text": "*first* for <https://grafana.example|Grafana>", "username": "Grafana", "icon_emoji": "🔔"})
    post(address, {"text": "second for Grafana", "username": "Grafana", "icon_emoji": "🔔"})
    post(address, {"text": "not by Anna", "username": "Anna"})
    expect(anna.sees("by the hook itself").locator(".message__header")).to_contain_text("Alerts Bot")
    first = anna.sees("first for Grafana")
    expect(first.locator(".message__header")).to_contain_text("Grafana Bot")
    expect(first.locator(".avatar")).to_have_text("🔔")
    expect(first.locator("a")).to_have_attribute("href", "https://grafana.example/")
    expect(anna.sees("second for Grafana").locator(".message__header")).to_have_count(0)
    expect(anna.sees("not by Anna").locator(".message__header")).to_contain_text("Alerts Bot")
    anna.page.locator(".channel-header__people").click()
    expect(anna.page.locator(".person", has_text="Alerts")).to_contain_text("Bot")
    presence = ".avatar--offline, .avatar--online"
    expect(anna.page.locator(".person", has_text="Alerts").locator(presence)).to_have_count(0)
    for case in CASES[1:8]:
        post(address, case["body"] if isinstance(case["body"], dict) else {"text": case["says"]["body"]})
    anna.sees("InstanceDown")
    assert anna.flaws() == []
    anna.picture("hooks")
    shown = next(each for each in olga.history() if each.get("shown_as"))
    olga.say("Thanks!", reply_to=shown["id"])
    expect(anna.sees("Thanks!").locator(".quote__author")).to_have_text("Grafana")
    anna.page.keyboard.press("Escape")
    anna.page.locator(".timeline__frame").focus()
    anna.page.keyboard.press("/")
    anna.page.get_by_role("combobox", name="Search messages").fill("second for")
    expect(anna.page.locator(".hit__author")).to_have_text("Grafana")
    anna.page.keyboard.press("Escape")
    olga.ask("hook.revoke", id=shown["author"])
    for _ in range(2):
        expect(anna.page.locator(".message__header .role", has_text="Former bot").first).to_be_visible()
        expect(anna.page.locator(".message__header .role", has_text=re.compile("^Bot$"))).to_have_count(0)
        anna.page.reload()


def every_field(text: str) -> Iterator[dict[str, Any]]:
    """Messages of several formats with a text in each of their fields."""
    button = {"type": "button", "text": {"type": "plain_text", "text": text}, "url": text}
    field = {"title": text, "value": text}
    attachment = {
        **dict.fromkeys(("pretext", "author_name", "author_link", "title", "title_link", "text", "footer"), text),
        **dict.fromkeys(("color", "image_url", "thumb_url", "ts"), text),
        "fields": [field],
        "actions": [button],
    }
    yield {"text": text, "username": text, "icon_emoji": text, "channel": text, "attachments": [attachment]}
    image = {"type": "image", "image_url": text, "alt_text": text}
    section = {"type": "section", "text": {"type": "mrkdwn", "text": f"<{text}|{text}> *{text}*"}, "accessory": button}
    runs = [{"type": "text", "text": text, "style": {"code": True}}, {"type": "link", "url": text, "text": text}]
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": runs}]}
    yield {"blocks": [{"type": "header", "text": {"text": text}}, section, image, rich]}
    embed = {
        **dict.fromkeys(("title", "url", "description", "timestamp"), text),
        "author": {"name": text, "url": text},
        "fields": [{"name": text, "value": text}],
        "footer": {"text": text},
        "image": {"url": text},
    }
    yield {"content": text, "username": text, "embeds": [embed]}
    labels, notes = {"alertname": text, "severity": text, text: text}, {"summary": text, "runbook_url": text}
    yield {"alerts": [{"labels": labels, "annotations": notes, "generatorURL": text}], "externalURL": text}
    commit = {"id": text, "message": text, "url": text, "author": {"name": text}}
    repository = {"full_name": text, "html_url": text}
    yield {"ref": text, "compare": text, "commits": [commit], "repository": repository, "sender": {"login": text}}


def test_hostile_texts_in_every_field_are_shown_as_text(
    window: OpenWindow, person: Callable[..., Person], chat: Server
) -> None:
    olga = person("Olga", password=ADMIN_PASSWORD).come()
    anna = window("Anna")
    anna.page.evaluate(WATCH)
    payloads: list[dict[str, Any]] = []
    for number, text in enumerate(TEXTS):
        first, *others = every_field(text)
        payloads += [first, others[number % len(others)]]
    for start in range(0, len(payloads), HOOK_BURST):
        address = address_of(olga, chat, f"Hook {start}")
        for payload in payloads[start : start + HOOK_BURST]:
            post(address, payload)
    post(address_of(olga, chat, "Last"), {"text": "that was all"})
    anna.sees("that was all")
    links = anna.page.evaluate("[...document.querySelectorAll('article a')].map((each) => each.href)")
    assert all(href.startswith(("http:", "https:", "mailto:")) for href in links)
    tags = anna.page.evaluate(
        "[...new Set([...document.querySelectorAll('.message *')].map((each) => each.localName))]"
    )
    assert not {"img", "script", "iframe", "style", "object", "video", "base", "form", "input"} & set(tags)
    assert anna.page.evaluate("globalThis.reports") == []
    assert anna.page.evaluate("globalThis.pwned") is None
