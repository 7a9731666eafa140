"""The pool of fetches: one event loop in a thread, a queue for each host.

It lives beside the runner, not inside a bundle: work is handed in, answers are taken out when
they are there, so a slow host holds no round up.
"""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from schemas.config import HttpConfig, PollingConfig
from schemas.errors import TransientError
from schemas.feed import Lease
from schemas.poll import FetchResult, HostWork, Poll
from transforms.clock import utc_now
from transforms.http.client import FeedClient, tls_context
from transforms.http.failures import describe_failure
from transforms.http.fetch import Clock, fetch
from transforms.http.host_loans import HostLoans
from transforms.http.page_fetches import PageFetches
from transforms.http.turns import HostTurns
from transforms.storage.protocols import FeedStore

_MAX_RESOLVER_THREADS = 32


@dataclass(slots=True, eq=False)
class _Host:
    """A host with polls in the pool. `poll` is the one whose answer is awaited."""

    lease: Lease
    queue: deque[Poll] = field(default_factory=deque)
    poll: Poll | None = None
    asking: bool = False
    task: "asyncio.Task[None] | None" = None
    uncollected: int = 0

    @property
    def is_done(self) -> bool:
        return not self.queue and self.poll is None and not self.uncollected


@asynccontextmanager
async def _asking(turns: HostTurns, host: _Host, name: str) -> AsyncIterator[None]:
    """Waits for a turn at a host, and notes that the poll is no longer only queued."""
    async with turns.turn(name):
        host.asking = True
        yield


class FetchPool:
    """Fetches polls, at most one at a time for each leased host. All methods are thread-safe.

    Should its thread die, the polls it had get an answer that says so, and the next `submit`
    starts another.

    Args:
        http: Limits, and `in_flight`, the requests under way at once.
        polling: `per_host_delay` and `pages_per_poll`.
        clock: Gives the time, UTC.
        open_store: Opens the store that lends hosts of article pages; None leaves pages alone that
            the feed's own lease does not cover.

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
        self._delay = polling.per_host_delay
        self._clock = clock
        self._open_store = open_store
        self._tls = tls_context(http.ca_file)
        self._changed = threading.Condition()
        self._hosts: dict[str, _Host] = {}
        self._done: deque[tuple[_Host, FetchResult]] = deque()
        self._outstanding = 0
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
        with self._changed:
            if self._closed:
                raise TransientError(
                    f"{work.lease.host} is not fetched: the pool of fetches has been closed"
                )
            if not work.polls:
                return
            if not self._running:
                self._start_thread()
            host = self._hosts.setdefault(work.lease.host, _Host(work.lease))
            host.lease = work.lease
            renewed = {poll.feed.url for poll in work.polls}
            kept = [poll for poll in host.queue if poll.feed.url not in renewed]
            self._outstanding += len(kept) + len(work.polls) - len(host.queue)
            host.queue = deque([*kept, *work.polls])
            self._loop.call_soon_threadsafe(self._start, host, work.last_request)

    def collect(self, timeout_seconds: float) -> list[FetchResult]:
        """Takes out what has been answered.

        Waits until nothing is queued or under way any more, at most `timeout_seconds`; then
        gives all that has arrived, in the order it did. The polls carry the newest lease.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._outstanding, timeout_seconds)
            arrived, self._done = self._done, deque()
            results = []
            for host, result in arrived:
                host.uncollected -= 1
                if result.poll.lease is not host.lease:
                    result.poll = result.poll.model_copy(update={"lease": host.lease})
                results.append(result)
                self._tidy(host)
            return results

    def pending(self) -> int:
        """Counts the polls that have been submitted and not yet collected."""
        with self._changed:
            return self._outstanding + len(self._done)

    def leases(self) -> list[Lease]:
        """Gives the leases of the hosts that have polls here, answered ones included."""
        with self._changed:
            return [host.lease for host in self._hosts.values()]

    def update_lease(self, lease: Lease) -> None:
        """Takes up a renewed lease; answers not yet collected will carry it."""
        with self._changed:
            host = self._hosts.get(lease.host)
            if host is not None:
                host.lease = lease

    def drop(self, lease: Lease) -> None:
        """Forgets all polls under a lost lease, and breaks off the one under way.

        Polls that have come under a newer lease of the host stay.
        """
        with self._changed:
            dropped = self._hosts.get(lease.host)
            if dropped is None or dropped.lease.token != lease.token:
                return
            del self._hosts[lease.host]
            self._abandon(dropped)
            self._done = deque(pair for pair in self._done if pair[0] is not dropped)
            dropped.uncollected = 0
            self._changed.notify_all()

    def close(self, timeout: float) -> list[Poll]:
        """Ends the pool. What has been answered can still be collected.

        Args:
            timeout: Seconds that requests under way are given to end.

        Returns:
            The polls that have no answer and will get none, to be released.
        """
        with self._changed:
            if self._closed:
                return []
            self._closed = True
            not_run: list[Poll] = []
            for host in list(self._hosts.values()):
                not_run += self._abandon(host, keep_asking=True)
            self._changed.wait_for(lambda: not self._outstanding, timeout)
            for host in list(self._hosts.values()):
                not_run += self._abandon(host)
            self._changed.notify_all()
            if self._running:
                self._loop.call_soon_threadsafe(self._stopped.set)
        # Broken-off requests end at once; a name being looked up is left to the daemon thread.
        self._thread.join(timeout=5)
        return not_run

    @property
    def closed(self) -> bool:
        """True after `close`."""
        return self._closed

    def _abandon(self, host: _Host, keep_asking: bool = False) -> list[Poll]:
        """Takes a host's unanswered polls away; the caller holds the lock."""
        polls = list(host.queue)
        host.queue.clear()
        if host.poll is not None and not (keep_asking and host.asking):
            polls.insert(0, host.poll)
            host.poll = None
            host.asking = False
            if host.task is not None:
                self._loop.call_soon_threadsafe(host.task.cancel)
        self._outstanding -= len(polls)
        current = self._hosts.get(host.lease.host) is host
        updated = [poll.model_copy(update={"lease": host.lease}) for poll in polls]
        if current:
            self._tidy(host)
        return updated

    def _tidy(self, host: _Host) -> None:
        if host.is_done and self._hosts.get(host.lease.host) is host:
            del self._hosts[host.lease.host]

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
                self._break_off()
            else:
                self._running = False
                self._ready.set()
            loop.close()

    def _break_off(self) -> None:
        """Answers every poll that the ending thread leaves behind; none after `close`."""
        with self._changed:
            self._running = False
            for host in list(self._hosts.values()):
                host.task = None
                for poll in self._abandon(host):
                    result = FetchResult(
                        poll=poll,
                        fetched_at=self._clock(),
                        error=describe_failure(
                            TransientError(f"the fetch was broken off ({self._failure!r})"),
                            poll.feed.url,
                        ),
                    )
                    self._hosts.setdefault(host.lease.host, host)
                    host.uncollected += 1
                    self._done.append((host, result))
            self._changed.notify_all()

    async def _main(self) -> None:
        threads = min(self._http.in_flight, _MAX_RESOLVER_THREADS)
        self._loop.set_default_executor(
            ThreadPoolExecutor(threads, thread_name_prefix="dateline-names")
        )
        self._stopped = asyncio.Event()
        self._turns = HostTurns(self._delay, self._http.in_flight)
        self._client = FeedClient(self._http, self._delay + 1.0, self._tls)
        loans = None
        if self._open_store is not None:
            loans = HostLoans(
                self._open_store, self._polling.lease, self._clock, self._turns.note_request
            )
        self._pages = PageFetches(self._client, self._http, self._polling, self._clock, loans)
        self._ready.set()
        try:
            await self._stopped.wait()
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            if loans is not None:
                await loans.close()
            await self._client.close()

    def _start(self, host: _Host, last_request: datetime | None) -> None:
        if last_request is not None:
            ago = (self._clock() - last_request).total_seconds()
            self._turns.note_request(host.lease.host, ago)
        with self._changed:
            if host.task is None and host.queue:
                host.task = self._loop.create_task(self._serve(host))

    async def _serve(self, host: _Host) -> None:
        while (poll := self._next(host)) is not None:
            try:
                turn = partial(_asking, self._turns, host)
                result = await fetch(self._client, poll, self._http, self._clock, turn)
                if poll.feed.full_text:
                    await self._pages.add(result, turn)
            except Exception as error:  # a mistake of ours in one fetch must not end the others
                result = FetchResult(
                    poll=poll,
                    fetched_at=self._clock(),
                    error=describe_failure(error, poll.feed.url),
                )
            self._answered(host, poll, result)

    def _next(self, host: _Host) -> Poll | None:
        with self._changed:
            host.asking = False
            host.poll = host.queue.popleft() if host.queue else None
            if host.poll is None:
                host.task = None
            return host.poll

    def _answered(self, host: _Host, poll: Poll, result: FetchResult) -> None:
        with self._changed:
            if host.poll is not poll:
                return  # dropped or given back meanwhile
            results = [result]
            host.poll = None
            host.asking = False
            if result.hold_host:
                results += [self._held_back(held, result) for held in host.queue]
                host.queue.clear()
            self._outstanding -= len(results)
            host.uncollected += len(results)
            self._done.extend((host, one) for one in results)
            self._changed.notify_all()

    def _held_back(self, poll: Poll, cause: FetchResult) -> FetchResult:
        return FetchResult(
            poll=poll,
            fetched_at=cause.fetched_at,
            hold_host=cause.hold_host,
            hold_cause=cause.hold_cause,
            error=(
                f"held back by Retry-After: {cause.hold_cause}, so {poll.lease.host} wants to be "
                f"left alone for {cause.hold_host:.0f} s; not asked"
            ),
        )


def _end_tasks(loop: asyncio.AbstractEventLoop) -> None:
    """Lets the tasks of a loop that was broken off close what they hold."""
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    with suppress(BaseException):  # the first failure is the one to tell
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
