"""The sink on the in-process runner, against the real server."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.transforms.display import DisplayData
from apache_beam.transforms.window import FixedWindows, TimestampedValue

from tests.servers.elasticsearch_indices import request
from tests.transforms.elasticsearchio.running import Written, count, reasons, stored, write
from transforms.elasticsearchio import Connection, Operation, WriteToElasticsearch


def test_each_element_has_one_outcome(elasticsearch_url: str, index_prefix: str) -> None:
    index = f"{index_prefix}a"
    elements: list[Any] = [{"id": str(n), "n": n} for n in range(2_500)]
    elements.insert(700, {"n": 1})
    elements.insert(1_400, {"id": "x" * 513, "n": 1})
    elements.insert(2_100, {"id": "day", "n": float("nan")})
    elements.insert(5, {"id": "half", "n": 1})
    request(elasticsearch_url, "PUT", index, {"mappings": {"properties": {"n": {"type": "long"}}}})
    elements.insert(900, {"id": "word", "n": "no number"})
    done = write(
        elements,
        WriteToElasticsearch(
            Connection(elasticsearch_url),
            index=index,
            id=lambda element: element["id"],
            document=lambda element: {"n": "\ud800"} if element["id"] == "half" else element,
        ),
    )
    assert sorted(int(receipt.id) for receipt in done.written) == list(range(2_500))
    assert count(elasticsearch_url, index) == 2_500
    assert reasons(done.failed) == {
        "": ("rejected", None),
        "x" * 513: ("rejected", None),
        "day": ("rejected", None),
        "half": ("rejected", None),
        "word": ("rejected", 400),
    }
    assert {item.element["n"] for item in done.failed if item.id == "word"} == {"no number"}
    assert done.counters["written"] == 2_500
    assert done.counters["rejected"] == 5
    assert done.counters["requests"] == 3


def test_functions_make_the_operation(elasticsearch_url: str, index_prefix: str) -> None:
    elements = [
        ("a", {"key": "1", "v": 7, "words": "first"}),
        ("b", {"key": "2", "v": 8, "words": "second"}),
    ]
    done = write(
        elements,
        WriteToElasticsearch(
            Connection(elasticsearch_url),
            index=lambda element: index_prefix + element[0],
            id=lambda element: element[1]["key"],
            document=lambda element: {"words": element[1]["words"]},
            routing=lambda element: element[0],
            version=lambda element: element[1]["v"],
        ),
    )
    assert {(r.index, r.id, r.version, r.result) for r in done.written} == {
        (f"{index_prefix}a", "1", 7, "created"),
        (f"{index_prefix}b", "2", 8, "created"),
    }
    found = request(elasticsearch_url, "GET", f"{index_prefix}b/_doc/2?routing=b")
    assert (found["_routing"], found["_source"]) == ("b", {"words": "second"})


def test_every_action(elasticsearch_url: str, index_prefix: str) -> None:
    index = f"{index_prefix}a"
    for identity in ("gone", "merged", "replaced"):
        request(elasticsearch_url, "PUT", f"{index}/_doc/{identity}", {"a": 1})
    done = write(
        [
            Operation("index", "replaced", {"b": 2}),
            Operation("create", "new", {"b": 2}),
            Operation("update", "merged", {"b": 2}),
            Operation("update", "made", {"b": 2}, doc_as_upsert=True),
            Operation("delete", "gone"),
            Operation("index", None, {"b": 3}),
            Operation("delete", "never there"),
            Operation("update", "never there either", {"b": 2}),
            Operation("create", "new elsewhere", {"b": 2}, index=f"{index_prefix}b"),
        ],
        WriteToElasticsearch(Connection(elasticsearch_url), index=index),
    )
    results = {r.id: r.result for r in done.written if r.element.id is not None}
    assert results == {
        "replaced": "updated",
        "new": "created",
        "merged": "updated",
        "made": "created",
        "gone": "deleted",
        "new elsewhere": "created",
    }
    assert reasons(done.failed) == {
        "never there": ("rejected", 404),
        "never there either": ("rejected", 404),
    }
    assert stored(elasticsearch_url, index, "replaced") == {"b": 2}
    assert stored(elasticsearch_url, index, "merged") == {"a": 1, "b": 2}
    assert stored(elasticsearch_url, index, "gone") is None
    (random,) = (r.id for r in done.written if r.element.id is None)
    assert stored(elasticsearch_url, index, random) == {"b": 3}


def test_updates_of_one_document_by_several_writers_are_no_conflicts(
    elasticsearch_url: str, index_prefix: str
) -> None:
    index = f"{index_prefix}a"
    request(elasticsearch_url, "PUT", f"{index}/_doc/shared", {"a": 1})

    def update(writer: int) -> Written:
        # Writers do not wait for one another; a request each, so that they meet often.
        fields = [{f"of_{writer}_{n}": n} for n in range(60)]
        return write(
            [Operation("update", "shared", part) for part in fields],
            WriteToElasticsearch(Connection(elasticsearch_url), index=index, max_batch_documents=1),
        )

    with ThreadPoolExecutor(4) as writers:
        done = list(writers.map(update, range(4)))
    assert [failed for one in done for failed in one.failed] == []
    assert len(stored(elasticsearch_url, index, "shared")) == 241


@pytest.mark.parametrize("asked", [True, False])
def test_a_conflict_tells_on_request_what_stands_there(
    elasticsearch_url: str, index_prefix: str, asked: bool
) -> None:
    index = f"{index_prefix}a"
    request(elasticsearch_url, "PUT", f"{index}/_doc/1", {"by": "another"})
    done = write(
        [Operation("create", "1", {"by": "us"}), Operation("create", "2", {"by": "us"})],
        WriteToElasticsearch(Connection(elasticsearch_url), index=index, read_conflicts=asked),
    )
    assert [receipt.id for receipt in done.written] == ["2"]
    (failed,) = done.failed
    assert (failed.outcome, failed.status, failed.attempts) == ("conflict", 409, 1)
    if not asked:
        assert failed.standing is None
        return
    assert failed.standing is not None
    assert failed.standing.source == {"by": "another"}
    again = write(
        [
            Operation(
                "index",
                "1",
                {"by": "both"},
                if_seq_no=failed.standing.seq_no,
                if_primary_term=failed.standing.primary_term,
            )
        ],
        WriteToElasticsearch(Connection(elasticsearch_url), index=index),
    )
    assert [receipt.result for receipt in again.written] == ["updated"]
    assert stored(elasticsearch_url, index, "1") == {"by": "both"}


def test_outputs_keep_the_windows_and_timestamps_of_their_elements(
    elasticsearch_url: str, index_prefix: str
) -> None:
    done = write(
        list(range(40)),
        WriteToElasticsearch(
            Connection(elasticsearch_url),
            index=f"{index_prefix}a",
            id=lambda n: str(n) if n % 4 else "x" * 513 + str(n),
            document=lambda n: {"n": n},
            # Results of a batch come out while another element is being processed.
            max_batch_documents=3,
        ),
        beam.Map(lambda n: TimestampedValue(n, n)),
        beam.WindowInto(FixedWindows(10)),
    )
    assert len(done.written) == 30
    assert len(done.failed) == 10
    assert len(done.places) == 40
    for identity, timestamp, window in done.places:
        number = int(identity.removeprefix("x" * 513))
        assert timestamp == number
        assert window == FixedWindows(10).assign(FixedWindows.AssignContext(number))[0]


def test_a_missing_alias_is_not_made_an_index(elasticsearch_url: str, index_prefix: str) -> None:
    done = write(
        [{"n": 1}],
        WriteToElasticsearch(
            Connection(elasticsearch_url), index=f"{index_prefix}typo", require_alias=True
        ),
    )
    assert [(item.outcome, item.status) for item in done.failed] == [("rejected", 404)]
    assert request(elasticsearch_url, "GET", f"{index_prefix}typo") is None


def test_an_element_of_the_wrong_kind_fails_alone(
    elasticsearch_url: str, index_prefix: str
) -> None:
    done = write(
        ["just text", {"n": 1}, Operation("update", None, {"n": 1})],
        WriteToElasticsearch(Connection(elasticsearch_url), index=f"{index_prefix}a"),
    )
    assert len(done.written) == 1
    assert sorted(item.reason for item in done.failed) == [
        "index needs a mapping as its document, not str; WriteToElasticsearch(document=…) makes "
        "one, json.loads for JSON text",
        "update needs the id of a document",
    ]


def test_no_secret_is_in_the_graph_or_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ES_PASSWORD", "hush-hush")
    connection = Connection("https://es.example.org", user="writer", password="env:ES_PASSWORD")
    transform = WriteToElasticsearch(connection, index="a")
    pipeline = beam.Pipeline("FnApiRunner")
    pipeline | beam.Create([{"n": 1}]) | transform
    assert b"hush-hush" not in pipeline.to_runner_api().SerializeToString()
    transform._do_fn._sender = object()  # type: ignore[assignment]
    copy = pickle.loads(pickle.dumps(transform._do_fn))
    assert copy._sender is None
    assert copy._connection == connection
    shown = {item.key: item.value for item in DisplayData.create_from(transform).items}
    assert shown["address"] == "https://es.example.org"
    assert shown["index"] == "a"
    assert "hush-hush" not in str(shown)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"action": "upsert"}, "no action 'upsert'"),
        ({"max_batch_documents": 0}, "max_batch_documents"),
        ({"max_in_flight": 0}, "max_in_flight"),
        ({"max_batch_seconds": 0}, "max_batch_seconds"),
        ({"on_failure": "ignore"}, "on_failure"),
        ({"id": "isbn"}, "id must be a function of the element"),
        ({"document": "text"}, "document must be a function"),
        ({"routing": "tenant"}, "routing must be a function"),
        ({"version": 5}, "version must be a function"),
        ({"version_type": "internal"}, "external, external_gte"),
        ({"refresh": True}, "refresh is one of"),
        ({"index": ["a", "b"]}, "index must be a name"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_arguments_out_of_range_are_refused_at_once(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        WriteToElasticsearch(Connection("http://127.0.0.1"), **{"index": "a", **arguments})
