"""What `bin/deploy --init` makes and asks for: keys nobody has chosen, and a password that the server never learns.

Only what is missing: a second MASTER_KEY would lock every room that the first one has sealed.
"""

import asyncio
import sys
from collections.abc import Collection, Mapping

from tools import keys, verifier
from tools.operator_settings import room_names
from tools.progress import say


class NoPassword(Exception):
    """Nothing that may be a password was typed."""


def make(given: Mapping[str, str], *, have: Collection[str]) -> dict[str, str]:
    """The secrets that the chat lacks; asks for its password if there is none.

    Args:
        given: the variables of wrangler.toml.
        have: names of the secrets that are set, or are about to be.
    Raises:
        NoPassword: what was typed is none.
    """
    made: dict[str, str] = {}
    if not {"CHAT_PASSWORD", "CHAT_PASSWORD_VERIFIER"} & set(have):
        made |= _chat_password(room_names(given))
    if "MASTER_KEY" not in have:
        made["MASTER_KEY"] = keys.master_key()
    if "VAPID_PRIVATE_KEY" not in have:
        if given.get("VAPID_SUBJECT"):
            made["VAPID_PRIVATE_KEY"] = keys.vapid_private_key()
        else:
            say("  Notifications stay off: to have them, set VAPID_SUBJECT in wrangler.toml and run this again.")
    return made


def keys_in(made: Mapping[str, str]) -> dict[str, str]:
    """Those of the new secrets that nobody has chosen and somebody should keep."""
    return {name: value for name, value in made.items() if name in keys.MAKERS}


def wants_to_see(new: Collection[str]) -> bool:
    """Ask whether the new keys shall be shown; not where nobody can answer, and not if there are none."""
    if not new or not sys.stdin.isatty():
        return False
    say("Cloudflare never shows a secret again. Without a copy of MASTER_KEY it can never be changed, and a chat whose")
    say("Worker was deleted cannot be read again. Show the new keys here when they are set, so that you can keep them?")
    return input("Show them [y/N]? ").strip().lower() in ("y", "yes")


def _chat_password(rooms: list[str] | None) -> dict[str, str]:
    if rooms is None:
        say('The password of the chat (with ROOM_NAMES = "*" the server has to know it itself):')
        return {"CHAT_PASSWORD": _ask()}
    say(f"The password of the chat, for {', '.join(rooms)}; only a verifier of it is uploaded:")
    password = _ask()
    salts = verifier.fresh_salts(len(rooms))
    lines = [asyncio.run(verifier.verifier_text(room, password, salt)) for room, salt in zip(rooms, salts, strict=True)]
    return {"CHAT_PASSWORD_VERIFIER": ",".join(lines)}


def _ask() -> str:
    password = verifier.ask()
    if problem := verifier.problem_with(password):
        raise NoPassword(problem)
    return password
