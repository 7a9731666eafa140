"""Dead letters: put once, counted when seen again, closed by a later success."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from schemas.failure import Failure
from transforms.storage.elasticsearch.client import Client
from transforms.storage.elasticsearch.compare_and_set import change_documents
from transforms.storage.elasticsearch.feed_documents import failure_document, failure_of
from transforms.storage.elasticsearch.names import document_id
from transforms.storage.elasticsearch.reading import scan_documents

# Dead letters keep inputs of up to a million characters.
LETTERS_AT_ONCE = 20

_OPEN: dict[str, Any] = {"bool": {"must_not": {"exists": {"field": "closed"}}}}


def put_failures(client: Client, index: str, failures: Sequence[Failure]) -> set[str]:
    """Stores dead letters; a known one keeps its first times, is counted and opened again.

    Gives the ids of those that were not open before.
    """
    opened: set[str] = set()
    # Two letters of one id in one call are two sights of it: one after the other.
    waiting = list(failures)
    while waiting:
        batch: dict[str, Failure] = {}
        later: list[Failure] = []
        for failure in waiting:
            if failure.id in batch or len(batch) >= LETTERS_AT_ONCE:
                later.append(failure)
            else:
                batch[failure.id] = failure
        changes = {key: _seen_again(failure, opened) for key, failure in batch.items()}
        change_documents(client, index, changes, at_once=LETTERS_AT_ONCE)
        waiting = later
    return opened


def _seen_again(
    failure: Failure, opened: set[str]
) -> Callable[[dict[str, Any] | None], dict[str, Any]]:
    def change(source: dict[str, Any] | None) -> dict[str, Any]:
        if source is None:
            opened.add(failure.id)
            return failure_document(failure)
        known = failure_of(source)
        if known.closed is not None:
            opened.add(failure.id)
        update = {
            "first_seen": known.first_seen,
            "last_seen": max(known.last_seen, failure.last_seen),
            "sight_time": known.sight_time,
            "count": known.count + failure.count,
            "closed": None,
        }
        return failure_document(failure.model_copy(update=update))

    return change


def read_failures(client: Client, index: str, *, open_only: bool) -> Iterator[Failure]:
    """Gives dead letters, oldest first, those of one time by id."""
    documents = scan_documents(
        client,
        index,
        query=_OPEN if open_only else None,
        sort=[{"first_seen": "asc"}],
        at_once=LETTERS_AT_ONCE,
    )
    letters = (failure_of(document.source) for document in documents)
    # The index's dates end at milliseconds, the letters' own at microseconds.
    for _, of_one_millisecond in groupby(letters, lambda letter: _milliseconds(letter.first_seen)):
        yield from sorted(of_one_millisecond, key=lambda letter: (letter.first_seen, letter.id))


def _milliseconds(time: datetime) -> datetime:
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


def close_failures(client: Client, index: str, failure_ids: Iterable[str], now: datetime) -> None:
    """Closes dead letters; one that is closed already, or unknown, stays as it is."""

    def change(source: dict[str, Any] | None) -> dict[str, Any] | None:
        if source is None or source.get("closed") is not None:
            return None
        return failure_document(failure_of(source).model_copy(update={"closed": now}))

    changes = dict.fromkeys(failure_ids, change)
    change_documents(client, index, changes, at_once=LETTERS_AT_ONCE)


def close_entries(
    client: Client, index: str, entries: Mapping[str, Sequence[str]], now: datetime
) -> None:
    """Closes the open dead letters of entries, whatever stage they failed in.

    Args:
        client: Where they are.
        index: Where they are.
        entries: The entries' keys, by their feeds' URLs.
        now: When they came through.
    """
    wanted = {(document_id(feed_url), key) for feed_url, keys in entries.items() for key in keys}
    if not wanted:
        return
    feeds = sorted({feed for feed, _ in wanted})
    of_feeds = {"bool": {"filter": [{"terms": {"feed_id": feeds}}, _OPEN]}}
    found = [
        document.id
        for document in scan_documents(
            client, index, query=of_feeds, source=["feed_id", "entry_key"], at_once=1000
        )
        if (document.source["feed_id"], document.source["entry_key"]) in wanted
    ]
    close_failures(client, index, found, now)
