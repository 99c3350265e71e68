"""Messages in Discord's format: content and embeds. Discord's Markdown is nearly the chat's own."""

import re
from collections.abc import Iterator

from bots.incoming import Incoming, People
from bots.kindly import Given, line, moment, text, thing, things
from bots.markdown import lines, link, strong

_MOST_EMBEDS = 10
_MOST_FIELDS = 25
_TARGET = re.compile(
    r"<(?:@!?(?P<member>[\w-]{1,64})|#(?P<channel>\d{1,20})|a?:(?P<emoji>\w{1,64}):\d{1,20}|t:(?P<time>\d{1,12})(?::\w)?)>"
)


def is_meant(given: Given) -> bool:
    """Whether an object is such a message."""
    return "embeds" in given or ("content" in given and "text" not in given)


def read(given: Given, people: People) -> Incoming:
    """The message."""
    embeds = [_embed(each, people) for each in things(given.get("embeds"), _MOST_EMBEDS)]
    body = "\n\n".join(part for part in (_marked(text(given.get("content")), people), *embeds) if part)
    return Incoming(body, name=line(given.get("username")), is_discord=True)


def _embed(given: Given, people: People) -> str:
    author, footer = thing(given.get("author")), thing(given.get("footer"))
    return lines(
        [
            link(line(author.get("name")), text(author.get("url"))),
            strong(link(_marked(line(given.get("title")), people), text(given.get("url")))),
            _marked(text(given.get("description")), people),
            *_fields(given, people),
            *(_picture(given, name) for name in ("image", "thumbnail")),
            " · ".join(filter(None, (line(footer.get("text")), _when(text(given.get("timestamp")))))),
        ]
    )


def _fields(given: Given, people: People) -> Iterator[str]:
    for each in things(given.get("fields"), _MOST_FIELDS):
        name, value = line(each.get("name")), _marked(text(each.get("value")), people)
        yield f"{strong(name + ':')} {value}" if name else value


def _picture(given: Given, name: str) -> str:
    address = text(thing(given.get(name)).get("url"))
    return link("image", address) if address and not address.startswith("attachment:") else ""


def _when(timestamp: str) -> str:
    """A time as ISO 8601 has it, without seconds."""
    match = re.match(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)", timestamp)
    return f"{match[1]} {match[2]} UTC" if match and re.search(r"(?:Z|\+00:?00)\Z", timestamp) else ""


def _marked(words: str, people: People) -> str:
    def instead(match: re.Match[str]) -> str:
        if match["member"]:
            return people.mention(match["member"])
        if match["channel"]:
            return f"#{match['channel']}"
        return f":{match['emoji']}:" if match["emoji"] else moment(match["time"])

    return _TARGET.sub(instead, words)
