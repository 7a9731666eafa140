"""What every feed store must do, run on both backends."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.config import Config, IntervalConfig
from schemas.entry import Entry
from schemas.errors import LeaseLostError, TerminalError
from schemas.failure import Failure, failure_id
from schemas.feed import Feed, FeedInterval, FeedState, SeenEntry
from schemas.poll import HostWork, Learnt, Poll, PollCommit, PollEntry
from tests.backends import feeds_of, opened
from tests.committing import commit_one, learnt_by
from transforms.dead_letters import dead_letter
from transforms.feeds.health import HEALTHS, health
from transforms.storage.feed_store import FeedStore
from transforms.websub.subscription import after_push

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
A1, A2, B1 = "https://a.example/1", "https://a.example/2", "https://b.example/1"
FEEDS = feeds_of(A1, A2, B1)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def claim(
    store: FeedStore,
    owner: str = "me",
    now: datetime = NOW,
    feeds: dict[str, Feed] = FEEDS,
    **more: Any,
) -> list[HostWork]:
    return store.claim(
        owner, now, lease_seconds=60, max_hosts=more.pop("max_hosts", 10), feeds=feeds, **more
    )


def polls(works: Iterable[HostWork]) -> dict[str, Poll]:
    return {poll.feed.url: poll for work in works for poll in work.polls}


def learnt(poll: Poll, now: datetime = NOW, **state: Any) -> Learnt:
    return learnt_by(poll, now, **state)


def commit(store: FeedStore, poll: Poll, now: datetime = NOW, **state: Any) -> None:
    commit_one(store, learnt(poll, now, **state), now)


@pytest.fixture
def registered(store: FeedStore) -> FeedStore:
    store.register(list(FEEDS.values()))
    return store


def test_a_claim_takes_hosts_with_all_their_due_feeds(registered: FeedStore) -> None:
    works = {work.lease.host: work for work in claim(registered)}
    assert set(works) == {"a.example", "b.example"}
    assert {poll.feed.url for poll in works["a.example"].polls} == {A1, A2}
    assert works["a.example"].lease.expires == after(60)
    assert set(works["a.example"].lease.feeds) == {A1, A2}
    assert len({poll.id for poll in polls(works.values()).values()}) == 3


def test_a_claimed_host_is_nobody_elses(registered: FeedStore) -> None:
    claim(registered)
    assert claim(registered, "other") == []
    assert claim(registered, "me") == []


def test_an_expired_lease_can_be_taken_and_its_commit_is_refused(registered: FeedStore) -> None:
    mine = polls(claim(registered))
    theirs = polls(claim(registered, "other", after(61)))
    assert set(theirs) == set(mine)
    with pytest.raises(LeaseLostError):
        commit(registered, mine[A1], after(62), etag="mine")
    assert {state.url: state.etag for state in registered.states()}[A1] == ""
    commit(registered, theirs[A1], after(63), etag="theirs")
    assert {state.url: state.etag for state in registered.states()}[A1] == "theirs"


def test_polls_are_committed_together_and_a_lost_lease_costs_the_others_nothing(
    registered: FeedStore,
) -> None:
    mine = polls(claim(registered))
    theirs = polls(claim(registered, "other", after(61), feeds={B1: FEEDS[B1]}))
    registered.put_failures([failure(), failure(feed=A2), failure(feed=B1)])
    commits = [
        PollCommit(learnt(mine[A1], after(62), etag="a1"), closed=["e1"]),
        PollCommit(learnt(mine[B1], after(62), etag="lost"), closed=["e1"]),
        PollCommit(learnt(mine[A2], after(63), etag="a2", next_due=after(64))),
    ]
    first, lost, second = registered.commit(commits, after(63))
    assert (first, second) == (None, None)
    assert isinstance(lost, LeaseLostError)
    assert {state.url: state.etag for state in registered.states()} == {
        A1: "a1",
        A2: "a2",
        B1: "",
    }
    assert {(one.feed_url, one.entry_key) for one in registered.failures()} == {
        (A2, "e1"),
        (B1, "e1"),
    }
    (work,) = claim(registered, now=after(65))
    assert ([poll.feed.url for poll in work.polls], work.last_request) == ([A2], after(63))
    commit(registered, theirs[B1], after(66), etag="theirs")


def test_a_renewed_lease_lasts_longer_under_the_same_token(registered: FeedStore) -> None:
    lease = claim(registered)[0].lease
    renewed = registered.renew(lease, after(50), 60)
    assert (renewed.token, renewed.expires) == (lease.token, after(110))
    hosts = {work.lease.host for work in claim(registered, "other", after(61))}
    assert lease.host not in hosts
    commit_poll = polls(claim(registered, "other", after(111)))
    assert commit_poll


def test_a_borrowed_host_is_nobody_elses_until_it_is_given_back(registered: FeedStore) -> None:
    borrowed = registered.borrow(["a.example", "new.example"], "me", NOW, lease_seconds=60)
    assert [lease.host for lease in borrowed.leases] == ["a.example", "new.example"]
    assert {work.lease.host for work in claim(registered, "other")} == {"b.example"}
    again = registered.borrow(["new.example"], "other", after(1), lease_seconds=60)
    assert (again.leases, again.hold_until) == ((), None)
    registered.give_back(borrowed.leases, last_request=after(5), hold_until=None)
    (work,) = claim(registered, "other", after(6))
    assert (work.lease.host, work.last_request) == ("a.example", after(5))
    assert registered.borrow(
        ["new.example"], "other", after(6), lease_seconds=60
    ).last_request == after(5)


def test_of_hosts_that_are_not_all_free_none_is_borrowed(registered: FeedStore) -> None:
    claim(registered, feeds={B1: FEEDS[B1]})
    borrowed = registered.borrow(["a.example", "b.example"], "me", NOW, lease_seconds=60)
    assert borrowed.leases == ()
    assert {work.lease.host for work in claim(registered, "other")} == {"a.example"}


def test_a_borrowed_host_can_be_held_back(registered: FeedStore) -> None:
    borrowed = registered.borrow(["b.example"], "me", NOW, lease_seconds=60)
    registered.give_back(borrowed.leases, last_request=None, hold_until=after(600))
    assert {work.lease.host for work in claim(registered, now=after(599))} == {"a.example"}
    refused = registered.borrow(["b.example"], "me", after(599), lease_seconds=60)
    assert (refused.leases, refused.hold_until) == ((), after(600))
    assert registered.borrow(["b.example"], "me", after(600), lease_seconds=60).leases


def test_a_loan_that_expired_is_anybodys_and_can_be_given_back_all_the_same(
    registered: FeedStore,
) -> None:
    borrowed = registered.borrow(["b.example"], "me", NOW, lease_seconds=60)
    renewed = registered.renew(borrowed.leases[0], after(50), 60)
    assert (renewed.token, renewed.expires) == (borrowed.leases[0].token, after(110))
    theirs = {work.lease.host: work.lease for work in claim(registered, "other", after(110))}
    registered.give_back(borrowed.leases, last_request=after(100), hold_until=None)
    kept = {host.host: host.lease for host in registered.hosts()}["b.example"]
    assert kept is not None
    assert kept.token == theirs["b.example"].token


def test_a_replaced_lease_cannot_be_renewed(registered: FeedStore) -> None:
    lease = claim(registered)[0].lease
    claim(registered, "other", after(61))
    with pytest.raises(LeaseLostError):
        registered.renew(lease, after(62), 60)


def test_a_commit_keeps_what_was_learnt_and_frees_the_host_with_its_last_feed(
    registered: FeedStore,
) -> None:
    mine = polls(claim(registered))
    seen = {
        "guid-1": SeenEntry(article_id="x", hash="h"),
        "guid-2": SeenEntry(article_id="y", hash="i", failed=True, versions={"h": 1, "g": 2}),
    }
    commit_one(registered, learnt(mine[A1], etag='W/"1"'), NOW, seen=seen)
    assert claim(registered, "other", after(1)) == [], "A2 is still under way"
    commit(registered, mine[A2])
    due = polls(claim(registered, "other", after(3601)))
    assert set(due) == {A1, A2, B1}
    assert due[A1].state.etag == 'W/"1"'
    assert due[A1].state.seen == seen
    assert due[A2].state.seen == {}


def test_feeds_are_claimed_when_they_are_due_the_longest_due_first(registered: FeedStore) -> None:
    mine = polls(claim(registered))
    commit(registered, mine[A1], next_due=after(20))
    commit(registered, mine[A2], next_due=after(10))
    commit(registered, mine[B1], next_due=after(30))
    assert claim(registered, now=after(9)) == []
    (work,) = claim(registered, now=after(25))
    assert [poll.feed.url for poll in work.polls] == [A2, A1]


def test_the_host_tells_when_it_was_last_asked(registered: FeedStore) -> None:
    mine = polls(claim(registered))
    for url in (A1, A2):
        commit(registered, mine[url], after(2), next_due=after(5))
    (work,) = claim(registered, now=after(6))
    assert work.last_request == after(2)


def test_a_host_that_asked_to_be_left_alone_is(registered: FeedStore) -> None:
    poll = polls(claim(registered))[B1]
    held = learnt(poll, next_due=after(1)).model_copy(update={"hold_host_until": after(100)})
    commit_one(registered, held, NOW)
    assert B1 not in polls(claim(registered, now=after(99), due_only=False))
    assert B1 in polls(claim(registered, now=after(101)))


def test_a_feed_that_has_moved_is_claimed_with_its_new_host(registered: FeedStore) -> None:
    mine = polls(claim(registered))
    commit(registered, mine[A2])
    commit(registered, mine[A1], address="https://b.example/moved", host="b.example")
    commit(registered, mine[B1])
    registered.register(list(FEEDS.values()))
    works = {work.lease.host: work for work in claim(registered, now=after(3601))}
    assert {poll.feed.url for poll in works["b.example"].polls} == {A1, B1}
    assert {poll.feed.url for poll in works["a.example"].polls} == {A2}


def test_a_lower_ceiling_makes_feeds_due_earlier(registered: FeedStore) -> None:
    mine = polls(claim(registered))
    day = {"last_success": NOW, "next_due": after(86_400)}
    commit(registered, mine[A1], **day)
    commit(registered, mine[A2], **day)
    commit(registered, mine[B1], **day, hold_until=after(86_400), retry_after=after(86_400))
    slow = FEEDS[A2].model_copy(update={"interval": FeedInterval(min=7_200, max=36_000)})
    feeds = FEEDS | {A2: slow}
    registered.register(list(feeds.values()), IntervalConfig(min=60, max=3_600))
    assert not claim(registered, now=after(3_599), feeds=feeds)
    assert set(polls(claim(registered, "one", after(3_601), feeds))) == {A1}
    assert set(polls(claim(registered, "two", after(36_001), feeds))) == {A1, A2}


def test_feeds_are_counted_by_their_health(registered: FeedStore) -> None:
    assert registered.count_health() == dict.fromkeys(HEALTHS, 0) | {"new": 3}
    mine = polls(claim(registered))
    commit(registered, mine[A1], last_success=NOW)
    commit(registered, mine[A2], consecutive_failures=2)
    commit(registered, mine[B1], retired=True, last_success=NOW)
    registered.register(list(feeds_of(A1, B1, "https://c.example/1").values()))
    counted = {name: count for name, count in registered.count_health().items() if count}
    assert counted == {"ok": 1, "removed": 1, "retired": 1, "new": 1}
    assert counted == Counter(health(state) for state in registered.states())


def test_feeds_held_back_by_domain_are_claimed_together(store: FeedStore) -> None:
    urls = ("https://news.paper.example/feed", "https://sport.paper.example/feed")
    feeds = {url: Feed(url=url, hold="domain") for url in urls}
    store.register(list(feeds.values()))
    (work,) = claim(store, feeds=feeds)
    assert (work.lease.host, {poll.feed.url for poll in work.polls}) == ("paper.example", set(urls))
    for poll in work.polls:
        commit(store, poll)
    # Taken back to hosts by the configuration.
    feeds = {url: Feed(url=url) for url in urls}
    store.register(list(feeds.values()))
    hosts = {work.lease.host for work in claim(store, now=after(3601), feeds=feeds)}
    assert hosts == {"news.paper.example", "sport.paper.example"}


def test_a_host_has_one_lease_however_it_is_written_and_was_named_before(store: FeedStore) -> None:
    urls = ("https://paper.example/1", "https://paper.example:443/2", "https://paper.example./3")
    feeds = feeds_of(*urls)
    seen = {"g": SeenEntry(article_id="x", hash="h")}
    known = [
        FeedState(url=url, host=host, etag="e", last_poll=NOW, next_due=NOW, seen=seen)
        for url, host in zip(
            urls, ("paper.example", "paper.example:443", "paper.example."), strict=True
        )
    ]
    store.restore(known)
    store.register(list(feeds.values()))
    (work,) = claim(store, now=after(1), feeds=feeds)
    assert work.lease.host == "paper.example"
    expected = {state.url: state.model_copy(update={"host": "paper.example"}) for state in known}
    assert {poll.feed.url: poll.state for poll in work.polls} == expected


def test_every_feed_once_takes_those_not_polled_since(registered: FeedStore) -> None:
    mine = polls(claim(registered))
    for poll in mine.values():
        commit(registered, poll, after(-10))
    once: dict[str, Any] = {"due_only": False, "polled_since": after(0)}
    again = polls(claim(registered, **once))
    assert set(again) == {A1, A2, B1}, "none is due, all are polled once"
    commit(registered, again[A1], after(1))
    commit(registered, again[A2], after(1), pending=True, next_due=after(1))
    assert set(polls(claim(registered, now=after(2), **once))) == {A2}, "entries are still to come"


@pytest.mark.parametrize("state", [{"retired": True}, {"hold_until": NOW + timedelta(hours=2)}])
def test_retired_and_held_feeds_are_not_polled_even_once(
    registered: FeedStore, state: dict[str, Any]
) -> None:
    commit(registered, polls(claim(registered))[B1], **state)
    once = claim(registered, now=after(5), due_only=False, polled_since=after(4))
    assert B1 not in polls(once)


def test_a_released_poll_learns_nothing_and_is_put_off(registered: FeedStore) -> None:
    poll = polls(claim(registered))[B1]
    registered.release(poll.lease, feeds={B1: after(30)})
    assert claim(registered, now=after(29)) == []
    (again,) = polls(claim(registered, now=after(29), due_only=False, polled_since=NOW)).values()
    assert again.state.last_poll is None
    registered.release(again.lease, feeds={B1: None})
    assert set(polls(claim(registered, now=after(31)))) == {B1}


def test_a_released_poll_tells_when_its_host_was_asked(registered: FeedStore) -> None:
    poll = polls(claim(registered))[B1]
    registered.release(poll.lease, feeds={B1: NOW}, last_request=after(3))
    (work,) = claim(registered, now=after(4))
    assert (work.lease.host, work.last_request) == ("b.example", after(3))


def test_a_poll_given_back_unasked_is_due_as_before(registered: FeedStore) -> None:
    poll = polls(claim(registered))[B1]
    registered.release(poll.lease, feeds={B1: None})
    assert B1 in polls(claim(registered, "other", NOW))


def test_a_lost_lease_is_let_be(registered: FeedStore) -> None:
    mine = polls(claim(registered))
    theirs = polls(claim(registered, "other", after(61)))
    registered.release(mine[B1].lease, feeds={B1: None})
    commit(registered, theirs[B1], after(63))
    assert claim(registered, "third", after(64)) == []


def test_at_most_so_many_hosts_are_claimed(registered: FeedStore) -> None:
    first = claim(registered, max_hosts=1)
    second = claim(registered, max_hosts=1)
    assert len(first) == len(second) == 1
    assert set(polls(first)) | set(polls(second)) == {A1, A2, B1}


def test_feeds_that_leave_the_configuration_rest_and_return(registered: FeedStore) -> None:
    mine = polls(claim(registered))
    commit(registered, mine[B1], etag="kept")
    registered.register(list(feeds_of(A1, A2).values()))
    assert {state.url for state in registered.states() if state.removed} == {B1}
    assert B1 not in polls(claim(registered, now=after(9999)))
    registered.register(list(FEEDS.values()))
    back = polls(claim(registered, now=after(20_000)))
    assert back[B1].state.etag == "kept"


def test_only_the_given_feeds_are_claimed(registered: FeedStore) -> None:
    assert set(polls(claim(registered, feeds=feeds_of(A2)))) == {A2}


def failure(entry: str = "e1", second: int = 0, feed: str = A1) -> Failure:
    return Failure(
        id=failure_id(feed, entry, "normalize"),
        feed_url=feed,
        entry_key=entry,
        article_id="x",
        stage="normalize",
        error=f"too long, seen {second}",
        input={"title": "…"},
        first_seen=after(second),
        last_seen=after(second),
        sight_time=after(second),
    )


def test_a_dead_letter_seen_again_is_counted(store: FeedStore) -> None:
    letters = [failure(), failure("e2", 1)]
    assert set(store.put_failures(letters)) == {letter.id for letter in letters}
    assert not store.put_failures([failure(second=60)]), "it was open before"
    first, second = sorted(store.failures(), key=lambda f: f.entry_key)
    assert (first.count, second.count) == (2, 1)
    assert (first.first_seen, first.last_seen) == (NOW, after(60))
    assert first.sight_time == NOW, "replay uses the time of the first fetch"
    assert first.error == "too long, seen 60"


def test_a_later_success_closes_the_dead_letter(registered: FeedStore) -> None:
    registered.put_failures([failure(), failure("e2"), failure(feed=B1)])
    poll = polls(claim(registered))[A1]
    commit_one(registered, learnt(poll), after(5), closed=["e1"])
    left = {(f.feed_url, f.entry_key) for f in registered.failures()}
    assert left == {(A1, "e2"), (B1, "e1")}
    closed = [f for f in registered.failures(open_only=False) if f.closed is not None]
    assert [(f.entry_key, f.closed) for f in closed] == [("e1", after(5))]


def test_a_later_success_closes_the_dead_letter_of_an_endless_key(registered: FeedStore) -> None:
    key = "https://a.example/?q=" + "k" * 40_000
    origin = PollEntry(
        poll_id="p",
        feed=FEEDS[A1],
        entry=Entry(guid=key),
        key=key,
        hash="h",
        article_id="x",
        sight_time=NOW,
    )
    outcome = dead_letter(origin, "normalize", TerminalError("no title"), NOW)
    assert outcome.failure is not None
    registered.put_failures([outcome.failure])
    (letter,) = registered.failures()
    assert letter.id == failure_id(A1, letter.entry_key, letter.stage), "replay finds it by its key"
    poll = polls(claim(registered))[A1]
    commit_one(registered, learnt(poll), after(5), closed=[key])
    assert list(registered.failures()) == []


def test_a_closed_dead_letter_that_fails_again_is_open(store: FeedStore) -> None:
    store.put_failures([failure()])
    store.close_failure(failure().id, after(1))
    assert list(store.failures()) == []
    assert list(store.put_failures([failure(second=2)])) == [failure().id]
    assert [f.closed for f in store.failures()] == [None]


def test_a_feed_whose_validators_are_forgotten_is_due_at_once_in_full(
    registered: FeedStore,
) -> None:
    poll = polls(claim(registered))[B1]
    seen = {"g": SeenEntry(article_id="x", hash="h")}
    commit_one(registered, learnt(poll, etag="e", last_modified="m"), NOW, seen=seen)
    registered.forget_validators([B1])
    again = polls(claim(registered, now=after(1)))[B1]
    assert (again.state.etag, again.state.last_modified) == ("", "")
    assert again.state.seen == seen


def test_the_next_due_time_is_that_of_the_first_free_feed(registered: FeedStore) -> None:
    mine = polls(claim(registered))
    commit(registered, mine[A1], next_due=after(50))
    commit(registered, mine[A2], next_due=after(70))
    commit(registered, mine[B1], next_due=after(90))
    assert registered.next_due(NOW) == after(50)


def test_states_outlive_a_restart(config: Config) -> None:
    with opened(config) as (_, store):
        store.register(list(FEEDS.values()))
        commit(store, polls(claim(store))[B1], etag="kept")
    with opened(config) as (_, store):
        assert {state.url: state.etag for state in store.states()} == {A1: "", A2: "", B1: "kept"}


def test_a_feeds_state_can_be_changed_whoever_polls_it(registered: FeedStore) -> None:
    poll = polls(claim(registered))[A1]
    pushed = registered.change_feed(A1, lambda state: after_push(state, after(5)))
    assert pushed is not None
    assert pushed.pushed_at == after(5)
    commit(registered, poll, after(6), etag="new")
    [state] = [state for state in registered.states() if state.url == A1]
    assert (state.etag, state.pushed_at) == ("new", after(5))
    assert state.next_due == after(5), "the poll may not have seen what the push announces"


def test_a_change_that_changes_nothing_and_one_of_an_unknown_feed(registered: FeedStore) -> None:
    before = registered.states()
    assert registered.change_feed(A1, lambda state: state) in before
    assert registered.change_feed("https://unknown.example/", lambda state: state) is None
    assert registered.states() == before
