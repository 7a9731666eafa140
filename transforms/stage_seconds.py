"""Seconds that a stage works, as a Beam counter."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from apache_beam.metrics import Metrics


class StageSeconds:
    """Adds up how long a stage works: wall time, that of its threads summed.

    Fused stages call one another, so each measures its own work alone, not what it yields to.
    The counter is `microseconds_STAGE`; it is raised by `report`, which belongs into
    `finish_bundle`, since a thread of the stage's own has no bundle to count for.

    Args:
        stage: fetch, parse, normalize, tag, write or commit.
    """

    def __init__(self, stage: str) -> None:
        self._counter = Metrics.counter("dateline", f"microseconds_{stage}")
        self._lock = threading.Lock()
        self._seconds = 0.0

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Measures what is done within."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.add(time.perf_counter() - started)

    def add(self, seconds: float) -> None:
        """Adds time that was measured elsewhere."""
        with self._lock:
            self._seconds += seconds

    def report(self) -> None:
        """Raises the counter by what has come together."""
        with self._lock:
            spent, self._seconds = self._seconds, 0.0
        self._counter.inc(round(spent * 1e6))
