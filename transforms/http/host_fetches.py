"""Serves hosts within one event loop: asks for one of a host's polls after another."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

from yarl import URL

from schemas.config import HttpConfig, PollingConfig
from schemas.poll import FetchResult, Poll
from transforms.http.client import FeedClient
from transforms.http.failures import describe_failure
from transforms.http.fetch import Clock, fetch
from transforms.http.host_loans import HostLoans
from transforms.http.host_queues import Host, HostQueues
from transforms.http.page_fetches import PageFetches
from transforms.http.turns import HostTurns
from transforms.http.visit import Visit
from transforms.http.visits import Visits
from transforms.storage.feed_store import FeedStore


class HostFetches:
    """Fetches what the queues hold. To be made, used and closed within the event loop.

    Args:
        queues: Where polls come from and answers go.
        http: Limits, and `in_flight`, the requests under way at once.
        polling: `per_host_delay`, `pages_per_poll`, and `lease` of a borrowed host.
        clock: Gives the time, UTC.
        tls: Whom the client trusts.
        open_store: Opens the store that lends hosts which a poll is led to and its own lease does
            not cover; None has them asked without a lease.
    """

    def __init__(
        self,
        queues: HostQueues,
        http: HttpConfig,
        polling: PollingConfig,
        clock: Clock,
        tls: ssl.SSLContext,
        open_store: Callable[[], FeedStore] | None,
    ) -> None:
        self._queues = queues
        self._http = http
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._turns = HostTurns(polling.per_host_delay, http.in_flight)
        self._client = FeedClient(http, polling.per_host_delay + 1.0, tls)
        self._loans = None
        if open_store is not None:
            self._loans = HostLoans(open_store, polling.lease, clock)
        self._visits = Visits(self._turns, queues.guesting, self._loans)
        self._pages = PageFetches(self._client, http, polling, clock)

    def start(self, host: Host, last_request: datetime | None) -> None:
        """Has a host served, after a pause where it was asked just now."""
        if last_request is not None:
            ago = (self._clock() - last_request).total_seconds()
            self._turns.note_request(host.lease.host, ago)
        self._queues.serve(host, partial(self._start_task, host))

    async def close(self) -> None:
        """Gives borrowed hosts back, and closes the connections."""
        if self._loans is not None:
            await self._loans.close()
        await self._client.close()

    def _start_task(self, host: Host) -> Callable[[], object]:
        task = self._loop.create_task(self._serve(host))
        return partial(self._loop.call_soon_threadsafe, task.cancel)

    async def _serve(self, host: Host) -> None:
        while (poll := self._queues.next_poll(host)) is not None:
            try:
                visit = partial(self._asking, host, poll)
                result = await fetch(self._client, poll, self._http, self._clock, visit)
                if poll.feed.full_text:
                    await self._pages.add(result, visit)
            except Exception as error:  # a mistake of ours in one fetch must not end the others
                result = failed_fetch(poll, self._clock(), error)
            self._queues.answered(host, poll, result)

    @asynccontextmanager
    async def _asking(self, host: Host, poll: Poll, url: URL) -> AsyncIterator[Visit]:
        """Waits until an address may be asked, and notes that its poll is not only queued now."""
        async with self._visits.visit(poll, url) as visit:
            host.asking = True
            yield visit


def failed_fetch(poll: Poll, now: datetime, error: Exception) -> FetchResult:
    """Gives the answer to a poll that an error has ended."""
    text = describe_failure(error, poll.feed.url)
    return FetchResult(poll=poll, fetched_at=now, error=text)
