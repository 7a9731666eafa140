"""The gate before the server: as many requests at once as the adaptive limit lets through."""

import threading

from transforms.elasticsearchio.limit import AdaptiveLimit


class LimitGate:
    """Holds requests back behind an `AdaptiveLimit`. May be used by several threads."""

    def __init__(self, most: int) -> None:
        self._limit = AdaptiveLimit(most)
        self._in_flight = 0
        self._changed = threading.Condition()

    def enter(self) -> int:
        """Waits for a place; gives a ticket."""
        with self._changed:
            while self._in_flight >= self._limit.limit:
                self._changed.wait()
            self._in_flight += 1
            return self._limit.start()

    def leave(self, ticket: int, *, overloaded: bool, answered: bool) -> None:
        """Gives the place back; the answer moves the limit."""
        with self._changed:
            self._in_flight -= 1
            if overloaded:
                self._limit.overloaded(ticket)
            elif answered:
                self._limit.succeeded()
            self._changed.notify_all()

    @property
    def limit(self) -> int:
        """Requests that may be in flight now."""
        return self._limit.limit
