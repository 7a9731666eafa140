"""When to try again, and when to stop."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential backoff with full jitter, with an end in tries and in seconds.

    Full jitter (a wait drawn evenly between nothing and the bound) spreads writers that were
    refused together best, by the comparison in Amazon's "Exponential Backoff And Jitter".

    Attributes:
        max_attempts: Most requests that carry one document.
        max_seconds: No further try is begun, nor waited for, beyond so many seconds after the
            first.
        first_delay: Upper bound of the first wait, in seconds; it doubles with each try.
        max_delay: Upper bound of any wait, in seconds.
        block_delay: The wait behind a block (a full disk, a read-only index), in seconds, plus
            jitter: such things pass in minutes, not in milliseconds.
    """

    max_attempts: int = 6
    max_seconds: float = 120.0
    first_delay: float = 0.5
    max_delay: float = 30.0
    block_delay: float = 15.0

    def __post_init__(self) -> None:
        if self.max_attempts < 1:
            raise ValueError("max_attempts must be at least 1: the first try counts")
        for name in ("max_seconds", "first_delay", "max_delay", "block_delay"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must not be negative")

    def delay(
        self,
        attempts: int,
        elapsed: float,
        rng: random.Random,
        *,
        blocked: bool = False,
        retry_after: float | None = None,
    ) -> float | None:
        """Gives the seconds to wait before the next try, or None where there is no next one.

        Args:
            attempts: Tries so far, from 1.
            elapsed: Seconds since the first.
            rng: Where the jitter comes from.
            blocked: The last try met a block.
            retry_after: Seconds that the server asked for.
        """
        if attempts >= self.max_attempts:
            return None
        bound = min(self.max_delay, self.first_delay * 2 ** min(attempts - 1, 60))
        wait = rng.uniform(0, bound)
        if blocked:
            wait += self.block_delay
        if retry_after is not None:
            wait = max(wait, retry_after)
        return wait if elapsed + wait <= self.max_seconds else None
