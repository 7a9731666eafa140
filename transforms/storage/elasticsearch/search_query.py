"""Turns a search request into Elasticsearch's body: pure, no client needed."""

from typing import Any

from schemas.fields import fields_by_path
from transforms.storage.article_index import SearchRequest
from transforms.storage.elasticsearch.languages import STEMMED
from transforms.storage.query import SEARCHED_FIELDS, SEGMENTED_FIELD, Clause, Query
from transforms.storage.tokens import segmented, spellings, standard_tokens, without_segmented

# The document's id once more, as a field: Elasticsearch does not sort by `_id` unless a cluster
# setting allows it.
ID_FIELD = "event.id"

_BOOSTS = {"news.title": 3.0, "news.summary": 1.5}
_NOTHING: dict[str, Any] = {"match_none": {}}


def search_query(request: SearchRequest, *, by_language: bool = False) -> dict[str, Any]:
    """Gives the query: clauses score, filters and times do not.

    Args:
        request: What is searched for.
        by_language: Words are looked for in the fields by language too.
    """
    must: list[dict[str, Any]] = []
    must_not: list[dict[str, Any]] = []
    query = request.query
    if isinstance(query, Query):
        for clause in query.clauses:
            (must_not if clause.negated else must).append(clause_query(clause, by_language))
    if request.without:
        must_not.append({"ids": {"values": list(request.without)}})
    filters = _filters(request)
    if not must and not filters:
        filters.append({"match_all": {}})
    parts = {"must": must, "must_not": must_not, "filter": filters}
    return {"bool": {name: part for name, part in parts.items() if part}}


def clause_query(clause: Clause, by_language: bool = False) -> dict[str, Any]:
    """Gives the query of one clause, whether negated or not."""
    if clause.field is None:
        return _anywhere(clause.text, by_language)
    path, kind = clause.field.path, clause.field.index.kind
    if kind == "keyword":
        # A whole value is there or not: it says nothing of how well a text fits.
        return {"constant_score": {"filter": {"term": {path: clause.text}}, "boost": 0}}
    return _phrase(path, clause.text) if kind == "text" else _NOTHING


def _anywhere(text: str, by_language: bool) -> dict[str, Any]:
    """Looks for a text in any of SEARCHED_FIELDS.

    What is of a script written without spaces must stand in `news.segmented`, the rest as a
    phrase in one of the fields; or all of it in a field by language.
    """
    parts = []
    rest = without_segmented(text)
    if standard_tokens(rest):
        phrases = [_phrase(path, rest, _BOOSTS.get(path)) for path in SEARCHED_FIELDS]
        parts.append({"dis_max": {"queries": phrases, "tie_breaker": 0.1}})
    clusters = segmented(text)
    if clusters:
        parts.append(_phrase(SEGMENTED_FIELD, clusters))
    plain = parts[0] if len(parts) == 1 else {"bool": {"must": parts}} if parts else _NOTHING
    if not by_language or not parts:
        return plain
    # The word as it was typed ranks before its other forms.
    options = {"type": "phrase", "fields": [f"{STEMMED}.*"], "boost": 0.5}
    stemmed = _either([{"multi_match": {"query": way, **options}} for way in spellings(text)])
    return {"dis_max": {"queries": [plain, stemmed], "tie_breaker": 0.1}}


def _phrase(path: str, text: str, boost: float | None = None) -> dict[str, Any]:
    """Looks for words next to each other, with whichever apostrophe."""
    weight = {"boost": boost} if boost is not None else {}
    return _either([{"match_phrase": {path: {"query": way, **weight}}} for way in spellings(text)])


def _either(queries: list[dict[str, Any]]) -> dict[str, Any]:
    return queries[0] if len(queries) == 1 else {"dis_max": {"queries": queries}}


def _filters(request: SearchRequest) -> list[dict[str, Any]]:
    values: dict[str, list[str]] = {}
    for path, value in request.filters:
        values.setdefault(path, []).append(value)
    filters: list[dict[str, Any]] = []
    for path, alternatives in values.items():
        spec = fields_by_path().get(path)
        if spec is not None and spec.index.kind == "text":
            phrases = [_phrase(path, value) for value in alternatives]
            filters.append({"bool": {"should": phrases, "minimum_should_match": 1}})
        else:
            filters.append({"terms": {path: alternatives}})
    times: dict[str, str] = {}
    if request.since is not None:
        times["gte"] = request.since.isoformat()
    if request.until is not None:
        times["lt"] = request.until.isoformat()
    if times:
        filters.append({"range": {"@timestamp": times}})
    return filters


def search_sort(request: SearchRequest) -> list[dict[str, Any]]:
    """Gives an order without ties, so that pages neither overlap nor leave a gap."""
    first = {"_score": "desc"} if request.by_score else {"@timestamp": "desc"}
    return [first, {ID_FIELD: "asc"}]
