"""The unbounded graph: the same stages as a round's, driven by ticks, on any portable runner.

Each tick claims due hosts; their work goes to all workers, and with it as many empty
orders as reach each of them, so that answers which come in later are taken on with a later tick.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import replace

import apache_beam as beam
from apache_beam.transforms.util import ReshufflePerKey

from pipeline.build import build
from pipeline.draining import claims_go_on, ticks_go_on
from pipeline.streaming_rounds import RecordRounds
from pipeline.streaming_sweep import SweepFn
from pipeline.ticks import Ticks
from schemas.config import Config
from schemas.poll import FetchOrder, HostWork
from transforms.due import CarriedFeeds, ClaimOrder

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
        | "Sweep" >> beam.ParDo(SweepFn(without_feeds)).with_output_types(int)
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
