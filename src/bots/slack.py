"""Messages in Slack's format, which Mattermost, Rocket.Chat and many tools speak too: text, attachments, blocks.

Slack has a markup of its own, Mattermost has Markdown, and both come in the same field: a text with a mark that only
Markdown has is taken as Markdown. `<address|words>` and `&amp;` are Slack's everywhere.
"""

import re
from collections.abc import Iterator
from typing import Any

from bots.incoming import Incoming, People
from bots.kindly import Given, first, line, moment, text, thing, things
from bots.markdown import item, lines, link, quote, strong
from bots.shortcodes import with_emoji

_MOST = 20  # attachments, blocks in each, and what stands in a block
_MOST_FIELDS = 50
_KNOWN = frozenset(("text", "attachments", "blocks"))
_OF_ATTACHMENT = frozenset(
    ("text", "pretext", "title", "fallback", "fields", "blocks", "image_url", "thumb_url", "author_name", "footer")
)
# Code stays as it is. Each of the others ends at the sign that begins it, so that a look ahead ends there too.
_MARKS = re.compile(
    r"(?P<code>```.*?```|`[^`\n]+`)|<(?P<target>[^<>|\n]{1,2048})(?:\|(?P<words>[^<>\n]{0,500}))?>"
    r"|(?<![\w*])\*(?P<strong>[^\s*](?:[^*\n]{0,500}[^\s*])?)\*(?![\w*])"
    r"|(?<![\w~])~(?P<gone>[^\s~](?:[^~\n]{0,500}[^\s~])?)~(?![\w~])",
    re.DOTALL,
)
_IS_MARKDOWN = re.compile(r"\*\*|\]\(|~~|^#{1,6} |^\|", re.MULTILINE)
_MENTIONS_ALL = ("here", "channel", "everyone")
_COLOURS = {"good": "🟢", "warning": "🟡", "danger": "🔴"}


def is_meant(given: Given) -> bool:
    """Whether an object is such a message."""
    attachments = things(given.get("attachments"), 1)
    return (
        "text" in given
        or bool(things(given.get("blocks"), 1))
        or any(_OF_ATTACHMENT & each.keys() for each in attachments)
    )


def read(given: Given, people: People) -> Incoming:
    """The message. Where there are blocks, its text only says the same for notifications."""
    blocks = _blocks(given.get("blocks"), people)
    words = blocks or marked(text(given.get("text")), people)
    attachments = [_attachment(each, people) for each in things(given.get("attachments"), _MOST)]
    if words and attachments and attachments[0].partition("\n")[0] in (words, strong(words)):  # said once is enough
        words = ""
    return Incoming(
        "\n\n".join(part for part in (words, *attachments) if part),
        name=line(given.get("username")),
        emoji=line(first(given, "icon_emoji", "emoji")),
        channel=line(given.get("channel")),
    )


def marked(words: str, people: People) -> str:
    """A text with Slack's markup, in the chat's dialect."""
    is_markdown = _IS_MARKDOWN.search(words) is not None

    def instead(match: re.Match[str]) -> str:
        if match["code"] is not None:
            return _plain(match["code"])
        if match["target"] is not None:
            return _target(match["target"], match["words"] or "", people)
        mark = "*" if match["strong"] else "~"
        mark = mark if is_markdown else mark * 2
        return f"{mark}{marked_inside(match['strong'] or match['gone'])}{mark}"

    def marked_inside(inner: str) -> str:
        # Each piece is read once: `&amp;lt;` is no sign, and no emoji stands in code or in an address.
        pieces: list[str] = []
        at = 0
        for match in _MARKS.finditer(inner):
            pieces += (with_emoji(_plain(inner[at : match.start()])), instead(match))
            at = match.end()
        return "".join((*pieces, with_emoji(_plain(inner[at:]))))

    return marked_inside(words)


def _target(target: str, words: str, people: People) -> str:
    """What stands between `<` and `>`: an address, a member, a channel, everybody, a date."""
    sign, rest = target[0], target[1:]
    if sign == "@":
        return people.mention(rest, _plain(words))
    if sign == "#":
        return f"#{_plain(words) or rest}"
    if sign == "!":
        command = rest.partition("^")[0]
        return f"@{command}" if command in _MENTIONS_ALL else _plain(words) or f"@{command}"
    address, words = _plain(target), with_emoji(_plain(words))
    if "://" in address or address.startswith("mailto:"):
        return link(words or address.removeprefix("mailto:"), address) if words not in ("", address) else address
    return f"<{address}|{words}>" if words else f"<{address}>"


def _attachment(given: Given, people: People) -> str:
    blocks = _blocks(given.get("blocks"), people)
    title = strong(link(marked(line(given.get("title")), people), text(given.get("title_link"))))
    author = link(_plain(line(given.get("author_name"))), text(given.get("author_link")))
    mark = _colour(text(given.get("color")))
    parts = [
        marked(text(given.get("pretext")), people),
        author,
        f"{mark} {title}" if title and mark else title,
        blocks or marked(text(given.get("text")), people),
        *_fields(given.get("fields"), people),
        *(_picture(given, name) for name in ("image_url", "thumb_url")),
        *_elements(given.get("actions"), people),
        " · ".join(filter(None, (_plain(line(given.get("footer"))), moment(given.get("ts"))))),
    ]
    found = lines(parts[:-1])
    return lines([found, parts[-1]]) if found else marked(text(given.get("fallback")), people) or parts[-1]


def _fields(value: Any, people: People) -> Iterator[str]:
    for each in things(value, _MOST_FIELDS):
        title, words = _plain(line(each.get("title"))), marked(text(each.get("value")), people)
        yield f"{strong(title + ':')} {words}" if title else words


def _picture(given: Given, name: str) -> str:
    address = text(given.get(name))
    return link("image", address) if address else ""


def _blocks(value: Any, people: People) -> str:
    return lines("\n".join(_block(each, people)) for each in things(value, _MOST * 2))


def _block(given: Given, people: People) -> Iterator[str]:
    match text(given.get("type")):
        case "header":
            yield strong(_object(given.get("text"), people))
        case "section":
            yield _object(given.get("text"), people)
            yield from (_object(each, people) for each in things(given.get("fields"), _MOST))
            yield from _elements(given.get("accessory"), people)
        case "context":
            yield " ".join(filter(None, _elements(given.get("elements"), people)))
        case "actions":
            yield " · ".join(filter(None, _elements(given.get("elements"), people)))
        case "image":
            yield from _elements(given, people)
        case "markdown":
            yield text(given.get("text"))
        case "rich_text":
            yield from (_rich(each, people) for each in things(given.get("elements"), _MOST))


def _object(value: Any, people: People) -> str:
    """A text object: with Slack's markup, or plain."""
    given = thing(value)
    words = text(given.get("text")) if given else text(value)
    return with_emoji(words) if given.get("type") == "plain_text" else marked(words, people)


def _elements(value: Any, people: People) -> Iterator[str]:
    for each in things(value, _MOST):
        kind = text(each.get("type"))
        if kind == "image" or each.get("image_url"):
            words = line(first(each, "alt_text")) or line(_object(each.get("title"), people)) or "image"
            yield link(words, text(each.get("image_url")))
        elif kind in ("button", "workflow_button"):
            words, address = line(_object(each.get("text"), people)), text(each.get("url"))
            yield link(words, address) if address else ""
        else:
            yield _object(each, people)


def _rich(given: Given, people: People) -> str:
    """A part of a rich text."""
    elements = things(given.get("elements"), _MOST_FIELDS)
    match text(given.get("type")):
        case "rich_text_list":
            return lines(item(_rich(each, people)) for each in elements)
        case "rich_text_quote":
            return quote("".join(_piece(each, people) for each in elements))
        case "rich_text_preformatted":
            return "```\n" + "".join(_piece(each, people) for each in elements) + "\n```"
    return "".join(_piece(each, people) for each in elements)


def _piece(given: Given, people: People) -> str:
    words, style = text(given.get("text")), thing(given.get("style"))
    match text(given.get("type")):
        case "link":
            return link(words, text(given.get("url")))
        case "user":
            return people.mention(text(given.get("user_id")))
        case "emoji":
            return with_emoji(f":{text(given.get('name'))}:")
    if style.get("code"):
        return f"`{words}`"
    return f"**{words}**" if style.get("bold") and words.strip() == words else words


def _plain(words: str) -> str:
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _colour(given: str) -> str:
    """A picture for the colour of an attachment's bar."""
    if given in _COLOURS:
        return _COLOURS[given]
    match = re.fullmatch(r"#?([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})", given)
    if match is None:
        return ""
    red, green, blue = (int(each, 16) for each in match.groups())
    if max(red, green, blue) - min(red, green, blue) < 48:
        return ""
    if blue >= max(red, green):
        return "🔵"
    if red > green * 1.7:
        return "🔴"
    return "🟡" if red > green * 0.8 else "🟢"
