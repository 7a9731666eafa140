"""The tantivy schema, derived from the document's model, and a document put into its form.

Text is cut into tokens by us and joined by spaces, which tantivy's `whitespace` tokenizer takes
apart again: no token holds a space.
"""

import hashlib
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from schemas.fields import FieldSpec, article_fields
from transforms.storage.embedded.database import EPOCH
from transforms.storage.tokens import standard_tokens

if TYPE_CHECKING:
    import tantivy

# Raised when the same fields are put into the index in another way.
FORMAT_VERSION = 1
ID = "id"
TIMESTAMP = "timestamp"
# Sorts newest first, then by id, in rising order.
NEWEST = "newest"
_LAST_MILLISECOND = 10**16


def field_name(path: str) -> str:
    """Gives the field of the index for a field of the document; a dot means JSON to tantivy."""
    return path.replace(".", "__").replace("@", "at__")


@cache
def _indexed_fields() -> tuple[tuple[str, FieldSpec], ...]:
    return tuple(
        (field_name(spec.path), spec)
        for spec in article_fields()
        if spec.index.kind in ("text", "keyword")
    )


@cache
def schema() -> "tantivy.Schema":
    """Gives the schema; its fast keyword fields are what facets are counted from."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field(ID, stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(NEWEST, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field(TIMESTAMP, indexed=True, fast=True)
    for name, spec in _indexed_fields():
        if spec.index.kind == "text":
            builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
        else:
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


@cache
def schema_hash() -> str:
    """Names the schema: an index made under another one is built anew."""
    fields = [(name, spec.index.kind, spec.index.max_chars) for name, spec in _indexed_fields()]
    text = repr((FORMAT_VERSION, fields))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def milliseconds(time: datetime) -> int:
    """Gives a time in whole milliseconds since 1970: Elasticsearch's resolution."""
    return (time - EPOCH) // timedelta(milliseconds=1)


def search_document(article_id: str, source: dict[str, Any]) -> "tantivy.Document":
    """Gives a stored document as the index wants it."""
    import tantivy

    time = milliseconds(datetime.fromisoformat(source["@timestamp"]))
    document = tantivy.Document()
    document.add_text(ID, article_id)
    document.add_text(NEWEST, f"{_LAST_MILLISECOND - time:017d} {article_id}")
    document.add_integer(TIMESTAMP, time)
    for name, spec in _indexed_fields():
        values = _values(source, spec.path.split("."))
        if spec.index.kind == "text":
            for text in values:
                document.add_text(name, " ".join(standard_tokens(text)))
        else:
            # A value counts once for a document, and a long one not at all.
            for value in dict.fromkeys(values):
                if _utf16_length(value) <= spec.index.max_chars:
                    document.add_text(name, value)
    return document


def _values(value: Any, path: list[str]) -> list[str]:
    for name in path:
        if not isinstance(value, dict) or name not in value:
            return []
        value = value[name]
    if isinstance(value, list):
        return [str(item) for item in value]
    return [] if value is None else [str(value)]


def _utf16_length(text: str) -> int:
    """Counts as Elasticsearch's `ignore_above` does."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
