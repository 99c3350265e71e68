"""Links in Markdown files lead somewhere: files and headings exist, addresses elsewhere are well written.

Nothing is asked of the network: whether a page elsewhere still exists is not this test's to say.
"""

import re
from functools import cache
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import pytest

from tools.commands import files_of_the_repository
from tools.paths import ROOT

_FENCE = re.compile(r"^( *)(```+|~~~+).*?^\1\2[ \t]*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_INLINE = re.compile(r"\]\(\s*<?([^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*)>?(?:\s+\"[^\"]*\")?\s*\)")
_DEFINED = re.compile(r"^ {0,3}\[[^\]]+\]:\s*<?(\S+?)>?(?:\s+\".*\")?\s*$", re.MULTILINE)
_MARKUP = re.compile(r"<(?:a|img)\b[^>]*?\b(?:href|src)=\"([^\"]*)\"")
_BARE = re.compile(r"(?<![(\"<\w/=])<?(https?://[^\s<>)\"\]]*[^\s<>)\"\].,;:])")
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
_HOST = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_THIS_REPOSITORY = re.compile(
    r"https?://[^/?]*(?:github\.com|githubusercontent\.com)/[^/\s]+/durable-chat", re.IGNORECASE
)


@cache
def committed() -> frozenset[str]:
    """Every file that a clone has, or will have once it is committed; built and ignored ones are not among them."""
    return frozenset(files_of_the_repository())


@cache
def folders() -> frozenset[str]:
    return frozenset(str(parent) for name in committed() for parent in PurePosixPath(name).parents)


def without_code(text: str) -> str:
    return _CODE.sub("", _FENCE.sub("", text))


def links(text: str) -> list[str]:
    """Where a page points to, in any of the ways that Markdown has."""
    prose = without_code(text)
    return [target for way in (_INLINE, _DEFINED, _MARKUP, _BARE) for target in way.findall(prose)]


def anchors(text: str) -> set[str]:
    """What GitHub makes of a page's headings."""
    found: set[str] = set()
    for heading in _HEADING.findall(_FENCE.sub("", text)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)|[`*]", r"\1", heading).lower()
        slug = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        number = 1
        unique = slug
        while unique in found:
            unique, number = f"{slug}-{number}", number + 1
        found.add(unique)
    return found


def fault(page: str, target: str) -> str | None:
    """What is wrong with a link of a page; None if nothing is."""
    if re.match(r"[a-z][a-z0-9+.-]*:", target, re.IGNORECASE):
        return fault_of_address(target)
    if target.startswith("/"):
        return "starts with a slash: write it relative to the page"
    path, _, anchor = target.partition("#")
    place = resolved(page, path)
    if place is None:
        return "leaves the repository"
    if place not in committed() | folders():
        return "no such file"
    if anchor and (not place.endswith(".md") or anchor not in anchors((ROOT / place).read_text(encoding="utf-8"))):
        return "no such heading"
    return None


def fault_of_address(address: str) -> str | None:
    if _THIS_REPOSITORY.match(address):
        return "names this repository: write it relative to the page"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "no address"
    if parts.scheme == "http" and host in ("127.0.0.1", "localhost"):
        return None
    if parts.scheme != "https":
        return "not https"
    return None if _HOST.fullmatch(host) and port is None and "@" not in parts.netloc else "no public host"


def resolved(page: str, path: str) -> str | None:
    """The file that a relative path means on a page; None if it is outside the repository."""
    place = list(PurePosixPath(page).parent.parts) if path else list(PurePosixPath(page).parts)
    for part in PurePosixPath(path).parts:
        if part != "..":
            place.append(part)
        elif not place:
            return None
        else:
            place.pop()
    return str(PurePosixPath(*place))


PAGES = sorted(name for name in committed() if name.endswith(".md"))
LINKS = [(page, target) for page in PAGES for target in links((ROOT / page).read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    faults = {target: fault(page, target) for source, target in LINKS if source == page}
    assert {target: what for target, what in faults.items() if what} == {}


def test_every_page_of_the_documentation_can_be_reached_from_its_map() -> None:
    reached, waiting = set[str](), ["docs/README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        below = {resolved(page, target.partition("#")[0]) for source, target in LINKS if source == page}
        waiting += [name for name in below if name in PAGES and name not in reached]
    for_github = {name for name in PAGES if name.startswith(".github/") or name == "SECURITY.md"}
    assert set(PAGES) - for_github - reached == set()


# --- that the test itself can fail ---


def test_every_way_to_write_a_link_is_read_and_code_is_not() -> None:
    page = (
        '[a](one.md) ![b](two.png "title") [c][d] <https://three.example/x> https://four.example/y.\n\n'
        '[d]: five.md\n\n<img src="six.png" alt="">\n\n`[e](seven.md)`\n\n```\n[f](eight.md)\n```\n[g](https://n.example)'
    )
    assert sorted(links(page)) == sorted(
        [
            "one.md",
            "two.png",
            "https://three.example/x",
            "https://four.example/y",
            "five.md",
            "six.png",
            "https://n.example",
        ]
    )


def test_headings_become_the_anchors_that_github_makes() -> None:
    page = "# One, two: `three.py`!\n## Как это\n## Same\n## Same\n```\n# no heading\n```\n### [Linked](x.md) *too*\n"
    assert anchors(page) == {"one-two-threepy", "как-это", "same", "same-1", "linked-too"}


@pytest.mark.parametrize(
    ("target", "what"),
    [
        ("architecture.md", None),
        ("architecture.md#costs", None),
        ("../README.md", None),
        ("design/", None),
        ("#http", None),
        ("architecture.md#no-such-heading", "no such heading"),
        ("#no-such-heading", "no such heading"),
        ("openapi.yaml#paths", "no such heading"),
        ("no-such-page.md", "no such file"),
        ("../public/index.html", "no such file"),  # built, not in a clone
        ("../../elsewhere.md", "leaves the repository"),
        ("/docs/architecture.md", "starts with a slash: write it relative to the page"),
        ("https://github.com/somebody/durable-chat/issues", "names this repository: write it relative to the page"),
        ("https://developers.cloudflare.com/workers/?a=b#c", None),
        ("https://deploy.workers.cloudflare.com/?url=https://github.com/somebody/durable-chat", None),
        ("http://127.0.0.1:8787/", None),
        ("http://developers.cloudflare.com/", "not https"),
        ("mailto:somebody@example.org", "not https"),
        ("https://localhost/", "no public host"),
        ("https://user@example.org/", "no public host"),
        ("https://exa_mple.org/", "no public host"),
        ("https://[::1", "no address"),
    ],
)
def test_a_wrong_link_is_named(target: str, what: str | None) -> None:
    assert fault("docs/protocol.md", target) == what
