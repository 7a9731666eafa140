import os
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.coders import VarIntCoder
from apache_beam.metrics import Metrics
from apache_beam.runners.worker import statecache
from apache_beam.transforms.userstate import BagStateSpec

from pipeline.kept_graph import KeptGraph
from pipeline.rounds import counters_of_run, in_process_pipeline, run_pipeline


class _Sum(beam.DoFn):  # type: ignore[misc]  # Beam is untyped
    NUMBERS = BagStateSpec("numbers", VarIntCoder())

    def process(
        self,
        element: tuple[str, int],
        numbers: Any = beam.DoFn.StateParam(NUMBERS),  # noqa: B008
    ) -> Iterator[int]:
        numbers.add(element[1])
        Metrics.counter("dateline", "sums").inc(sum(numbers.read()))
        yield element[1]


def test_states_work_without_being_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    def weigh(_value: object) -> int:
        raise AssertionError("a state was weighed: the cache of states is on")

    monkeypatch.setattr(statecache, "get_deep_size", weigh)
    pipeline = in_process_pipeline()
    pipeline | beam.Create([("a", 1), ("a", 2), ("b", 5)]) | beam.ParDo(_Sum())
    counters = run_pipeline(pipeline)
    assert counters["sums"] in (1 + 3 + 5, 2 + 3 + 5)


def _counted(element: tuple[str, int]) -> tuple[str, int]:
    Metrics.counter("dateline", "elements").inc()
    return element


def _count_group(_group: Any) -> None:
    Metrics.counter("dateline", "groups").inc()


def test_a_kept_graph_does_the_same_each_time() -> None:
    pipeline = in_process_pipeline()
    numbers = pipeline | beam.Create([("a", 1), ("a", 2), ("b", 3)]) | beam.Map(_counted)
    _ = numbers | beam.GroupByKey() | beam.Map(_count_group)
    graph = KeptGraph(pipeline)
    for _run in range(3):
        assert counters_of_run(graph.run()) == {"elements": 3, "groups": 2}


def _fail_while_told(_element: int) -> None:
    if os.environ.get("DATELINE_TEST_FAIL"):
        raise ValueError("told to fail")
    Metrics.counter("dateline", "made").inc()


def test_a_run_that_fails_can_be_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = in_process_pipeline()
    _ = pipeline | beam.Create([1]) | beam.Map(_fail_while_told)
    graph = KeptGraph(pipeline)
    monkeypatch.setenv("DATELINE_TEST_FAIL", "1")
    for _run in range(2):
        with pytest.raises(Exception, match="told to fail"):
            graph.run()
    monkeypatch.delenv("DATELINE_TEST_FAIL")
    assert counters_of_run(graph.run()) == {"made": 1}
