"""The sink's pure parts: encoding, batches, the adaptive limit."""

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.elasticsearchio.batching import Batcher, halves
from transforms.elasticsearchio.encoding import Encoded, encode
from transforms.elasticsearchio.limit import AdaptiveLimit
from transforms.elasticsearchio.operations import Operation, UnfitOperationError

# It holds itself.
RINGS: dict[str, Any] = {}
RINGS["ring"] = RINGS


def encoded(size: int) -> Encoded:
    """An operation whose lines take `size` bytes in a body, newline included."""
    return Encoded(None, None, Operation("index", "1", {}), "a", "1", b"x" * (size - 1))


@pytest.mark.parametrize(
    ("operation", "lines"),
    [
        (
            Operation("index", "1", {"t": "日"}),
            ['{"index":{"_index":"a","_id":"1"}}', '{"t":"日"}'],
        ),
        (
            Operation("create", "1", {}, index="b", routing="r"),
            ['{"create":{"_index":"b","_id":"1","routing":"r"}}', "{}"],
        ),
        (
            Operation("update", "1", {"n": 1}, if_seq_no=4, if_primary_term=1),
            [
                '{"update":{"_index":"a","_id":"1","if_seq_no":4,"if_primary_term":1}}',
                '{"doc":{"n":1}}',
            ],
        ),
        (
            Operation("update", "1", {"n": 1}, upsert={"n": 0}),
            [
                '{"update":{"_index":"a","_id":"1","retry_on_conflict":5}}',
                '{"doc":{"n":1},"upsert":{"n":0}}',
            ],
        ),
        (
            Operation("delete", "1", version=3),
            ['{"delete":{"_index":"a","_id":"1","version":3,"version_type":"external"}}'],
        ),
    ],
    ids=["index", "create", "compare-and-set", "upsert", "delete"],
)
def test_lines(operation: Operation, lines: list[str]) -> None:
    assert encode(None, None, operation, "a").lines.decode().split("\n") == lines


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (Operation("index", "", {}), "0 bytes"),
        (Operation("index", "é" * 257, {}), "514 bytes"),
        (Operation("index", 7, {}), "must be a str"),  # type: ignore[arg-type]
        (Operation("delete"), "needs the id"),
        (Operation("delete", "1", {}), "takes no document"),
        (Operation("index", "1"), "needs a mapping"),
        (Operation("put", "1", {}), "no action 'put'"),  # type: ignore[arg-type]
        (Operation("index", "1", {"d": object()}), r"object is not JSON serializable \(at d\)"),
        (Operation("index", "1", {"d": float("inf")}), "cannot be written as JSON"),
        (Operation("index", "1", {"a": [0, {"b": float("nan")}]}), r"\(at a\[1\]\.b\)"),
        (Operation("update", "1", {"d": b"x"}), r"bytes .* \(at doc\.d\)"),
        (Operation("index", "1", {"d": Decimal("NaN")}), r"\(at d\)"),
        (Operation("index", "1", {"d": "a\udfff"}), r"surrogate .* \(at d\)"),
        (Operation("index", "1", {("a", 1): 1}), "keys must be str"),  # type: ignore[dict-item]
        (Operation("index", "1", RINGS), "cannot be written as JSON"),
        (Operation("create", "1", {}, version=1), "create takes no version"),
        (Operation("create", "1", {}, if_seq_no=1, if_primary_term=1), "nothing may stand"),
        (Operation("index", "1", {}, if_seq_no=1), "go together"),
        (Operation("index", "1", {}, version=1, if_seq_no=1, if_primary_term=1), "exclude"),
        (Operation("index", "1", {}, doc_as_upsert=True), "for updates"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_would_spoil_a_request_is_refused(operation: Operation, words: str) -> None:
    with pytest.raises(UnfitOperationError, match=words):
        encode(None, None, operation, "a")


def test_what_rows_of_databases_hold_is_written() -> None:
    row = {
        "at": datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
        "day": date(2026, 3, 1),
        "hour": time(12, 30),
        "price": Decimal("1.50"),
        "key": UUID(int=1),
        "several": [date(2026, 3, 1)],
    }
    item = encode(None, None, Operation("index", "1", row), "a")
    assert json.loads(item.lines.split(b"\n")[1]) == {
        "at": "2026-03-01T12:30:00+00:00",
        "day": "2026-03-01",
        "hour": "12:30:00",
        "price": 1.5,
        "key": "00000000-0000-0000-0000-000000000001",
        "several": ["2026-03-01"],
    }


def test_an_operation_without_index_is_refused() -> None:
    with pytest.raises(UnfitOperationError, match="no index"):
        encode(None, None, Operation("index", "1", {}), None)


def test_a_random_id_is_given_once() -> None:
    item = encode(None, None, Operation("index", None, {}), "a")
    assert json.loads(item.lines.split(b"\n")[0])["index"]["_id"] == item.id


@given(
    sizes=st.lists(st.integers(1, 60), max_size=80),
    max_documents=st.integers(1, 10),
    max_bytes=st.integers(1, 100),
)
def test_batches_keep_order_and_bounds(
    sizes: list[int], max_documents: int, max_bytes: int
) -> None:
    batcher = Batcher(max_documents, max_bytes, 1.0)
    items = [encoded(size) for size in sizes]
    batches = [batch for item in items for batch in batcher.add(item, 0.0)]
    batches.append(batcher.take())
    assert [item for batch in batches for item in batch] == items
    for batch in batches[:-1]:
        assert batch
    for batch in batches:
        assert len(batch) <= max_documents
        body = sum(len(item.lines) + 1 for item in batch)
        assert body <= max_bytes or len(batch) == 1


def test_a_batch_is_due_when_its_first_operation_is_old() -> None:
    batcher = Batcher(10, 1_000, 2.0)
    assert not batcher.due(100.0)
    batcher.add(encoded(5), 10.0)
    batcher.add(encoded(5), 11.9)
    assert not batcher.due(11.9)
    assert batcher.due(12.0)
    batcher.take()
    assert not batcher.due(99.0)


@given(number=st.integers(2, 50))
def test_halves_lose_nothing(number: int) -> None:
    batch = [encoded(5) for _ in range(number)]
    first, second = halves(batch)
    assert first
    assert second
    assert first + second == batch


def test_the_limit_falls_once_for_one_overload_and_grows_back() -> None:
    limit = AdaptiveLimit(8)
    tickets = [limit.start() for _ in range(8)]
    for ticket in tickets:
        limit.overloaded(ticket)
    assert limit.limit == 4
    limit.overloaded(limit.start())
    assert limit.limit == 2
    for _ in range(3):
        limit.overloaded(limit.start())
    assert limit.limit == 1
    answers = 0
    while limit.limit < 8:
        limit.succeeded()
        answers += 1
    assert 20 < answers < 50
    limit.succeeded()
    assert limit.limit == 8
