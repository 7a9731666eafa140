"""Keeps a stream's figures in the store as a run's rounds are kept, for dashboards and logs."""

import logging
import os
import socket
import time
from collections import Counter
from collections.abc import Iterator

import apache_beam as beam

from pipeline.counted import counted
from pipeline.metrics import PROCESS_METRICS
from pipeline.rounds import summarize
from schemas.config import Config
from schemas.errors import TransientError
from schemas.poll import Committed, RoundSummary
from transforms.clock import utc_now
from transforms.commit import counters_of
from transforms.storage.feed_store import FeedStore
from transforms.storage.open import open_store

_LOG = logging.getLogger(__name__)
# A worker's bundles are many and small; its figures are kept at most so often.
SECONDS_PER_ROUND = 5.0


class RecordRounds(beam.PTransform):
    """Sums polls up, worker by worker.

    Input: `Committed`. Output: `RoundSummary`, each of them stored. Figures only: what a worker
    has not stored when it is killed, a few seconds' worth, is missing in them and nowhere else.
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        self._config = config

    def expand(self, pcoll: beam.PCollection) -> beam.PCollection:
        """Adds the stage."""
        return pcoll | "Record" >> beam.ParDo(_RecordFn(self._config)).with_output_types(
            RoundSummary
        )


class _RecordFn(beam.DoFn):
    def __init__(self, config: Config) -> None:
        self._config = config
        self._store: FeedStore | None = None
        self._counters: Counter[str] = Counter()
        self._since = 0.0

    def setup(self) -> None:
        self._store = open_store(self._config)
        # Several of these may be in one process, each with figures of its own.
        self._owner = f"{socket.gethostname()}/{os.getpid()}/stream-{id(self):x}"
        self._since = time.monotonic()

    def process(self, committed: Committed) -> Iterator[RoundSummary]:
        self._counters.update(counters_of(committed))
        if time.monotonic() - self._since >= SECONDS_PER_ROUND:
            yield self._put()

    def _put(self) -> RoundSummary:
        assert self._store is not None
        now = time.monotonic()
        summary = summarize(self._counters, self._owner, utc_now(), now - self._since)
        PROCESS_METRICS.add(self._counters)
        self._counters, self._since = Counter(), now
        try:
            self._store.put_round(summary)
        except TransientError as error:
            _LOG.warning("figures of %s are not kept: %s", counted(summary.polls, "poll"), error)
        _LOG.info("%s, %s", counted(summary.polls, "poll"), counted(summary.created, "new article"))
        return summary

    def teardown(self) -> None:
        if self._store is None:
            return
        if self._counters:
            self._put()
        self._store.close()
