"""A token bucket: so many at once, then so many a second."""

from dataclasses import dataclass

_WHOLE = 1 - 1e-9  # a third, three times: what fills up in parts may miss a whole token by a rounding


@dataclass(slots=True)
class TokenBucket:
    """Tokens that fill up with time.

    Args:
        burst: how many fit, and how many are there at first.
        rate: how many come back a second.
    """

    burst: int
    rate: float
    tokens: float
    filled_at: int

    @classmethod
    def full(cls, burst: int, rate: float, now_ms: int) -> "TokenBucket":
        """A bucket nobody has taken from yet."""
        return cls(burst, rate, float(burst), now_ms)

    def take(self, now_ms: int, cost: int = 1) -> float:
        """Take a token, or as many as something costs; as long as there is one, the rest may be owed.

        Returns:
            0 if there was one, else the seconds until there is; nothing is taken then.
        """
        wait = self.wait(now_ms)
        if not wait:
            self.tokens -= cost
        return wait

    def wait(self, now_ms: int) -> float:
        """Seconds until there is a token, 0 if there is one."""
        elapsed_ms = max(0, now_ms - self.filled_at)
        self.tokens = min(float(self.burst), self.tokens + elapsed_ms * self.rate / 1_000)
        self.filled_at = now_ms
        return 0.0 if self.tokens >= _WHOLE else (1 - self.tokens) / self.rate

    def spend(self, cost: int) -> None:
        """Take tokens for what turned out to cost more, whether they are there or not: they are owed then."""
        self.tokens -= cost
