"""A token bucket: so many at once, then so many a second."""

from dataclasses import dataclass

_WHOLE = 1 - 1e-9  # for example three thirds: tokens that return in parts may miss a whole one by a rounding error


@dataclass(slots=True)
class TokenBucket:
    """Tokens that return with time.

    Args:
        burst: how many fit, and how many are there at first.
        rate: how many return a second.
    """

    burst: int
    rate: float
    tokens: float
    filled_at: int

    @classmethod
    def full(cls, burst: int, rate: float, now_ms: int) -> "TokenBucket":
        """A bucket from which nobody has taken yet."""
        return cls(burst, rate, float(burst), now_ms)

    def take(self, now_ms: int, cost: int = 1) -> float:
        """Take one token, or `cost` of them; if at least one is there, the others may be owed.

        Returns:
            0 if there was a token; otherwise the seconds until there is one, and nothing is taken.
        """
        wait = self.wait(now_ms)
        if not wait:
            self.tokens -= cost
        return wait

    def wait(self, now_ms: int) -> float:
        """Seconds until there is a token, 0 if there is one now."""
        elapsed_ms = max(0, now_ms - self.filled_at)
        self.tokens = min(float(self.burst), self.tokens + elapsed_ms * self.rate / 1_000)
        self.filled_at = now_ms
        return 0.0 if self.tokens >= _WHOLE else (1 - self.tokens) / self.rate

    def spend(self, cost: int) -> None:
        """Take tokens for something that turned out to cost more; missing ones are owed."""
        self.tokens -= cost
