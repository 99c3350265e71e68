"""What the object of one address stores and decides: its failed logins in all rooms together, and its spent challenges.

A room counts only how often somebody guesses at it. Failures are counted here, by address: so more rooms give no more
guesses, and a guess at a room that nobody has entered writes nothing there. The waits come from access/attempts.py.
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
from storage.attempts import Attempts
from storage.store import Store

OWN = b""
"""The row that counts the address's own failures."""
FORGIVEN = b"forgiven"
"""The row that counts the failures that later successes have cleared."""


class Finding(StrEnum):
    """The result of a login, as the room reports it to the object of the address."""

    WRONG = "wrong"
    RIGHT = "right"
    """The password was right, and the room has another one to guess at."""
    CLEARED = "cleared"
    """The password was right, and the room has no other one to guess at."""
    NONE = "none"
    """Nothing was compared with a password."""


@dataclass(frozen=True, slots=True)
class Spent:
    """A challenge answer that the entry point found right; it may be used once."""

    digest: bytes
    expires_at: int

    def written(self) -> dict[str, Any]:
        """The form in which one object passes it to another; `read` parses it."""
        return {"digest": b64url(self.digest), "expires_at": self.expires_at}

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> "Spent":
        """Parse what `written` made."""
        return cls(from_b64url(written["digest"]), written["expires_at"])


async def naming_key(master_key: bytes, ciphers: Ciphers) -> bytes:
    """The key (KEY_BYTES) for `attempts.address_digest`, which names the objects of addresses."""
    return await ciphers.hkdf(master_key, salt=b"", info=b"durable-chat address v1", length=KEY_BYTES)


class Guessing:
    """The counts of one address."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, spent: Iterable[Spent], *, must_be_hard: bool, by_link: bool = False, now_ms: int) -> None:
        """Let a login pass to its room, counted as failed until `settle` learns the result.

        So overlapping logins see each other, whichever rooms they go to.

        Args:
            must_be_hard: the login answers an easy challenge, which a suspect address may not use.
            by_link: it carries the proof of a link. Nobody guesses 128 bits, and a whole class may follow one at the
                same moment: it counts only once it has failed.
        Raises:
            TooManyAttempts: the address has to wait.
            ChallengeFailed: the challenge was too easy for this address, or was answered before.
        """
        noted = self._store.attempts.get(OWN)
        wait = wait_seconds(noted, now_ms)
        if wait:
            raise TooManyAttempts("Too many failed logins from your network.", retry_after=wait)
        if must_be_hard and is_suspect(noted, now_ms):
            raise ChallengeFailed("Your network gets a harder proof of work just now: fetch a new challenge.")
        for each in spent:
            self.spend(each)
        if not by_link:
            self._store.attempts.put(OWN, after_failure(noted, now_ms))

    def spend(self, spent: Spent) -> None:
        """Use an answer up.

        Raises:
            ChallengeFailed: it was used before.
        """
        if not self._store.challenges.use(spent.digest, spent.expires_at):
            raise ChallengeFailed("This challenge was answered before: fetch a new one.")

    def settle(self, finding: Finding, *, by_link: bool = False, now_ms: int) -> None:
        """Correct the counts by the room's result for the login that `begin` let pass."""
        noted = self._store.attempts.get(OWN)
        if by_link:
            if finding is Finding.WRONG:
                self._store.attempts.put(OWN, after_failure(noted, now_ms))
            return
        if finding is Finding.WRONG or noted is None:
            return
        earlier = before_failure(noted)
        if earlier is None or (finding is not Finding.NONE and self._forgive(earlier.failures, finding, now_ms)):
            self._store.attempts.delete(OWN)
        else:
            self._store.attempts.put(OWN, earlier)

    def is_suspect(self, *, now_ms: int) -> bool:
        """Whether this address gets the harder challenge in every room."""
        return is_suspect(self._store.attempts.get(OWN), now_ms)

    def empty_at(self, *, now_ms: int) -> int:
        """The time in ms from which no stored row has any effect; `now_ms` if that is already so."""
        own, forgiven = self._store.attempts.get(OWN), self._store.attempts.get(FORGIVEN)
        ends = [now_ms, self._store.challenges.last_expiry()]
        if own is not None:
            ends.append(forgotten_at(own))
        if forgiven is not None:
            ends.append(forgiven.window_started_at + FORGIVEN_WINDOW_MS)
        return max(ends)

    def _forgive(self, failures: int, finding: Finding, now_ms: int) -> bool:
        """Whether a success clears these failures: only so many a window, while another password can be guessed at."""
        if finding is Finding.CLEARED:
            return True
        forgiven = self._store.attempts.get(FORGIVEN)
        if forgiven is None or now_ms - forgiven.window_started_at >= FORGIVEN_WINDOW_MS:
            forgiven = Attempts(failures=0, window_started_at=now_ms, blocked_until=0, blocks=0)
        forgiven = replace(forgiven, failures=forgiven.failures + failures)
        if forgiven.failures > FORGIVEN_FAILURES:
            return False
        if failures:
            self._store.attempts.put(FORGIVEN, forgiven)
        return True
