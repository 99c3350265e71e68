"""The operator's settings for the deployed chat, and what is wrong with them, with a hint how to fix each.

The rules are the Worker's own (src/settings.py): what passes here passes there.
"""

import difflib
import os
import re
import sys
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path

from tools.paths import ROOT

sys.path.insert(0, str(ROOT / "src"))

from encoding import b64url
from errors import Misconfigured
from sealing.verifiers import SALT_BYTES, RoomVerifier, Verifier, format_verifier
from setting_values import ROOM_NAME
from settings import SECRET_NAMES, SETTING_NAMES, read_settings

_ANYTHING = b64url(bytes(range(32)))
_STAND_INS = {
    "CHAT_PASSWORD": "set, and nobody can read it",
    "ADMIN_PASSWORD": "set, and not the same",
    "MASTER_KEY": _ANYTHING,
    "MASTER_KEY_PREVIOUS": _ANYTHING,
    "TURNSTILE_SITE_KEY": "set",
    "TURNSTILE_SECRET_KEY": "set",
    "VAPID_PRIVATE_KEY": _ANYTHING,
    "VAPID_SUBJECT": "mailto:somebody@example.org",
}

UNTOUCHED = "# Nobody has changed this file yet"
"""How wrangler.toml begins until somebody makes it theirs."""

HOW = {
    "CHAT_PASSWORD": "`bin/deploy --init` asks for the password, or `bin/wrangler secret put CHAT_PASSWORD` does.",
    "CHAT_PASSWORD_VERIFIER": "`bin/verifier` makes one for a room; join those of several rooms with commas.",
    "ADMIN_PASSWORD": "Choose another one: `bin/wrangler secret put ADMIN_PASSWORD`.",
    "MASTER_KEY": "`bin/deploy --init` makes one; `bin/keys MASTER_KEY` prints one.",
    "MASTER_KEY_PREVIOUS": "It is the former MASTER_KEY; leave it out if there is none.",
    "TURNSTILE_SITE_KEY": "The Turnstile page of Cloudflare's dashboard gives it; it belongs into wrangler.toml.",
    "TURNSTILE_SECRET_KEY": "Cloudflare's Turnstile page gives it: `bin/wrangler secret put TURNSTILE_SECRET_KEY`.",
    "VAPID_PRIVATE_KEY": "`bin/deploy --init` makes one; `bin/keys VAPID_PRIVATE_KEY` prints one.",
    "VAPID_SUBJECT": "Set it in wrangler.toml to mailto: and an address of yours; `bin/deploy --init` asks for it.",
}


class Unreadable(Exception):
    """wrangler.toml cannot be read, or lacks the requested section."""


def take_secrets_from_environment() -> dict[str, str]:
    """Take the secrets out of the environment variables, so that no program started later inherits them."""
    found = {name: os.environ.pop(name, "") for name in SECRET_NAMES}
    return {name: value for name, value in found.items() if value}


def variables(config: Path, env: str | None) -> dict[str, str]:
    """The variables of wrangler.toml, or of one of its environments.

    Raises:
        Unreadable: the file cannot be read, or has no such environment.
    """
    try:
        parsed = tomllib.loads(config.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(f"{config.name} is no valid TOML: {error}") from error
    if env is not None:
        if env not in parsed.get("env", {}):
            raise Unreadable(f"{config.name} has no section [env.{env}].")
        parsed = parsed["env"][env]
    return dict(parsed.get("vars", {}))


def keep_variable(config: Path, env: str | None, name: str, value: str) -> None:
    """Write a variable into wrangler.toml, in its place if it has one. Of the other lines only the one goes that says
    that nobody has changed the file.

    Raises:
        Unreadable: the file has no section for it.
    """
    text = config.read_text(encoding="utf-8")
    if text.startswith(UNTOUCHED):
        text = text.split("\n", 1)[1]
    heading = "[vars]" if env is None else f"[env.{env}.vars]"
    section = re.search(rf"^{re.escape(heading)}[^\n]*\n(?:(?!\[).*(?:\n|$))*", text, re.MULTILINE)
    if section is None:
        raise Unreadable(f"{config.name} has no section {heading} for {name}.")
    line = f'{name} = "{value}"'
    known = re.compile(rf'^{name}[ \t]*=[ \t]*(?:"[^"\n]*"|\'[^\'\n]*\')', re.MULTILINE)
    changed, found = known.subn(lambda _: line, section[0])
    if not found:
        changed = section[0].replace("\n", f"\n{line}\n", 1)
    config.write_text(text[: section.start()] + changed + text[section.end() :], encoding="utf-8")


def problems(given: Mapping[str, str], set_elsewhere: Collection[str] = ()) -> list[str]:
    """Everything that the Worker would refuse, and misspelt names, each with a hint how to fix it.

    Args:
        given: variables, and those secrets whose values are known.
        set_elsewhere: names of secrets that are set but cannot be read.
    """
    found = _misspelt(given)
    tried = {**{name: _stand_in(name, given) for name in set_elsewhere}, **given}
    for _ in SETTING_NAMES:
        try:
            read_settings(tried)
        except Misconfigured as refusal:
            name = refusal.detail.split()[0]
            found.append(f"{refusal.detail} {HOW.get(name, '')}".strip())
            tried = {**tried, name: _stand_in(name, given)}  # an empty one counts as not set
            if name == "CHAT_PASSWORD":  # the verifier did not fit
                tried["CHAT_PASSWORD"] = _STAND_INS[name]
        else:
            break
    return list(dict.fromkeys(found))


def is_unset_secret(problem: str, given: Mapping[str, str]) -> bool:
    """Whether a problem is only that a secret was not given; it may still be set at Cloudflare."""
    name = problem.split()[0]
    return name in SECRET_NAMES and not given.get(name)


def secrets_in_plain_sight(variables: Mapping[str, str]) -> list[str]:
    """Complaints about secrets that are in wrangler.toml."""
    return [
        f"{name} stands in wrangler.toml, for everybody to see: it is a secret. {HOW[name]}"
        for name in SECRET_NAMES
        if variables.get(name)
    ]


def room_names(given: Mapping[str, str]) -> list[str] | None:
    """The rooms that exist; None if any name opens a room."""
    text = given.get("ROOM_NAMES", "").strip() or "main"
    return None if text == "*" else [name.strip() for name in text.split(",")]


def _misspelt(given: Mapping[str, str]) -> list[str]:
    return [
        f"{name} is no setting; did you mean {close[0]}?"
        for name in given
        if name not in SETTING_NAMES and (close := difflib.get_close_matches(name, SETTING_NAMES, n=1))
    ]


def _stand_in(name: str, given: Mapping[str, str]) -> str:
    if name == "CHAT_PASSWORD_VERIFIER":
        rooms = [room for room in room_names(given) or ["main"] if ROOM_NAME.fullmatch(room)]
        entry = RoomVerifier(bytes(SALT_BYTES), Verifier(bytes(SALT_BYTES), bytes(32)))
        return ",".join(format_verifier(room, entry) for room in rooms)
    return _STAND_INS.get(name, "")
