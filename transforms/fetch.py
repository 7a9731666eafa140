"""Fetch: hands work to the process's pool and emits what has arrived; never holds a round up."""

import logging
import time
from collections.abc import Iterator
from weakref import WeakKeyDictionary

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from schemas.config import Config
from schemas.errors import LeaseLostError, TransientError
from schemas.poll import FetchResult, HostWork
from transforms.clock import utc_now
from transforms.http.pool import FetchPool
from transforms.http.shared_pool import shared_pool
from transforms.storage.open import open_store
from transforms.storage.protocols import FeedStore

_LOG = logging.getLogger(__name__)
# When a bundle last took answers out of a pool, in seconds of `time.monotonic`.
_last_collected: WeakKeyDictionary[FetchPool, float] = WeakKeyDictionary()


class Fetch(beam.PTransform):
    """Fetches the feeds of claimed hosts.

    Input: `HostWork`. Output: `FetchResult`. A bundle emits what has arrived `polling.round`
    after the last one did; what is under way stays leased and is emitted by a later bundle of the
    same process. Where the stages after this one take longer than that, nothing is waited for:
    the next answers come in while they work.
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        self._config = config

    def expand(self, pcoll: beam.PCollection) -> beam.PCollection:
        return pcoll | "Fetch" >> beam.ParDo(_FetchFn(self._config)).with_output_types(FetchResult)


class _FetchFn(beam.DoFn):
    def __init__(self, config: Config) -> None:
        self._config = config
        self._pool: FetchPool | None = None
        self._store: FeedStore | None = None
        self._carried_over = 0
        self._answers = Metrics.counter("dateline", "polls_answered")

    def setup(self) -> None:
        self._pool = shared_pool(self._config.http, self._config.polling)
        self._store = open_store(self._config)

    def start_bundle(self) -> None:
        assert self._pool is not None
        self._carried_over = self._pool.pending()

    def process(self, work: HostWork) -> None:
        assert self._pool is not None
        try:
            self._pool.submit(work)
        except TransientError as error:
            # The process is ending; the lease's end frees the host.
            _LOG.warning("%s", error)

    def finish_bundle(self) -> Iterator[WindowedValue]:
        assert self._pool is not None
        self._renew_leases(self._pool)
        since_last = time.monotonic() - _last_collected.get(self._pool, 0.0)
        spent = since_last if self._carried_over else 0.0
        arrived = self._pool.collect(max(0.0, self._config.polling.round - spent))
        _last_collected[self._pool] = time.monotonic()
        for result in arrived:
            self._answers.inc()
            # The bundle's elements may be long gone by the time their answers arrive.
            yield WindowedValue(result, result.fetched_at.timestamp(), [GlobalWindow()])

    def _renew_leases(self, pool: FetchPool) -> None:
        """Prolongs the leases of hosts whose feeds are still queued or under way."""
        assert self._store is not None
        now = utc_now()
        for lease in pool.leases():
            if (lease.expires - now).total_seconds() > self._config.polling.lease / 2:
                continue
            try:
                pool.update_lease(self._store.renew(lease, now, self._config.polling.lease))
            except LeaseLostError as error:
                _LOG.warning("%s; its queued polls are dropped", error)
                pool.drop(lease.host)
            except TransientError as error:
                _LOG.warning("lease of %s not renewed yet: %s", lease.host, error)

    def teardown(self) -> None:
        if self._store is not None:
            self._store.close()
