"""Exact facet counts, whatever the number of shards."""

from collections.abc import Mapping
from typing import Any

from transforms.storage.elasticsearch.client import Client

# Values that each shard gives at first. Where a field has more, the sum over shards may be wrong
# (Elasticsearch says so), and all values are counted page by page.
VALUES_PER_SHARD = 5_000
VALUES_PER_PAGE = 10_000


def facet_aggregations(paths: tuple[str, ...], size: int, per_shard: int) -> dict[str, Any]:
    """Gives the aggregations that count the values of `paths`, to be sent with the search."""
    return {
        path: {
            "terms": {
                "field": path,
                "size": size,
                "shard_size": max(size, per_shard),
                # An empty text is no value.
                "exclude": [""],
                "order": [{"_count": "desc"}, {"_key": "asc"}],
            }
        }
        for path in paths
    }


def read_facets(
    client: Client,
    index: str,
    query: Mapping[str, Any],
    aggregations: Mapping[str, Any],
    size: int,
) -> dict[str, list[tuple[str, int]]]:
    """Reads the counts, and counts again what the answer says may be inexact.

    Returns:
        For each field its values, most frequent first, equally frequent ones by code point.
    """
    facets = {}
    for path, aggregation in aggregations.items():
        if aggregation["doc_count_error_upper_bound"] == 0:
            counts = {bucket["key"]: bucket["doc_count"] for bucket in aggregation["buckets"]}
        else:
            counts = count_all_values(client, index, query, path)
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        facets[path] = ordered[:size]
    return facets


def count_all_values(
    client: Client, index: str, query: Mapping[str, Any], path: str
) -> dict[str, int]:
    """Counts every value of a field, page by page."""
    counts: dict[str, int] = {}
    composite: dict[str, Any] = {
        "size": VALUES_PER_PAGE,
        "sources": [{"value": {"terms": {"field": path}}}],
    }
    while True:
        with client.translated(f"counting the values of {path}"):
            answer = client.api.search(
                index=index,
                query=query,
                size=0,
                track_total_hits=False,
                aggs={"values": {"composite": composite}},
            )
        page = answer["aggregations"]["values"]
        for bucket in page["buckets"]:
            if bucket["key"]["value"]:
                counts[bucket["key"]["value"]] = bucket["doc_count"]
        if "after_key" not in page:
            return counts
        composite["after"] = page["after_key"]
