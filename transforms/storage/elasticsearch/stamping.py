"""Stamps claimed feeds with their lease's token, which fences off commits under earlier leases."""

from collections.abc import Mapping

from schemas.feed import FeedState, Lease
from transforms.storage.elasticsearch.bulk import Operation, write_bulk
from transforms.storage.elasticsearch.client import Client
from transforms.storage.elasticsearch.compare_and_set import (
    MAX_CONFLICTS,
    faster_writers,
    raise_unless_taken,
)
from transforms.storage.elasticsearch.due_feeds import Due
from transforms.storage.elasticsearch.feed_documents import feed_state
from transforms.storage.elasticsearch.names import Names, document_id
from transforms.storage.elasticsearch.reading import read_documents

# A feed's document holds up to 2000 seen entries, some 200 kB.
FEEDS_AT_ONCE = 50


def stamp_feeds(
    client: Client, names: Names, due: Due, leases: Mapping[str, Lease]
) -> dict[str, FeedState]:
    """Stamps the feeds that are due in truth with their lease's token, and gives their states.

    Raises:
        TransientError: The index is away, or others write the same feeds all the time.
    """
    stamped: dict[str, FeedState] = {}
    waiting = {document_id(url): url for url in leases}
    for _ in range(MAX_CONFLICTS):
        stored = read_documents(client, names.feeds, list(waiting), at_once=FEEDS_AT_ONCE)
        states = {key: feed_state(document.source) for key, document in stored.items()}
        chosen = [key for key, state in states.items() if due.holds(state)]
        operations = [
            Operation(
                "update",
                key,
                {"lease_token": leases[waiting[key]].token},
                stored[key].version,
            )
            for key in chosen
        ]
        results = write_bulk(client, names.feeds, operations)
        raise_unless_taken(results, client, names.feeds)
        again = {}
        for key, result in zip(chosen, results, strict=True):
            if result.kind == "written":
                stamped[waiting[key]] = states[key]
            else:
                again[key] = waiting[key]
        waiting = again
        if not waiting:
            return stamped
    raise faster_writers(client, names.feeds)
