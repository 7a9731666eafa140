"""The stage that fetches: what it does with an order, and with a lease that may be lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.config import Config
from schemas.feed import Feed
from schemas.poll import HostWork
from tests.backends import opened
from tests.servers.feed_server import FeedServer
from transforms.clock import utc_now
from transforms.fetch import _FetchFn
from transforms.http.shared_pool import close_all
from transforms.storage.feed_store import FeedStore

LEASE_SECONDS = 60.0


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config.model_validate(
        {
            "index": {"url": f"embedded:{tmp_path / 'index'}"},
            "http": {"allow_networks": ["127.0.0.0/8"]},
            "polling": {"lease": LEASE_SECONDS, "round": "10s", "per_host_delay": 0},
        }
    )


@pytest.fixture
def store(config: Config) -> Iterator[FeedStore]:
    with opened(config) as (_, feed_store):
        yield feed_store
        close_all(timeout=0)


def claimed(store: FeedStore, url: str, lease_seconds: float = LEASE_SECONDS) -> HostWork:
    feed = Feed(url=url)
    store.register([feed])
    (work,) = store.claim(
        "o", utc_now(), lease_seconds=lease_seconds, max_hosts=1, feeds={url: feed}
    )
    return work


def bundle(stage: _FetchFn, *orders: HostWork | None) -> list[int | None]:
    """Works on a bundle; gives the statuses of the answers that came out."""
    stage.start_bundle()
    for order in orders:
        stage.process(order)
    return [value.value.status for value in stage.finish_bundle()]


def test_an_empty_order_takes_what_has_come_since_the_last_bundle(
    config: Config, store: FeedStore, feed_server: FeedServer
) -> None:
    release = feed_server.put_blocked("/feed.xml", b"<rss/>")
    stage = _FetchFn(config, waits=False)
    stage.setup()
    assert bundle(stage, claimed(store, feed_server.url("/feed.xml"))) == []
    release.set()
    # One that waits shows when the answer is there; it is another stage of the same process.
    waiting = _FetchFn(config, waits=True)
    waiting.setup()
    assert bundle(waiting, None) == [200]
    assert bundle(stage, None) == []


def test_work_that_has_waited_long_has_its_lease_renewed_first(
    config: Config, store: FeedStore, feed_server: FeedServer
) -> None:
    feed_server.put("/feed.xml", b"<rss/>")
    work = claimed(store, feed_server.url("/feed.xml"), lease_seconds=LEASE_SECONDS / 4)
    stage = _FetchFn(config, waits=True)
    stage.setup()
    assert bundle(stage, work) == [200]
    (host,) = store.hosts()
    assert host.lease is not None
    assert host.lease.token == work.lease.token
    assert host.lease.expires > work.lease.expires


def test_work_that_comes_after_its_lease_was_lost_asks_nothing(
    config: Config, store: FeedStore, feed_server: FeedServer
) -> None:
    feed_server.put("/feed.xml", b"<rss/>")
    url = feed_server.url("/feed.xml")
    work = claimed(store, url, lease_seconds=LEASE_SECONDS / 4)
    store.release(work.lease, feeds={url: None})
    stage = _FetchFn(config, waits=True)
    stage.setup()
    assert bundle(stage, work) == []
    assert feed_server.requests == []
