"""The Elasticsearch mapping of the document, derived from the markers of `schemas.article`."""

from typing import Any

from schemas.fields import article_fields
from schemas.index_kinds import Indexed

# Lucene's longest term, in bytes of UTF-8 (IndexWriter.MAX_TERM_LENGTH). `ignore_above` counts
# UTF-16 units, none of which needs more than three bytes.
MAX_TERM_BYTES = 32766
MAX_TERM_CHARS = MAX_TERM_BYTES // 3

# Names of several words, of which one word is to be found too: each has a subfield of its words.
NAME_FIELDS = (
    "news.people",
    "news.organizations",
    "news.places",
    "news.groups",
    "news.events",
    "news.products",
)
# What a word without a field looks in where Elasticsearch parses the query, as in Kibana.
BARE_WORD_FIELDS = (
    "news.title",
    "news.summary",
    "news.body",
    *(f"{name}.words" for name in NAME_FIELDS),
)


def field_mapping(index: Indexed) -> dict[str, Any]:
    """Gives the mapping of one field."""
    match index.kind:
        case "keyword" | "flattened":
            return {"type": index.kind, "ignore_above": min(index.max_chars, MAX_TERM_CHARS)}
        case "text":
            # The `plain` profile: any server has this analyzer, and the embedded index splits
            # text into the same tokens (`transforms.storage.tokens`).
            return {"type": "text", "analyzer": "standard"}
        case "stored":
            return {"type": "object", "enabled": False}
        case "date" | "integer" | "geo_point":
            return {"type": index.kind}


def article_mapping() -> dict[str, Any]:
    """Gives the mapping of an article.

    What the models do not name is kept and not indexed: no document can add a field, so none can
    exhaust the limit of fields or fix a wrong type for those that come after it.
    """
    properties: dict[str, Any] = {}
    for spec in article_fields():
        *parents, leaf = spec.path.split(".")
        level = properties
        for parent in parents:
            level = level.setdefault(parent, {"properties": {}})["properties"]
        level[leaf] = field_mapping(spec.index)
        if spec.path in NAME_FIELDS:
            words = {"type": "text", "analyzer": "standard", "norms": False}
            level[leaf]["fields"] = {"words": words}
    return {"dynamic": False, "properties": properties}
