"""Borrows the hosts of article pages that a feed's own lease does not cover.

Only who has a host's lease asks it for anything, whichever process that is. A page of another
publisher than the feed's therefore takes a lease of its own, for as long as it is asked.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.errors import DatelineError, TransientError
from schemas.feed import Lease
from transforms.http.fetch import Clock
from transforms.storage.feed_store import Borrowed, FeedStore

_LOG = logging.getLogger(__name__)
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 5.0
# What is given back when the pool ends has this long to reach the store.
_PATIENCE_SECONDS = 3.0


@dataclass(slots=True)
class Loan:
    """Hosts that are borrowed.

    Attributes:
        leases: On them, the page's own host first.
        last_request: When they were asked last.
        hold_until: Until when they want to be left alone, if they say so.
    """

    leases: tuple[Lease, ...]
    last_request: datetime | None = None
    hold_until: datetime | None = None


class HostLoans:
    """Borrows from the feed store, within one event loop.

    Args:
        open_store: Opens the store; called when the first host is to be borrowed.
        lease_seconds: How long a lease lasts, and how long a host that is not free is waited for.
        clock: Gives the time, UTC.
        note_request: Is told how many seconds ago a borrowed host was asked by somebody else.
    """

    def __init__(
        self,
        open_store: Callable[[], FeedStore],
        lease_seconds: float,
        clock: Clock,
        note_request: Callable[[str, float], None],
    ) -> None:
        self._open_store = open_store
        self._store: FeedStore | None = None
        self._lease_seconds = lease_seconds
        self._clock = clock
        self._note_request = note_request
        self._returns: set[asyncio.Future[None]] = set()

    @asynccontextmanager
    async def borrowed(self, hosts: Sequence[str], owner: str) -> AsyncIterator[Loan | None]:
        """Has hosts borrowed while the context is open; None where they cannot be had."""
        try:
            borrowed = await self._borrow(hosts, owner)
        except DatelineError as error:
            _LOG.warning("%s is not borrowed: %s", hosts[0], error)
            yield None
            return
        if not borrowed.leases:
            yield None
            return
        if borrowed.last_request is not None:
            ago = (self._clock() - borrowed.last_request).total_seconds()
            self._note_request(hosts[0], ago)
        loan = Loan(borrowed.leases)
        try:
            yield loan
        finally:
            await self._give_back(loan)

    async def prolong(self, loan: Loan) -> bool:
        """Prolongs leases of which half has passed; says whether the hosts are still ours."""
        now = self._clock()
        if (loan.leases[0].expires - now).total_seconds() > self._lease_seconds / 2:
            return True
        try:
            loan.leases = await asyncio.to_thread(self._renew, self._opened(), loan.leases, now)
        except DatelineError as error:
            _LOG.warning("%s; no more pages of it are asked for", error)
            return False
        return True

    async def close(self) -> None:
        """Waits a moment for what is being given back, and closes the store."""
        if self._returns:
            await asyncio.wait(self._returns, timeout=_PATIENCE_SECONDS)
        if self._store is not None:
            self._store.close()

    async def _borrow(self, hosts: Sequence[str], owner: str) -> Borrowed:
        """Borrows hosts; waits for the end of another lease, not for that of a Retry-After."""
        end = self._clock() + timedelta(seconds=self._lease_seconds)
        pause = _FIRST_PAUSE_SECONDS
        while True:
            now = self._clock()
            borrowed = await asyncio.to_thread(self._take, self._opened(), hosts, owner, now)
            if borrowed.free_at is None:
                return borrowed
            wait = random.uniform(pause / 2, pause)
            if borrowed.free_at > end or now + timedelta(seconds=wait) > end:
                _LOG.info("%s is not free before %s", hosts[0], borrowed.free_at.isoformat())
                return borrowed
            await asyncio.sleep(wait)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    def _take(self, store: FeedStore, hosts: Sequence[str], owner: str, now: datetime) -> Borrowed:
        return store.borrow(hosts, owner, now, lease_seconds=self._lease_seconds)

    def _renew(self, store: FeedStore, leases: Sequence[Lease], now: datetime) -> tuple[Lease, ...]:
        return tuple(store.renew(lease, now, self._lease_seconds) for lease in leases)

    async def _give_back(self, loan: Loan) -> None:
        # Goes on where the task that borrowed is broken off: the hosts are free at once then.
        future = asyncio.get_running_loop().run_in_executor(None, _return, self._opened(), loan)
        self._returns.add(future)
        future.add_done_callback(self._returns.discard)
        await asyncio.shield(future)

    def _opened(self) -> FeedStore:
        if self._store is None:
            self._store = self._open_store()
        return self._store


def _return(store: FeedStore, loan: Loan) -> None:
    try:
        store.give_back(loan.leases, last_request=loan.last_request, hold_until=loan.hold_until)
    except TransientError as error:
        _LOG.warning("the lease of %s is left to expire: %s", loan.leases[0].host, error)
