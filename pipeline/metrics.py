"""Figures of this process for Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats).

Beam's counters are the source: a round's are added when it ends, a stream's by the workers of
this process. docs/metrics.md says what each means.
"""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import get_args

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from pipeline.observing import EndedRound, RunObserver
from schemas.config import MetricsConfig
from schemas.errors import ConfigError
from schemas.poll import OutcomeKind, PollKind
from transforms.feeds.health import HEALTHS, Health
from transforms.lag import MILLISECONDS, lag_classes

POLL_OUTCOMES: tuple[str, ...] = get_args(PollKind)
ENTRY_OUTCOMES: tuple[str, ...] = get_args(OutcomeKind)
PUSH_OUTCOMES = ("due", "unsigned", "unknown")
STAGES = ("fetch", "parse", "normalize", "tag", "write", "commit")
DEAD_LETTER_STAGES = ("parse", "normalize", "tag", "write")


class ProcessMetrics(Collector, RunObserver):
    """The process's figures since it started. All methods are thread-safe."""

    wants_health = True

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counters: Counter[str] = Counter()
        self._under_way = 0
        self._feeds: dict[Health, int] = {}

    def add(self, counters: Mapping[str, int]) -> None:
        """Adds counters of a round, or of a part of a stream."""
        with self._lock:
            self._counters.update(counters)

    def on_round(self, ended: EndedRound) -> None:
        """Adds a round's counters."""
        milliseconds = round(ended.summary.seconds * 1000)
        self.add({**ended.counters, "rounds": 1, "round_milliseconds": milliseconds})
        with self._lock:
            self._under_way = ended.under_way

    def on_health(self, feeds: Mapping[Health, int]) -> None:
        """Takes up how many feeds are of which health."""
        with self._lock:
            self._feeds = dict(feeds)

    def collect(self) -> Iterator[Metric]:
        """Gives the figures as Prometheus' client asks for them."""
        with self._lock:
            counters, feeds, under_way = Counter(self._counters), dict(self._feeds), self._under_way
        yield _counted(
            "dateline_polls",
            "Polls that have ended.",
            "outcome",
            {outcome: counters[f"polls_{outcome}"] for outcome in POLL_OUTCOMES},
        )
        yield _counted(
            "dateline_entries",
            "Entries of feeds that have ended.",
            "outcome",
            {outcome: counters[f"outcomes_{outcome}"] for outcome in ENTRY_OUTCOMES},
        )
        created = counters["articles_created"]
        yield _counted(
            "dateline_documents_written",
            "Documents written to the index.",
            "change",
            {"created": created, "updated": counters["outcomes_written"] - created},
        )
        yield _counted(
            "dateline_dead_letters",
            "Entries that became dead letters.",
            "stage",
            {stage: counters[f"dead_letters_{stage}"] for stage in DEAD_LETTER_STAGES},
        )
        yield _counted(
            "dateline_stage_seconds",
            "Seconds that the stages worked; of fetch, those that answers took.",
            "stage",
            {stage: counters[f"microseconds_{stage}"] / 1e6 for stage in STAGES},
        )
        yield _counted(
            "dateline_pushes",
            "Pushes of hubs (WebSub).",
            "outcome",
            {outcome: counters[f"pushes_{outcome}"] for outcome in PUSH_OUTCOMES},
        )
        yield _lag(counters)
        yield CounterMetricFamily(
            "dateline_rounds", "Rounds that have ended.", value=counters["rounds"]
        )
        yield CounterMetricFamily(
            "dateline_round_seconds",
            "Seconds that the rounds took.",
            value=counters["round_milliseconds"] / 1000,
        )
        yield GaugeMetricFamily(
            "dateline_polls_under_way", "Polls queued or being fetched.", value=under_way
        )
        family = GaugeMetricFamily("dateline_feeds", "Feeds by health.", labels=["health"])
        for name in HEALTHS:
            if feeds:
                family.add_metric([name], feeds.get(name, 0))
        yield family


PROCESS_METRICS = ProcessMetrics()
"""What this process's rounds, and its workers of a stream, add to."""


@contextmanager
def serving_metrics(
    config: MetricsConfig, metrics: ProcessMetrics = PROCESS_METRICS
) -> Iterator[RunObserver]:
    """Serves the figures over HTTP at `/metrics`, where a port is configured.

    Gives what is to be told of the run: the figures, or nobody.

    Raises:
        ConfigError: The port cannot be listened on.
    """
    if config.port is None:
        yield RunObserver()
        return
    registry = CollectorRegistry()
    registry.register(metrics)
    try:
        server, thread = start_http_server(config.port, config.host, registry)
    except OSError as error:
        raise ConfigError(
            f"metrics.port: {config.host}:{config.port} cannot be listened on ({error}): give a "
            "port that is free"
        ) from None
    try:
        yield metrics
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _counted(name: str, text: str, label: str, values: Mapping[str, float]) -> CounterMetricFamily:
    family = CounterMetricFamily(name, text, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family


def _lag(counters: Mapping[str, int]) -> HistogramMetricFamily:
    buckets, total = [], 0
    for bound, count in lag_classes(counters):
        total += count
        buckets.append(("+Inf" if bound == float("inf") else str(bound), float(total)))
    return HistogramMetricFamily(
        "dateline_poll_lag_seconds",
        "From a feed's due time to the start of its request.",
        buckets=buckets,
        sum_value=counters.get(MILLISECONDS, 0) / 1000,
    )
