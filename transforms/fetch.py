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
from transforms.stage_seconds import StageSeconds
from transforms.storage.feed_store import FeedStore
from transforms.storage.open import open_store

_LOG = logging.getLogger(__name__)
# When a bundle last took answers out of a pool, in seconds of `time.monotonic`.
_last_collected: WeakKeyDictionary[FetchPool, float] = WeakKeyDictionary()


class Fetch(beam.PTransform):
    """Fetches the feeds of claimed hosts.

    Input: `HostWork`, or None, which only asks for what is there. Output: `FetchResult`. A bundle
    emits what has arrived `polling.round` after the last one did; what is under way stays leased
    and is emitted by a later bundle of the same process. Where the stages after this one take
    longer than that, nothing is waited for: the next answers come in while they work.

    Args:
        config: Limits and politeness.
        waits: False emits only what is there already: in a stream, where bundles come all the time
            and one that waits holds up those behind it.
    """

    def __init__(self, config: Config, *, waits: bool = True) -> None:
        super().__init__()
        self._config = config
        self._waits = waits

    def expand(self, pcoll: beam.PCollection) -> beam.PCollection:
        return pcoll | "Fetch" >> beam.ParDo(_FetchFn(self._config, self._waits)).with_output_types(
            FetchResult
        )


class _FetchFn(beam.DoFn):
    def __init__(self, config: Config, waits: bool) -> None:
        self._config = config
        self._waits = waits
        self._pool: FetchPool | None = None
        self._store: FeedStore | None = None
        self._carried_over = 0

    def setup(self) -> None:
        self._pool = shared_pool(self._config)
        self._seconds = StageSeconds("fetch")
        self._unreachable = Metrics.counter("dateline", "polls_unreachable")
        self._store = open_store(self._config)

    def start_bundle(self) -> None:
        assert self._pool is not None
        self._carried_over = self._pool.pending()

    def process(self, work: HostWork | None) -> None:
        assert self._pool is not None
        if work is None:
            return
        try:
            self._pool.submit(self._still_leased(work))
        except TransientError as error:
            # The process is ending, or the store away; the lease's end frees the host.
            _LOG.warning("%s", error)
        except LeaseLostError as error:
            _LOG.warning("%s; nothing is asked of it under the old lease", error)

    def _still_leased(self, work: HostWork) -> HostWork:
        """Makes sure of the lease of work that has waited long on its way here, or comes again."""
        assert self._store is not None
        now, length = utc_now(), self._config.polling.lease
        if (work.lease.expires - now).total_seconds() > length / 2:
            return work
        lease = self._store.renew(work.lease, now, length)
        polls = [poll.model_copy(update={"lease": lease}) for poll in work.polls]
        return work.model_copy(update={"lease": lease, "polls": polls})

    def finish_bundle(self) -> Iterator[WindowedValue]:
        assert self._pool is not None
        self._renew_leases(self._pool)
        since_last = time.monotonic() - _last_collected.get(self._pool, 0.0)
        spent = since_last if self._carried_over else 0.0
        patience = self._config.polling.round if self._waits else 0.0
        arrived = self._pool.collect(max(0.0, patience - spent))
        _last_collected[self._pool] = time.monotonic()
        for result in arrived:
            self._seconds.add(result.elapsed_seconds)
            self._unreachable.inc(result.unreachable)
            # The bundle's elements may be long gone by the time their answers arrive.
            yield WindowedValue(result, result.fetched_at.timestamp(), [GlobalWindow()])
        self._seconds.report()

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
                pool.drop(lease)
            except TransientError as error:
                _LOG.warning("lease of %s not renewed yet: %s", lease.host, error)

    def teardown(self) -> None:
        if self._store is not None:
            self._store.close()
