"""Which addresses exist, what may be done there, and what must hold before it is (docs/protocol.md, "HTTP")."""

import re
from dataclasses import dataclass

from bot_limits import MAX_HOOK_BYTES, MAX_REPLY_TOKEN_CHARACTERS
from errors import MethodNotAllowed, NotFound
from limits import MAX_BODY_BYTES

MAIN_ROOM = "main"
PAGES = ("page", "join")
JOIN = "/join"
"""The page of an invite. Its secret stands behind a `#`, which stays in the browser; a mail filter may have made `%23`
of it, so whatever follows is the page, and is moved nowhere."""
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
# Without the dot, of which two would lead up.
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~")


@dataclass(frozen=True, slots=True)
class Rule:
    """What can be done at an address with one method, and all facts about it."""

    name: str
    path: str
    """The regular expression of its whole path."""
    method: str
    needs_session: bool = True
    """Whether the Worker passes it on to the room only with a session's cookie."""
    is_counted: bool = True
    """Whether it counts for its network address: there is a room or a hash behind it."""
    body_bytes: int = 0
    """How long its JSON body may be. 0: it has none, and none is read."""
    opens_socket: bool = False
    is_of_room: bool = True
    """Whether its path names a room, which has to exist."""
    takes_tokens: bool = False
    """Whether a token in the request says who may do this, and no cookie counts."""
    is_for_bots: bool = False
    """Whether a bot's token may stand in place of the cookie; then neither this nor `Origin` counts."""

    @property
    def is_for_own_pages(self) -> bool:
        """Whether a page of another site must not be able to cause this."""
        return not self.takes_tokens and (self.opens_socket or self.method not in ("GET", "HEAD"))


_ROOM = r"/api/rooms/(?P<room>[^/]{1,128})"
_DEVICE = _ROOM + r"/sessions/(?P<item>[^/]{1,128})"
# No id is called so: nine characters of base64url are no bytes.
_PASSKEY = _ROOM + r"/passkeys/(?!challenge$)(?P<item>[^/]{1,1364})"
_FILE = _ROOM + r"/files/(?P<item>[^/]{1,128})"
_FILE_PART = _FILE + r"/parts/(?P<part>[^/]{1,16})"
_PICTURE = _ROOM + r"/pictures/(?P<item>[^/]{1,64})"
_MESSAGES = _ROOM + r"/channels/(?P<item>[^/]{1,64})/messages"
_MESSAGE = _MESSAGES + r"/(?P<part>[^/]{1,64})"
_REACTION = _MESSAGE + r"/reactions/(?P<emoji>[^/]{1,512})"
_REPLY = _ROOM + rf"/replies/(?P<item>[^/]{{1,{MAX_REPLY_TOKEN_CHARACTERS}}})"
_HOOK = r"/hooks/(?P<item>[^/]{1,160})"
_PAGE = r"/r/(?P<room>[^/]{1,128})"

RULES: tuple[Rule, ...] = (
    Rule("health", r"/api/health", "GET", needs_session=False, is_counted=False),
    Rule("facts", _ROOM, "GET", needs_session=False),
    Rule("challenge", _ROOM + r"/challenge", "GET", needs_session=False),
    Rule("invite", _ROOM + r"/invite", "POST", needs_session=False, body_bytes=MAX_BODY_BYTES),
    Rule("session", _ROOM + r"/session", "GET"),
    Rule("session", _ROOM + r"/session", "POST", needs_session=False, body_bytes=MAX_BODY_BYTES),
    Rule("session", _ROOM + r"/session", "DELETE"),
    Rule("sessions", _ROOM + r"/sessions", "GET"),
    Rule("device", _DEVICE, "DELETE"),
    Rule("recovery", _ROOM + r"/recovery", "PUT", body_bytes=MAX_BODY_BYTES),
    Rule("passkey_challenge", _ROOM + r"/passkeys/challenge", "POST", needs_session=False),
    Rule("passkeys", _ROOM + r"/passkeys", "GET"),
    Rule("passkeys", _ROOM + r"/passkeys", "POST", body_bytes=MAX_BODY_BYTES),
    Rule("passkey", _PASSKEY, "DELETE"),
    Rule("push", _ROOM + r"/push", "GET"),
    Rule("push", _ROOM + r"/push", "PUT", body_bytes=MAX_BODY_BYTES),
    Rule("push", _ROOM + r"/push", "DELETE", body_bytes=MAX_BODY_BYTES),
    Rule("files", _ROOM + r"/files", "POST", body_bytes=MAX_BODY_BYTES, is_for_bots=True),
    Rule("file", _FILE, "GET", is_for_bots=True),
    Rule("file", _FILE, "DELETE", is_for_bots=True),
    Rule("picture", _PICTURE, "GET"),
    # The Worker checks their tickets and wakes no room, so only bad ones count.
    Rule("part", _FILE_PART, "GET", is_counted=False, is_for_bots=True),
    Rule("part", _FILE_PART, "PUT", is_counted=False, is_for_bots=True),
    Rule("messages", _MESSAGES, "GET", needs_session=False, takes_tokens=True),
    Rule("messages", _MESSAGES, "POST", needs_session=False, body_bytes=MAX_HOOK_BYTES, takes_tokens=True),
    Rule("message", _MESSAGE, "PATCH", needs_session=False, body_bytes=MAX_HOOK_BYTES, takes_tokens=True),
    Rule("message", _MESSAGE, "DELETE", needs_session=False, takes_tokens=True),
    Rule("reaction", _REACTION, "PUT", needs_session=False, takes_tokens=True),
    Rule("reaction", _REACTION, "DELETE", needs_session=False, takes_tokens=True),
    Rule("reply", _REPLY, "POST", needs_session=False, body_bytes=MAX_HOOK_BYTES, takes_tokens=True),
    Rule("stats", _ROOM + r"/stats", "GET"),
    Rule("restore", _ROOM + r"/restore", "GET"),
    Rule("restore", _ROOM + r"/restore", "POST", body_bytes=MAX_BODY_BYTES),
    Rule("restore", _ROOM + r"/restore", "PUT", body_bytes=MAX_BODY_BYTES),
    Rule("socket", _ROOM + r"/socket", "GET", opens_socket=True, is_for_bots=True),
    # The token in a request to a hook names the room.
    Rule(
        "hook",
        _HOOK,
        "POST",
        needs_session=False,
        body_bytes=MAX_HOOK_BYTES,
        is_of_room=False,
        takes_tokens=True,
    ),
    Rule(
        "hook",
        _HOOK + r"/(?P<part>[^/]{1,64})",
        "POST",
        needs_session=False,
        body_bytes=MAX_HOOK_BYTES,
        is_of_room=False,
        takes_tokens=True,
    ),
    Rule("page", r"/", "GET", needs_session=False, is_counted=False),
    Rule("page", r"/", "HEAD", needs_session=False, is_counted=False),
    Rule("page", _PAGE, "GET", needs_session=False, is_counted=False),
    Rule("page", _PAGE, "HEAD", needs_session=False, is_counted=False),
    Rule("join", JOIN + r".*", "GET", needs_session=False, is_counted=False, is_of_room=False),
    Rule("join", JOIN + r".*", "HEAD", needs_session=False, is_counted=False, is_of_room=False),
)


@dataclass(frozen=True, slots=True)
class Route:
    """What a request is about. `room` is not yet known to exist; `item` is the id in the address, if there is one."""

    rule: Rule
    room: str
    item: str
    part: str = ""
    """The second id in the address: a part of the file `item`, a message in the channel `item`, the rest of a token."""
    emoji: str = ""
    """As the address has it."""

    @property
    def name(self) -> str:
        """What the address is called."""
        return self.rule.name

    @property
    def method(self) -> str:
        """The method by which the request is answered: GET for a HEAD that has no rule of its own."""
        return self.rule.method


def find_route(method: str, path: str) -> Route:
    """The route of a request. HEAD is answered like GET, without the body (RFC 9110, 9.3.2).

    Raises:
        NotFound: no such address.
        MethodNotAllowed: the address takes other methods.
    """
    here = {rule.method: (rule, match) for rule in RULES if (match := re.fullmatch(rule.path, path))}
    if not here:
        raise NotFound("There is nothing at this address.")
    allowed = _with_head(tuple(here))
    if method not in allowed:
        raise MethodNotAllowed(allowed)
    rule, match = here[method if method in here else "GET"]
    found = match.groupdict()
    item, part, emoji = (found.get(name) or "" for name in ("item", "part", "emoji"))
    return Route(rule, found.get("room") or MAIN_ROOM, item, part, emoji)


def moved_to(path: str) -> str | None:
    """The path that somebody meant: without surplus slashes, and with no letter written as %XX.

    Returns:
        A path that begins with one slash and is a route. None if `path` is a route itself, or means none.
    """
    if path.startswith(JOIN):
        return None
    meant = _ESCAPED.sub(_unreserved, path)
    meant = "/" + "/".join(part for part in meant.split("/") if part)
    return meant if meant != path and any(re.fullmatch(rule.path, meant) for rule in RULES) else None


def _with_head(methods: tuple[str, ...]) -> tuple[str, ...]:
    if "GET" not in methods or "HEAD" in methods:
        return methods
    return ("GET", "HEAD", *methods[1:])


def _unreserved(escape: re.Match[str]) -> str:
    """The character that an escape stands for, if it means the same unescaped (RFC 3986, 6.2.2.2)."""
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0]
