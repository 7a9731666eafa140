"""The pool of fetches: turns at hosts, leases, closing, and a thread that dies."""

import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest

from schemas.config import Config, PollingConfig
from schemas.errors import TransientError
from schemas.poll import FetchResult
from tests.servers.feed_documents import Item, rss
from tests.servers.feed_server import FeedServer, Request, Response, feed_server_on
from tests.transforms.http.polls import AT_ONCE, LOOPBACK, NOW, lease_of, requests_to, work_of
from transforms.http.pool import FetchPool
from transforms.http.shared_pool import close_all, shared_pool

BODY = b"<rss version='2.0'><channel/></rss>"
LONG = 15.0


@pytest.fixture
def pool() -> Iterator[FetchPool]:
    made = FetchPool(LOOPBACK, AT_ONCE)
    yield made
    made.close(0)


def collect_all(pool: FetchPool) -> list[FetchResult]:
    return pool.collect(LONG)


def test_answers_of_many_hosts_are_collected(pool: FetchPool) -> None:
    addresses = [f"127.0.0.{number}" for number in range(2, 6)]
    with ExitStack() as stack:
        for address in addresses:
            server = stack.enter_context(feed_server_on(address))
            server.put("/feed", BODY)
            pool.submit(work_of(server.url("/feed"), host=address))
        results = collect_all(pool)
    assert sorted(result.poll.lease.host for result in results) == sorted(addresses)
    assert {result.body for result in results} == {BODY}
    assert (pool.pending(), pool.leases()) == (0, [])


def test_a_host_is_asked_one_request_at_a_time(pool: FetchPool, feed_server: FeedServer) -> None:
    busy, most, lock = [0], [0], threading.Lock()

    def chunks() -> Iterator[bytes]:
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        yield BODY[:10]
        with lock:
            busy[0] -= 1
        yield BODY[10:]

    paths = [f"/{number}" for number in range(20)]
    for path in paths:
        feed_server.script(path, lambda _: Response(chunks=chunks))
    pool.submit(work_of(*[feed_server.url(path) for path in paths]))
    results = collect_all(pool)
    assert most == [1]
    assert [result.poll.feed.url for result in results] == [feed_server.url(p) for p in paths]


def test_the_delay_between_two_requests_is_kept(feed_server: FeedServer) -> None:
    feed_server.put("/a", BODY)
    feed_server.put("/b", BODY)
    polite = FetchPool(LOOPBACK, PollingConfig(per_host_delay=0.3))
    polite.submit(work_of(feed_server.url("/a"), feed_server.url("/b")))
    polite.collect(LONG)
    polite.close(0)
    first, second = (requests_to(feed_server, path)[0].at for path in ("/a", "/b"))
    assert second - first >= 0.3


def test_a_slow_host_delays_no_other(pool: FetchPool, feed_server: FeedServer) -> None:
    release = feed_server.put_blocked("/slow", BODY)
    pool.submit(work_of(feed_server.url("/slow")))
    with feed_server_on("127.0.0.9") as other:
        answered = threading.Event()

        def answer(_request: Request) -> Response:
            answered.set()
            return Response(body=BODY)

        other.script("/feed", answer)
        pool.submit(work_of(other.url("/feed"), host="127.0.0.9"))
        assert answered.wait(LONG)
        results: list[FetchResult] = []
        while not results:
            results = pool.collect(0.05)
        assert [result.poll.lease.host for result in results] == ["127.0.0.9"]
        assert [lease.host for lease in pool.leases()] == ["127.0.0.1"]
        assert pool.pending() == 1
    release.set()
    assert [result.body for result in collect_all(pool)] == [BODY]


def test_answers_carry_the_renewed_lease(pool: FetchPool, feed_server: FeedServer) -> None:
    release = feed_server.put_blocked("/feed", BODY)
    pool.submit(work_of(feed_server.url("/feed")))
    pool.update_lease(lease_of("127.0.0.1", "renewed"))
    release.set()
    assert [result.poll.lease.token for result in collect_all(pool)] == ["renewed"]


def test_dropped_polls_are_answered_no_more(pool: FetchPool, feed_server: FeedServer) -> None:
    feed_server.put_blocked("/feed", BODY)
    pool.submit(work_of(feed_server.url("/feed"), feed_server.url("/other")))
    pool.drop(lease_of("127.0.0.1"))
    assert (pool.pending(), pool.leases(), collect_all(pool)) == (0, [], [])
    feed_server.put("/feed", BODY)
    pool.submit(work_of(feed_server.url("/feed"), token="t2"))
    assert [result.poll.lease.token for result in collect_all(pool)] == ["t2"]


def test_a_lease_that_was_replaced_here_drops_nothing_under_the_newer_one(
    pool: FetchPool, feed_server: FeedServer
) -> None:
    release = feed_server.put_blocked("/feed", BODY)
    pool.submit(work_of(feed_server.url("/feed"), token="t2"))
    pool.drop(lease_of("127.0.0.1", "t1"))
    release.set()
    assert [result.poll.lease.token for result in collect_all(pool)] == ["t2"]


def test_retry_after_holds_the_hosts_other_feeds_back(
    pool: FetchPool, feed_server: FeedServer
) -> None:
    feed_server.respond("/a", Response(429, {"Retry-After": "60"}))
    feed_server.put("/b", BODY)
    pool.submit(work_of(feed_server.url("/a"), feed_server.url("/b")))
    asked, held = collect_all(pool)
    assert (asked.status, held.status) == (429, None)
    assert (asked.hold_host, held.hold_host) == (60, 60)
    assert f"Retry-After: {feed_server.url('/a')} answered 429, so 127.0.0.1 wants" in held.error
    assert feed_server.requests_to("/b") == []


def test_a_pages_retry_after_is_told_of_the_page(pool: FetchPool, feed_server: FeedServer) -> None:
    page = feed_server.url("/page")
    feed_server.put("/a", rss([Item("1", page, "News")]))
    feed_server.respond("/page", Response(429, {"Retry-After": "60"}))
    feed_server.put("/b", BODY)
    work = work_of(feed_server.url("/a"), feed_server.url("/b"))
    for poll in work.polls:
        poll.feed.full_text, poll.feed.hold = True, "domain"
    pool.submit(work)
    asked, held = collect_all(pool)
    assert (asked.status, asked.hold_host, held.hold_host) == (200, 60, 60)
    assert f"Retry-After: {page} answered 429, so 127.0.0.1 wants" in held.error


def test_a_wish_for_one_feed_holds_no_other_back(pool: FetchPool, feed_server: FeedServer) -> None:
    feed_server.respond("/a", Response(429, {"Retry-After": "60"}))
    feed_server.put("/b", BODY)
    work = work_of(feed_server.url("/a"), feed_server.url("/b"))
    for poll in work.polls:
        poll.feed.hold = "feed"
    pool.submit(work)
    asked, other = collect_all(pool)
    assert (asked.hold_feed, other.status, other.body) == (60, 200, BODY)


def test_close_gives_back_what_has_no_answer(feed_server: FeedServer) -> None:
    closing = FetchPool(LOOPBACK, AT_ONCE)
    feed_server.put_blocked("/feed", BODY)
    urls = [feed_server.url("/feed"), feed_server.url("/other")]
    closing.submit(work_of(*urls))
    assert {poll.feed.url for poll in closing.close(0)} == set(urls)
    with pytest.raises(TransientError, match="has been closed"):
        closing.submit(work_of(*urls))
    assert closing.close(0) == []


def test_a_dead_thread_is_told_and_replaced(pool: FetchPool, feed_server: FeedServer) -> None:
    feed_server.put_blocked("/feed", BODY)
    urls = [feed_server.url("/feed"), feed_server.url("/other")]
    pool.submit(work_of(*urls))
    pool._loop.call_soon_threadsafe(sys.exit, "broken")
    results = collect_all(pool)
    assert [result.poll.feed.url for result in results] == urls
    assert all("the fetch was broken off (SystemExit" in result.error for result in results)
    assert (pool.pending(), pool.leases()) == (0, [])
    feed_server.put("/other", BODY)
    pool.submit(work_of(urls[1]))
    assert [result.body for result in collect_all(pool)] == [BODY]


def test_a_process_has_one_pool_for_a_configuration(feed_server: FeedServer) -> None:
    feed_server.put_blocked("/feed", BODY)
    config = Config(http=LOOPBACK, polling=AT_ONCE)
    first = shared_pool(config)
    assert shared_pool(config.model_copy(deep=True)) is first
    first.submit(work_of(feed_server.url("/feed")))
    assert [poll.feed.url for poll in close_all(0)] == [feed_server.url("/feed")]
    second = shared_pool(config)
    assert second is not first
    assert close_all(0) == []


def test_a_request_of_another_process_counts_for_the_delay(feed_server: FeedServer) -> None:
    feed_server.put("/feed", BODY)
    polite = FetchPool(LOOPBACK, PollingConfig(per_host_delay=60), clock=lambda: NOW)
    work = work_of(feed_server.url("/feed"))
    work.last_request = NOW - timedelta(seconds=1)
    polite.submit(work)
    assert polite.collect(0.2) == []
    assert [poll.feed.url for poll in polite.close(0)] == [feed_server.url("/feed")]
    assert feed_server.requests == []
