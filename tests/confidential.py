"""What no log may hold: every name, text, proof, token, key, password and address that the tests of this process used.

Whoever plays a person, a browser or an operator keeps their secrets here; when the tests of a process are over,
conftest.py looks for all of them in everything that its servers have printed. A single word in small letters is not
looked for, nor what has fewer than four letters: they cannot be told from the log's own words. So what a test says
should be more than one word.
"""

import json
import os
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import httpx

from tools.paths import CACHE

SECRET = "secret"
"""Proofs, tokens and keys: random, so the beginning is enough."""

_SECRET_CHARACTERS = 16
_SHORTEST = 4
_SHORTEST_SECRET = 8
_BEGINNING = 8  # by so many characters a token is looked up
_LONGEST = 60  # of a long text, as a log might cut it
_FIELDS = {
    "name": "name",
    "topic": "topic",
    "body": "message",
    "query": "query",
    "alt": "message",
    "code": "code",
    "key": SECRET,
    "ticket": SECRET,
    "proof": SECRET,
    "recovery": SECRET,
    "signature": SECRET,
    "challenge": SECRET,
    "altcha": SECRET,
    "turnstile": SECRET,
    "confirmation": SECRET,
    "endpoint": "push address",
    "p256dh": SECRET,
    "auth": SECRET,
}
_OPERATORS = {
    "CHAT_PASSWORD": "password",
    "ADMIN_PASSWORD": "password",
    "CHAT_PASSWORD_VERIFIER": SECRET,
    "MASTER_KEY": SECRET,
    "MASTER_KEY_PREVIOUS": SECRET,
    "TURNSTILE_SECRET_KEY": SECRET,
    "VAPID_PRIVATE_KEY": SECRET,
}
_ORDINARY = re.compile(r"[a-z]+")
_WORD = re.compile(r"\w+")
_PRINTED_ON_PURPOSE = re.compile(r"^    password  .*$", re.MULTILINE)  # bin/dev tells the person at the terminal

_REQUEST_LINE = re.compile(r"\[wrangler:info\] [A-Z]+ (\S+) ")  # the dev server's own; production prints none

_kept: dict[str, str] = {}
_paths: set[str] = set()
"""Addresses that tests made up, perhaps of hostile texts; the dev server prints them. Not those of browsers."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret in a log."""

    number: int
    line: str
    what: str
    value: str


# --- keeping ---


def keep(what: str, *values: object) -> None:
    """Nothing of this may be logged; `what` is SECRET or a word for the report."""
    for value in values:
        for line in str(value).splitlines():
            if _is_looked_for(what, line):
                _kept[line] = what


def keep_settings(settings: Mapping[str, str]) -> None:
    """What an operator keeps secret."""
    for name, what in _OPERATORS.items():
        keep(what, settings.get(name, ""))


def keep_fields(value: Any) -> None:
    """What is secret in a JSON value, by the names of its fields."""
    if isinstance(value, dict):
        for name, item in value.items():
            if isinstance(item, str) and name in _FIELDS:
                keep(_FIELDS[name], item)
            keep_fields(item)
    elif isinstance(value, list):
        for item in value:
            keep_fields(item)


def keep_text(text: str | bytes) -> None:
    """The same of a text that may or may not be JSON."""
    try:
        keep_fields(json.loads(text))
    except (ValueError, RecursionError):
        if isinstance(text, str):
            keep("frame", text)


def keep_cookies(header: str) -> None:
    """The tokens in a Cookie or Set-Cookie header."""
    keep(SECRET, *re.findall(r"__Host-session-[^=;]+=([^;]+)", header))


def keep_path(path: str) -> None:
    """An address, without its query, that a test made up for a browser; the dev server prints it."""
    _paths.add(unquote(path))


def keep_request(request: httpx.Request) -> None:
    """What somebody sends over HTTP; an event hook of httpx."""
    _paths.add(request.url.path)
    keep_cookies(request.headers.get("cookie", ""))
    keep("address", request.headers.get("cf-connecting-ip", ""))
    agent = request.headers.get("user-agent", "")
    if not agent.startswith("python-httpx"):
        keep("browser", agent)
    if body := request.read():
        keep_text(body)


def keep_answer(answer: httpx.Response) -> None:
    """What only the one who asked may know of an answer."""
    for header in answer.headers.get_list("set-cookie"):
        keep_cookies(header)
    if answer.status_code == httpx.codes.CONFLICT:
        keep_text(answer.read())


HOOKS: dict[str, list[Any]] = {"request": [keep_request], "response": [keep_answer]}
"""For httpx.Client(event_hooks=…)."""


def _is_looked_for(what: str, value: str) -> bool:
    if what == SECRET:
        return len(set(value)) >= _SHORTEST_SECRET  # what is not random was made up to be refused
    # Nothing but punctuation ("../..") is not looked for either: logs have that of their own.
    return len("".join(_WORD.findall(value))) >= _SHORTEST and not _ORDINARY.fullmatch(value)


# --- looking ---


def leaks(log: str, kept: Mapping[str, str] | None = None) -> list[Leak]:
    """Every secret in a log, with the line that it stands in."""
    return _found(log, _wanted(_kept if kept is None else kept))


def report(logs: Iterable[str], folder: Path = CACHE / "leaks") -> str:
    """What was found in some logs, each line with the file in which it can be looked at; empty if nothing was."""
    told, wanted = [], _wanted(_kept)
    for number, log in enumerate(logs, 1):
        found = _found(log, wanted)
        if found:
            folder.mkdir(parents=True, exist_ok=True)
            file = folder / f"server-{os.getpid()}-{number}.log"
            file.write_text(log, encoding="utf-8")
            told += [f"{file}:{leak.number}: {leak.what} {leak.value[:80]!r} in: {leak.line[:300]}" for leak in found]
    return "\n".join(["Servers have logged what nobody may read there:", *told[:30]]) if told else ""


def _is_made_up(line: str) -> bool:
    found = _REQUEST_LINE.search(line)
    return found is not None and unquote(found[1]) in _paths


def _spellings(value: str) -> set[str]:
    """How a value may be written in a log."""
    found = {value, json.dumps(value)[1:-1], repr(value)[1:-1]}
    with suppress(UnicodeEncodeError):  # half of a surrogate pair
        found.add(quote(value))
    return found


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One way to write a secret, and the words that a line must have for a closer look; a token has none."""

    what: str
    value: str
    spelling: str
    words: tuple[str, ...]


def _wanted(kept: Mapping[str, str]) -> list[_Wanted]:
    return [_want(what, value, spelling) for value, what in kept.items() for spelling in sorted(_spellings(value))]


def _want(what: str, value: str, spelling: str) -> _Wanted:
    if what == SECRET:
        return _Wanted(what, value, spelling[:_SECRET_CHARACTERS], ())
    words = _WORD.findall(spelling)
    if len(spelling) > _LONGEST and len(words) > 2:
        end = next((match.end() for match in _WORD.finditer(spelling) if match.end() > _LONGEST // 2), len(spelling))
        spelling = spelling[:end]
        words = _WORD.findall(spelling)
    return _Wanted(what, value, spelling, tuple(words))


def _found(log: str, wanted: Iterable[_Wanted]) -> list[Leak]:
    """Words and beginnings are looked up in an index: thousands of secrets take no longer than reading the log."""
    lines = ["" if _is_made_up(line) else line for line in _PRINTED_ON_PURPOSE.sub("", log).split("\n")]
    index: dict[str, list[int]] = {}
    beginnings: set[str] = set()
    for number, line in enumerate(lines):
        for word in set(_WORD.findall(line)):
            index.setdefault(word, []).append(number)
        beginnings.update(line[at : at + _BEGINNING] for at in range(len(line) - _BEGINNING + 1))
    found = {
        Leak(number + 1, lines[number], each.what, each.value)
        for each in wanted
        for number in _lines_with(each, lines, index, beginnings)
    }
    return sorted(found, key=lambda leak: leak.number)


def _lines_with(
    wanted: _Wanted, lines: Sequence[str], index: Mapping[str, Sequence[int]], beginnings: Container[str]
) -> list[int]:
    spelling = wanted.spelling
    if not wanted.words:
        is_there = len(spelling) < _BEGINNING or spelling[:_BEGINNING] in beginnings
        return [number for number, line in enumerate(lines) if spelling in line] if is_there else []
    if not all(word in index for word in wanted.words):
        return []
    before, after = (r"(?<!\w)" if spelling[0].isalnum() else "", r"(?!\w)" if spelling[-1].isalnum() else "")
    pattern = re.compile(before + re.escape(spelling) + after)
    return [number for number in min((index[word] for word in wanted.words), key=len) if pattern.search(lines[number])]
