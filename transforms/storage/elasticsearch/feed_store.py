"""The feed store on an Elasticsearch, whose indices Kibana shows as feed health."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from schemas.config import Config, IntervalConfig
from schemas.errors import DatelineError
from schemas.failure import Failure
from schemas.feed import Feed, FeedState, HostState, Lease
from schemas.poll import HostWork, PollCommit, RoundSummary
from transforms.feeds.health import Health
from transforms.storage.elasticsearch import failures as letters
from transforms.storage.elasticsearch import feed_documents, feed_states
from transforms.storage.elasticsearch.borrowing import borrow_hosts, give_back_hosts
from transforms.storage.elasticsearch.bulk import Operation, write_bulk
from transforms.storage.elasticsearch.claiming import claim_hosts
from transforms.storage.elasticsearch.client import Client
from transforms.storage.elasticsearch.committing import commit_polls
from transforms.storage.elasticsearch.compare_and_set import raise_unless_taken
from transforms.storage.elasticsearch.due_feeds import Due
from transforms.storage.elasticsearch.feed_health import count_health
from transforms.storage.elasticsearch.leases import renew_lease, strike_feeds
from transforms.storage.elasticsearch.names import Names, document_id
from transforms.storage.elasticsearch.reading import read_documents, scan_documents
from transforms.storage.elasticsearch.retention import count_before, delete_slice
from transforms.storage.elasticsearch.stamping import FEEDS_AT_ONCE
from transforms.storage.elasticsearch.templates import REPLICAS, SHARDS, Setup
from transforms.storage.feed_store import Borrowed, Expired

# Dead letters keep inputs of up to a megabyte; deleting reads none of it.
_LETTERS_PER_SLICE = 1_000


class ElasticsearchFeedStore:
    """Keeps the protocol `FeedStore`; see there for what the methods promise."""

    def __init__(self, config: Config) -> None:
        """Opens the client; nothing is sent yet.

        Raises:
            ConfigError: The credentials in the environment contradict each other.
        """
        self._config = config.index
        self._names = Names(config.index.prefix)
        self._client = Client(config.index)

    def setup(self, dry_run: bool = False) -> list[str]:
        """Creates or updates the indices, and the template of the months' rounds."""
        names = self._names
        settings = {
            SHARDS: 1,
            REPLICAS: self._config.replicas,
        }
        setup = Setup(self._client, dry_run)
        setup.index(names.feeds, feed_documents.FEEDS, settings)
        setup.index(names.hosts, feed_documents.HOSTS, settings)
        setup.index(names.failures, feed_documents.FAILURES, settings)
        template = {"mappings": feed_documents.ROUNDS, "settings": settings}
        setup.index_template(names.rounds, [f"{names.rounds}-*"], [], template)
        return setup.lines

    def register(self, feeds: Sequence[Feed], interval: IntervalConfig | None = None) -> None:
        """Makes the store know exactly these feeds, due within the bounds that they have now."""
        feed_states.register_feeds(self._client, self._names, feeds, interval)

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
            self._client,
            self._names,
            owner,
            Due(now, due_only, polled_since),
            lease_seconds=lease_seconds,
            max_hosts=max_hosts,
            feeds=feeds,
        )

    def renew(self, lease: Lease, now: datetime, lease_seconds: float) -> Lease:
        """Prolongs a lease under the same token; raises LeaseLostError if it was replaced."""
        return renew_lease(self._client, self._names.hosts, lease, now, lease_seconds)

    def commit(self, polls: Sequence[PollCommit], now: datetime) -> list[DatelineError | None]:
        """Commits what polls learnt, each under its lease's token."""
        return commit_polls(self._client, self._names, polls, now)

    def release(
        self,
        lease: Lease,
        *,
        feeds: Mapping[str, datetime | None],
        last_request: datetime | None = None,
    ) -> None:
        """Ends the polls of `feeds` uncommitted; a lost lease is let be."""
        key = document_id(lease.host)
        found = read_documents(self._client, self._names.hosts, [key])
        held = feed_documents.host_state(found[key].source).lease if key in found else None
        if held is None or held.token != lease.token:
            return
        until = {url: time for url, time in feeds.items() if time and url in held.feeds}
        feed_states.put_off_feeds(self._client, self._names, until)
        strike_feeds(self._client, self._names.hosts, lease, feeds, last_request)

    def borrow(
        self, hosts: Sequence[str], owner: str, now: datetime, *, lease_seconds: float
    ) -> Borrowed:
        """Takes leases on all of some hosts, for their pages, or on none."""
        index = self._names.hosts
        return borrow_hosts(self._client, index, hosts, owner, now, lease_seconds)

    def give_back(
        self, leases: Sequence[Lease], *, last_request: datetime | None, hold_until: datetime | None
    ) -> None:
        """Frees borrowed hosts and notes their times; a lost lease is let be."""
        give_back_hosts(self._client, self._names.hosts, leases, last_request, hold_until)

    def put_failures(self, failures: Sequence[Failure]) -> Collection[str]:
        """Stores dead letters, known ones again; gives the ids of those that were not open."""
        return letters.put_failures(self._client, self._names.failures, failures)

    def failures(self, *, open_only: bool = True) -> Iterator[Failure]:
        """Gives dead letters, oldest first."""
        return letters.read_failures(self._client, self._names.failures, open_only=open_only)

    def close_failure(self, failure_id: str, now: datetime) -> None:
        """Closes a dead letter whose entry has come through."""
        letters.close_failures(self._client, self._names.failures, [failure_id], now)

    def forget_validators(self, feed_urls: Sequence[str]) -> None:
        """Makes feeds due at once and fetched in full."""
        feed_states.forget_validators(self._client, self._names, feed_urls)

    def change_feed(
        self, feed_url: str, change: Callable[[FeedState], FeedState]
    ) -> FeedState | None:
        """Changes a feed's state by compare-and-set."""
        return feed_states.change_feed(self._client, self._names, feed_url, change)

    def states(self) -> list[FeedState]:
        """Gives every feed's state, removed ones too, in order of URL."""
        documents = scan_documents(self._client, self._names.feeds, at_once=FEEDS_AT_ONCE)
        states = [feed_documents.feed_state(document.source) for document in documents]
        return sorted(states, key=lambda state: state.url)

    def restore(self, states: Sequence[FeedState]) -> int:
        """Puts states in place of those polled earlier; gives how many it did."""
        return feed_states.restore_states(self._client, self._names, states)

    def count_health(self) -> dict[Health, int]:
        """Gives how many feeds there are of each health, zeros included."""
        return count_health(self._client, self._names)

    def hosts(self) -> list[HostState]:
        """Gives every host's state, in order of name."""
        documents = scan_documents(self._client, self._names.hosts, at_once=1000)
        states = [feed_documents.host_state(document.source) for document in documents]
        return sorted(states, key=lambda state: state.host)

    def next_due(self, now: datetime) -> datetime | None:
        """Gives when the next feed becomes due and free, None if there is no feed."""
        return feed_states.first_due(self._client, self._names, now)

    def put_round(self, summary: RoundSummary) -> None:
        """Keeps one round's figures, in the month's index."""
        index = self._names.rounds_of(summary.timestamp)
        key = document_id(summary.owner, summary.timestamp.isoformat())
        operation = Operation("index", key, summary.model_dump(mode="json", by_alias=True))
        raise_unless_taken(write_bulk(self._client, index, [operation]), self._client, index)

    def expire(self, before: datetime, *, dry_run: bool = False) -> Expired:
        """Deletes dead letters last seen before a time, and the months of rounds that ended."""
        rounds = self._expire_rounds(before, dry_run)
        letters_index, time = self._names.failures, before.isoformat()
        if dry_run:
            count = count_before(self._client, letters_index, "last_seen", time)
            return Expired(count, rounds)
        gone = 0
        while deleted := delete_slice(
            self._client, letters_index, "last_seen", time, _LETTERS_PER_SLICE
        ):
            gone += deleted
        return Expired(gone, rounds)

    def _expire_rounds(self, before: datetime, dry_run: bool) -> int:
        pattern = f"{self._names.rounds}-*"
        with self._client.translated(f"looking for {pattern}"):
            known = self._client.api.indices.get(index=pattern, features="aliases")
        rounds = 0
        for name in sorted(known):
            if not _has_ended(name.removeprefix(f"{self._names.rounds}-"), before):
                continue
            with self._client.translated(f"deleting {name}"):
                rounds += int(self._client.api.count(index=name)["count"])
                if not dry_run:
                    self._client.api.indices.delete(index=name)
        return rounds

    def close(self) -> None:
        """Closes the connections; leases stay until released or expired."""
        self._client.close()


def _has_ended(month: str, before: datetime) -> bool:
    """Says whether a month (`YYYY.MM`) lies before a time altogether; False for other names."""
    try:
        datetime.strptime(month, "%Y.%m")
    except ValueError:
        return False
    return month < f"{before.astimezone(UTC):%Y.%m}"
