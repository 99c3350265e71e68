"""Secrets and settings of local runs: `.dev.vars`, and the file that replaces it for a run with `--set`."""

import base64
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from tools.keys import vapid_private_key
from tools.paths import DEV_VARS

_WORDS_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without look-alikes, as people read these aloud
_KEY_BYTES = 32

# The grammar of the npm package dotenv, with which wrangler reads these files.
_LINE = re.compile(
    r"""^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)"""
    r"""(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:\#.*)?$""",
    re.MULTILINE,
)
_QUOTED = re.compile(r"""^(['"`])(.*)\1$""", re.DOTALL)


class BadSetting(Exception):
    """A setting cannot be passed on as it was typed."""


def create(path: Path = DEV_VARS) -> None:
    """Write new random secrets, readable by their owner only."""
    text = f"""\
# Secrets of this checkout, made at the first bin/dev. Change them as you like; they are never committed.
CHAT_PASSWORD="{_password()}"
ADMIN_PASSWORD="{_password()}"
MASTER_KEY="{_key()}"
# Notifications work with these two; without the key they are off. Apple's push service wants an address of yours.
VAPID_PRIVATE_KEY="{vapid_private_key()}"
VAPID_SUBJECT="mailto:developer@example.org"
"""
    _write_private(path, text)


def read(path: Path = DEV_VARS) -> dict[str, str]:
    """The settings in a `.dev.vars` file, as wrangler would read them; none if there is no such file."""
    return parse(path.read_text(encoding="utf-8")) if path.exists() else {}


def parse(text: str) -> dict[str, str]:
    """Read dotenv text: `NAME=value`, quotes of three kinds, comments."""
    settings = {}
    for name, raw in _LINE.findall(text.replace("\r\n", "\n")):
        value = raw.strip()
        if quoted := _QUOTED.match(value):
            value = quoted[2].replace("\\n", "\n").replace("\\r", "\r") if quoted[1] == '"' else quoted[2]
        settings[name] = value
    return settings


def parse_assignment(argument: str) -> tuple[str, str]:
    """Split the argument of `--set`, `NAME=VALUE`.

    Raises:
        BadSetting: there is no `=`, or NAME is no name.
    """
    name, equals, value = argument.partition("=")
    if not equals or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise BadSetting(f"--set wants NAME=VALUE, not {argument!r}")
    return name, value


def merge(base: Mapping[str, str], changes: Mapping[str, str], *, declared: Mapping[str, object]) -> dict[str, str]:
    """The settings of one run: `base`, overridden by `changes`.

    An empty change means "not set": the name is left out. If wrangler.toml declares it (`declared`), it becomes empty,
    because an env file cannot remove a variable.
    """
    merged = {**base, **changes}
    return {name: value for name, value in merged.items() if value or changes.get(name) != "" or name in declared}


def write_env_file(path: Path, settings: Mapping[str, str]) -> None:
    """Write settings for wrangler's `--env-file`, readable by their owner only.

    Raises:
        BadSetting: a value holds all three kinds of quotes, which the format cannot express.
    """
    _write_private(path, "".join(f"{name}={_quote(name, value)}\n" for name, value in settings.items()))


def _quote(name: str, value: str) -> str:
    # wrangler expands $NAME in these files; a backslash prevents that.
    escaped = value.replace("$", "\\$")
    for quote in ("'", "`", '"'):
        if quote not in value and not (quote == '"' and "\\" in value):
            return f"{quote}{escaped}{quote}"
    raise BadSetting(f"{name}: a value with every kind of quote in it cannot be passed to wrangler")


def _password() -> str:
    return "-".join("".join(secrets.choice(_WORDS_ALPHABET) for _ in range(5)) for _ in range(4))


def _key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).rstrip(b"=").decode()


def _write_private(path: Path, text: str) -> None:
    # Created with this mode, not changed to it afterwards: so others can read it at no moment.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
