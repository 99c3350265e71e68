"""Which bots a message calls: those that it mentions, and the one whose command it begins with."""

import re
from collections.abc import Mapping
from typing import Any

from bot_limits import MAX_COMMAND_CHARACTERS
from chat.directory import Directory, Member

MENTION, COMMAND = "mention", "command"
_COMMAND = re.compile(rf"/([^\W_][\w-]{{0,{MAX_COMMAND_CHARACTERS - 1}}})(?:\s(.*))?", re.DOTALL)


def command_of(body: str) -> tuple[str, str]:
    """The word behind the slash at the beginning of a text, in small letters, and what follows; both "" without one."""
    found = _COMMAND.fullmatch(body)
    return ("", "") if found is None else (found[1].lower(), (found[2] or "").strip())


def way_of(bot: Member, texts: Mapping[str, Any]) -> str | None:
    """How a message with these texts calls a bot: by COMMAND or MENTION; None if it does not."""
    if bot.command and command_of(texts["body"])[0] == bot.command:
        return COMMAND
    return MENTION if bot.id in texts.get("mentions", ()) else None


def called_by(author: str, texts: Mapping[str, Any], directory: Directory) -> tuple[str, ...]:
    """The ids of the bots that a new message calls. Bots call nobody, so that two of them never answer each other."""
    mentioned, body = texts.get("mentions", ()), texts["body"]
    if not mentioned and not body.startswith("/"):
        return ()  # nearly always
    known = directory.members
    if known[author].is_bot:
        return ()
    command = command_of(body)[0]
    bots = [known[each] for each in mentioned]
    bots += [member for member in directory.present_members() if member.command == command] if command else []
    return tuple(dict.fromkeys(bot.id for bot in bots if bot.is_called))
