"""Exact facet counts from tantivy's fast fields."""

from typing import TYPE_CHECKING, Any

from transforms.storage.embedded.search_schema import field_name

if TYPE_CHECKING:
    import tantivy

# Every segment gives all of its values, so nothing is lost when they are added up.
_ALL = 2**31


def count_values(
    searcher: "tantivy.Searcher", query: "tantivy.Query", path: str, size: int
) -> list[tuple[str, int]]:
    """Counts a keyword field's values in the found documents.

    Returns:
        At most `size` values, most frequent first, equally frequent ones by code point; an empty
        text is no value.
    """
    if size <= 0:
        return []
    wanted = size + 1  # for the empty text
    counts = _terms(searcher, query, path, wanted, {"_count": "desc"}, 1)
    if len(counts) == wanted:
        # The last count may be that of further values, which come before by their text. All
        # more frequent ones are known, so these are enough of those that have this count.
        last = min(counts.values())
        counts |= _terms(searcher, query, path, 2 * wanted, {"_key": "asc"}, last)
    counts.pop("", None)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:size]


def _terms(
    searcher: "tantivy.Searcher",
    query: "tantivy.Query",
    path: str,
    size: int,
    order: dict[str, str],
    least: int,
) -> dict[str, int]:
    aggregation: dict[str, Any] = {
        "field": field_name(path),
        "size": size,
        "segment_size": _ALL,
        "order": order,
        "min_doc_count": least,
    }
    answer = searcher.aggregate(query, {"values": {"terms": aggregation}})
    return {bucket["key"]: bucket["doc_count"] for bucket in answer["values"]["buckets"]}
