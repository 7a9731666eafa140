"""Borrowed hosts: leases without feeds, one SQLite transaction a change."""

from collections.abc import Sequence
from datetime import datetime

from schemas.feed import HostState, Lease
from transforms.storage.embedded.database import Database
from transforms.storage.embedded.leases import held_lease, put_lease
from transforms.storage.embedded.states import put_host, read_hosts
from transforms.storage.feed_store import Borrowed
from transforms.storage.lending import lend


def borrow_hosts(
    database: Database, hosts: Sequence[str], owner: str, now: datetime, lease_seconds: float
) -> Borrowed:
    """Takes leases on all of some hosts, or on none."""
    # Leases do not outlive their process here.
    with database.transaction(lasting=False):
        known = {state.host: state for state in read_hosts(database, hosts)}
        states = [known.get(host) or HostState(host=host) for host in hosts]
        borrowed = lend(states, owner, now, lease_seconds)
        for lease in borrowed.leases:
            put_lease(database, lease.host, lease)
        return borrowed


def give_back_hosts(
    database: Database,
    leases: Sequence[Lease],
    last_request: datetime | None,
    hold_until: datetime | None,
) -> None:
    """Frees hosts and notes their times; a lost lease is let be."""
    with database.transaction(lasting=False):
        for lease in leases:
            put_host(database, lease.host, last_request, hold_until)
            if held_lease(database, lease) is not None:
                put_lease(database, lease.host, None)
