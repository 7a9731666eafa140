"""What the contract leaves open, or what only SQLite could get wrong."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemas.errors import LeaseLostError
from schemas.failure import Failure, failure_id
from schemas.feed import Feed, SeenEntry
from schemas.poll import HostWork, Learnt, Poll
from tests.committing import commit_one
from transforms.storage.embedded.feed_store import EmbeddedFeedStore

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
FEEDS = {url: Feed(url=url) for url in ("https://a.example/1", "https://b.example/1")}
A, B = FEEDS


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def failure(number: int, feed: str = A) -> Failure:
    time = after(number)
    return Failure(
        id=failure_id(feed, f"e{number}", "write"),
        feed_url=feed,
        entry_key=f"e{number}",
        stage="write",
        error="refused",
        input={},
        first_seen=time,
        last_seen=time,
        sight_time=time,
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedFeedStore]:
    store = EmbeddedFeedStore(tmp_path)
    store.register(list(FEEDS.values()))
    yield store
    store.close()


def claim(store: EmbeddedFeedStore, now: datetime = NOW) -> dict[str, tuple[HostWork, Poll]]:
    works = store.claim("me", now, lease_seconds=60, max_hosts=9, feeds=FEEDS)
    return {poll.feed.url: (work, poll) for work in works for poll in work.polls}


def learnt(poll: Poll) -> Learnt:
    state = poll.state.model_copy(update={"etag": "new", "next_due": after(500)})
    return Learnt(
        poll_id=poll.id,
        feed_url=poll.feed.url,
        lease=poll.lease,
        expected=1,
        state=state,
        last_request=NOW,
        hold_host_until=after(900),
    )


def test_a_refused_commit_changes_nothing_at_all(store: EmbeddedFeedStore) -> None:
    _, poll = claim(store)[A]
    store.put_failures([failure(1)])
    claim(store, after(61))
    before = (store.states(), store.hosts(), list(store.failures()))
    seen = {"e1": SeenEntry(article_id="x", hash="h")}
    with pytest.raises(LeaseLostError, match=r"a\.example"):
        commit_one(store, learnt(poll), after(62), seen=seen, closed=["e1"])
    assert (store.states(), store.hosts(), list(store.failures())) == before


def test_a_commit_keeps_host_and_feed_together(store: EmbeddedFeedStore) -> None:
    _, poll = claim(store)[A]
    commit_one(store, learnt(poll), NOW)
    host = {host.host: host for host in store.hosts()}["a.example"]
    assert (host.last_request, host.hold_until, host.lease) == (NOW, after(900), None)
    # A later poll that says nothing of a hold does not shorten it.
    again = learnt(claim(store, after(1000))[A][1])
    short = again.model_copy(update={"hold_host_until": None, "last_request": after(1000)})
    commit_one(store, short, after(1000))
    host = {host.host: host for host in store.hosts()}["a.example"]
    assert (host.last_request, host.hold_until) == (after(1000), after(900))


def test_a_feed_removed_while_it_was_polled_stays_removed(store: EmbeddedFeedStore) -> None:
    _, poll = claim(store)[A]
    store.register([FEEDS[B]])
    commit_one(store, learnt(poll), after(2))
    assert {s.url: (s.removed, s.etag) for s in store.states()}[A] == (True, "new")


def test_dead_letters_come_oldest_first_however_many(store: EmbeddedFeedStore) -> None:
    numbers = [(number * 37) % 250 for number in range(250)]
    store.put_failures([failure(number) for number in numbers])
    assert [f.entry_key for f in store.failures()] == [f"e{n}" for n in range(250)]
    # They may be closed while they are read, as `replay` does.
    for one in store.failures():
        store.close_failure(one.id, after(999))
    assert list(store.failures()) == []
    assert len(list(store.failures(open_only=False))) == 250


def test_closing_twice_keeps_the_first_time(store: EmbeddedFeedStore) -> None:
    store.put_failures([failure(1)])
    for second in (5, 9):
        store.close_failure(failure(1).id, after(second))
    store.close_failure("unknown", NOW)
    assert [f.closed for f in store.failures(open_only=False)] == [after(5)]


def test_the_next_due_time_waits_for_lease_and_hold(tmp_path: Path) -> None:
    store = EmbeddedFeedStore(tmp_path / "other")
    store.setup()
    assert store.next_due(NOW) is None
    store.register([FEEDS[A]])
    assert store.next_due(NOW) == NOW
    _, poll = claim(store)[A]
    assert store.next_due(NOW) == after(60), "when the lease expires"
    commit_one(store, learnt(poll), NOW)
    assert store.next_due(NOW) == after(900), "when the host may be asked again"
    store.register([])
    assert store.next_due(NOW) is None
    store.close()


def test_times_are_kept_to_the_microsecond(store: EmbeddedFeedStore) -> None:
    odd = NOW.replace(microsecond=123457)
    _, poll = claim(store)[A]
    state = poll.state.model_copy(update={"next_due": odd})
    odd_one = learnt(poll).model_copy(update={"state": state, "hold_host_until": None})
    commit_one(store, odd_one, NOW)
    assert A not in claim(store, odd - timedelta(microseconds=1))
    assert A in claim(store, odd)
