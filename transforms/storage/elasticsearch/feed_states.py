"""The feeds' states: registered, committed, held back, forgotten."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from schemas.config import IntervalConfig
from schemas.feed import Feed, FeedState, HostState
from transforms.feeds.intervals import due_under
from transforms.feeds.scheduling import is_later
from transforms.lease_unit import lease_unit
from transforms.storage.elasticsearch.bulk import Operation, write_bulk
from transforms.storage.elasticsearch.client import Client
from transforms.storage.elasticsearch.compare_and_set import (
    Change,
    change_document,
    change_documents,
    raise_unless_taken,
)
from transforms.storage.elasticsearch.feed_documents import (
    feed_document,
    feed_state,
    host_state,
    ready,
)
from transforms.storage.elasticsearch.names import Names, document_id
from transforms.storage.elasticsearch.reading import read_documents, scan_documents
from transforms.storage.elasticsearch.stamping import FEEDS_AT_ONCE

_LOOKED_AT_ONCE = 200
# What a configuration may change of a feed, and what that follows from.
_REGISTERED = [
    *("url", "host", "name", "removed", "address"),
    *("next_due", "last_success", "hold_until"),
]


def register_feeds(
    client: Client, names: Names, feeds: Iterable[Feed], interval: IntervalConfig | None = None
) -> None:
    """Makes the store know exactly these feeds; documents that need no change are not touched."""
    named = {feed.url: feed for feed in feeds}
    known = {
        document.source["url"]: document.source
        for document in scan_documents(client, names.feeds, source=_REGISTERED, at_once=1000)
    }
    operations = []
    for url, feed in named.items():
        source = known.get(url)
        asked = (source or {}).get("address") or url
        wanted: dict[str, Any] = {"host": lease_unit(asked, feed.hold), "name": feed.name}
        if source is None:
            new = FeedState.model_validate({"url": url, **wanted})
            operations.append(Operation("create", document_id(url), feed_document(new)))
            continue
        wanted |= {"removed": False, **_due_earlier(feed_state(source), feed, interval)}
        if any(source.get(name) != value for name, value in wanted.items()):
            operations.append(Operation("update", document_id(url), wanted))
    operations += [
        Operation("update", document_id(url), {"removed": True})
        for url, source in known.items()
        if url not in named and not source.get("removed")
    ]
    # A conflict is another process that has registered the same feed in the same moment.
    raise_unless_taken(write_bulk(client, names.feeds, operations), client, names.feeds)


def _due_earlier(
    state: FeedState, feed: Feed, interval: IntervalConfig | None
) -> dict[str, str | None]:
    """Gives the fields that make a feed due earlier, where its bounds want that."""
    due = due_under(state, feed, interval)
    if due is None or due == state.next_due:
        return {}
    return {"next_due": due.isoformat(), "ready": ready(due, state.hold_until)}


def change_feed(
    client: Client, names: Names, url: str, change: Callable[[FeedState], FeedState]
) -> FeedState | None:
    """Changes a feed's state; gives it, or None where the feed is not known."""
    changed: list[FeedState] = []

    def change_source(source: dict[str, Any] | None) -> dict[str, Any] | None:
        changed.clear()
        if source is None:
            return None
        state = feed_state(source)
        changed.append(change(state))
        # The lease's stamp stays: whoever holds the lease may still commit.
        return feed_document(changed[0], source.get("lease_token")) if changed[0] != state else None

    change_document(client, names.feeds, document_id(url), change_source)
    return changed[0] if changed else None


def restore_states(client: Client, names: Names, states: Iterable[FeedState]) -> int:
    """Puts states in place of those polled earlier; gives how many it did."""
    restored: set[str] = set()

    def restore(state: FeedState) -> Change:
        def change(source: dict[str, Any] | None) -> dict[str, Any] | None:
            if source is not None and not is_later(state, feed_state(source)):
                restored.discard(state.url)
                return None
            restored.add(state.url)
            return feed_document(state)

        return change

    changes = {document_id(state.url): restore(state) for state in states}
    change_documents(client, names.feeds, changes, at_once=FEEDS_AT_ONCE)
    return len(restored)


def put_off_feeds(client: Client, names: Names, until: Mapping[str, datetime]) -> None:
    """Makes feeds not due before then."""

    def put_off(time: datetime) -> Change:
        def change(source: dict[str, Any] | None) -> dict[str, Any] | None:
            if source is None:
                return None
            state = feed_state(source)
            later = time if state.next_due is None else max(time, state.next_due)
            waiting = state.model_copy(update={"next_due": later})
            return feed_document(waiting, source.get("lease_token"))

        return change

    changes = {document_id(url): put_off(time) for url, time in until.items()}
    change_documents(client, names.feeds, changes, at_once=FEEDS_AT_ONCE)


def forget_validators(client: Client, names: Names, urls: Iterable[str]) -> None:
    """Makes feeds due at once and fetched in full."""
    ids = [document_id(url) for url in urls]
    fresh = {"etag": "", "last_modified": "", "next_due": None, "hold_until": None}
    known = read_documents(client, names.feeds, ids, includes=["url"])
    operations = [Operation("update", key, {**fresh, "ready": ready(None, None)}) for key in known]
    raise_unless_taken(write_bulk(client, names.feeds, operations), client, names.feeds)


def first_due(client: Client, names: Names, now: datetime) -> datetime | None:
    """Gives when the next feed becomes due and its host free, None if there is no feed."""
    best: datetime | None = None
    hosts: dict[str, HostState | None] = {}
    documents = scan_documents(
        client,
        names.feeds,
        query={"bool": {"filter": [{"term": {"removed": False}}, {"term": {"retired": False}}]}},
        sort=[{"ready": {"order": "asc", "missing": "_first"}}],
        source={"excludes": ["seen"]},
        at_once=_LOOKED_AT_ONCE,
    )
    try:
        while page := [feed_state(d.source) for d in islice(documents, _LOOKED_AT_ONCE)]:
            _learn_hosts(client, names, {state.host for state in page}, hosts)
            for state in page:
                ready_at = ready(state.next_due, state.hold_until)
                if best is not None and ready_at and datetime.fromisoformat(ready_at) >= best:
                    return best  # all that follow are ready later still
                free = _free_at(state, hosts[state.host], now)
                best = free if best is None else min(best, free)
    finally:
        documents.close()
    return best


def _free_at(state: FeedState, host: HostState | None, now: datetime) -> datetime:
    times = [state.next_due or now]
    if state.hold_until is not None:
        times.append(state.hold_until)
    if host is not None and host.hold_until is not None:
        times.append(host.hold_until)
    if host is not None and host.lease is not None:
        times.append(host.lease.expires)
    return max(times)


def _learn_hosts(
    client: Client, names: Names, wanted: Iterable[str], hosts: dict[str, HostState | None]
) -> None:
    missing = [host for host in wanted if host not in hosts]
    found = read_documents(client, names.hosts, [document_id(host) for host in missing])
    for host in missing:
        document = found.get(document_id(host))
        hosts[host] = host_state(document.source) if document else None
