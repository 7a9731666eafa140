"""Leases of hosts: who may ask which host until when, one SQLite transaction a change."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from schemas.errors import LeaseLostError
from schemas.feed import Feed, FeedState, Lease
from schemas.poll import HostWork, Poll
from transforms.storage.embedded.database import Database, from_micros, micros

# A feed may be polled: in the configuration, not gone, not held back.
_POLLABLE = "NOT feeds.idle AND coalesce(feeds.hold_until, 0) <= :now"
_HOST_FREE = (
    "coalesce(hosts.hold_until, 0) <= :now AND (hosts.lease IS NULL OR hosts.expires <= :now)"
)
_DUE = "coalesce(feeds.next_due, 0) <= :now"
# `run --once` asks each feed once, and again where entries over its limit are still to come.
_ONCE = f"(coalesce(feeds.last_poll, 0) < :since OR (feeds.pending AND {_DUE}))"


def claim_hosts(
    database: Database,
    owner: str,
    now: datetime,
    *,
    lease_seconds: float,
    max_hosts: int,
    feeds: dict[str, Feed],
    due_only: bool,
    polled_since: datetime | None,
) -> list[HostWork]:
    """Takes leases on free hosts with due feeds, those longest due first."""
    condition = _DUE if due_only else _ONCE if polled_since is not None else "TRUE"
    values = {"now": micros(now), "since": micros(polled_since)}
    # Leases do not outlive their process here.
    with database.transaction(lasting=False):
        due: dict[str, list[str]] = {}
        for url, host in database.rows(
            "SELECT feeds.url, feeds.host FROM feeds LEFT JOIN hosts ON hosts.host = feeds.host "
            f"WHERE {_POLLABLE} AND {_HOST_FREE} AND {condition} "
            "ORDER BY coalesce(feeds.next_due, 0), coalesce(feeds.last_poll, 0), feeds.url",
            values,
        ):
            if url in feeds and (host in due or len(due) < max_hosts):
                due.setdefault(host, []).append(url)
        return [
            _claim(database, host, urls, owner, now + timedelta(seconds=lease_seconds), feeds)
            for host, urls in due.items()
        ]


def _claim(
    database: Database,
    host: str,
    urls: list[str],
    owner: str,
    expires: datetime,
    feeds: dict[str, Feed],
) -> HostWork:
    lease = Lease(host=host, owner=owner, token=uuid.uuid4().hex, expires=expires, feeds=urls)
    put_lease(database, host, lease)
    polls = []
    for url in urls:
        ((state,),) = database.rows("SELECT state FROM feeds WHERE url = ?", (url,))
        polls.append(
            Poll(
                id=uuid.uuid4().hex,
                feed=feeds[url],
                state=FeedState.model_validate_json(state),
                lease=lease,
            )
        )
    ((last_request,),) = database.rows("SELECT last_request FROM hosts WHERE host = ?", (host,))
    return HostWork(lease=lease, polls=polls, last_request=from_micros(last_request))


def put_lease(database: Database, host: str, lease: Lease | None) -> None:
    """Writes a host's lease; None frees it."""
    values = (
        (lease.model_dump_json(), lease.token, micros(lease.expires))
        if lease is not None
        else (None, None, None)
    )
    database.run(
        "INSERT INTO hosts (host, lease, token, expires) VALUES (?, ?, ?, ?) ON CONFLICT (host) "
        "DO UPDATE SET lease = excluded.lease, token = excluded.token, expires = excluded.expires",
        (host, *values),
    )


def held_lease(database: Database, lease: Lease) -> Lease | None:
    """Gives the lease as it stands in the store, None where its token was replaced or dropped."""
    rows = database.rows(
        "SELECT lease FROM hosts WHERE host = ? AND token = ?", (lease.host, lease.token)
    )
    return Lease.model_validate_json(rows[0][0]) if rows else None


def required_lease(database: Database, lease: Lease) -> Lease:
    """Gives the lease as it stands in the store.

    Raises:
        LeaseLostError: Somebody else has the host now, or the lease was ended.
    """
    held = held_lease(database, lease)
    if held is None:
        raise LeaseLostError(
            f"the lease of {lease.owner} on {lease.host} was replaced after it had expired, at "
            f"{lease.expires.isoformat()}: what was fetched under it is not kept"
        )
    return held


def renew_lease(database: Database, lease: Lease, now: datetime, lease_seconds: float) -> Lease:
    """Prolongs a lease under the same token."""
    with database.transaction(lasting=False):
        held = required_lease(database, lease)
        expires = now + timedelta(seconds=lease_seconds)
        renewed = held.model_copy(update={"expires": expires})
        put_lease(database, lease.host, renewed)
        return renewed


def strike_feeds(database: Database, held: Lease, urls: Iterable[str]) -> None:
    """Takes feeds whose polls have ended off a lease; the host is free once none is left."""
    gone = set(urls)
    left = [url for url in held.feeds if url not in gone]
    put_lease(database, held.host, held.model_copy(update={"feeds": left}) if left else None)
