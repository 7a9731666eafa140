"""Runs a write or a read on the in-process runner and gives everything that came out."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from tests.servers.elasticsearch_indices import request
from transforms.elasticsearchio import FailedWrite, Hit, Receipt

# Works because the in-process runner's workers are threads of this process.
_COLLECTED: dict[str, list[Any]] = {}


@dataclass(frozen=True)
class Written:
    written: list[Receipt]
    failed: list[FailedWrite]
    # (id, timestamp in seconds, window)
    places: list[tuple[str, float, Any]]
    counters: dict[str, int]


class _Collect(beam.DoFn):
    def __init__(self, key: str) -> None:
        self._key = key

    def process(
        self,
        element: Any,
        timestamp: Any = beam.DoFn.TimestampParam,
        window: Any = beam.DoFn.WindowParam,
    ) -> None:
        _COLLECTED[self._key].append((element, float(timestamp), window))


def write(elements: Iterable[Any], transform: Any, *before: Any) -> Written:
    """Writes elements; `before` are transforms that give them timestamps and windows."""
    keys = [uuid.uuid4().hex, uuid.uuid4().hex]
    for key in keys:
        _COLLECTED[key] = []
    pipeline = beam.Pipeline("FnApiRunner")
    elements_in = pipeline | beam.Create(list(elements), reshuffle=False)
    for number, step in enumerate(before):
        elements_in = elements_in | f"Before {number}" >> step
    outputs = elements_in | transform
    outputs.written | "Written" >> beam.ParDo(_Collect(keys[0]))
    outputs.failed | "Failed" >> beam.ParDo(_Collect(keys[1]))
    result = pipeline.run()
    result.wait_until_finish()
    written, failed = (_COLLECTED.pop(key) for key in keys)
    return Written(
        [value for value, _, _ in written],
        [value for value, _, _ in failed],
        [(value.id, timestamp, window) for value, timestamp, window in written + failed],
        {c.key.metric.name: c.committed for c in result.metrics().query()["counters"]},
    )


def read(transform: Any) -> list[Hit]:
    key = uuid.uuid4().hex
    _COLLECTED[key] = []
    with beam.Pipeline("FnApiRunner") as pipeline:
        pipeline | transform | beam.ParDo(_Collect(key))
    return [value for value, _, _ in _COLLECTED.pop(key)]


def count(url: str, index: str) -> int:
    request(url, "POST", f"{index}/_refresh")
    return int(request(url, "GET", f"{index}/_count")["count"])


def stored(url: str, index: str, identity: str) -> Any:
    found = request(url, "GET", f"{index}/_doc/{identity}")
    return found["_source"] if found and found["found"] else None


def reasons(failed: Sequence[FailedWrite]) -> dict[str, tuple[str, int | None]]:
    return {item.id: (item.outcome, item.status) for item in failed}
