"""Writes and deletes articles: by compare-and-set, and never what a tombstone covers."""

from collections.abc import Callable, Sequence
from typing import Any

from pydantic_core import to_json

from schemas.article import Article
from schemas.errors import TransientError
from transforms.storage.article_index import Write, WriteResult
from transforms.storage.elasticsearch import tombstones
from transforms.storage.elasticsearch.bulk import Operation, lone_surrogate, write_bulk
from transforms.storage.elasticsearch.client import Client
from transforms.storage.elasticsearch.compare_and_set import raise_unless_taken
from transforms.storage.elasticsearch.names import Names
from transforms.storage.elasticsearch.reading import read_documents


def write_articles(
    client: Client,
    names: Names,
    writes: Sequence[Write],
    document: Callable[[Article], dict[str, Any]],
) -> list[WriteResult]:
    """Tries each write once, each on its own.

    Tombstones are read before documents are created, to spare the writes, and again after:
    whoever left one in between may have looked for documents before these were there.

    Args:
        client: Where to write.
        names: Of the indices.
        writes: What to write.
        document: Makes the document of an article.
    """
    results: dict[int, WriteResult] = {}
    created = [write.article for write in writes if write.expected is None]
    try:
        buried = _buried(client, names, created)
    except TransientError as error:
        return [WriteResult("transient", str(error)) for _ in writes]
    positions: list[int] = []
    operations: list[Operation] = []
    for position, write in enumerate(writes):
        if write.expected is None and write.article.id in buried:
            results[position] = WriteResult("deleted", "a tombstone keeps it away")
            continue
        source = document(write.article)
        try:
            body = to_json(source)
        except ValueError as error:
            problem = lone_surrogate(source) or f"the document is not JSON: {error}"
            results[position] = WriteResult("rejected", problem)
            continue
        positions.append(position)
        operations.append(
            Operation(
                "create" if write.expected is None else "index",
                write.article.id,
                body,
                write.expected,
            )
        )
    answers = write_bulk(client, names.articles, operations, require_alias=True)
    results.update(zip(positions, answers, strict=True))
    try:
        _take_back(client, names, writes, results)
    except TransientError as error:
        for position, write in enumerate(writes):
            if write.expected is None and results[position].kind == "written":
                results[position] = WriteResult("transient", str(error))
    return [results[position] for position in range(len(writes))]


def delete_articles(client: Client, alias: str, ids: Sequence[str]) -> int:
    """Deletes articles; gives how many were there."""
    known = read_documents(client, alias, ids, includes=["@timestamp"])
    operations = [Operation("delete", article_id, {}) for article_id in known]
    results = write_bulk(client, alias, operations, require_alias=True)
    raise_unless_taken(results, client, alias)
    return len(known)


def _buried(client: Client, names: Names, articles: Sequence[Article]) -> set[str]:
    if not articles:
        return set()
    return tombstones.buried(client, names.tombstones, articles)


def _take_back(
    client: Client, names: Names, writes: Sequence[Write], results: dict[int, WriteResult]
) -> None:
    """Deletes what was created while somebody left a tombstone for it."""
    created = {
        position: write.article
        for position, write in enumerate(writes)
        if write.expected is None and results[position].kind == "written"
    }
    buried = _buried(client, names, list(created.values()))
    delete_articles(client, names.articles, sorted(buried))
    for position, article in created.items():
        if article.id in buried:
            results[position] = WriteResult("deleted", "a tombstone keeps it away")
