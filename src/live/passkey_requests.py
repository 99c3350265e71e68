"""What a room answers about passkeys: docs/protocol.md, "Passkeys"."""

from access.passkey_forms import parse_registration
from access.webauthn import site_at
from encoding import b64url
from live import announcements
from live.replies import Asked, Reply, done, json_reply
from live.state import RoomState
from storage.sessions import Session


async def challenge(state: RoomState, origin: str, now_ms: int) -> Reply:
    """A challenge for making or using a passkey, and the host name that it belongs to."""
    made, expires_at = await state.passkeys.challenge(now_ms=now_ms)
    return json_reply({"challenge": b64url(made), "rp_id": site_at(origin).rp_id, "expires_at": expires_at})


async def listed(state: RoomState, session: Session) -> Reply:
    """The member's own passkeys."""
    return json_reply({"passkeys": await state.passkeys.listed(session.member)})


async def register(state: RoomState, session: Session, asked: Asked, now_ms: int) -> Reply:
    """A new passkey of the member."""
    made = parse_registration(asked.body)
    member = state.directory.member(session.member)
    passkey, events = await state.passkeys.register(member, made, site_at(asked.origin), now_ms=now_ms)
    shown = {"id": passkey.id, "name": made.name, "created_at": passkey.created_at, "used_at": None}
    reply = json_reply(shown, status=201)
    reply.effects = announcements.announced(state, events)
    return reply


def remove(state: RoomState, session: Session, passkey: str) -> Reply:
    """One of the member's passkeys is no more."""
    state.passkeys.remove(session.member, passkey)
    return done()
