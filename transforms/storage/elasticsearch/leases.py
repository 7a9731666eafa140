"""Leases of hosts: prolonged, checked, and struck feed by feed."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from schemas.errors import LeaseLostError
from schemas.feed import HostState, Lease
from transforms.storage.elasticsearch.bulk import Operation
from transforms.storage.elasticsearch.client import Client
from transforms.storage.elasticsearch.compare_and_set import Change, change_document
from transforms.storage.elasticsearch.feed_documents import host_document, host_state
from transforms.storage.elasticsearch.names import document_id
from transforms.storage.elasticsearch.reading import Document


def leased(known: Document | None, lease: Lease) -> tuple[HostState, Operation]:
    """Gives a host's state under a new lease, and what writes it unless somebody was faster.

    Args:
        known: The host's document as it was read; None where there is none.
        lease: The new lease.
    """
    before = host_state(known.source) if known else HostState(host=lease.host)
    state = before.model_copy(update={"lease": lease})
    return state, Operation(
        "index" if known else "create",
        document_id(lease.host),
        host_document(state),
        known.version if known else None,
    )


def required_lease(source: Mapping[str, Any] | None, lease: Lease) -> HostState:
    """Gives a host's state, if the lease is still the one that stands in it.

    Raises:
        LeaseLostError: Somebody else has the host now, or the lease was ended.
    """
    state = host_state(source) if source is not None else None
    if state is None or state.lease is None or state.lease.token != lease.token:
        raise LeaseLostError(
            f"the lease of {lease.owner} on {lease.host} was replaced after it had expired, at "
            f"{lease.expires.isoformat()}: what was fetched under it is not kept"
        )
    return state


def renew_lease(
    client: Client, hosts: str, lease: Lease, now: datetime, lease_seconds: float
) -> Lease:
    """Prolongs a lease under the same token."""
    renewed = lease

    def change(source: dict[str, Any] | None) -> dict[str, Any]:
        nonlocal renewed
        state = required_lease(source, lease)
        expires = now + timedelta(seconds=lease_seconds)
        assert state.lease is not None
        renewed = state.lease.model_copy(update={"expires": expires})
        return host_document(state.model_copy(update={"lease": renewed}))

    change_document(client, hosts, document_id(lease.host), change)
    return renewed


def strike_feeds(
    client: Client,
    hosts: str,
    lease: Lease,
    urls: Iterable[str],
    last_request: datetime | None = None,
) -> None:
    """Takes feeds whose polls have ended off a lease; the host is free once none is left."""
    change = struck(lease, urls, last_request=last_request)
    change_document(client, hosts, document_id(lease.host), change)


def struck(
    lease: Lease,
    urls: Iterable[str],
    *,
    last_request: datetime | None = None,
    hold_until: datetime | None = None,
) -> Change:
    """Gives what becomes of a host's document when feeds are taken off its lease.

    A lease that was replaced meanwhile is let be; the host's times are noted all the same, the
    later ones winning.
    """
    gone = set(urls)

    def change(source: dict[str, Any] | None) -> dict[str, Any] | None:
        state = host_state(source) if source is not None else HostState(host=lease.host)
        held = state.lease
        if held is not None and held.token == lease.token:
            left = [url for url in held.feeds if url not in gone]
            held = held.model_copy(update={"feeds": left}) if left else None
        new = state.model_copy(
            update={
                "lease": held,
                "last_request": latest((state.last_request, last_request)),
                "hold_until": latest((state.hold_until, hold_until)),
            }
        )
        return None if new == state else host_document(new)

    return change


def is_free(state: HostState, now: datetime) -> bool:
    """Says whether a host may be claimed."""
    return (state.lease is None or state.lease.expires <= now) and (
        state.hold_until is None or state.hold_until <= now
    )


def latest(times: Iterable[datetime | None]) -> datetime | None:
    """Gives the latest of some times, None where there is none."""
    return max((time for time in times if time is not None), default=None)
