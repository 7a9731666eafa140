"""The unbounded graph: the same stages as a round's, driven by ticks, on any portable runner.

Each tick claims due hosts in one worker; their work goes to all workers, and with it as many empty
orders as reach each of them, so that answers which come in later are taken on with a later tick.
"""

import logging
import math
import time
from collections.abc import Iterator
from dataclasses import replace

import apache_beam as beam
from apache_beam.transforms.periodicsequence import PeriodicImpulse
from apache_beam.transforms.util import ReshufflePerKey
from apache_beam.utils.timestamp import Timestamp

from pipeline.build import Ingested, build
from pipeline.streaming_rounds import RecordRounds
from schemas.config import Config, StoriesConfig
from schemas.errors import TransientError
from schemas.poll import FetchOrder, HostWork
from transforms.due import CarriedFeeds, ClaimOrder
from transforms.storage.open import open_index
from transforms.storage.protocols import ArticleIndex
from transforms.stories.sweep import sweep

_LOG = logging.getLogger(__name__)
SWEEP_SECONDS = 15.0
# Empty orders of each tick, dealt out by their keys' hashes: of this many for each worker, one
# worker in 3,000 gets none. Their keys are always the same, since runners keep a little of each.
FEWEST_NUDGES = 32
NUDGES_PER_WORKER = 8


def tick_seconds(config: Config) -> float:
    """Gives the seconds between two ticks: `polling.round`, in whole seconds.

    Flink cuts an unbounded source's delays to whole seconds; under one second it would spin.
    """
    return float(max(1, math.ceil(config.polling.round)))


def build_streaming(
    pipeline: beam.Pipeline, config: Config, order: ClaimOrder, *, parallelism: int = 1
) -> Ingested:
    """Builds the unbounded graph.

    Args:
        pipeline: Has the options of a portable runner.
        config: The configuration; its feeds travel packed with the stage that claims.
        order: Who claims; it has no feeds of its own.
        parallelism: Workers that fetch at once, as far as known.
    """
    interval = tick_seconds(config)
    without_feeds = config.model_copy(update={"feeds": [], "opml": []})
    nudges = max(FEWEST_NUDGES, NUDGES_PER_WORKER * parallelism)
    # Given here: the default is the time when Beam was imported.
    impulse = PeriodicImpulse(start_timestamp=Timestamp.now(), fire_interval=interval)
    ticks = (
        pipeline
        | "Impulse" >> impulse
        | "FreshTicks" >> beam.ParDo(_FreshTicksFn(interval)).with_output_types(float)
    )

    def spread(work: beam.PCollection) -> beam.PCollection:
        orders = work | "Orders" >> beam.Map(_order_of).with_output_types(tuple[str, FetchOrder])
        empty = ticks | "Nudges" >> beam.FlatMap(_nudges, nudges).with_output_types(
            tuple[str, FetchOrder]
        )
        return (
            (orders, empty)
            | "AllOrders" >> beam.Flatten()
            | "ByHost" >> ReshufflePerKey()
            | "Work" >> beam.Map(_work_of).with_output_types(HostWork | None)
        )

    carried = replace(order, feeds=CarriedFeeds(config.feeds))
    ingested = build(ticks, without_feeds, carried, spread=spread)
    _ = ingested.committed | "Rounds" >> RecordRounds(without_feeds)
    _ = (
        ticks
        | "SweepTicks" >> beam.Filter(is_sweep_tick, interval).with_output_types(float)
        | "AwayFromClaims" >> beam.Reshuffle()
        | "Sweep" >> beam.ParDo(_SweepFn(without_feeds)).with_output_types(int)
    )
    return ingested


def is_fresh(tick: float, now: float, interval: float) -> bool:
    """Says whether a tick is worth its work.

    After an outage a source catches up with all ticks that it has missed, and after a slow claim
    with some: one claim serves for them all.
    """
    return now - tick < 2 * interval


def is_sweep_tick(tick: float, interval: float) -> bool:
    """Says whether a tick is the first one of its `SWEEP_SECONDS`."""
    return tick // SWEEP_SECONDS != (tick - interval) // SWEEP_SECONDS


def _order_of(work: HostWork) -> tuple[str, FetchOrder]:
    return work.lease.host, FetchOrder(work=work)


def _nudges(_tick: float, count: int) -> Iterator[tuple[str, FetchOrder]]:
    for number in range(count):
        yield f"nudge {number}", FetchOrder()


def _work_of(keyed: tuple[str, FetchOrder]) -> HostWork | None:
    return keyed[1].work


class _FreshTicksFn(beam.DoFn):
    def __init__(self, interval: float) -> None:
        self._interval = interval

    def process(self, tick: float) -> Iterator[float]:
        if is_fresh(float(tick), time.time(), self._interval):
            yield float(tick)


class _SweepFn(beam.DoFn):
    """Settles stories; a sweep that meets another one leaves the rest to the next."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._stories: StoriesConfig = config.stories
        self._index: ArticleIndex | None = None

    def setup(self) -> None:
        self._index = open_index(self._config)

    def process(self, _tick: float) -> Iterator[int]:
        assert self._index is not None
        try:
            swept = sweep(self._index, self._stories)
        except TransientError as error:
            _LOG.warning("the stories are joined later: %s", error)
            return
        if swept.relabelled:
            _LOG.info("%d articles joined the stories they are copies of", swept.relabelled)
        yield swept.settled

    def teardown(self) -> None:
        if self._index is not None:
            self._index.close()
