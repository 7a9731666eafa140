"""Commits polls, many with a few requests: the feeds, then their dead letters, then the leases.

A feed's document decides. What follows it is safe to be left out by a crash: a lease ends by
itself, and an open dead letter is closed by its entry's next success.
"""

from collections.abc import Sequence
from datetime import datetime

from schemas.errors import DatelineError, LeaseLostError, TransientError
from schemas.feed import Lease
from schemas.poll import PollCommit
from transforms.feeds.committing import committed_state
from transforms.storage.elasticsearch.bulk import Operation, write_bulk
from transforms.storage.elasticsearch.client import Client
from transforms.storage.elasticsearch.compare_and_set import (
    MAX_CONFLICTS,
    change_documents,
    faster_writers,
    not_taken,
)
from transforms.storage.elasticsearch.failures import close_entries
from transforms.storage.elasticsearch.feed_documents import feed_document, feed_state
from transforms.storage.elasticsearch.leases import latest, required_lease, struck
from transforms.storage.elasticsearch.names import Names, document_id
from transforms.storage.elasticsearch.reading import Document, read_documents


def commit_polls(
    client: Client, names: Names, polls: Sequence[PollCommit], now: datetime
) -> list[DatelineError | None]:
    """Keeps the protocol `FeedStore.commit`; see there."""
    errors: dict[str, DatelineError] = {}
    try:
        errors = _commit_states(client, names, polls)
        kept = [poll for poll in polls if poll.learnt.feed_url not in errors]
        close_entries(
            client, names.failures, {poll.learnt.feed_url: poll.closed for poll in kept}, now
        )
        _strike(client, names.hosts, kept)
    except TransientError as error:
        return [errors.get(poll.learnt.feed_url, error) for poll in polls]
    return [errors.get(poll.learnt.feed_url) for poll in polls]


def _commit_states(
    client: Client, names: Names, polls: Sequence[PollCommit]
) -> dict[str, DatelineError]:
    """Makes what polls learnt their feeds' states; gives the errors by the feeds' URLs."""
    errors: dict[str, DatelineError] = {}
    waiting = {document_id(poll.learnt.feed_url): poll for poll in polls}
    for _ in range(MAX_CONFLICTS):
        stored = read_documents(client, names.feeds, list(waiting), excludes=["seen"])
        hosts = read_leases(client, names.hosts, [poll.learnt.lease for poll in waiting.values()])
        operations = []
        for key, poll in waiting.items():
            try:
                operations.append(_operation(key, poll, stored.get(key), hosts))
            except LeaseLostError as error:
                errors[poll.learnt.feed_url] = error
        again = {}
        results = write_bulk(client, names.feeds, operations)
        for operation, result in zip(operations, results, strict=True):
            poll = waiting[operation.id]
            if result.kind == "conflict":
                again[operation.id] = poll
            elif refused := not_taken(result, client, names.feeds):
                errors[poll.learnt.feed_url] = refused
        waiting = again
        if not waiting:
            break
    for poll in waiting.values():
        errors[poll.learnt.feed_url] = faster_writers(client, names.feeds)
    return errors


def read_leases(client: Client, hosts: str, leases: Sequence[Lease]) -> dict[str, Document]:
    """Reads the documents of leased hosts, in real time.

    After the feeds: whoever replaces a lease after this stamps its feeds' documents after it too,
    and the write of a feed then meets a changed document.
    """
    return read_documents(client, hosts, [document_id(lease.host) for lease in leases])


def _operation(
    key: str, poll: PollCommit, known: Document | None, hosts: dict[str, Document]
) -> Operation:
    """Gives the write of a feed's new state.

    Raises:
        LeaseLostError: The lease was replaced.
    """
    learnt = poll.learnt
    host = hosts.get(document_id(learnt.lease.host))
    required_lease(host.source if host else None, learnt.lease)
    stored = feed_state({**known.source, "seen": ()}) if known else None
    new = feed_document(committed_state(learnt.state, stored, poll.seen))
    return Operation("index" if known else "create", key, new, known.version if known else None)


def _strike(client: Client, hosts: str, polls: Sequence[PollCommit]) -> None:
    """Takes the feeds off their leases, all of a lease at once."""
    by_lease: dict[tuple[str, str], list[PollCommit]] = {}
    for poll in polls:
        lease = poll.learnt.lease
        by_lease.setdefault((lease.host, lease.token), []).append(poll)
    changes = {
        document_id(host): struck(
            ended[0].learnt.lease,
            [poll.learnt.feed_url for poll in ended],
            last_request=latest(poll.learnt.last_request for poll in ended),
            hold_until=latest(poll.learnt.hold_host_until for poll in ended),
        )
        for (host, _), ended in by_lease.items()
    }
    change_documents(client, hosts, changes)
