"""Claims hosts that have due feeds.

The search, which lags behind, only proposes; what counts is read in real time and taken by
compare-and-set. First the host is taken, then each of its feeds is stamped with the lease's
token: a commit under an earlier lease that is under way then meets a changed feed document.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from schemas.feed import Feed, HostState, Lease
from schemas.poll import HostWork, Poll
from transforms.storage.elasticsearch.bulk import Operation, write_bulk
from transforms.storage.elasticsearch.client import Client
from transforms.storage.elasticsearch.compare_and_set import raise_unless_taken
from transforms.storage.elasticsearch.due_feeds import LONGEST_DUE_FIRST, Due, poll_order
from transforms.storage.elasticsearch.feed_documents import host_state
from transforms.storage.elasticsearch.leases import is_free, leased, strike_feeds
from transforms.storage.elasticsearch.names import Names, document_id
from transforms.storage.elasticsearch.reading import Document, read_documents, scan_documents
from transforms.storage.elasticsearch.stamping import stamp_feeds


def claim_hosts(
    client: Client,
    names: Names,
    owner: str,
    due: Due,
    *,
    lease_seconds: float,
    max_hosts: int,
    feeds: Mapping[str, Feed],
) -> list[HostWork]:
    """Takes leases on free hosts with due feeds, those longest due first."""
    works: list[HostWork] = []
    tried: set[str] = set()
    expires = due.now + timedelta(seconds=lease_seconds)
    while len(works) < max_hosts:
        free = _free_hosts(client, names, due, feeds, tried, max_hosts - len(works))
        if not free:
            break
        tried.update(free)
        urls = _due_urls(client, names, due, feeds, free)
        taken = _take(client, names, owner, expires, free, urls)
        works += _works(client, names, due, feeds, taken)
    return sorted(works, key=lambda work: poll_order(work.polls[0].state))


def _candidates(
    client: Client, names: Names, query: Mapping[str, Any], feeds: Mapping[str, Feed]
) -> Iterator[tuple[str, str]]:
    """Gives (host, feed URL) of the found feeds that the configuration names."""
    for document in scan_documents(
        client,
        names.feeds,
        query=query,
        sort=LONGEST_DUE_FIRST,
        source=["host", "url"],
        at_once=500,
    ):
        if document.source["url"] in feeds:
            yield document.source["host"], document.source["url"]


def _free_hosts(
    client: Client,
    names: Names,
    due: Due,
    feeds: Mapping[str, Feed],
    tried: set[str],
    wanted: int,
) -> dict[str, Document | None]:
    """Gives free hosts and their documents; looks no further than to the last one wanted."""
    free: dict[str, Document | None] = {}
    looked_at = set(tried)
    batch: list[str] = []

    def look() -> None:
        stored = read_documents(client, names.hosts, [document_id(host) for host in batch])
        for host in batch:
            known = stored.get(document_id(host))
            if len(free) < wanted and (known is None or is_free(host_state(known.source), due.now)):
                free[host] = known
        batch.clear()

    for host, _ in _candidates(client, names, due.query(), feeds):
        if host in looked_at:
            continue
        looked_at.add(host)
        batch.append(host)
        if len(batch) >= max(wanted - len(free), 20):
            look()
            if len(free) >= wanted:
                return free
    look()
    return free


def _due_urls(
    client: Client, names: Names, due: Due, feeds: Mapping[str, Feed], hosts: Iterable[str]
) -> dict[str, list[str]]:
    urls: dict[str, list[str]] = {}
    for host, url in _candidates(client, names, due.query(hosts), feeds):
        urls.setdefault(host, []).append(url)
    return urls


def _take(
    client: Client,
    names: Names,
    owner: str,
    expires: datetime,
    free: Mapping[str, Document | None],
    urls: Mapping[str, list[str]],
) -> list[HostState]:
    """Writes the leases; a host that somebody else has taken meanwhile is left to them."""
    states: list[HostState] = []
    operations: list[Operation] = []
    for host, known in free.items():
        if host not in urls:
            continue
        token = uuid.uuid4().hex
        lease = Lease(host=host, owner=owner, token=token, expires=expires, feeds=urls[host])
        state, operation = leased(known, lease)
        states.append(state)
        operations.append(operation)
    results = write_bulk(client, names.hosts, operations)
    raise_unless_taken(results, client, names.hosts)
    return [
        state for state, result in zip(states, results, strict=True) if result.kind == "written"
    ]


def _works(
    client: Client,
    names: Names,
    due: Due,
    feeds: Mapping[str, Feed],
    taken: Sequence[HostState],
) -> list[HostWork]:
    leases = {url: host.lease for host in taken if host.lease for url in host.lease.feeds}
    stamped = stamp_feeds(client, names, due, leases)
    works = []
    for host in taken:
        assert host.lease is not None
        states = sorted(
            (stamped[url] for url in host.lease.feeds if url in stamped),
            key=poll_order,
        )
        urls = [state.url for state in states]
        not_due = set(host.lease.feeds).difference(urls)
        if not_due:
            strike_feeds(client, names.hosts, host.lease, not_due)
        if not states:
            continue
        lease = host.lease.model_copy(update={"feeds": urls})
        polls = [
            Poll(id=uuid.uuid4().hex, feed=feeds[state.url], state=state, lease=lease)
            for state in states
        ]
        works.append(HostWork(lease=lease, polls=polls, last_request=host.last_request))
    return works
