"""What the object of one address remembers and decides: its failed logins in all rooms together, its spent challenges.

Rooms count for themselves only how often they are guessed at. Counting by address here means that more rooms are no
more guesses, and that a guess at a room which nobody has entered writes nothing there. The waits are those of
access/attempts.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from access.attempts import after_failure, before_failure, forgotten_at, is_suspect, wait_seconds
from encoding import b64url, from_b64url
from errors import ChallengeFailed, TooManyAttempts
from limits import FORGIVEN_FAILURES, FORGIVEN_WINDOW_MS
from sealing.ciphers import KEY_BYTES, Ciphers
from storage.store import Attempts, Store

OWN = b""
"""The row that counts the address's own failures."""
FORGIVEN = b"forgiven"
"""The row that counts the failures which later successes have cleared."""

SPEND = "https://address/spend"
"""Where the entry point has an answer remembered that comes from another address than its challenge went to."""
HOME = "X-Challenge-Home"
SUSPECT = "X-Suspect"
"""The headers in which a room hears which object asks it for a challenge, and that it must be a hard one."""
FINDING = "X-Finding"
"""The header in which a room says what became of a login; no client sees it."""


class Finding(StrEnum):
    """What became of a login, as the room tells the address's object."""

    WRONG = "wrong"
    RIGHT = "right"
    """The password was right, and there is another one to guess at."""
    CLEARED = "cleared"
    """The password was right, and nothing is left to guess at."""
    NONE = "none"
    """Nothing was compared with a password."""


@dataclass(frozen=True, slots=True)
class Spent:
    """An answer to a challenge that the entry point found right: good once."""

    digest: bytes
    expires_at: int

    def written(self) -> dict[str, Any]:
        """As one object passes it on to another; `read` takes it."""
        return {"digest": b64url(self.digest), "expires_at": self.expires_at}

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> "Spent":
        """What `written` made."""
        return cls(from_b64url(written["digest"]), written["expires_at"])


async def naming_key(master_key: bytes, ciphers: Ciphers) -> bytes:
    """The key (KEY_BYTES) under which `attempts.address_digest` names the objects of addresses."""
    return await ciphers.hkdf(master_key, salt=b"", info=b"durable-chat address v1", length=KEY_BYTES)


class Guessing:
    """The counts of one address."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, spent: Iterable[Spent], *, must_be_hard: bool, now_ms: int) -> None:
        """Let a login pass on to its room, and note it as failed until `settle` hears otherwise.

        So logins that overlap see each other, wherever they go.

        Args:
            must_be_hard: the login carries an answer to an easy challenge, which a suspect address may not use.
        Raises:
            TooManyAttempts: the address has to wait.
            ChallengeFailed: the challenge was too easy for this address, or was answered before.
        """
        noted = self._store.attempts(OWN)
        wait = wait_seconds(noted, now_ms)
        if wait:
            raise TooManyAttempts("Too many failed logins from your network.", retry_after=wait)
        if must_be_hard and is_suspect(noted, now_ms):
            raise ChallengeFailed("Your network gets a harder proof of work just now: fetch a new challenge.")
        for each in spent:
            self.spend(each)
        self._store.put_attempts(OWN, after_failure(noted, now_ms))

    def spend(self, spent: Spent) -> None:
        """Let an answer in once.

        Raises:
            ChallengeFailed: it was here before.
        """
        if not self._store.use_challenge(spent.digest, spent.expires_at):
            raise ChallengeFailed("This challenge was answered before: fetch a new one.")

    def settle(self, finding: Finding, *, now_ms: int) -> None:
        """What the room made of the login that `begin` let pass."""
        noted = self._store.attempts(OWN)
        if finding is Finding.WRONG or noted is None:
            return
        earlier = before_failure(noted)
        if earlier is None or (finding is not Finding.NONE and self._forgive(earlier.failures, finding, now_ms)):
            self._store.delete_attempts(OWN)
        else:
            self._store.put_attempts(OWN, earlier)

    def is_suspect(self, *, now_ms: int) -> bool:
        """Whether this address gets the harder challenge in every room."""
        return is_suspect(self._store.attempts(OWN), now_ms)

    def empty_at(self, *, now_ms: int) -> int:
        """From when on nothing that is kept here says anything; `now_ms` if that is so already."""
        own, forgiven = self._store.attempts(OWN), self._store.attempts(FORGIVEN)
        ends = [now_ms, self._store.last_challenge_expiry()]
        if own is not None:
            ends.append(forgotten_at(own))
        if forgiven is not None:
            ends.append(forgiven.window_started_at + FORGIVEN_WINDOW_MS)
        return max(ends)

    def _forgive(self, failures: int, finding: Finding, now_ms: int) -> bool:
        """Whether a success clears these: not any number of them, while there is another password to guess at."""
        if finding is Finding.CLEARED:
            return True
        forgiven = self._store.attempts(FORGIVEN)
        if forgiven is None or now_ms - forgiven.window_started_at >= FORGIVEN_WINDOW_MS:
            forgiven = Attempts(failures=0, window_started_at=now_ms, blocked_until=0, blocks=0)
        forgiven = replace(forgiven, failures=forgiven.failures + failures)
        if forgiven.failures > FORGIVEN_FAILURES:
            return False
        if failures:
            self._store.put_attempts(FORGIVEN, forgiven)
        return True
