"""One round: a bounded read of the store through the whole graph, on the in-process runner."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

import apache_beam as beam
from apache_beam.metrics import MetricsFilter
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner, worker_handlers

from pipeline.build import build
from pipeline.kept_graph import KeptGraph
from schemas.config import Config
from schemas.poll import PollKind, RoundSummary
from transforms.due import ClaimOrder, FeedsAtHand
from transforms.lag import lag_percentile

METRICS_NAMESPACE = "dateline"


def run_pipeline(pipeline: beam.Pipeline) -> dict[str, int]:
    """Runs a pipeline to its end and gives its counters, summed over the stages."""
    result = pipeline.run()
    result.wait_until_finish()
    return counters_of_run(result)


def counters_of_run(result: Any) -> dict[str, int]:
    """Gives a finished run's counters, summed over the stages."""
    counters: dict[str, int] = {}
    query: Mapping[str, Sequence[Any]] = result.metrics().query(
        MetricsFilter().with_namespace(METRICS_NAMESPACE)
    )
    for metric in query["counters"]:
        name = metric.key.metric.name
        counters[name] = counters.get(name, 0) + int(metric.result)
    return counters


def in_process_pipeline(beam_options: Sequence[str] = ()) -> beam.Pipeline:
    """Gives a pipeline on Beam's in-process runner, by name.

    The name "DirectRunner" is not used: it stands for one of three runners, chosen by what it
    finds on the machine, of which one may download a binary.
    """
    # The runner has no option for its worker's cache of states. The cache weighs each state by
    # walking through every loaded module, a fifth of a round; the states it would keep near are
    # in this process anyway.
    worker_handlers.STATE_CACHE_SIZE_MB = 0
    return beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions(list(beam_options)))


class Rounds:
    """Rounds under one configuration, all of one graph.

    To build the graph and to translate it takes two thirds of a round in which nothing is due, so
    both are done once for each order, and each round runs a copy of what came of it.

    Args:
        config: The configuration.
        beam_options: For the runner.
    """

    def __init__(self, config: Config, beam_options: Sequence[str] = ()) -> None:
        self._config = config.model_copy(update={"feeds": []})
        self._feeds = FeedsAtHand(config.feeds)
        self._beam_options = beam_options
        self._graphs: dict[ClaimOrder, KeptGraph] = {}

    def run(self, order: ClaimOrder, now: datetime) -> tuple[RoundSummary, dict[str, int]]:
        """Runs one round.

        Returns:
            What it came to, and all counters (`polls_claimed` among them).
        """
        started = time.monotonic()
        graph = self._graphs.get(order)
        if graph is None:
            pipeline = in_process_pipeline(self._beam_options)
            tick = pipeline | "Tick" >> beam.Create([None])
            build(tick, self._config, replace(order, feeds=self._feeds))
            graph = self._graphs[order] = KeptGraph(pipeline)
        counters = counters_of_run(graph.run())
        return summarize(counters, order.owner, now, time.monotonic() - started), counters


def summarize(
    counters: Mapping[str, int], owner: str, now: datetime, seconds: float
) -> RoundSummary:
    """Turns a round's counters into its summary."""

    def count(*names: str) -> int:
        return sum(counters.get(name, 0) for name in names)

    return RoundSummary(
        timestamp=now,
        owner=owner,
        polls=count(*(f"polls_{kind}" for kind in get_args(PollKind) if kind != "held_back")),
        not_modified=count("polls_not_modified"),
        failed=count("polls_failed"),
        held_back=count("polls_held_back"),
        transient=count("polls_transient", "polls_lease_lost"),
        written=count("outcomes_written"),
        created=count("articles_created"),
        unchanged=count("outcomes_unchanged"),
        expired=count("outcomes_expired"),
        dead_letters=count("outcomes_dead_letter"),
        new_dead_letters=count("new_dead_letters"),
        seconds=round(seconds, 3),
        lag_p50=lag_percentile(counters, 0.5),
        lag_p95=lag_percentile(counters, 0.95),
    )
