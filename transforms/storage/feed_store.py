"""What the rest of Dateline asks of a feed store: to keep what polling has learnt.

That is feeds, hosts, leases, dead letters and rounds. Its methods raise `TransientError` when the
other side cannot be reached or is overloaded, never anything of a client library.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from schemas.config import IntervalConfig
from schemas.errors import DatelineError
from schemas.failure import Failure
from schemas.feed import Feed, FeedState, HostState, Lease
from schemas.poll import HostWork, PollCommit, RoundSummary
from transforms.feeds.health import Health


@dataclass(frozen=True, slots=True)
class Expired:
    """What retention took out of the feed store.

    Attributes:
        failures: Dead letters.
        rounds: Rounds, each with its figures.
    """

    failures: int = 0
    rounds: int = 0


@dataclass(frozen=True, slots=True)
class Borrowed:
    """What became of the wish to borrow hosts.

    Attributes:
        leases: One on each of them; none where one of them was not free.
        last_request: When one of them was last asked, as far as known.
        hold_until: Until when one of them wants to be left alone; None where none does.
    """

    leases: tuple[Lease, ...] = ()
    last_request: datetime | None = None
    hold_until: datetime | None = None


class FeedStore(Protocol):
    """Keeps feeds, hosts, leases, dead letters and rounds."""

    def setup(self, dry_run: bool = False) -> list[str]:
        """Creates what is missing; idempotent; says what it changed, a line each."""

    def register(self, feeds: Sequence[Feed], interval: IntervalConfig | None = None) -> None:
        """Makes the store know exactly these feeds.

        New ones get a fresh state, states of feeds no longer named are marked `removed` (and
        never claimed), returning ones are unmarked with all they had learnt.

        Args:
            feeds: All there are to be.
            interval: `polling.interval`: feeds that would be left alone for longer than it, or
                their own, allows are due earlier. None leaves all due times as they are.
        """

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
        """Takes leases on hosts that have due feeds and gives their work.

        A host is free when it has no lease, or an expired one, and its `hold_until` has passed.
        A feed is due when its state is neither removed nor retired, its `hold_until` has passed
        and `next_due` has come. With `due_only` False, `next_due` is ignored but feeds whose
        `last_poll` is at or after `polled_since` are left out (`run --once` polls each once).
        Taken by compare-and-set: of two claimers of one host exactly one gets it.
        Only feeds in `feeds` (by URL) are claimed; the Poll carries that Feed. Poll ids are
        unique. Feeds longest due come first.
        """

    def renew(self, lease: Lease, now: datetime, lease_seconds: float) -> Lease:
        """Prolongs a lease under the same token; raises LeaseLostError if it was replaced."""

    def commit(self, polls: Sequence[PollCommit], now: datetime) -> list[DatelineError | None]:
        """Commits what polls learnt, each under its lease's token; no feed is there twice.

        `transforms.feeds.committing` says what a feed's state becomes; the host's
        `last_request` and `hold_until` are updated, the feed is struck from the lease's `feeds`,
        and the host is free again once none is left. Dead letters were already put
        (put_failures).

        Gives for each poll None, or why it is not committed, which costs the others nothing: a
        LeaseLostError, nothing being changed, if the host's lease now has another token; a
        TransientError if it could not be told whether all is kept.
        """

    def release(
        self,
        lease: Lease,
        *,
        feeds: Mapping[str, datetime | None],
        last_request: datetime | None = None,
    ) -> None:
        """Ends the polls of `feeds` (url -> not due before; None leaves that as it is) uncommitted.

        Notes when the host was asked. Nothing else of the feeds' states is changed: `run --once`
        polls them whenever they are due. The host is free once none of the lease's feeds is left.
        A lost lease is let be.
        """

    def borrow(
        self, hosts: Sequence[str], owner: str, now: datetime, *, lease_seconds: float
    ) -> Borrowed:
        """Takes leases on hosts without polling a feed of theirs, since other polls lead there.

        On all of them or on none. They keep claims away as any lease does, and are freed by
        `give_back`.
        """

    def give_back(
        self, leases: Sequence[Lease], *, last_request: datetime | None, hold_until: datetime | None
    ) -> None:
        """Frees borrowed hosts and notes when they were asked, and what they asked for.

        A lost lease is let be; the times are noted all the same.
        """

    def put_failures(self, failures: Sequence[Failure]) -> Collection[str]:
        """Stores dead letters; one with a known id is updated, counted and opened again.

        Gives the ids of those that were not open before.
        """

    def failures(self, *, open_only: bool = True) -> Iterator[Failure]:
        """Gives dead letters, oldest first."""

    def close_failure(self, failure_id: str, now: datetime) -> None:
        """Closes a dead letter whose entry has come through."""

    def forget_validators(self, feed_urls: Sequence[str]) -> None:
        """Makes feeds due at once and fetched in full (no ETag, no Last-Modified)."""

    def change_feed(
        self, feed_url: str, change: Callable[[FeedState], FeedState]
    ) -> FeedState | None:
        """Changes a feed's state by compare-and-set, whoever polls it meanwhile.

        `change` is given the stored state, and again after a conflict; of what it changes, only
        `subscription`, `pushed_at` and `next_due` outlive the commit of a poll that is under way.
        Gives the state as it is then; None where the feed is not known.
        """

    def states(self) -> list[FeedState]:
        """Gives every feed's state, removed ones too."""

    def restore(self, states: Sequence[FeedState]) -> int:
        """Puts states of another store in place of those polled earlier; gives how many it did."""

    def count_health(self) -> dict[Health, int]:
        """Gives how many feeds there are of each health, zeros included."""

    def hosts(self) -> list[HostState]:
        """Gives every host's state."""

    def next_due(self, now: datetime) -> datetime | None:
        """Gives when the next feed becomes due and free, None if there is no feed."""

    def put_round(self, summary: RoundSummary) -> None:
        """Keeps one round's figures, where dashboards can read them."""

    def expire(self, before: datetime, *, dry_run: bool = False) -> Expired:
        """Deletes dead letters last seen, and rounds, before a time (rounds by whole months)."""

    def close(self) -> None:
        """Lets go of connections, files and locks (leases stay until released or expired)."""
