"""What `bin/deploy --init` makes and asks for: random keys, and a password that the server never learns.

It makes only what is missing: a second MASTER_KEY would lock every room that was sealed with the first one.
"""

import asyncio
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tools import keys, verifier
from tools.operator_settings import problems, room_names
from tools.progress import say


class NoPassword(Exception):
    """The typed text cannot be a password, or nothing was typed."""


class NoContact(Exception):
    """The typed text is not an address that push services may write to."""


@dataclass
class Made:
    """What is new: secrets, and variables that belong in wrangler.toml."""

    secrets: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)


def make(given: Mapping[str, str], *, have: Collection[str]) -> Made:
    """Make what the chat lacks; asks for its password and for a contact if they are missing.

    Args:
        given: the variables of wrangler.toml.
        have: names of the secrets that are set, or will be set.
    Raises:
        NoPassword: no valid password was typed.
        NoContact: no valid contact was typed, and nobody can be asked again.
    """
    made = Made()
    if not {"CHAT_PASSWORD", "CHAT_PASSWORD_VERIFIER"} & set(have):
        made.secrets |= _chat_password(room_names(given))
    if "MASTER_KEY" not in have:
        made.secrets["MASTER_KEY"] = keys.master_key()
    if "VAPID_PRIVATE_KEY" not in have:
        contact = given.get("VAPID_SUBJECT") or _ask_contact()
        made.variables["VAPID_SUBJECT"] = contact
        if contact:
            made.secrets["VAPID_PRIVATE_KEY"] = keys.vapid_private_key()
        else:
            say("  Notifications stay off. To have them, run this again and give an address.")
    return made


def keys_in(made: Mapping[str, str]) -> dict[str, str]:
    """The new secrets that were not typed, and that a person should keep."""
    return {name: value for name, value in made.items() if name in keys.MAKERS}


def wants_to_see(new: Collection[str]) -> bool:
    """Ask whether to show the new keys; False if nobody can answer, or if there are none."""
    if not new or not sys.stdin.isatty():
        return False
    say("Cloudflare never shows a secret again. Without a copy of MASTER_KEY it can never be changed, and a chat whose")
    say("Worker was deleted cannot be read again. Show the new keys here when they are set, so that you can keep them?")
    return input("Show them [y/N]? ").strip().lower() in ("y", "yes")


def _ask_contact() -> str:
    """VAPID_SUBJECT from a typed e-mail address or page; empty if the chat should not notify."""
    say("Notifications: push services want an address to write to if something is wrong with what the chat sends.")
    while True:
        typed = _typed("Your e-mail address, or nothing for a chat without notifications: ")
        contact = f"mailto:{typed}" if "@" in typed and ":" not in typed else typed
        found = [each for each in problems({"VAPID_SUBJECT": contact}) if each.startswith("VAPID_SUBJECT")]
        if not contact or not found:
            return contact
        if not sys.stdin.isatty():
            raise NoContact(found[0])
        say(found[0])


def _typed(question: str) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return input(question).strip()


def _chat_password(rooms: list[str] | None) -> dict[str, str]:
    if rooms is None:
        say('The password of the chat. With ROOM_NAMES = "*" it opens every room, also those that anybody makes up,')
        say("and the server has to know it itself:")
        return {"CHAT_PASSWORD": _ask()}
    if len(rooms) > 1:
        say("Each room has a password of its own: whoever knows that of one room is not let into the others by it.")
    salts = verifier.fresh_salts(len(rooms))
    lines = [_verifier(room, salt) for room, salt in zip(rooms, salts, strict=True)]
    return {"CHAT_PASSWORD_VERIFIER": ",".join(lines)}


def _verifier(room: str, salt: bytes) -> str:
    say(f"The password of room {room}; only a verifier of it is uploaded:")
    return asyncio.run(verifier.verifier_text(room, _ask(), salt))


def _ask() -> str:
    password = verifier.ask()
    if problem := verifier.problem_with(password):
        raise NoPassword(problem)
    return password
