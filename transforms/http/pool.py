"""The pool of fetches: one event loop in a thread, which serves the hosts' queues.

It lives beside the runner, not inside a bundle: work is handed in, answers are taken out when
they are there, so a slow host holds no round up.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from schemas.config import HttpConfig, PollingConfig
from schemas.errors import TransientError
from schemas.feed import Lease
from schemas.poll import FetchResult, HostWork, Poll
from transforms.clock import utc_now
from transforms.http.client import tls_context
from transforms.http.fetch import Clock
from transforms.http.host_fetches import HostFetches, failed_fetch
from transforms.http.host_queues import HostQueues
from transforms.storage.feed_store import FeedStore

# For what would hold the loop up: parsing, extracting pages, the store that lends hosts.
_MAX_THREADS = 32


class FetchPool:
    """Fetches polls, at most one at a time for each leased host. All methods are thread-safe.

    Should its thread die, the polls it had get an answer that says so, and the next `submit`
    starts another.

    Args:
        http: Limits, and `in_flight`, the requests under way at once.
        polling: `per_host_delay` and `pages_per_poll`.
        clock: Gives the time, UTC.
        open_store: Opens the store that lends hosts which a poll is led to and its own lease does
            not cover; None has them asked without a lease.

    Raises:
        ConfigError: `http.ca_file` cannot be used.
    """

    def __init__(
        self,
        http: HttpConfig,
        polling: PollingConfig,
        clock: Clock = utc_now,
        open_store: Callable[[], FeedStore] | None = None,
    ) -> None:
        self._http = http
        self._polling = polling
        self._clock = clock
        self._open_store = open_store
        self._tls = tls_context(http.ca_file)
        self._queues = HostQueues()
        # Guards the thread's beginning and end; taken before the queues' own lock, never after.
        self._life = threading.Lock()
        self._closed = False
        self._ready = threading.Event()
        self._running = False
        self._failure: BaseException | None = None
        self._start_thread()

    def submit(self, work: HostWork) -> None:
        """Queues a host's polls, behind those of the host that are here already.

        A queued poll of the same feed is replaced: its lease is the older one.

        Raises:
            TransientError: The pool has been closed.
        """
        with self._life:
            if self._closed:
                raise TransientError(
                    f"{work.lease.host} is not fetched: the pool of fetches has been closed"
                )
            if not work.polls:
                return
            if not self._running:
                self._start_thread()
            host = self._queues.put(work)
            self._loop.call_soon_threadsafe(self._fetches.start, host, work.last_request)

    def collect(self, timeout_seconds: float) -> list[FetchResult]:
        """Takes out what has been answered.

        Waits until nothing is queued or under way any more, at most `timeout_seconds`; then
        gives all that has arrived, in the order it did. The polls carry the newest lease.
        """
        return self._queues.collect(timeout_seconds)

    def pending(self) -> int:
        """Counts the polls that have been submitted and not yet collected."""
        return self._queues.pending()

    def leases(self) -> list[Lease]:
        """Gives the leases of the hosts that have polls here, answered ones included."""
        return self._queues.leases()

    def update_lease(self, lease: Lease) -> None:
        """Takes up a renewed lease; answers not yet collected will carry it."""
        self._queues.update_lease(lease)

    def drop(self, lease: Lease) -> None:
        """Forgets all polls under a lost lease, and breaks off the one under way.

        Polls that have come under a newer lease of the host stay.
        """
        self._queues.drop(lease)

    def close(self, timeout: float) -> list[Poll]:
        """Ends the pool. What has been answered can still be collected.

        Args:
            timeout: Seconds that requests under way are given to end.

        Returns:
            The polls that have no answer and will get none, to be released.
        """
        with self._life:
            if self._closed:
                return []
            self._closed = True
        not_run = self._queues.abandon(keep_asking=True)
        self._queues.wait_until_answered(timeout)
        not_run += self._queues.abandon()
        with self._life:
            if self._running:
                self._loop.call_soon_threadsafe(self._stopped.set)
        # Broken-off requests end at once; a name being looked up is left to the daemon thread.
        self._thread.join(timeout=5)
        return not_run

    @property
    def closed(self) -> bool:
        """True after `close`."""
        return self._closed

    def _start_thread(self) -> None:
        self._ready.clear()
        self._failure = None
        self._running = True
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._run, args=(self._loop,), name="dateline-fetch", daemon=True
        )
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._failure

    # What follows runs in the pool's thread.

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(self._main())
        except BaseException as error:
            self._failure = error
            _end_tasks(loop)
        finally:
            if self._ready.is_set():
                with self._life:
                    self._running = False
                    # After `close` there is nothing left to answer.
                    self._queues.break_off(self._broken_off)
            else:
                self._running = False
                self._ready.set()
            loop.close()

    def _broken_off(self, poll: Poll) -> FetchResult:
        error = TransientError(f"the fetch was broken off ({self._failure!r})")
        return failed_fetch(poll, self._clock(), error)

    async def _main(self) -> None:
        threads = min(self._http.in_flight, _MAX_THREADS)
        self._loop.set_default_executor(
            ThreadPoolExecutor(threads, thread_name_prefix="dateline-fetch")
        )
        self._stopped = asyncio.Event()
        self._fetches = HostFetches(
            self._queues, self._http, self._polling, self._clock, self._tls, self._open_store
        )
        self._ready.set()
        try:
            await self._stopped.wait()
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            await self._fetches.close()


def _end_tasks(loop: asyncio.AbstractEventLoop) -> None:
    """Lets the tasks of a loop that was broken off close what they hold."""
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    with suppress(BaseException):  # the first failure is the one to tell
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
