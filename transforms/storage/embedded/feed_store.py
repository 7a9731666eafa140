"""The feed store in a folder: SQLite, one transaction a change."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from schemas.config import IntervalConfig
from schemas.errors import DatelineError, LeaseLostError
from schemas.failure import Failure
from schemas.feed import Feed, FeedState, HostState, Lease
from schemas.poll import HostWork, PollCommit, RoundSummary
from transforms.feeds.committing import committed_state
from transforms.feeds.health import Health
from transforms.storage.embedded.access import FolderAccess
from transforms.storage.embedded.borrowing import borrow_hosts, give_back_hosts
from transforms.storage.embedded.failures import (
    close_entries,
    close_failure,
    expire_failures,
    put_failures,
    read_failures,
)
from transforms.storage.embedded.leases import (
    claim_hosts,
    held_lease,
    renew_lease,
    required_lease,
    strike_feeds,
)
from transforms.storage.embedded.states import (
    count_health,
    first_due,
    forget_validators,
    put_host,
    put_off_feed,
    put_state,
    read_hosts,
    read_state_without_entries,
    read_states,
    register_feeds,
    restore_states,
)
from transforms.storage.feed_store import Borrowed, Expired


class EmbeddedFeedStore:
    """Keeps the protocol `FeedStore`; see there for what the methods promise.

    Args:
        path: The folder, the same as the article index's.
        read_only: Reads beside an owner, or without one, changing nothing.

    Raises:
        ConfigError: Read only, and there is no index; or the folder cannot be used.
        StoreLockedError: Another process owns it.
    """

    def __init__(self, path: Path, read_only: bool = False) -> None:
        self._path = path
        self._access = FolderAccess(path, read_only)

    def setup(self, dry_run: bool = False) -> list[str]:
        """Makes the folder and its tables where they are missing."""
        return self._access.setup(dry_run, f"embedded feed store in {self._path}")

    def register(self, feeds: Sequence[Feed], interval: IntervalConfig | None = None) -> None:
        """Makes the store know exactly these feeds, due within the bounds that they have now."""
        register_feeds(self._access.database, feeds, interval)

    def claim(
        self,
        owner: str,
        now: datetime,
        *,
        lease_seconds: float,
        max_hosts: int,
        due_only: bool = True,
        feeds: dict[str, Feed],
        polled_since: datetime | None = None,
    ) -> list[HostWork]:
        """Takes leases on hosts that have due feeds and gives their work."""
        return claim_hosts(
            self._access.database,
            owner,
            now,
            lease_seconds=lease_seconds,
            max_hosts=max_hosts,
            feeds=feeds,
            due_only=due_only,
            polled_since=polled_since,
        )

    def renew(self, lease: Lease, now: datetime, lease_seconds: float) -> Lease:
        """Prolongs a lease under the same token; raises LeaseLostError if it was replaced."""
        return renew_lease(self._access.database, lease, now, lease_seconds)

    def commit(self, polls: Sequence[PollCommit], now: datetime) -> list[DatelineError | None]:
        """Commits what polls learnt, each under its lease's token, or nothing at all of it."""
        errors: list[DatelineError | None] = []
        # Undone by a power cut, the polls are made again and meet their documents, which last.
        with self._access.database.transaction(lasting=False):
            for poll in polls:
                try:
                    self._commit(poll, now)
                    errors.append(None)
                except LeaseLostError as error:
                    errors.append(error)
        return errors

    def _commit(self, poll: PollCommit, now: datetime) -> None:
        database, learnt = self._access.database, poll.learnt
        held = required_lease(database, learnt.lease)
        stored = read_state_without_entries(database, learnt.feed_url)
        put_state(database, committed_state(learnt.state, stored, poll.seen))
        put_host(database, held.host, learnt.last_request, learnt.hold_host_until)
        close_entries(database, learnt.feed_url, poll.closed, now)
        strike_feeds(database, held, [learnt.feed_url])

    def release(
        self,
        lease: Lease,
        *,
        feeds: Mapping[str, datetime | None],
        last_request: datetime | None = None,
    ) -> None:
        """Ends the polls of `feeds` uncommitted; a lost lease is let be."""
        database = self._access.database
        with database.transaction(lasting=False):
            held = held_lease(database, lease)
            if held is None:
                return
            for url, until in feeds.items():
                if until is not None and url in held.feeds:
                    put_off_feed(database, url, until)
            put_host(database, held.host, last_request, None)
            strike_feeds(database, held, feeds)

    def borrow(
        self, hosts: Sequence[str], owner: str, now: datetime, *, lease_seconds: float
    ) -> Borrowed:
        """Takes leases on all of some hosts, for their pages, or on none."""
        return borrow_hosts(self._access.database, hosts, owner, now, lease_seconds)

    def give_back(
        self, leases: Sequence[Lease], *, last_request: datetime | None, hold_until: datetime | None
    ) -> None:
        """Frees borrowed hosts and notes their times; a lost lease is let be."""
        give_back_hosts(self._access.database, leases, last_request, hold_until)

    def put_failures(self, failures: Sequence[Failure]) -> Collection[str]:
        """Stores dead letters, known ones again; gives the ids of those that were not open."""
        return put_failures(self._access.database, failures) if failures else ()

    def failures(self, *, open_only: bool = True) -> Iterator[Failure]:
        """Gives dead letters, oldest first."""
        return read_failures(self._access.database, open_only=open_only)

    def close_failure(self, failure_id: str, now: datetime) -> None:
        """Closes a dead letter whose entry has come through."""
        close_failure(self._access.database, failure_id, now)

    def forget_validators(self, feed_urls: Sequence[str]) -> None:
        """Makes feeds due at once and fetched in full."""
        forget_validators(self._access.database, feed_urls)

    def change_feed(
        self, feed_url: str, change: Callable[[FeedState], FeedState]
    ) -> FeedState | None:
        """Changes a feed's state in one transaction."""
        database = self._access.database
        with database.transaction():
            for state in read_states(database, [feed_url]):
                changed = change(state)
                if changed != state:
                    put_state(database, changed)
                return changed
        return None

    def states(self) -> list[FeedState]:
        """Gives every feed's state, removed ones too, in order of URL."""
        return read_states(self._access.database)

    def restore(self, states: Sequence[FeedState]) -> int:
        """Puts states in place of those polled earlier; gives how many it did."""
        return restore_states(self._access.database, states)

    def count_health(self) -> dict[Health, int]:
        """Gives how many feeds there are of each health, zeros included."""
        return count_health(self._access.database)

    def hosts(self) -> list[HostState]:
        """Gives every host's state, in order of name."""
        return read_hosts(self._access.database)

    def next_due(self, now: datetime) -> datetime | None:
        """Gives when the next feed becomes due and free, None if there is no feed."""
        return first_due(self._access.database, now)

    def put_round(self, summary: RoundSummary) -> None:
        """Keeps nothing: Kibana's dashboards, which read rounds' figures, do not see a folder."""

    def expire(self, before: datetime, *, dry_run: bool = False) -> Expired:
        """Deletes dead letters last seen before a time."""
        return Expired(expire_failures(self._access.database, before, dry_run=dry_run))

    def close(self) -> None:
        """Lets go of the files and the lock; leases stay until released or expired."""
        self._access.close()
