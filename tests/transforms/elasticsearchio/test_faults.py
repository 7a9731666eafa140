"""The sink against a server that is overloaded, blocked, killed: counts that come out exactly."""

import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
import pytest

import transforms.elasticsearchio
from tests.servers.elasticsearch_indices import request
from tests.servers.elasticsearch_server import Server, open_server
from tests.transforms.elasticsearchio.running import count, reasons, write
from transforms.elasticsearchio import Connection, RetryPolicy, WriteToElasticsearch

# A loaded machine takes a minute and more to start Elasticsearch again.
PATIENT = RetryPolicy(max_attempts=300, max_seconds=300, first_delay=0.1, max_delay=1.0)


def numbered(count_: int) -> list[dict[str, int]]:
    return [{"n": n} for n in range(count_)]


def identity(document: dict[str, Any]) -> str:
    return str(document["n"])


def count_by_id(url: str, index: str, numbers: Iterable[int]) -> int:
    """Counts in real time: a user without the right to refresh sees no more by searching."""
    body = {"ids": [str(number) for number in numbers]}
    found = request(url, "POST", f"{index}/_mget?_source=false", body)
    return sum(document["found"] for document in found["docs"])


@pytest.fixture(scope="module")
def tiny_server() -> Iterator[Server]:
    """Gives a server that takes one write at a time, one more waiting, and bodies up to 1 MB.

    Nobody logs in: everyone may read all, and write to what is called metricbeat-….
    """
    server = open_server(
        settings={
            "thread_pool.write.size": "1",
            "thread_pool.write.queue_size": "1",
            "http.max_content_length": "1mb",
            "xpack.security.enabled": "true",
            "xpack.security.authc.anonymous.roles": "remote_monitoring_agent,viewer",
        }
    )
    for name in ("overload", "bodies", "rights"):
        # Fields that come with the documents would need a right that these users do not have.
        request(server.url, "PUT", f"metricbeat-{name}", {"mappings": {"dynamic": False}})
    yield server
    server.close()


@pytest.mark.elasticsearch
def test_rejections_under_overload_cost_nothing(tiny_server: Server) -> None:
    sink = WriteToElasticsearch(
        Connection(tiny_server.url),
        index="metricbeat-overload",
        id=identity,
        max_batch_documents=20,
        max_in_flight=12,
        retries=PATIENT,
    )
    done = write(numbered(3_000), sink)
    assert (len(done.written), done.failed) == (3_000, [])
    assert done.counters["throttled"] > 0
    assert count_by_id(tiny_server.url, "metricbeat-overload", range(3_000)) == 3_000


@pytest.mark.elasticsearch
def test_bodies_stay_under_the_servers_limit_and_a_giant_fails_alone(tiny_server: Server) -> None:
    documents = [{"n": n, "text": "x" * 50_000} for n in range(60)]
    documents.insert(30, {"n": 999, "text": "x" * 2_000_000})
    sink = WriteToElasticsearch(
        Connection(tiny_server.url), index="metricbeat-bodies", id=identity, retries=PATIENT
    )
    done = write(documents, sink)
    assert [(failed.id, failed.outcome) for failed in done.failed] == [("999", "rejected")]
    assert "http.max_content_length" in done.failed[0].reason
    assert len(done.written) == 60
    assert count_by_id(tiny_server.url, "metricbeat-bodies", [*range(60), 999]) == 60


@pytest.mark.elasticsearch
def test_what_the_user_may_not_write_fails_alone(tiny_server: Server) -> None:
    sink = WriteToElasticsearch(
        Connection(tiny_server.url),
        index=lambda document: "forbidden" if document["n"] % 10 == 3 else "metricbeat-rights",
        id=identity,
        max_batch_documents=25,
        retries=PATIENT,
    )
    done = write(numbered(200), sink)
    assert len(done.written) == 180
    assert reasons(done.failed) == {str(n): ("rejected", 403) for n in range(3, 200, 10)}
    assert {failed.error_type for failed in done.failed} == {"security_exception"}
    assert {failed.attempts for failed in done.failed} == {1}
    assert count_by_id(tiny_server.url, "metricbeat-rights", range(200)) == 180


def test_a_server_killed_in_mid_bulk_and_restarted_has_all_of_it_once(
    elasticsearch_server: Server, index_prefix: str
) -> None:
    index = f"{index_prefix}a"
    written_some = threading.Event()

    def watch_and_kill() -> None:
        while count(elasticsearch_server.url, index) == 0:
            time.sleep(0.01)
        written_some.set()
        elasticsearch_server.kill()
        elasticsearch_server.start()

    request(elasticsearch_server.url, "PUT", index, {"settings": {"number_of_replicas": 0}})
    killer = threading.Thread(target=watch_and_kill)
    killer.start()
    sink = WriteToElasticsearch(
        Connection(elasticsearch_server.url),
        index=index,
        id=identity,
        max_batch_documents=10,
        max_in_flight=1,
        retries=PATIENT,
    )
    done = write(numbered(8_000), sink)
    killer.join()
    assert written_some.is_set()
    assert (len(done.written), done.failed) == (8_000, [])
    assert count(elasticsearch_server.url, index) == 8_000


def test_a_block_that_lasts_is_transient_and_says_so(
    elasticsearch_url: str, index_prefix: str
) -> None:
    index = f"{index_prefix}a"
    request(elasticsearch_url, "PUT", index, {"settings": {"index.blocks.write": True}})
    sink = WriteToElasticsearch(
        Connection(elasticsearch_url),
        index=index,
        id=identity,
        retries=RetryPolicy(max_attempts=2, block_delay=0.1),
    )
    done = write(numbered(3), sink)
    assert [failed.outcome for failed in done.failed] == ["transient"] * 3
    assert "cluster_block_exception" in {failed.error_type for failed in done.failed}
    request(elasticsearch_url, "PUT", f"{index}/_settings", {"index.blocks.write": False})
    assert len(write([failed.element for failed in done.failed], sink).written) == 3


def test_mapping_conflicts_in_the_middle_fail_alone(
    elasticsearch_url: str, index_prefix: str
) -> None:
    index = f"{index_prefix}a"
    request(elasticsearch_url, "PUT", index, {"mappings": {"properties": {"n": {"type": "long"}}}})
    documents = [{"n": n if n % 10 else f"no number {n}"} for n in range(100)]
    sink = WriteToElasticsearch(Connection(elasticsearch_url), index=index)
    done = write(documents, sink)
    assert (len(done.written), len(done.failed)) == (90, 10)
    assert {failed.error_type for failed in done.failed} == {"document_parsing_exception"}
    assert count(elasticsearch_url, index) == 90


def test_the_example_of_the_package_runs(elasticsearch_url: str, index_prefix: str) -> None:
    text = transforms.elasticsearchio.__doc__ or ""
    lines = [line[4:] for line in text.splitlines() if line.startswith("    ") or not line.strip()]
    example = "\n".join(lines)
    example = example.replace("http://127.0.0.1:9200", elasticsearch_url)
    example = example.replace('"books"', f'"{index_prefix}books"').replace(
        "beam.Pipeline()", 'beam.Pipeline("FnApiRunner")'
    )
    assert "WriteToElasticsearch(" in example
    exec(compile(example, "example", "exec"), {"beam": beam})
    assert count(elasticsearch_url, f"{index_prefix}books") >= 1
