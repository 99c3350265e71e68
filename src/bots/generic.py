"""Messages in nobody's format: a JSON object or a form with a text in it.

Scripts send them, and Apprise, Shoutrrr and Uptime Kuma.
"""

from bots.incoming import Incoming
from bots.kindly import Given, first, line
from bots.markdown import lines, strong
from errors import Malformed

_TEXTS = ("text", "message", "msg", "body", "content", "description", "summary", "markdown", "value")
_TITLES = ("title", "subject", "name")


def read(given: Given) -> Incoming:
    """The message of an object: its title, if there is one, above its text.

    Raises:
        Malformed: there is no text in it.
    """
    title, words = line(first(given, *_TITLES)), first(given, *_TEXTS)
    if not title and not words:
        raise Malformed(f"There is no text in it: it has none of {', '.join(_TEXTS[:5])}.")
    if title and not words:
        return Incoming(title)
    return Incoming(words if title in ("", line(words)) else lines([strong(title), words]))
