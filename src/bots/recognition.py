"""From the body of a request to a message: which tool has sent it is seen from what it says. Nothing is configured.

Everything here takes time in proportion to the body, whatever is in it.
"""

from bots import alertmanager, bodies, discord, generic, github, gitlab, slack
from bots.incoming import Incoming, People
from bots.kindly import Given, text


def recognise(body: str, media_type: str, people: People, *, boundary: str = "") -> Incoming | None:
    """The message that a request asks for; None for an event of which nobody has to hear.

    Args:
        body: all of it, at most MAX_HOOK_BYTES.
        media_type: in small letters, without parameters.
        people: who may be mentioned.
        boundary: between the parts of a body that has several.
    Raises:
        Malformed: it is not what it says to be, or there is no text in it.
    """
    given = bodies.read(body, media_type, boundary)
    return Incoming(text(given)) if isinstance(given, str) else _of_object(given, people)


def _of_object(given: Given, people: People) -> Incoming | None:
    if alertmanager.is_meant(given):
        return alertmanager.read(given)
    if gitlab.is_meant(given):
        return gitlab.read(given)
    if github.is_meant(given):
        return github.read(given)
    if discord.is_meant(given):
        return discord.read(given, people)
    if slack.is_meant(given):
        return slack.read(given, people)
    return generic.read(given)
