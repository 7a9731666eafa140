"""Orders to fetch, as the store would give them out."""

import time
from datetime import UTC, datetime, timedelta

from schemas.config import HttpConfig, PollingConfig
from schemas.feed import Feed, FeedState, Lease
from schemas.poll import HostWork, Poll
from tests.servers.feed_server import FeedServer, Request

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LOOPBACK = HttpConfig(allow_networks=["127.0.0.0/8"], timeout=10)
AT_ONCE = PollingConfig(per_host_delay=0)


def lease_of(host: str, token: str = "t1") -> Lease:
    """Gives a lease of a host that does not expire during a test."""
    return Lease(host=host, owner="test", token=token, expires=NOW + timedelta(days=1))


def poll_of(url: str, host: str = "127.0.0.1", etag: str = "", last_modified: str = "") -> Poll:
    """Gives a poll of a feed of which these validators are known."""
    return Poll(
        id=f"poll of {url}",
        feed=Feed(url=url),
        state=FeedState(url=url, host=host, etag=etag, last_modified=last_modified),
        lease=lease_of(host),
    )


def work_of(*urls: str, host: str = "127.0.0.1", token: str = "t1") -> HostWork:
    """Gives a claimed host with these feeds due."""
    lease = lease_of(host, token)
    polls = [poll_of(url, host).model_copy(update={"lease": lease}) for url in urls]
    return HostWork(lease=lease, polls=polls)


def requests_to(server: FeedServer, path: str, count: int = 1) -> list[Request]:
    """Gives a path's requests once there are `count`: the server notes them after answering."""
    end = time.monotonic() + 10
    while len(server.requests_to(path)) < count and time.monotonic() < end:
        time.sleep(0.005)
    return server.requests_to(path)
