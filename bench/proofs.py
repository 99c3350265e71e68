"""Signing in many people, as the client would; the slow part of it, the proof, is the same for all of a room."""

import httpx

from encoding import b64url, from_b64url
from tests.people import make_proof
from tests.server import PASSWORD

PATIENCE_SECONDS = 60.0


def sign_in(url: str, room: str, names: list[str]) -> list[dict[str, str]]:
    """Sessions for people of these names; returns the headers that their sockets connect with."""
    place = f"{url}/api/rooms/{room}"
    with httpx.Client(timeout=PATIENCE_SECONDS) as http:
        salt = http.get(place).raise_for_status().json()["kdf"]["salt"]
        proof = b64url(make_proof(PASSWORD, from_b64url(salt)))
        people = []
        for name in names:
            answer = http.post(f"{place}/session", json={"name": name, "proof": proof}).raise_for_status()
            http.cookies.clear()  # or the next would be the same person
            cookie = answer.headers["set-cookie"].partition(";")[0]
            people.append({"Cookie": cookie, "Sec-WebSocket-Protocol": "chat.v1"})
    return people
