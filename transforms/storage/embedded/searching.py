"""Carries a search request out on tantivy, in an order without ties, and reads the documents."""

from typing import TYPE_CHECKING

from transforms.storage.article_index import Hit, SearchRequest, SearchResult
from transforms.storage.embedded.database import Database
from transforms.storage.embedded.documents import read_documents
from transforms.storage.embedded.facets import count_values
from transforms.storage.embedded.query_builder import build_query
from transforms.storage.embedded.search_schema import ID, NEWEST
from transforms.storage.highlight import highlights
from transforms.storage.query import Query

if TYPE_CHECKING:
    import tantivy


def search(index: "tantivy.Index", database: Database, request: SearchRequest) -> SearchResult:
    """Answers a request from the index as last committed."""
    searcher = index.searcher()
    query = build_query(request)
    # The package's type hints forget the count.
    total = int(searcher.search(query, 1).count)  # type: ignore[attr-defined]
    wanted = min(request.offset + request.size, total)
    found = _ordered(searcher, query, request, wanted)[request.offset :] if request.size else []
    documents = read_documents(database, [article_id for article_id, _ in found])
    return SearchResult(
        total=total,
        hits=[
            Hit(
                article=documents[article_id].article,
                score=score,
                highlights=highlights(documents[article_id].article, request.query)
                if isinstance(request.query, Query)
                else {},
            )
            for article_id, score in found
            if article_id in documents
        ],
        facets={
            path: count_values(searcher, query, path, request.facet_size) for path in request.facets
        },
    )


def _ordered(
    searcher: "tantivy.Searcher", query: "tantivy.Query", request: SearchRequest, wanted: int
) -> list[tuple[str, float]]:
    """Gives ids and scores of the first `wanted` hits."""
    import tantivy

    if wanted <= 0:
        return []
    if request.by_score:
        return _by_score(searcher, query, wanted)
    result = searcher.search(
        query, wanted, count=False, order_by_field=NEWEST, order=tantivy.Order.Asc
    )
    return [(key.partition(" ")[2], 0.0) for key, _ in result.hits]


def _by_score(
    searcher: "tantivy.Searcher", query: "tantivy.Query", wanted: int
) -> list[tuple[str, float]]:
    """Looks further until the last score is below that of the last wanted hit."""
    limit = wanted + 10
    while True:
        hits = searcher.search(query, limit, count=False).hits
        if len(hits) < limit or hits[-1][0] < hits[wanted - 1][0]:
            break
        limit *= 2
    least = hits[wanted - 1][0]
    scored = [
        (str(searcher.doc(address).get_first(ID)), float(score))
        for score, address in hits
        if score >= least
    ]
    return sorted(scored, key=lambda hit: (-hit[1], hit[0]))[:wanted]
