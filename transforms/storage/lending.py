"""Lends hosts to who asks for article pages of theirs. Pure; both feed stores decide by it."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from schemas.feed import HostState, Lease
from transforms.storage.feed_store import Borrowed


def lend(hosts: Sequence[HostState], owner: str, now: datetime, lease_seconds: float) -> Borrowed:
    """Decides whether hosts can be lent, all together.

    Args:
        hosts: As they stand in the store.
        owner: Who wants them.
        now: The time, UTC.
        lease_seconds: How long the leases last.
    """
    free_at = max(_free_at(host, now) for host in hosts)
    if free_at > now:
        return Borrowed(free_at=free_at)
    expires = now + timedelta(seconds=lease_seconds)
    leases = tuple(
        Lease(host=host.host, owner=owner, token=uuid.uuid4().hex, expires=expires)
        for host in hosts
    )
    asked = [host.last_request for host in hosts if host.last_request is not None]
    return Borrowed(leases, max(asked, default=None))


def _free_at(host: HostState, now: datetime) -> datetime:
    leased_until = host.lease.expires if host.lease is not None else now
    return max(leased_until, host.hold_until or now, now)
