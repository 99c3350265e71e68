"""Signs in many people, as the client would. The slow part, the proof, is the same for all people in a room."""

from ipaddress import IPv4Address

import httpx

from encoding import b64url, from_b64url
from tests.people import make_proof
from tests.server import PASSWORD

PATIENCE_SECONDS = 60.0
_FIRST_ADDRESS = IPv4Address("198.18.0.0")  # of 131,072 that RFC 2544 sets aside for benchmarks


def sign_in(url: str, room: str, numbers: range) -> list[dict[str, str]]:
    """Make sessions for people named by these numbers; returns the headers with which their sockets connect.

    Each has a network address of their own, as in a room whose people are in different places: the limits for one
    address are not what is measured.
    """
    place = f"{url}/api/rooms/{room}"
    with httpx.Client(timeout=PATIENCE_SECONDS) as http:
        salt = http.get(place).raise_for_status().json()["kdf"]["salt"]
        proof = b64url(make_proof(PASSWORD, from_b64url(salt)))
        people = []
        for number in numbers:
            address = {"CF-Connecting-IP": str(_FIRST_ADDRESS + number)}
            form = {"name": f"Person {number}", "proof": proof}
            answer = http.post(f"{place}/session", json=form, headers=address).raise_for_status()
            http.cookies.clear()  # otherwise the next would be the same person
            cookie = answer.headers["set-cookie"].partition(";")[0]
            people.append({**address, "Cookie": cookie, "Sec-WebSocket-Protocol": "chat.v1"})
    return people
