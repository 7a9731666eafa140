"""Searches the articles."""

from collections.abc import Mapping
from typing import Any

from schemas.article import Article
from schemas.errors import ConfigError, TransientError
from transforms.storage.article_index import Hit, SearchRequest, SearchResult
from transforms.storage.elasticsearch.client import Client
from transforms.storage.elasticsearch.facets import (
    VALUES_PER_SHARD,
    facet_aggregations,
    read_facets,
)
from transforms.storage.elasticsearch.search_query import search_query, search_sort
from transforms.storage.highlight import highlights
from transforms.storage.query import Query

# The index's own limit (`index.max_result_window`): deeper pages cost all nodes memory.
MAX_RESULT_WINDOW = 10_000


def search_articles(
    client: Client, alias: str, request: SearchRequest, *, by_language: bool
) -> SearchResult:
    """Searches what has been refreshed.

    Args:
        client: Where to search.
        alias: Of the articles.
        request: What is searched for.
        by_language: Words are looked for in the fields by language too.

    Raises:
        ConfigError: The page lies beyond MAX_RESULT_WINDOW.
    """
    if request.offset + request.size > MAX_RESULT_WINDOW:
        raise ConfigError(
            f"a page must end within the first {MAX_RESULT_WINDOW} hits, not at "
            f"{request.offset + request.size}: narrow the search by time or a filter"
        )
    query = search_query(request, by_language=by_language)
    with client.translated(f"searching {alias}"):
        answer = client.api.search(
            index=alias,
            query=query,
            sort=search_sort(request),
            from_=request.offset,
            size=request.size,
            track_total_hits=True,
            # Scores count words over all shards, not within each: one order for all hits.
            search_type="dfs_query_then_fetch",
            aggs=facet_aggregations(request.facets, request.facet_size, VALUES_PER_SHARD) or None,
        )
    _raise_on_failed_shards(answer.body, client.url)
    hits = [_hit(hit, request) for hit in answer["hits"]["hits"]]
    facets = read_facets(client, alias, query, answer.get("aggregations", {}), request.facet_size)
    return SearchResult(answer["hits"]["total"]["value"], hits, facets)


def _hit(hit: Mapping[str, Any], request: SearchRequest) -> Hit:
    article = Article.from_document(hit["_id"], hit["_source"])
    marked = highlights(article, request.query) if isinstance(request.query, Query) else {}
    return Hit(article=article, score=hit["_score"] or 0.0, highlights=marked)


def _raise_on_failed_shards(answer: Mapping[str, Any], url: str) -> None:
    """Hits of some shards only are no answer: totals and facets would be wrong."""
    failed = answer["_shards"]["failed"]
    if failed or answer.get("timed_out"):
        raise TransientError(f"Elasticsearch at {url}: {failed} shards did not answer the search")
