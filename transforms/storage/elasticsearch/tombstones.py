"""Tombstones in an index of their own, read in real time by whoever creates a document."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from schemas.article import Article
from transforms.storage.elasticsearch.bulk import Operation, write_bulk
from transforms.storage.elasticsearch.client import Client
from transforms.storage.elasticsearch.compare_and_set import raise_unless_taken
from transforms.storage.elasticsearch.reading import read_documents, scan_documents
from transforms.storage.tombstones import Tombstone, keys_of

MAPPING: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {
        # The bound tells an index with a mark from one of before (`Setup.is_older`).
        "kind": {"type": "keyword", "ignore_above": 32},
        "value": {"type": "keyword", "ignore_above": 2048},
        "deleted": {"type": "date"},
    },
}
_KEYS_AT_ONCE = 1_000
# There from the first tombstone on, and for good. Where it is not, no tombstone is, which one small
# read tells a writer instead of some four keys for each document.
_MARK = "mark"
_MARKING = Operation("create", _MARK, {"kind": _MARK})


def buried(client: Client, index: str, articles: Iterable[Article]) -> set[str]:
    """Gives the ids of those documents that a tombstone keeps away, as of now.

    Raises:
        TransientError: The tombstones cannot be read now.
    """
    if not _is_marked(client, index):
        return set()
    keys = keys_of(articles)
    wanted = sorted({key for of_one in keys.values() for key in of_one})
    known = read_documents(client, index, wanted, at_once=_KEYS_AT_ONCE, includes=["kind"])
    return {article_id for article_id, of_one in keys.items() if known.keys() & of_one}


def bury(client: Client, index: str, stones: Sequence[Tombstone], now: datetime) -> None:
    """Leaves tombstones; one that is there already keeps its time."""
    operations = [
        Operation(
            "create",
            stone.key,
            {"kind": stone.kind, "value": stone.value, "deleted": now.isoformat()},
        )
        for stone in stones
    ]
    operations.insert(0, _MARKING)
    raise_unless_taken(write_bulk(client, index, operations), client, index)


def unbury(client: Client, index: str, stones: Sequence[Tombstone]) -> int:
    """Lifts tombstones; gives how many were there."""
    known = read_documents(client, index, [stone.key for stone in stones])
    operations = [Operation("delete", key, {}) for key in known]
    raise_unless_taken(write_bulk(client, index, operations), client, index)
    return len(known)


def read_tombstones(client: Client, index: str) -> Iterator[Tombstone]:
    """Gives all tombstones."""
    for document in scan_documents(client, index, at_once=_KEYS_AT_ONCE):
        if document.id == _MARK:
            continue
        yield Tombstone(document.source["kind"], document.source["value"])


def mark_older(client: Client, index: str) -> bool:
    """Marks an index whose tombstones were left before there was a mark; says whether it had to."""
    if _is_marked(client, index) or next(read_tombstones(client, index), None) is None:
        return False
    raise_unless_taken(write_bulk(client, index, [_MARKING]), client, index)
    return True


def _is_marked(client: Client, index: str) -> bool:
    return bool(read_documents(client, index, [_MARK], includes=["kind"]))
