"""The table of addresses and methods, by name (docs/protocol.md, "HTTP")."""

import re
from dataclasses import dataclass

from errors import MethodNotAllowed, NotFound

_ROOM = r"/api/rooms/(?P<room>[^/]{1,128})"

MAIN_ROOM = "main"
PAGES = ("page",)
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
# The unreserved characters without the dot, because two dots would lead to the parent folder.
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~")

_TABLE: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (name, re.compile(pattern + r"\Z"), methods)
    for name, pattern, methods in (
        ("health", r"/api/health", ("GET",)),
        ("facts", _ROOM, ("GET",)),
        ("challenge", _ROOM + r"/challenge", ("GET",)),
        ("session", _ROOM + r"/session", ("GET", "POST", "DELETE")),
        ("sessions", _ROOM + r"/sessions", ("GET",)),
        ("device", _ROOM + r"/sessions/(?P<item>[^/]{1,128})", ("DELETE",)),
        ("push", _ROOM + r"/push", ("GET", "PUT", "DELETE")),
        ("stats", _ROOM + r"/stats", ("GET",)),
        ("socket", _ROOM + r"/socket", ("GET",)),
        ("page", r"/", ("GET", "HEAD")),
        ("page", r"/r/(?P<room>[^/]{1,128})", ("GET", "HEAD")),
    )
)


@dataclass(frozen=True, slots=True)
class Route:
    """The meaning of a request. `room` may not exist; `item` is the id at the end of the path, if there is one."""

    name: str
    method: str
    room: str
    item: str

    @property
    def changes_state(self) -> bool:
        """Whether the request changes something, so that another site's page must not be able to send it."""
        return self.method not in ("GET", "HEAD")


def find_route(method: str, path: str) -> Route:
    """The route of a request. HEAD counts as GET, whose answer is then sent without its body (RFC 9110, 9.3.2).

    Raises:
        NotFound: no such address.
        MethodNotAllowed: the address takes other methods.
    """
    for name, pattern, methods in _TABLE:
        if match := pattern.match(path):
            allowed = _with_head(methods)
            if method not in allowed:
                raise MethodNotAllowed(allowed)
            found = match.groupdict()
            return Route(
                name, method if method in methods else "GET", found.get("room") or MAIN_ROOM, found.get("item") or ""
            )
    raise NotFound("There is nothing at this address.")


def moved_to(path: str) -> str | None:
    """The address that somebody meant: without surplus slashes, and with no letter written as %XX.

    Returns:
        A path that begins with one slash and is a route; None if `path` is already a route or means none.
    """
    meant = _ESCAPED.sub(_unreserved, path)
    meant = "/" + "/".join(part for part in meant.split("/") if part)
    return meant if meant != path and any(pattern.match(meant) for _, pattern, _ in _TABLE) else None


def _with_head(methods: tuple[str, ...]) -> tuple[str, ...]:
    if "GET" not in methods or "HEAD" in methods:
        return methods
    return ("GET", "HEAD", *methods[1:])


def _unreserved(escape: re.Match[str]) -> str:
    """The character that an escape stands for, if it means the same without the escape (RFC 3986, 6.2.2.2)."""
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0]
