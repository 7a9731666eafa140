"""Who holds a lease: a name that tells whether its process still lives."""

import os
import socket
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from schemas.errors import DatelineError
from schemas.feed import Feed
from transforms.lease_unit import lease_unit
from transforms.storage.feed_store import FeedStore


def owner_name() -> str:
    """Names this process: host, process id, and when it started (an id may be used again)."""
    pid = os.getpid()
    return f"{socket.gethostname()}/{pid}/{_start_of(pid)}"


def has_died(owner: str) -> bool:
    """Says whether an owner was a process of this machine that is no more.

    False where that cannot be known: another machine's processes keep their leases until they
    expire.
    """
    host, _, rest = owner.partition("/")
    pid, _, started = rest.partition("/")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    if started:
        return _start_of(int(pid)) != started
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _start_of(pid: int) -> str:
    """Gives when a living process started, in clock ticks since boot; "" without a /proc."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()[:8]
    except OSError:
        return ""
    # The process's name stands in parentheses and may hold spaces; what follows it is fixed.
    state, *others = fields.rpartition(")")[2].split()
    return "" if state in "ZX" else f"{boot}-{others[18]}"


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
