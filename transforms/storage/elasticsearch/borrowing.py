"""Borrowed hosts: leases without feeds, taken by compare-and-set."""

from collections.abc import Sequence
from datetime import datetime

from schemas.feed import HostState, Lease
from transforms.storage.elasticsearch.bulk import write_bulk
from transforms.storage.elasticsearch.client import Client
from transforms.storage.elasticsearch.compare_and_set import change_documents, raise_unless_taken
from transforms.storage.elasticsearch.feed_documents import host_state
from transforms.storage.elasticsearch.leases import leased, struck
from transforms.storage.elasticsearch.names import document_id
from transforms.storage.elasticsearch.reading import read_documents
from transforms.storage.feed_store import Borrowed
from transforms.storage.lending import lend


def borrow_hosts(
    client: Client,
    index: str,
    hosts: Sequence[str],
    owner: str,
    now: datetime,
    lease_seconds: float,
) -> Borrowed:
    """Takes leases on all of some hosts, or on none.

    Raises:
        TransientError: It is not known whether they were taken; those that were will expire.
    """
    stored = read_documents(client, index, [document_id(host) for host in hosts])
    known = [stored.get(document_id(host)) for host in hosts]
    states = [
        host_state(document.source) if document is not None else HostState(host=host)
        for host, document in zip(hosts, known, strict=True)
    ]
    borrowed = lend(states, owner, now, lease_seconds)
    if not borrowed.leases:
        return borrowed
    operations = [
        leased(document, lease)[1] for document, lease in zip(known, borrowed.leases, strict=True)
    ]
    results = write_bulk(client, index, operations)
    raise_unless_taken(results, client, index)
    taken = [
        lease
        for lease, result in zip(borrowed.leases, results, strict=True)
        if result.kind == "written"
    ]
    if len(taken) == len(hosts):
        return borrowed
    give_back_hosts(client, index, taken, None, None)
    return Borrowed()


def give_back_hosts(
    client: Client,
    index: str,
    leases: Sequence[Lease],
    last_request: datetime | None,
    hold_until: datetime | None,
) -> None:
    """Frees hosts and notes their times; a lost lease is let be."""
    changes = {
        document_id(lease.host): struck(lease, (), last_request=last_request, hold_until=hold_until)
        for lease in leases
    }
    change_documents(client, index, changes)
