"""Hooks and bots in real workerd: what senders are answered to the byte, what is posted, and programs in use.

Payloads of all tools are on the shelf that tests/bots/test_recognition.py reads; here they go the whole way.
"""

import gzip
import json
import re
import shlex
import subprocess
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import apprise
import httpx
import pytest
from discord_webhook import DiscordEmbed, DiscordWebhook  # type: ignore[import-untyped]
from slack_sdk.webhook import WebhookClient

from bot_limits import HOOK_BURST, MAX_HOOK_BYTES
from tests import confidential
from tests.people import Frame, Line
from tests.places import Place, fresh_address
from tests.server import ADMIN_PASSWORD
from tests.sources import refusals
from tools.paths import ROOT

CASES = json.loads((ROOT / "tests/vectors/hooks.json").read_text(encoding="utf-8"))["cases"]
JSON = {"Content-Type": "application/json"}


class Hook:
    """A hook that an admin has made, and the admin's line."""

    def __init__(self, place: Place, name: str = "Alerts", **more: Any) -> None:
        self.place = place
        self.admin = place.member("Olga", password=ADMIN_PASSWORD)
        self.line: Line = self.admin.come()
        self.id, self.token = self.made(name, **more)
        self._http = httpx.Client(headers={"CF-Connecting-IP": fresh_address()}, timeout=60.0)
        self.admin.others.append(self._http)  # closed when she leaves

    def made(self, name: str, **more: Any) -> tuple[str, str]:
        """Id and token of one more hook."""
        answer = self.line.ask("hook.create", name=name, channel="general", **more)
        assert answer["type"] == "hook", answer
        self.keep(answer["token"])
        return answer["id"], answer["token"]

    def keep(self, token: str) -> None:
        """A token: nobody may log its secret, but the dev server prints the addresses that it is asked for."""
        confidential.keep(confidential.SECRET, token.rpartition("_")[2])
        for path in (token, f"{token}/github", token.rpartition("_")[0] + "/" + token.rpartition("_")[2]):
            confidential.keep_path(f"/hooks/{path}")

    @property
    def url(self) -> str:
        return f"{self.place.server.url}/hooks/{self.token}"

    def post(self, content: Any, path: str | None = None, **headers: str) -> httpx.Response:
        """Send a body as it is, or an object as JSON."""
        if not isinstance(content, (str, bytes)):
            content, headers = json.dumps(content), {**JSON, **headers}
        body = content.encode() if isinstance(content, str) else content
        url = self.url if path is None else f"{self.place.server.url}{path}"
        return self._http.post(url, content=body, headers=headers)

    def said(self) -> list[Frame]:
        """All messages, oldest first."""
        return self.line.history(limit=100)

    def bodies(self) -> list[str]:
        return [message["body"] for message in self.said()]


@pytest.fixture
def hook(place: Place) -> Hook:
    return Hook(place)


def is_ok(answer: httpx.Response) -> bool:
    """Exactly what Alertmanager, Grafana, Slack's clients and the others look for."""
    return (answer.status_code, answer.headers["content-type"], answer.content) == (200, "text/plain", b"ok")


def refused(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["request_id"] == answer.headers["x-request-id"]
    return answer.status_code, problem["code"]


def test_a_text_reaches_everybody_at_each_address_of_the_hook(hook: Hook) -> None:
    anna = hook.place.member("Anna").come()
    secret = hook.token.rpartition("_")[2]
    half = hook.token.removesuffix(f"_{secret}")
    bearer = {"Authorization": f"Bearer {hook.token}"}
    for number, path in enumerate((hook.token, f"{hook.token}/github", f"{half}/{secret}", hook.id)):
        headers = bearer if path == hook.id else {}
        answer = hook.post({"text": f"number *{number}*"}, f"/hooks/{path}", **headers)
        assert is_ok(answer), answer.text
        assert not any(name.startswith(("access-control", "set-cookie")) for name in answer.headers)
        message = anna.event("message")
        assert (message["author"], message["body"]) == (hook.id, f"number **{number}**")
    (member,) = [each for each in hook.admin.come().welcome["members"] if each["id"] == hook.id]
    shown = {"id": hook.id, "name": "Alerts", "role": "bot", "hue": 1, "created_by": hook.admin.id, "online": False}
    assert member == {**shown, "channels": ["general"], "rights": ["name"]}


def test_an_alert_in_a_minute_is_what_the_page_says(hook: Hook) -> None:
    page = (ROOT / "docs/bots.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^curl .+$", page, re.MULTILINE)
    typed = command.replace("https://YOUR-ADDRESS/hooks/TOKEN", hook.url)
    done = subprocess.run(shlex.split(typed), capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "ok"
    assert hook.bodies() == ["The backup is done"]


def test_every_tool_on_the_shelf_is_told_as_it_should_be(hook: Hook) -> None:
    for number, case in enumerate(CASES):
        if number == HOOK_BURST - 5:
            hook.id, hook.token = hook.made("More alerts")
        body = case["body"] if isinstance(case["body"], str) else json.dumps(case["body"])
        answer = hook.post(body, **{"Content-Type": case["media_type"]})
        says = case["says"]
        expected = (204, b"") if says and says.get("is_discord") else (200, b"ok")
        assert (answer.status_code, answer.content) == expected, case["case"]
    # That a build passes again is told only by the hook that has told of its failure.
    told = [case["says"]["body"] for case in CASES if case["says"] and case["says"].get("failed") is not False]
    nobody = (("@Anna", "@U024BE7LH"), ("@Boris", "@80351110224678912"))
    for name, unknown in nobody:
        told = [body.replace(name, unknown) for body in told]
    assert hook.bodies() == told


def test_nothing_else_is_let_in_and_a_room_that_was_never_used_is_not_made(hook: Hook) -> None:
    room, secret = hook.place.room, hook.token.rpartition("_")[2]
    other = hook.place.next_door()
    wrong = [
        f"/hooks/{hook.token[:-1]}{'a' if hook.token[-1] != 'a' else 'b'}",
        f"/hooks/{room}_{'A' * 12}_{secret}",
        f"/hooks/{other.room}_{hook.id}_{secret}",
        f"/hooks/{hook.token}a",
        f"/hooks/{hook.id}",
        "/hooks/x/y",
        f"/hooks/{'x' * 160}",
    ]
    for path in wrong:
        confidential.keep_path(path)
        assert refused(hook.post({"text": "let me in"}, path)) == (404, "not_found"), path
    bearer = {"Authorization": f"Bearer {hook.token}"}
    assert refused(hook.post({"text": "let me in"}, f"/hooks/{'A' * 12}", **bearer)) == (404, "not_found")
    assert other.tables() == []
    assert hook.said() == []
    listed = hook.line.ask("hooks")["hooks"]
    assert [(each["used_at"], each["failed_at"]) for each in listed] == [(None, None)]


def test_a_revoked_and_a_renewed_token_open_nothing(hook: Hook) -> None:
    renewed = hook.line.ask("hook.rotate", id=hook.id)["token"]
    hook.keep(renewed)
    assert refused(hook.post({"text": "the old one"})) == (404, "not_found")
    hook.token = renewed
    assert is_ok(hook.post({"text": "the new one"}))
    assert hook.line.ask("hook.revoke", id=hook.id)["type"] == "ok"
    assert refused(hook.post({"text": "the new one again"})) == (404, "not_found")
    assert hook.bodies() == ["the new one"]
    stored = hook.place.stored_bytes()
    assert not any(token.rpartition("_")[2].encode() in stored for token in (hook.token, renewed))


REFUSED: dict[str, tuple[bytes | str, dict[str, str], tuple[int, str]]] = {
    "65,537 bytes": (b"x" * (MAX_HOOK_BYTES + 1), {}, (413, "too_large")),
    "malformed JSON": ('{"text": "hi"', JSON, (400, "malformed")),
    "malformed JSON that calls itself a form": ('{"text": "hi"', {}, (400, "malformed")),
    "malformed JSON in a form": (
        "payload=%7B%22text",
        {"Content-Type": "application/x-www-form-urlencoded"},
        (400, "malformed"),
    ),
    "10,000 fields": (json.dumps({f"f{number}": 1 for number in range(5_000)}), JSON, (400, "malformed")),
    "nothing": (b"", {}, (400, "malformed")),
    "nothing visible": ('{"text":"\u200b"}', JSON, (400, "malformed")),
    "deep nesting": ("[" * 30_000, JSON, (400, "malformed")),
    "bytes": (b"\x00\x01\x02", {}, (400, "malformed")),
    "compressed": (gzip.compress(b"x"), {"Content-Encoding": "gzip"}, (400, "malformed")),
}


def test_what_cannot_be_posted_is_refused_and_seen_by_admins(hook: Hook) -> None:
    for name, (body, headers, expected) in REFUSED.items():
        assert refused(hook.post(body, **headers)) == expected, name
    (listed,) = hook.line.ask("hooks")["hooks"]
    assert listed["failure"] == "malformed"
    assert listed["failed_at"] > listed["created_at"]
    assert hook.said() == []
    assert is_ok(hook.post(b"x" * MAX_HOOK_BYTES))
    assert is_ok(hook.post(b"\xff\xfe caf\xe9"))
    fields = {f"f{number}": 1 for number in range(4_000)} | {"text": "many fields"}
    assert is_ok(hook.post(fields))
    assert [len(body) for body in hook.bodies()] == [4_000, 7, 11]
    for method in ("GET", "PUT", "DELETE", "OPTIONS"):
        answer = httpx.request(method, hook.url, timeout=60.0)
        assert (refused(answer), answer.headers["allow"]) == ((405, "method_not_allowed"), "POST")
    assert hook.place.server.lines("error") == []
    assert {refusal.code for refusal in refusals()} >= {"not_found", "too_large", "malformed"}


def test_pages_of_other_sites_and_cookies_make_no_difference(hook: Hook) -> None:
    assert is_ok(hook.post("a text from a page", Origin="https://evil.example", Cookie=hook.admin.cookie))
    (message,) = hook.said()
    assert message["author"] == hook.id


def test_a_repetition_posts_nothing_and_a_flood_is_told_to_wait(hook: Hook) -> None:
    assert is_ok(hook.post({"text": "disk full"}))
    assert is_ok(hook.post({"text": "disk full"}))
    for text, headers in [
        ("one", {"Idempotency-Key": "k"}),
        ("two", {"Idempotency-Key": "k"}),
        ("one", {"X-GitHub-Delivery": "k"}),
        ("two", {"X-GitHub-Delivery": "k"}),
    ]:
        assert is_ok(hook.post({"text": text}, **headers))
    assert hook.bodies() == ["disk full", "one", "one"]
    flood = (hook.post({"text": "flood"}) for _ in range(2 * HOOK_BURST))
    answer = next(each for each in flood if each.status_code != 200)
    assert refused(answer) == (429, "too_many_attempts")
    assert answer.headers["retry-after"] == "1"
    assert hook.bodies() == ["disk full", "one", "one", "flood"]


def test_discord_senders_get_204_or_the_message(hook: Hook) -> None:
    answer = hook.post({"content": "hello from Discord"})
    assert (answer.status_code, answer.content) == (204, b"")
    answer = hook.post({"content": "hello again"}, f"/hooks/{hook.token}?wait=true")
    (_, message) = hook.said()
    shown = {"id": message["id"], "channel_id": "general", "content": "hello again"}
    assert (answer.status_code, answer.json()) == (200, shown)


def apprise_says(hook: Hook, scheme: str, path: str, title: str = "") -> bool:
    """What `apprise -t … -b … scheme://…` does."""
    site = urlsplit(hook.place.server.url)
    sender = apprise.Apprise()
    assert sender.add(f"{scheme}://{site.netloc}{path}")
    return bool(sender.notify(title=title, body=f"by {scheme}", notify_type=apprise.NotifyType.WARNING))


PROGRAMS: dict[str, tuple[Callable[[Hook], bool], str]] = {
    "Apprise, JSON": (lambda hook: apprise_says(hook, "json", f"/hooks/{hook.token}", "Backup"), "**Backup**\nby json"),
    "Apprise, form": (lambda hook: apprise_says(hook, "form", f"/hooks/{hook.token}", "Backup"), "**Backup**\nby form"),
    "Apprise, Mattermost": (lambda hook: apprise_says(hook, "mmost", f"/{hook.token}"), "by mmost"),
    "slack_sdk": (
        lambda hook: _slack(hook),
        "**Deployed**\n**api** is [live](https://api.example)",
    ),
    "discord-webhook": (
        lambda hook: _discord(hook),
        "Look:\n\n**[Down](https://status.example)**\nfor 5 minutes\n**host:** db1",
    ),
    "discord-webhook with a file": (lambda hook: _discord(hook, with_file=True), "Look:"),
}


def _slack(hook: Hook) -> bool:
    header = {"type": "header", "text": {"type": "plain_text", "text": "Deployed"}}
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "*api* is <https://api.example|live>"}}
    answer = WebhookClient(hook.url).send(text="Deployed", blocks=[header, section])
    return (answer.status_code, answer.body) == (200, "ok")


def _discord(hook: Hook, *, with_file: bool = False) -> bool:
    webhook = DiscordWebhook(url=hook.url, content="Look:", username="Status")
    if with_file:
        webhook.add_file(file=b"bytes", filename="a.bin")
    else:
        embed = DiscordEmbed(title="Down", url="https://status.example", description="for 5 minutes")
        embed.add_embed_field(name="host", value="db1")
        webhook.add_embed(embed)
    answer = webhook.execute()
    return answer.status_code == 200 and webhook.id is not None


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # one of Apprise's plugins
def test_programs_as_people_use_them_post_unchanged(hook: Hook) -> None:
    for name, (send, says) in PROGRAMS.items():
        assert send(hook), name
        assert hook.bodies()[-1] == says, name
    assert hook.said()[-1]["shown_as"] == {"name": "Status"}


# --- bots ---


class Bot:
    """A bot that an admin has made."""

    def __init__(self, hook: Hook, *channels: str) -> None:
        rights = ["post", "read", "edit", "react", "mention"]
        answer = hook.line.ask("bot.create", name="Robo", channels=channels or ["general"], rights=rights)
        assert answer["type"] == "bot", answer
        self.id, self.token = answer["id"], answer["token"]
        confidential.keep(confidential.SECRET, self.token.rpartition("_")[2])
        self.place = hook.place
        headers = {"Authorization": f"Bearer {self.token}", "CF-Connecting-IP": fresh_address()}
        self.http = httpx.Client(base_url=f"{hook.place.url}/channels", headers=headers, timeout=60.0)
        hook.admin.others.append(self.http)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.http.request(method, path, **more)


def test_a_bot_posts_reads_edits_and_reacts_and_nothing_more(hook: Hook) -> None:
    plans = hook.line.ask("channel.create", name="plans")["channel"]
    bot, anna = Bot(hook), hook.place.member("Anna").come()
    posted = bot.ask("POST", "/general/messages", json={"body": "Hello"}, headers={"Idempotency-Key": "k"})
    assert (posted.status_code, posted.json().keys()) == (201, {"id", "seq", "sent_at"})
    assert anna.event("message")["author"] == bot.id
    again = bot.ask("POST", "/general/messages", json={"body": "Hello"}, headers={"Idempotency-Key": "k"})
    assert again.json() == posted.json()
    said = anna.say("What time is it?")
    page = bot.ask("GET", "/general/messages", params={"after": posted.json()["seq"]}).json()
    assert [message["body"] for message in page["messages"]] == ["What time is it?"]
    assert list(page["members"].values()) == ["Anna"]
    own = f"/general/messages/{posted.json()['id']}"
    assert bot.ask("PATCH", own, json={"body": "Good morning"}).json().keys() == {"seq"}
    assert anna.event("edit")["body"] == "Good morning"
    reaction = f"/general/messages/{said['id']}/reactions/👍"
    for method in ("PUT", "PUT", "DELETE"):
        assert bot.ask(method, reaction).status_code == 204
    assert [anna.event("reaction")["on"] for _ in range(2)] == [True, False]
    assert bot.ask("DELETE", own).status_code == 204
    assert anna.event("delete")["id"] == posted.json()["id"]
    refusals = [bot.ask("GET", f"/{channel}/messages") for channel in (plans, "unknown")]
    assert [refused(each) for each in refusals] == [(404, "not_found")] * 2
    assert refused(bot.ask("DELETE", f"/general/messages/{said['id']}")) == (403, "forbidden")
    assert refused(bot.ask("POST", "/general/messages", content=b"x")) == (415, "unsupported_media_type")
    assert refused(bot.ask("POST", "/general/messages", json={"body": ""})) == (400, "malformed")


def test_a_bots_token_opens_its_own_room_and_nothing_else_does(hook: Hook) -> None:
    bot, other = Bot(hook), hook.place.next_door()
    nobody = {"CF-Connecting-IP": fresh_address()}
    path = "/general/messages"
    for headers in (
        {},
        {"Cookie": hook.admin.cookie},
        {"Authorization": f"Bearer {hook.token}"},
        {"Authorization": f"Bearer {bot.token[:-1]}"},
        {"Authorization": f"Basic {bot.token}"},
    ):
        answer = httpx.get(f"{hook.place.url}/channels{path}", headers={**nobody, **headers}, timeout=60.0)
        assert refused(answer) == (401, "unauthenticated")
    elsewhere = httpx.get(f"{other.url}/channels{path}", headers=dict(bot.http.headers), timeout=60.0)
    assert refused(elsewhere) == (401, "unauthenticated")
    assert other.tables() == []
    assert (
        refused(hook.post({"text": "a bot is no hook"}, f"/hooks/{bot.id}", Authorization=f"Bearer {bot.token}"))[0]
        == 404
    )
    hook.line.ask("bot.revoke", id=bot.id)
    assert refused(bot.ask("GET", path)) == (401, "unauthenticated")
