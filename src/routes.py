"""Which addresses exist and what may be done there, by name (docs/protocol.md, "HTTP")."""

import re
from dataclasses import dataclass

from errors import MethodNotAllowed, NotFound

_ROOM = r"/api/rooms/(?P<room>[^/]{1,128})"

MAIN_ROOM = "main"
PAGES = ("page",)

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
    """What a request is about. `room` is not yet known to exist; `item` is the id at the end, if there is one."""

    name: str
    method: str
    room: str
    item: str

    @property
    def changes_state(self) -> bool:
        """Whether another site's page must not be able to cause this."""
        return self.method not in ("GET", "HEAD")


def find_route(method: str, path: str) -> Route:
    """The route of a request.

    Raises:
        NotFound: no such address.
        MethodNotAllowed: the address takes other methods.
    """
    for name, pattern, methods in _TABLE:
        if match := pattern.match(path):
            if method not in methods:
                raise MethodNotAllowed(methods)
            found = match.groupdict()
            return Route(name, method, found.get("room") or MAIN_ROOM, found.get("item") or "")
    raise NotFound("There is nothing at this address.")
