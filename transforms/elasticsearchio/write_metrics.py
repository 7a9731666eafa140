"""The sink's metrics."""

from collections import Counter

from apache_beam.metrics import Metrics

from transforms.elasticsearchio.delivery import Tally

_NAMESPACE = "elasticsearchio"


class WriteMetrics:
    """The sink's metrics; to be used on the bundle's own thread, else Beam drops them."""

    def __init__(self) -> None:
        # Gathered here: a Beam counter's step costs as much as encoding a small document.
        self.outcomes: Counter[str] = Counter()
        self.counters = {
            outcome: Metrics.counter(_NAMESPACE, outcome)
            for outcome in ("written", "rejected", "conflict", "transient")
        }
        self.requests = Metrics.counter(_NAMESPACE, "requests")
        self.retries = Metrics.counter(_NAMESPACE, "retries")
        self.splits = Metrics.counter(_NAMESPACE, "splits")
        self.throttled = Metrics.counter(_NAMESPACE, "throttled")
        self.blocked = Metrics.counter(_NAMESPACE, "blocked")
        self.documents = Metrics.distribution(_NAMESPACE, "documents_per_request")
        self.bytes = Metrics.distribution(_NAMESPACE, "bytes_per_request")
        self.limit = Metrics.gauge(_NAMESPACE, "in_flight_limit")

    def count_outcomes(self) -> None:
        """Hands the gathered outcomes to Beam."""
        for outcome, number in self.outcomes.items():
            self.counters[outcome].inc(number)
        self.outcomes.clear()

    def count(self, tally: Tally) -> None:
        """Counts what one delivery took."""
        self.requests.inc(len(tally.requests))
        self.retries.inc(tally.retries)
        self.splits.inc(tally.splits)
        self.throttled.inc(tally.throttled)
        self.blocked.inc(tally.blocked)
        for documents, size in tally.requests:
            self.documents.update(documents)
            self.bytes.update(size)
