"""Changes documents by compare-and-set: read, change, write, and again if somebody was faster."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from schemas.errors import TransientError
from transforms.storage.article_index import WriteResult
from transforms.storage.elasticsearch.bulk import Operation, write_bulk
from transforms.storage.elasticsearch.client import Client
from transforms.storage.elasticsearch.reading import read_documents

# Each conflict means that another writer got through, so this many in a row is a fault.
MAX_CONFLICTS = 50

Change = Callable[[dict[str, Any] | None], Mapping[str, Any] | None]


def change_document(client: Client, index: str, document_id: str, change: Change) -> None:
    """Changes one document; see `change_documents`."""
    change_documents(client, index, {document_id: change})


def change_documents(
    client: Client, index: str, changes: Mapping[str, Change], at_once: int = 100
) -> None:
    """Changes documents, each by itself.

    Args:
        client: Where they are.
        index: Where they are.
        changes: For each id a function that is given the stored document (None where there is
            none) and gives the whole new one, or None to leave it. It is called again after a
            conflict, and what it raises ends everything.
        at_once: Documents read in one answer; few where they are large.

    Raises:
        TransientError: A document could not be read or written.
    """
    waiting = dict(changes)
    for _ in range(MAX_CONFLICTS):
        stored = read_documents(client, index, list(waiting), at_once=at_once)
        operations = []
        for document_id, change in waiting.items():
            known = stored.get(document_id)
            new = change(known.source if known else None)
            if new is not None:
                operations.append(
                    Operation(
                        "index" if known else "create",
                        document_id,
                        new,
                        known.version if known else None,
                    )
                )
        results = write_bulk(client, index, operations)
        raise_unless_taken(results, client, index)
        waiting = {
            operation.id: waiting[operation.id]
            for operation, result in zip(operations, results, strict=True)
            if result.kind == "conflict"
        }
        if not waiting:
            return
    raise faster_writers(client, index)


def faster_writers(client: Client, index: str) -> TransientError:
    """Gives the error of who has met a changed document too often."""
    return TransientError(
        f"Elasticsearch at {client.url}: other writers to {index} were faster {MAX_CONFLICTS} "
        "times in a row"
    )


def raise_unless_taken(results: Sequence[WriteResult], client: Client, index: str) -> None:
    """Raises TransientError for the first result that is neither written nor a conflict."""
    for result in results:
        if error := not_taken(result, client, index):
            raise error


def not_taken(result: WriteResult, client: Client, index: str) -> TransientError | None:
    """Gives the error of a result that is neither written nor a conflict.

    A refused document of the feed store is put off like an overload: a poll whose state cannot
    be kept must not count as done.
    """
    if result.kind not in ("transient", "rejected"):
        return None
    return TransientError(
        f"Elasticsearch at {client.url}, while writing to {index}: {result.reason}"
    )
