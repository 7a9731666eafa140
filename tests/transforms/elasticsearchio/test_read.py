"""ReadFromElasticsearch against a real server."""

from typing import Any

import pytest

from tests.servers.elasticsearch_indices import request
from tests.transforms.elasticsearchio.running import read, write
from transforms.elasticsearchio import (
    Connection,
    ReadFromElasticsearch,
    RetryPolicy,
    WriteToElasticsearch,
)


@pytest.fixture
def index(elasticsearch_url: str, index_prefix: str) -> str:
    """Gives an index of three shards with 250 documents."""
    name = f"{index_prefix}read"
    settings = {"settings": {"number_of_shards": 3, "number_of_replicas": 0}}
    request(elasticsearch_url, "PUT", name, settings)
    documents = [{"n": n, "parity": "odd" if n % 2 else "even"} for n in range(250)]
    sink = WriteToElasticsearch(
        Connection(elasticsearch_url),
        index=name,
        id=lambda document: str(document["n"]),
        refresh="true",
    )
    assert len(write(documents, sink).written) == 250
    return name


@pytest.mark.parametrize("options", [{}, {"slices": 1}, {"slices": 7, "page_documents": 10}])
def test_every_document_comes_exactly_once(
    elasticsearch_url: str, index: str, options: dict[str, Any]
) -> None:
    hits = read(ReadFromElasticsearch(Connection(elasticsearch_url), index=index, **options))
    assert sorted(int(hit.id) for hit in hits) == list(range(250))
    assert all(hit.source["n"] == int(hit.id) for hit in hits)
    assert {hit.index for hit in hits} == {index}


def test_a_query_and_a_choice_of_fields(elasticsearch_url: str, index: str) -> None:
    hits = read(
        ReadFromElasticsearch(
            Connection(elasticsearch_url),
            index=index,
            query={"range": {"n": {"gte": 10, "lt": 20}}},
            source=["n"],
        )
    )
    assert sorted(hit.source["n"] for hit in hits) == list(range(10, 20))
    assert all(set(hit.source) == {"n"} for hit in hits)


def test_one_field_may_be_named_alone(elasticsearch_url: str, index: str) -> None:
    query = {"term": {"n": 7}}
    source = ReadFromElasticsearch(
        Connection(elasticsearch_url), index=index, query=query, source="parity*"
    )
    assert [hit.source for hit in read(source)] == [{"parity": "odd"}]


def test_what_was_read_can_be_replaced_by_compare_and_set(
    elasticsearch_url: str, index: str
) -> None:
    from transforms.elasticsearchio import Operation

    query = {"term": {"n": 7}}
    (hit,) = read(ReadFromElasticsearch(Connection(elasticsearch_url), index=index, query=query))
    operation = Operation(
        "index",
        id=hit.id,
        index=index,
        document={**hit.source, "seen": True},
        if_seq_no=hit.seq_no,
        if_primary_term=hit.primary_term,
    )
    sink = WriteToElasticsearch(Connection(elasticsearch_url))
    assert [receipt.result for receipt in write([operation], sink).written] == ["updated"]
    assert [failed.outcome for failed in write([operation], sink).failed] == ["conflict"]


def test_an_index_that_is_not_there_is_named(elasticsearch_url: str, index_prefix: str) -> None:
    source = ReadFromElasticsearch(
        Connection(elasticsearch_url),
        index=f"{index_prefix}missing",
        retries=RetryPolicy(max_attempts=1),
    )
    with pytest.raises(Exception, match=f"{index_prefix}missing"):
        read(source)


def test_no_point_in_time_is_left_open(elasticsearch_url: str, index: str) -> None:
    read(ReadFromElasticsearch(Connection(elasticsearch_url), index=index))
    stats = request(elasticsearch_url, "GET", f"{index}/_stats/search")
    assert stats["indices"][index]["total"]["search"]["open_contexts"] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        {"slices": 0},
        {"page_documents": 0},
        {"query": {"query": {"match_all": {}}}},
        {"query": '{"match_all": {}}'},
    ],
    ids=str,
)
def test_arguments_out_of_range_are_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be"):
        ReadFromElasticsearch(Connection("http://127.0.0.1:9"), index="x", **arguments)
