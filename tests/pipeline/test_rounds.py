from collections.abc import Iterator
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.coders import VarIntCoder
from apache_beam.metrics import Metrics
from apache_beam.runners.worker import statecache
from apache_beam.transforms.userstate import BagStateSpec

from pipeline.rounds import in_process_pipeline, run_pipeline


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
