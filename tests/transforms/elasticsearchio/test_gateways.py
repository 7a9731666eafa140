"""The sink behind a gateway that refuses, breaks off, loses answers: nothing lost, none twice."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.runners.direct.direct_runner import BundleBasedDirectRunner

from tests.servers.elasticsearch_indices import request
from tests.transforms.elasticsearchio.proxy import Fault, Gateway
from tests.transforms.elasticsearchio.running import count, read, reasons, stored, write
from transforms.elasticsearchio import (
    Connection,
    Operation,
    ReadFromElasticsearch,
    RetryPolicy,
    WriteToElasticsearch,
)

QUICK = RetryPolicy(max_attempts=30, first_delay=0.01, max_delay=0.05, block_delay=0.05)


def first_answer_lost(number: int, body: bytes) -> Fault:
    return "cut after" if number == 1 else None


def first_request_lost(number: int, body: bytes) -> Fault:
    return "cut before" if number == 1 else None


def replacing(number: int) -> dict[str, Any]:
    """What a compare-and-set of the n-th of 40 documents must present, on one fresh shard."""
    return {"if_seq_no": number, "if_primary_term": 1}


OPERATIONS = {
    "index": lambda n: Operation("index", str(n), {"n": n}),
    "create": lambda n: Operation("create", str(n), {"n": n}),
    "index with a version": lambda n: Operation("index", str(n), {"n": n}, version=5),
    "compare-and-set": lambda n: Operation("index", str(n), {"n": n}, **replacing(n)),
    "update": lambda n: Operation("update", str(n), {"n": n}, **replacing(n)),
    "delete": lambda n: Operation("delete", str(n)),
    "delete with a version": lambda n: Operation("delete", str(n), version=5),
}
NEEDS_DOCUMENTS = {"compare-and-set", "update", "delete", "delete with a version"}


@pytest.mark.parametrize("kind", OPERATIONS)
def test_a_lost_answer_is_no_conflict_with_oneself(
    elasticsearch_url: str, index_prefix: str, kind: str
) -> None:
    index = f"{index_prefix}a"
    settings = {"number_of_shards": 1, "number_of_replicas": 0}
    request(elasticsearch_url, "PUT", index, {"settings": settings})
    if kind in NEEDS_DOCUMENTS:
        direct = WriteToElasticsearch(Connection(elasticsearch_url), index=index)
        before = [Operation("create", str(n), {"old": True}) for n in range(40)]
        assert len(write(before, direct).written) == 40
    with Gateway(elasticsearch_url, first_answer_lost) as gateway:
        sink = WriteToElasticsearch(Connection(gateway.url), index=index, retries=QUICK)
        done = write([OPERATIONS[kind](n) for n in range(40)], sink)
    assert (len(done.written), done.failed) == (40, [])
    assert {receipt.attempts for receipt in done.written} == {2}
    assert len({receipt.id for receipt in done.written}) == 40
    assert count(elasticsearch_url, index) == (0 if kind.startswith("delete") else 40)
    found = stored(elasticsearch_url, index, "7")
    assert found == (None if kind.startswith("delete") else {"n": 7, **old_part(kind)})


def old_part(kind: str) -> dict[str, bool]:
    return {"old": True} if kind == "update" else {}


@pytest.mark.parametrize("fault", [first_answer_lost, first_request_lost])
def test_a_lost_answer_hides_no_conflict_with_another(
    elasticsearch_url: str, index_prefix: str, fault: Any
) -> None:
    index = f"{index_prefix}a"
    for number in (3, 5):
        request(elasticsearch_url, "PUT", f"{index}/_doc/{number}", {"by": "another"})
    with Gateway(elasticsearch_url, fault) as gateway:
        sink = WriteToElasticsearch(Connection(gateway.url), index=index, retries=QUICK)
        done = write([Operation("create", str(n), {"by": "us"}) for n in range(10)], sink)
    assert sorted(int(receipt.id) for receipt in done.written) == [0, 1, 2, 4, 6, 7, 8, 9]
    assert reasons(done.failed) == {"3": ("conflict", 409), "5": ("conflict", 409)}
    assert stored(elasticsearch_url, index, "3") == {"by": "another"}


@pytest.mark.parametrize("kind", ["create", "create without an id", "delete"])
def test_a_lost_answer_is_no_conflict_behind_an_alias_of_several_indices(
    elasticsearch_url: str, index_prefix: str, kind: str
) -> None:
    alias, first = f"{index_prefix}alias", f"{index_prefix}alias-000001"
    body = {"aliases": {alias: {"is_write_index": True}}}
    request(elasticsearch_url, "PUT", first, body)
    request(elasticsearch_url, "POST", f"{alias}/_rollover")
    second = f"{index_prefix}alias-000002"
    operations = [Operation("create", str(n), {"n": n}) for n in range(20)]
    if kind == "delete":
        direct = WriteToElasticsearch(Connection(elasticsearch_url), index=alias)
        assert len(write(operations, direct).written) == 20
        operations = [Operation("delete", str(n)) for n in range(20)]
    elif kind == "create without an id":
        operations = [Operation("create", None, {"n": n}) for n in range(20)]
    with Gateway(elasticsearch_url, first_answer_lost) as gateway:
        sink = WriteToElasticsearch(Connection(gateway.url), index=alias, retries=QUICK)
        done = write(operations, sink)
    assert (len(done.written), done.failed) == (20, [])
    assert {(receipt.index, receipt.attempts) for receipt in done.written} == {(second, 2)}
    assert count(elasticsearch_url, second) == (0 if kind == "delete" else 20)


def test_documents_without_an_id_are_written_once_though_answers_are_lost(
    elasticsearch_url: str, index_prefix: str
) -> None:
    def fault(number: int, body: bytes) -> Fault:
        return (None, "cut after", 504, "cut before")[number % 4]

    index = f"{index_prefix}a"
    with Gateway(elasticsearch_url, fault) as gateway:
        sink = WriteToElasticsearch(
            Connection(gateway.url), index=index, retries=QUICK, max_batch_documents=25
        )
        done = write([{"n": n} for n in range(500)], sink)
    assert (len(done.written), done.failed) == (500, [])
    assert sorted(receipt.element["n"] for receipt in done.written) == list(range(500))
    assert count(elasticsearch_url, index) == 500


def test_what_a_gateway_refuses_fails_alone_and_its_troubles_pass(
    elasticsearch_url: str, index_prefix: str
) -> None:
    def fault(number: int, body: bytes) -> Fault:
        if number % 5 == 1:
            return (502, 503, 504)[number // 5 % 3]
        if len(body) > 20_000:
            return 413
        return 403 if b"<script>" in body else None

    documents: list[dict[str, Any]] = [{"n": n, "text": "plain"} for n in range(400)]
    for n in (17, 18, 333):
        documents[n]["text"] = "<script>"
    documents[200]["text"] = "x" * 25_000
    index = f"{index_prefix}a"
    with Gateway(elasticsearch_url, fault) as gateway:
        sink = WriteToElasticsearch(
            Connection(gateway.url), index=index, id=lambda d: str(d["n"]), retries=QUICK
        )
        done = write(documents, sink)
    assert reasons(done.failed) == {
        "17": ("rejected", 403),
        "18": ("rejected", 403),
        "333": ("rejected", 403),
        "200": ("rejected", 413),
    }
    assert len(done.written) == count(elasticsearch_url, index) == 396
    # Nothing that was written was sent to be written again.
    assert {receipt.version for receipt in done.written} == {1}
    assert done.counters["splits"] > 4


def test_a_page_in_the_place_of_an_answer_is_no_answer(
    elasticsearch_url: str, index_prefix: str
) -> None:
    index = f"{index_prefix}a"
    with Gateway(elasticsearch_url, lambda number, body: 200 if number == 1 else None) as gateway:
        sink = WriteToElasticsearch(Connection(gateway.url), index=index, retries=QUICK)
        done = write([{"n": n} for n in range(3)], sink)
    assert ([receipt.attempts for receipt in done.written], done.failed) == ([2, 2, 2], [])
    request(elasticsearch_url, "POST", f"{index}/_refresh")
    with Gateway(
        elasticsearch_url, lambda number, body: 200 if number == 1 else None, faulty="_search"
    ) as gateway:
        source = ReadFromElasticsearch(Connection(gateway.url), index=index, retries=QUICK)
        assert len(read(source)) == 3


class Other(BaseHTTPRequestHandler):
    """What is no Elasticsearch 9: one of version 8, by its headers, or something else."""

    status, body = 200, b"{}"

    def do_any(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    do_GET = do_POST = do_PUT = do_any  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


class Version8(Other):
    status = 400
    body = b'{"error": {"type": "media_type_header_exception", "reason": "found 9"}}'


@pytest.mark.parametrize(
    ("kind", "words"),
    [(Other, "no Elasticsearch answers there"), (Version8, "no Elasticsearch 9")],
    ids=["another product", "version 8"],
)
def test_a_server_of_another_kind_spoils_no_document(kind: type[Other], words: str) -> None:
    server = HTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    connection = Connection(f"http://127.0.0.1:{server.server_port}")
    done = write([{"n": n} for n in range(8)], WriteToElasticsearch(connection, index="a"))
    assert {(failed.outcome, failed.attempts) for failed in done.failed} == {("transient", 1)}
    assert len(done.failed) == 8
    assert words in done.failed[0].reason
    assert done.counters["requests"] == 1
    with pytest.raises(Exception, match=words):
        read(ReadFromElasticsearch(connection, index="a"))
    server.shutdown()
    server.server_close()


def test_an_id_that_only_the_server_finds_too_long_fails_alone(
    elasticsearch_url: str, index_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transforms.elasticsearch_protocol.ids.MAX_ID_BYTES", 10_000)
    index = f"{index_prefix}a"
    ids = [str(n) for n in range(60)]
    ids[33] = "x" * 513
    sink = WriteToElasticsearch(
        Connection(elasticsearch_url), index=index, id=str, document=lambda key: {"key": key}
    )
    done = write(ids, sink)
    assert reasons(done.failed) == {"x" * 513: ("rejected", 400)}
    assert len(done.written) == count(elasticsearch_url, index) == 59


@pytest.mark.parametrize("block", ["write", "read_only", "read_only_allow_delete"])
def test_a_block_that_is_lifted_costs_nothing(
    elasticsearch_url: str,
    index_prefix: str,
    block: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    index = f"{index_prefix}a"

    def set_block(on: bool) -> None:
        body = {f"index.blocks.{block}": on}
        request(elasticsearch_url, "PUT", f"{index}/_settings", body)

    def fault(number: int, body: bytes) -> Fault:
        # Set in mid-write, lifted while the sink waits.
        if number in (2, 5):
            set_block(number == 2)
        return None

    request(elasticsearch_url, "PUT", index)
    with Gateway(elasticsearch_url, fault) as gateway:
        sink = WriteToElasticsearch(
            Connection(gateway.url),
            index=index,
            id=lambda document: str(document["n"]),
            max_batch_documents=10,
            max_in_flight=1,
            retries=QUICK,
        )
        done = write([{"n": n} for n in range(50)], sink)
    assert (len(done.written), done.failed) == (50, [])
    assert count(elasticsearch_url, index) == 50
    assert done.counters["blocked"] == 3
    assert done.counters["throttled"] == 0
    assert "writing is blocked" in caplog.text


def busy_at_first(number: int, body: bytes) -> Fault:
    return 503 if number <= 2 else None


def test_a_bundle_that_fails_by_choice_is_run_again_by_the_runner(
    elasticsearch_url: str, index_prefix: str
) -> None:
    index = f"{index_prefix}a"
    with Gateway(elasticsearch_url, busy_at_first) as gateway:
        sink = WriteToElasticsearch(
            Connection(gateway.url),
            index=index,
            id=lambda document: str(document["n"]),
            retries=RetryPolicy(max_attempts=1),
            on_failure="fail_bundle",
        )
        # Tries a bundle up to four times, as other runners do; the FnApi runner tries it once.
        with beam.Pipeline(BundleBasedDirectRunner()) as pipeline:
            pipeline | beam.Create([[{"n": n} for n in range(30)]]) | beam.FlatMap(list) | sink
        assert len(gateway.bulk_sizes) == 3
    assert count(elasticsearch_url, index) == 30


@pytest.mark.parametrize("choice", ["output", "fail_bundle"])
def test_what_stays_unwritten_is_given_out_or_fails_the_bundle(
    elasticsearch_url: str, index_prefix: str, choice: Any
) -> None:
    with Gateway(elasticsearch_url, lambda number, body: 503) as gateway:
        sink = WriteToElasticsearch(
            Connection(gateway.url),
            index=f"{index_prefix}a",
            id=lambda document: str(document["n"]),
            retries=RetryPolicy(max_attempts=2, first_delay=0.01),
            on_failure=choice,
        )
        if choice == "fail_bundle":
            with pytest.raises(Exception, match="in 2 tries"):
                write([{"n": 1}, {"n": 2}], sink)
            return
        done = write([{"n": 1}, {"n": 2}], sink)
    assert reasons(done.failed) == {"1": ("transient", 503), "2": ("transient", 503)}


class _Trickle(beam.DoFn):
    """A stream's bundle that stays open: its second element comes when the first one is written."""

    def __init__(self, url: str, index: str) -> None:
        self._url, self._index = url, index

    def process(self, element: int) -> Any:
        yield {"n": 1}
        for _ in range(2_000):
            if stored(self._url, self._index, "1") is not None:
                yield {"n": 2}
                return


def test_a_bundle_that_stays_open_sends_by_time(elasticsearch_url: str, index_prefix: str) -> None:
    index = f"{index_prefix}a"
    request(elasticsearch_url, "PUT", index)
    sink = WriteToElasticsearch(
        Connection(elasticsearch_url),
        index=index,
        id=lambda document: str(document["n"]),
        max_batch_seconds=0.1,
    )
    done = write([0], sink, beam.ParDo(_Trickle(elasticsearch_url, index)))
    assert sorted(receipt.id for receipt in done.written) == ["1", "2"]
    assert done.counters["requests"] == 2
    assert count(elasticsearch_url, index) == 2
