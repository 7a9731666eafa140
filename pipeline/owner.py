"""Whose the leases are: those of others that live, and those of processes that are no more."""

from collections.abc import Iterable
from datetime import datetime

from schemas.errors import DatelineError
from schemas.feed import Feed
from transforms.lease_unit import lease_unit
from transforms.owner_name import has_died
from transforms.storage.feed_store import FeedStore


def hosts_of_others(store: FeedStore, feeds: Iterable[Feed], owner: str, now: datetime) -> set[str]:
    """Gives the hosts on which living processes other than `owner` keep some feeds waiting."""
    urls, units = set(), set()
    for feed in feeds:
        urls.add(feed.url)
        units.add(lease_unit(feed.url, feed.hold))
    return {
        host.host
        for host in store.hosts()
        if host.lease is not None
        and host.lease.expires > now
        and host.lease.owner != owner
        and not has_died(host.lease.owner)
        and (
            urls.intersection(host.lease.feeds)
            # A borrowed host's lease has no feeds: it keeps all of them waiting.
            or (not host.lease.feeds and host.host in units)
        )
    }


def free_leases_of_dead_owners(store: FeedStore) -> list[str]:
    """Releases the leases that killed processes of this machine have left behind.

    Returns:
        The hosts that are free again.
    """
    freed = []
    for host in store.hosts():
        if host.lease is None or not has_died(host.lease.owner):
            continue
        try:
            store.release(host.lease, feeds=dict.fromkeys(host.lease.feeds))
        except DatelineError:
            continue  # taken meanwhile, or the store is away: the lease's end will free it
        freed.append(host.host)
    return freed
