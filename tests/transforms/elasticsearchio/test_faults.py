"""The sink against a server that is overloaded, blocked, killed: counts that come out exactly."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
import pytest

import transforms.elasticsearchio
from tests.servers.elasticsearch_indices import request
from tests.servers.elasticsearch_server import Server, open_server
from tests.transforms.elasticsearchio.running import count, write
from transforms.elasticsearchio import Connection, RetryPolicy, WriteToElasticsearch

PATIENT = RetryPolicy(max_attempts=60, max_seconds=100, first_delay=0.1, max_delay=1.0)


def numbered(count_: int) -> list[dict[str, int]]:
    return [{"n": n} for n in range(count_)]


def identity(document: dict[str, Any]) -> str:
    return str(document["n"])


@pytest.fixture(scope="module")
def tiny_server() -> Iterator[Server]:
    """Gives a server that takes one write at a time, one more waiting, and bodies up to 1 MB."""
    server = open_server(
        settings={
            "thread_pool.write.size": "1",
            "thread_pool.write.queue_size": "1",
            "http.max_content_length": "1mb",
        }
    )
    yield server
    server.close()


@pytest.mark.elasticsearch
def test_rejections_under_overload_cost_nothing(tiny_server: Server) -> None:
    sink = WriteToElasticsearch(
        Connection(tiny_server.url),
        index="overload",
        id=identity,
        max_batch_documents=20,
        max_in_flight=12,
        retries=PATIENT,
    )
    done = write(numbered(3_000), sink)
    assert (len(done.written), done.failed) == (3_000, [])
    assert count(tiny_server.url, "overload") == 3_000


@pytest.mark.elasticsearch
def test_bodies_stay_under_the_servers_limit_and_a_giant_fails_alone(tiny_server: Server) -> None:
    documents = [{"n": n, "text": "x" * 50_000} for n in range(60)]
    documents.insert(30, {"n": 999, "text": "x" * 2_000_000})
    sink = WriteToElasticsearch(
        Connection(tiny_server.url), index="bodies", id=identity, retries=PATIENT
    )
    done = write(documents, sink)
    assert [(failed.id, failed.outcome) for failed in done.failed] == [("999", "rejected")]
    assert "http.max_content_length" in done.failed[0].reason
    assert count(tiny_server.url, "bodies") == len(done.written) == 60


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
    done = write(numbered(20_000), sink)
    killer.join()
    assert written_some.is_set()
    assert (len(done.written), done.failed) == (20_000, [])
    assert count(elasticsearch_server.url, index) == 20_000


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
