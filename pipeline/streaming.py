"""The unbounded graph: the same stages as a round's, driven by ticks, on any portable runner.

Each tick claims due hosts; their work goes to all workers, and with it as many empty
orders as reach each of them, so that answers which come in later are taken on with a later tick.
"""

import logging
import math
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import apache_beam as beam
from apache_beam.coders import VarIntCoder
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec
from apache_beam.transforms.util import ReshufflePerKey

from pipeline.build import build
from pipeline.draining import claims_go_on, ticks_go_on
from pipeline.streaming_rounds import RecordRounds
from pipeline.ticks import Ticks
from schemas.config import Config
from schemas.errors import TransientError
from schemas.poll import FetchOrder, HostWork
from transforms.due import CarriedFeeds, ClaimOrder
from transforms.storage.open import open_index
from transforms.storage.protocols import ArticleIndex
from transforms.stories.sweep import SWEEP_SECONDS, sweep

_LOG = logging.getLogger(__name__)
# Empty orders of each tick, dealt out by their keys' hashes: of this many for each worker, one
# worker in 3,000 gets none. Their keys are always the same, since runners keep a little of each.
FEWEST_NUDGES = 32
NUDGES_PER_WORKER = 8


def tick_seconds(config: Config) -> int:
    """Gives the seconds between two ticks: `polling.round`, in whole seconds, as Flink needs it."""
    return max(1, math.ceil(config.polling.round))


def build_streaming(
    pipeline: beam.Pipeline,
    config: Config,
    order: ClaimOrder,
    *,
    parallelism: int = 1,
    on_flink: bool = False,
) -> None:
    """Builds the unbounded graph.

    Args:
        pipeline: Has the options of a portable runner.
        config: The configuration; its feeds travel packed with the stage that claims.
        order: Who claims; it has no feeds of its own.
        parallelism: Workers that fetch at once, as far as known.
        on_flink: The runner is Flink's, whose own source of ticks is used.
    """
    without_feeds = config.model_copy(update={"feeds": [], "opml": []})
    nudges = max(FEWEST_NUDGES, NUDGES_PER_WORKER * parallelism)
    # Flink's source is in each of its workers: each sends a part, other ones every time.
    at_once = math.ceil(nudges / parallelism) if on_flink else nudges
    source = Ticks(tick_seconds(config), on_flink=on_flink)
    ticks = pipeline | "Ticks" >> source | "NotEnding" >> beam.Filter(ticks_go_on)

    def spread(work: beam.PCollection) -> beam.PCollection:
        orders = work | "Orders" >> beam.Map(_order_of).with_output_types(tuple[str, FetchOrder])
        empty = ticks | "Nudges" >> beam.FlatMap(_nudges, nudges, at_once).with_output_types(
            tuple[str, FetchOrder]
        )
        return (
            (orders, empty)
            | "AllOrders" >> beam.Flatten()
            | "ByHost" >> ReshufflePerKey()
            | "Work" >> beam.Map(_work_of).with_output_types(HostWork | None)
        )

    carried = replace(order, feeds=CarriedFeeds(config.feeds))
    claiming = ticks | "NotDraining" >> beam.Filter(claims_go_on)
    committed = build(claiming, without_feeds, carried, spread=spread)
    _ = committed | "Rounds" >> RecordRounds(without_feeds)
    _ = (
        ticks
        | "OneSweeper" >> beam.Map(_with_one_key).with_output_types(tuple[str, float])
        | "Sweep" >> beam.ParDo(_SweepFn(without_feeds)).with_output_types(int)
    )


def _order_of(work: HostWork) -> tuple[str, FetchOrder]:
    return work.lease.host, FetchOrder(work=work)


def _nudges(_tick: float, keys: int, at_once: int) -> Iterator[tuple[str, FetchOrder]]:
    for number in random.sample(range(keys), at_once):
        yield f"nudge {number}", FetchOrder()


def _with_one_key(tick: float) -> tuple[str, float]:
    return "stories", tick


def _work_of(keyed: tuple[str, FetchOrder]) -> HostWork | None:
    return keyed[1].work


class _SweepFn(beam.DoFn):
    """Settles stories every now and then, in one worker; another job's sweeps do no harm."""

    PERIOD = ReadModifyWriteStateSpec("period", VarIntCoder())

    def __init__(self, config: Config) -> None:
        self._config = config
        self._index: ArticleIndex | None = None

    def setup(self) -> None:
        self._index = open_index(self._config)

    def process(
        self, keyed: tuple[str, float], last_state: Any = beam.DoFn.StateParam(PERIOD)
    ) -> Iterator[int]:
        assert self._index is not None
        period = int(keyed[1] // SWEEP_SECONDS)
        if period <= (last_state.read() or 0):
            return
        last_state.write(period)
        try:
            swept = sweep(self._index, self._config.stories)
        except TransientError as error:
            _LOG.warning("the stories are joined later: %s", error)
            return
        if swept.relabelled:
            _LOG.info("%d articles joined the stories they are copies of", swept.relabelled)
        yield swept.settled

    def teardown(self) -> None:
        if self._index is not None:
            self._index.close()
