"""Lends hosts to polls that are led to them. Pure; both feed stores decide by it."""

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
    held_until = max((host.hold_until or now for host in hosts), default=now)
    if held_until > now:
        return Borrowed(hold_until=held_until)
    if any(host.lease is not None and host.lease.expires > now for host in hosts):
        return Borrowed()
    expires = now + timedelta(seconds=lease_seconds)
    leases = tuple(
        Lease(host=host.host, owner=owner, token=uuid.uuid4().hex, expires=expires)
        for host in hosts
    )
    asked = [host.last_request for host in hosts if host.last_request is not None]
    return Borrowed(leases, max(asked, default=None))
