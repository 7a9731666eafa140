"""Hosts that redirects lead to: leases and delays hold there too, over processes.

Two pools over one store stand for two processes.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from schemas.config import Config, PollingConfig
from schemas.feed import HostState
from schemas.poll import FetchResult, HostWork
from tests.servers.feed_server import FeedServer, Response, feed_server_on
from tests.transforms.http.polls import AT_ONCE, LOOPBACK, NOW, requests_to, work_of
from transforms.http.host_queues import HostQueues
from transforms.http.pool import FetchPool
from transforms.lease_unit import lease_unit, units_of
from transforms.storage.feed_store import FeedStore
from transforms.storage.open import open_store

BODY = b"<rss version='2.0'><channel/></rss>"
LONG = 15.0

MakePool = Callable[..., FetchPool]


@pytest.fixture
def store_config(tmp_path: Path) -> Config:
    return Config.model_validate({"index": {"url": f"embedded:{tmp_path / 'index'}"}})


@pytest.fixture
def store(store_config: Config) -> Iterator[FeedStore]:
    with closing(open_store(store_config)) as opened:
        opened.setup()
        yield opened


@pytest.fixture
def make_pool(store: FeedStore, store_config: Config) -> Iterator[MakePool]:
    with ExitStack() as stack:

        def make(polling: PollingConfig = AT_ONCE) -> FetchPool:
            opener = partial(open_store, store_config)
            pool = FetchPool(LOOPBACK, polling, clock=lambda: NOW, open_store=opener)
            stack.callback(pool.close, 0)
            return pool

        yield make


@pytest.fixture
def target() -> Iterator[FeedServer]:
    with feed_server_on("127.0.0.2") as server:
        yield server


def redirected(server: FeedServer, target: FeedServer, path: str = "/target") -> HostWork:
    """Gives the work of a feed that redirects to another host."""
    server.redirect("/feed", target.url(path), 302)
    return own_work(server, "/feed")


def own_work(server: FeedServer, *paths: str) -> HostWork:
    urls = [server.url(path) for path in paths]
    return work_of(*urls, host=lease_unit(urls[0]))


def fetched(pool: FetchPool, work: HostWork) -> FetchResult:
    pool.submit(work)
    (result,) = pool.collect(LONG)
    return result


def host_of(store: FeedStore, server: FeedServer) -> HostState:
    return {host.host: host for host in store.hosts()}[lease_unit(server.url("/"))]


def test_a_redirects_host_is_asked_by_one_process_at_a_time(
    make_pool: MakePool, feed_server: FeedServer, target: FeedServer
) -> None:
    asked, release = threading.Event(), threading.Event()

    def answer(_request: object) -> Response:
        asked.set()
        return Response(body=BODY, wait_for=release)

    target.script("/slow", answer)
    target.put("/target", BODY)
    first, second = make_pool(), make_pool()
    first.submit(redirected(feed_server, target, "/slow"))
    assert asked.wait(LONG)
    with feed_server_on("127.0.0.3") as other:
        refused = fetched(second, redirected(other, target))
        assert (refused.put_off, refused.status, refused.body) == (True, None, b"")
        assert "is being asked under another lease" in refused.error
        assert target.requests_to("/target") == []
        release.set()
        assert [result.body for result in first.collect(LONG)] == [BODY]
        assert fetched(second, redirected(other, target)).body == BODY


def test_a_redirects_host_that_has_feeds_here_is_asked_under_their_lease(
    make_pool: MakePool, store: FeedStore, feed_server: FeedServer, target: FeedServer
) -> None:
    busy, overlapping = threading.Lock(), []

    def answer(_request: object) -> Response:
        free = busy.acquire(blocking=False)
        if not free:
            overlapping.append(True)
            return Response(body=BODY)
        try:
            # Long enough that a second request, were there one, would meet this one.
            threading.Event().wait(0.05)
            return Response(body=BODY)
        finally:
            busy.release()

    paths = [f"/{number}" for number in range(4)]
    for path in [*paths, "/target"]:
        target.script(path, answer)
    unit = lease_unit(target.url("/"))
    assert store.borrow([unit], "me", NOW, lease_seconds=60).leases
    pool = make_pool()
    pool.submit(own_work(target, *paths))
    pool.submit(redirected(feed_server, target))
    results = pool.collect(LONG)
    assert [result.body for result in results] == [BODY] * 5
    assert overlapping == []


def test_the_answers_of_a_host_with_a_guest_wait(feed_server: FeedServer) -> None:
    queues = HostQueues()
    host = queues.put(own_work(feed_server, "/feed"))
    poll = queues.next_poll(host)
    assert poll is not None
    result = FetchResult(poll=poll, fetched_at=NOW)
    with queues.guesting([host.lease.host, "elsewhere.example"]) as here:
        assert set(here) == {host.lease.host}
        queues.answered(host, poll, result)
        assert (queues.collect(0), queues.leases()) == ([], [host.lease])
    assert queues.collect(0) == [result]


def test_a_redirects_host_is_asked_after_the_delay_of_another_process(
    make_pool: MakePool, store: FeedStore, feed_server: FeedServer, target: FeedServer
) -> None:
    loan = store.borrow(units_of(target.url("/")), "other", NOW, lease_seconds=60)
    store.give_back(loan.leases, last_request=NOW - timedelta(seconds=1), hold_until=None)
    pool = make_pool(PollingConfig(per_host_delay=60))
    pool.submit(redirected(feed_server, target))
    assert len(requests_to(feed_server, "/feed")) == 1
    assert pool.collect(0.3) == []
    assert target.requests == []


def test_redirects_within_a_host_wait_for_the_delay(feed_server: FeedServer) -> None:
    feed_server.redirect("/a", feed_server.url("/b"), 301)
    feed_server.put("/b", BODY)
    pool = FetchPool(LOOPBACK, PollingConfig(per_host_delay=0.3))
    assert fetched(pool, work_of(feed_server.url("/a"))).body == BODY
    pool.close(0)
    first, second = (requests_to(feed_server, path)[0].at for path in ("/a", "/b"))
    assert second - first >= 0.3


def test_a_redirects_host_that_wants_to_be_left_alone_is(
    make_pool: MakePool, store: FeedStore, feed_server: FeedServer, target: FeedServer
) -> None:
    target.respond("/target", Response(503, {"Retry-After": "120"}))
    pool = make_pool()
    asked = fetched(pool, redirected(feed_server, target))
    assert (asked.status, asked.hold_host, asked.hold_feed) == (503, None, 120)
    kept = host_of(store, target)
    assert (kept.hold_until, kept.last_request) == (NOW + timedelta(seconds=120), NOW)
    with feed_server_on("127.0.0.3") as other:
        refused = fetched(pool, redirected(other, target))
    assert (refused.status, refused.hold_feed, refused.put_off) == (None, 120, False)
    assert "wants to be left alone until" in refused.error
    assert len(target.requests) == 1


def test_a_feed_that_is_held_back_alone_holds_no_redirects_host(
    make_pool: MakePool, store: FeedStore, feed_server: FeedServer, target: FeedServer
) -> None:
    target.respond("/target", Response(429, {"Retry-After": "120"}))
    work = redirected(feed_server, target)
    work.polls[0].feed.hold = "feed"
    assert fetched(make_pool(), work).hold_feed == 120
    assert host_of(store, target).hold_until is None
