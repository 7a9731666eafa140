"""How many requests may be in flight: falls when the server is overloaded, and grows back."""


class AdaptiveLimit:
    """Additive increase, multiplicative decrease (RFC 5681's way with a congested network).

    Pure and without locks: the caller holds one. Each request gets a `ticket` when it starts. The
    refusals of requests that started before the last fall are news of the same overload, and do
    not let the limit fall again.

    Args:
        most: Where it starts, and the highest it grows.
    """

    def __init__(self, most: int) -> None:
        self._most = float(most)
        self._limit = float(most)
        self._ticket = 0
        self._fell_at = 0

    @property
    def limit(self) -> int:
        """Requests that may be in flight now, at least 1."""
        return max(1, int(self._limit))

    def start(self) -> int:
        """Gives the ticket of a request that starts now."""
        self._ticket += 1
        return self._ticket

    def overloaded(self, ticket: int) -> None:
        """Halves the limit: the server refused a request, or a part of it, with 429."""
        if ticket > self._fell_at:
            self._limit = max(1.0, self._limit / 2)
            self._fell_at = self._ticket

    def succeeded(self) -> None:
        """Grows by about one for each full round of answers without refusal."""
        self._limit = min(self._most, self._limit + 1 / self._limit)
