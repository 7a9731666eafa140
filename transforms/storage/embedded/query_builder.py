"""Turns a search request into tantivy's query; what scores and what only chooses."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from schemas.fields import fields_by_path
from transforms.storage.article_index import SearchRequest
from transforms.storage.embedded.search_schema import (
    ID,
    TIMESTAMP,
    field_name,
    milliseconds,
    schema,
)
from transforms.storage.query import SEARCHED_FIELDS, SEGMENTED_FIELD, Clause, Query
from transforms.storage.tokens import segmented, spellings, standard_tokens, without_segmented

if TYPE_CHECKING:
    import tantivy

# The same as in the Elasticsearch backend, so that both order hits alike.
_BOOSTS = {"news.title": 3.0, "news.summary": 1.5}
_TIE_BREAKER = 0.1
_LAST = 2**62


def build_query(request: SearchRequest) -> "tantivy.Query":
    """Gives the query of a request: clauses, filters and times must all hold."""
    import tantivy

    must: list[tantivy.Query] = []
    must_not: list[tantivy.Query] = []
    if isinstance(request.query, Query):
        for clause in request.query.clauses:
            (must_not if clause.negated else must).append(_clause(clause))
    must += _filters(request)
    if request.without:
        must_not.append(_one_of(ID, request.without))
    parts = [(tantivy.Occur.Must, part) for part in must]
    if not must:
        # tantivy finds nothing where everything is only excluded.
        parts.append((tantivy.Occur.Must, _unscored(tantivy.Query.all_query())))
    parts += [(tantivy.Occur.MustNot, part) for part in must_not]
    return tantivy.Query.boolean_query(parts)


def _clause(clause: Clause) -> "tantivy.Query":
    import tantivy

    if clause.field is None:
        return _anywhere(clause.text)
    if clause.field.index.kind == "keyword":
        return _keyword(clause.field.path, clause.text)
    if clause.field.index.kind == "text":
        return _phrase(clause.field.path, clause.text)
    return tantivy.Query.empty_query()


def _anywhere(text: str) -> "tantivy.Query":
    """Looks for a text in any of SEARCHED_FIELDS.

    What is of a script written without spaces must stand in `news.segmented`, the rest as a
    phrase in one of the fields.
    """
    import tantivy

    parts = []
    rest = without_segmented(text)
    if standard_tokens(rest):
        phrases = [
            tantivy.Query.boost_query(_phrase(path, rest), _BOOSTS.get(path, 1.0))
            for path in SEARCHED_FIELDS
        ]
        parts.append(tantivy.Query.disjunction_max_query(phrases, _TIE_BREAKER))
    clusters = segmented(text)
    if clusters:
        parts.append(_phrase(SEGMENTED_FIELD, clusters))
    if not parts:
        return tantivy.Query.empty_query()
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])


def _phrase(path: str, text: str) -> "tantivy.Query":
    """Looks for words next to each other, with whichever apostrophe."""
    import tantivy

    either = [_tokens(path, standard_tokens(way)) for way in spellings(text)]
    return either[0] if len(either) == 1 else tantivy.Query.disjunction_max_query(either)


def _tokens(path: str, tokens: Sequence[str]) -> "tantivy.Query":
    import tantivy

    name = field_name(path)
    if not tokens:
        return tantivy.Query.empty_query()
    if len(tokens) == 1:
        return tantivy.Query.term_query(schema(), name, tokens[0], "freq")
    return tantivy.Query.phrase_query(schema(), name, list(tokens))


def _keyword(path: str, value: str) -> "tantivy.Query":
    import tantivy

    return _unscored(tantivy.Query.term_query(schema(), field_name(path), value, "basic"))


def _one_of(name: str, values: Sequence[str]) -> "tantivy.Query":
    import tantivy

    return _unscored(tantivy.Query.term_set_query(schema(), name, list(values)))


def _unscored(query: "tantivy.Query") -> "tantivy.Query":
    import tantivy

    return tantivy.Query.const_score_query(query, 0.0)


def _filters(request: SearchRequest) -> list["tantivy.Query"]:
    import tantivy

    values: dict[str, list[str]] = {}
    for path, value in request.filters:
        values.setdefault(path, []).append(value)
    filters: list[tantivy.Query] = []
    for path, alternatives in values.items():
        spec = fields_by_path().get(path)
        kind = spec.index.kind if spec is not None else "stored"
        if kind == "keyword":
            filters.append(_one_of(field_name(path), alternatives))
            continue
        phrases = alternatives if kind == "text" else []
        either = [_unscored(_phrase(path, value)) for value in phrases]
        filters.append(tantivy.Query.boolean_query([(tantivy.Occur.Should, q) for q in either]))
    if request.since is not None or request.until is not None:
        times = tantivy.Query.range_query(
            schema(),
            TIMESTAMP,
            tantivy.FieldType.Integer,
            -_LAST if request.since is None else milliseconds(request.since),
            _LAST if request.until is None else milliseconds(request.until),
            include_upper=False,
        )
        filters.append(_unscored(times))
    return filters
