"""Deleting by time in bounded slices: by the server's own query, or by ids where it has none."""

from collections.abc import Mapping
from typing import Any

from transforms.storage.elasticsearch.bulk import Operation, write_bulk
from transforms.storage.elasticsearch.client import Client, RequestRefusedError
from transforms.storage.elasticsearch.compare_and_set import (
    MAX_CONFLICTS,
    faster_writers,
    raise_unless_taken,
)

# A server without the module of the by-query calls (modules/reindex) has no such address.
_NO_HANDLER = (400, 404, 405)


def delete_slice(client: Client, index: str, field: str, before: str, at_most: int) -> int:
    """Deletes some documents with a date before a time, the oldest first where ids are used.

    A document that is written in the same moment is left: the next slice sees it as it is then.

    Args:
        client: Where they are.
        index: An index, or an alias of one.
        field: The date field.
        before: ISO time; documents at it or after it stay.
        at_most: Documents deleted by one call.

    Returns:
        How many were deleted; 0 once none is left.

    Raises:
        TransientError: They cannot be deleted now.
    """
    query = {"range": {field: {"lt": before}}}
    with client.translated(f"refreshing {index}"):
        client.api.indices.refresh(index=index)
    try:
        return _by_query(client, index, query, at_most)
    except RequestRefusedError as error:
        if error.status not in _NO_HANDLER or "no handler found" not in str(error):
            raise
    return _by_ids(client, index, query, field, at_most)


def _by_query(client: Client, index: str, query: Mapping[str, Any], at_most: int) -> int:
    for _ in range(MAX_CONFLICTS):
        with client.translated(f"deleting old documents of {index}"):
            answer = client.api.delete_by_query(
                index=index, query=query, max_docs=at_most, conflicts="proceed", refresh=True
            )
        # None deleted for others have written them all is not the end.
        if answer["deleted"] or not answer["version_conflicts"]:
            return int(answer["deleted"])
    raise faster_writers(client, index)


def _by_ids(client: Client, index: str, query: Mapping[str, Any], field: str, at_most: int) -> int:
    with client.translated(f"finding old documents of {index}"):
        answer = client.api.search(
            index=index,
            query=query,
            sort=[{field: "asc"}],
            size=at_most,
            source=False,
            seq_no_primary_term=True,
            track_total_hits=False,
        )
    operations = [
        Operation("delete", hit["_id"], {}, (hit["_seq_no"], hit["_primary_term"], hit["_index"]))
        for hit in answer["hits"]["hits"]
    ]
    results = write_bulk(client, index, operations)
    raise_unless_taken(results, client, index)
    return sum(result.kind == "written" for result in results)


def count_before(client: Client, index: str, field: str, before: str) -> int:
    """Counts the documents that `delete_slice` would delete in the end."""
    with client.translated(f"counting old documents of {index}"):
        answer = client.api.count(index=index, query={"range": {field: {"lt": before}}})
    return int(answer["count"])
