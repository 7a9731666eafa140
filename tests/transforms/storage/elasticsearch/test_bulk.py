from typing import Any

import pytest

from schemas.config import IndexConfig
from tests.servers.elasticsearch_indices import request
from tests.servers.elasticsearch_server import Server
from transforms.storage.elasticsearch import bulk
from transforms.storage.elasticsearch.bulk import Operation, item_result, lone_surrogate, write_bulk
from transforms.storage.elasticsearch.client import Client


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        ({"status": 201}, "written"),
        ({"status": 409, "error": {"type": "version_conflict_engine_exception"}}, "conflict"),
        ({"status": 429, "error": {"type": "es_rejected_execution_exception"}}, "transient"),
        ({"status": 429, "error": {"type": "cluster_block_exception"}}, "transient"),
        ({"status": 403, "error": {"type": "cluster_block_exception"}}, "transient"),
        ({"status": 403, "error": {"type": "security_exception"}}, "transient"),
        ({"status": 404, "error": {"type": "index_not_found_exception"}}, "transient"),
        ({"status": 503, "error": {"type": "unavailable_shards_exception"}}, "transient"),
        ({"status": 400, "error": {"type": "document_parsing_exception"}}, "rejected"),
    ],
    ids=lambda value: str(value.get("error", {}).get("type")) if isinstance(value, dict) else value,
)
def test_item_result(item: dict[str, Any], kind: str) -> None:
    assert item_result(item).kind == kind


def test_a_block_is_called_one() -> None:
    error = {"type": "cluster_block_exception", "reason": "disk usage exceeded flood-stage"}
    assert item_result({"status": 429, "error": error}).reason.startswith("writing is blocked")


def test_lone_surrogates_are_found_where_they_are() -> None:
    assert "news.body" in lone_surrogate({"news": {"body": "a\ud800"}})
    assert lone_surrogate({"news": {"body": ["日本", "\U0001f600"]}}) == ""


@pytest.fixture
def client(elasticsearch_url: str) -> Any:
    opened = Client(IndexConfig(url=elasticsearch_url))
    yield opened
    opened.close()


def test_a_request_refused_as_a_whole_is_halved_until_the_guilty_stands_alone(
    client: Client, index_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Lets an id through that Elasticsearch answers with status 400 for the whole request.
    monkeypatch.setattr("transforms.elasticsearch_protocol.ids.MAX_ID_BYTES", 10_000)
    ids = ["a", "b", "c" * 600, "d", "e"]
    operations = [Operation("create", id_, {"n": 1}) for id_ in ids]
    results = write_bulk(client, f"{index_prefix}a", operations)
    assert [result.kind for result in results] == [
        "written",
        "written",
        "rejected",
        "written",
        "written",
    ]
    assert "refused with status 400" in results[2].reason


def test_bodies_too_large_are_halved_and_the_largest_is_rejected(
    elasticsearch_server: Server, index_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MAX_REQUEST_BYTES", 10**9)
    request(
        elasticsearch_server.url,
        "PUT",
        f"{index_prefix}a",
        {"mappings": {"dynamic": False}},
    )
    client = Client(IndexConfig(url=elasticsearch_server.url))
    sizes = [8_000_000, 8_000_000, 21_000_000, 8_000_000, 10]
    operations = [
        Operation("create", str(number), {"text": "x" * size}) for number, size in enumerate(sizes)
    ]
    results = write_bulk(client, f"{index_prefix}a", operations)
    client.close()
    kinds = [result.kind for result in results]
    assert kinds == ["written", "written", "rejected", "written", "written"]
    assert "413" in results[2].reason


def test_many_operations_are_sent_in_chunks_and_answered_in_order(
    client: Client, index_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MAX_REQUEST_BYTES", 2_000)
    monkeypatch.setattr(bulk, "MAX_REQUEST_OPERATIONS", 7)
    ids = [str(number % 20) for number in range(25)]
    operations = [Operation("create", id_, {"text": "x" * (int(id_) * 100)}) for id_ in ids]
    results = write_bulk(client, f"{index_prefix}a", operations)
    assert [result.kind for result in results] == ["written"] * 20 + ["conflict"] * 5


def test_a_server_killed_makes_all_transient(
    elasticsearch_server: Server, index_prefix: str
) -> None:
    client = Client(IndexConfig(url=elasticsearch_server.url))
    operation = Operation("create", "1", {"n": 1})
    assert write_bulk(client, f"{index_prefix}a", [operation])[0].kind == "written"
    elasticsearch_server.kill()
    results = write_bulk(client, f"{index_prefix}a", [operation, Operation("create", "", {})])
    assert [result.kind for result in results] == ["transient", "rejected"]
    assert "cannot be reached" in results[0].reason
    elasticsearch_server.start()
    assert write_bulk(client, f"{index_prefix}a", [operation])[0].kind == "conflict"
    client.close()
