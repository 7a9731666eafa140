"""Borrows the hosts that a poll is led to and that its own lease does not cover.

Only who has a host's lease asks it for anything, whichever process that is. A page of another
publisher than the feed's, or the target of a redirect, therefore takes a lease of its own, for as
long as it is asked.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.errors import DatelineError, TransientError
from schemas.feed import Lease
from transforms.http.visit import HostHeldError, HostTakenError, Visit
from transforms.storage.feed_store import Borrowed, FeedStore

_LOG = logging.getLogger(__name__)
# What is given back when the pool ends has this long to reach the store.
_PATIENCE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Loan:
    """Hosts that are borrowed, or whose lease is here anyway, to ask them once.

    Attributes:
        leases: On them.
        seconds_ago: When one of them was last asked, by somebody else perhaps; None: not known.
        visit: What they are asked for.
    """

    leases: Sequence[Lease]
    seconds_ago: float | None
    visit: Visit


class HostLoans:
    """Borrows from the feed store, within one event loop.

    Args:
        open_store: Opens the store; called when the first host is to be borrowed.
        lease_seconds: How long a lease lasts.
        clock: Gives the time, UTC.
    """

    def __init__(
        self,
        open_store: Callable[[], FeedStore],
        lease_seconds: float,
        clock: Callable[[], datetime],
    ) -> None:
        self._open_store = open_store
        self._store: FeedStore | None = None
        self._lease_seconds = lease_seconds
        self._clock = clock
        self._returns: set[asyncio.Future[None]] = set()

    @asynccontextmanager
    async def borrowed(
        self, hosts: Sequence[str], here: Sequence[str], owner: str
    ) -> AsyncIterator[Loan]:
        """Has hosts borrowed while the context is open. Tries once and waits for nobody.

        Args:
            hosts: To be borrowed, all or none.
            here: Under a lease of this process already: only their times are noted.
            owner: Who borrows them.

        Raises:
            HostTakenError: One of them is not free, or the store cannot be asked.
            HostHeldError: One of them wants to be left alone.
        """
        borrowed = await self._borrow(hosts, owner) if hosts else Borrowed()
        now, last = self._clock(), borrowed.last_request
        # No lease has an empty token, so that these are let be when they are given back.
        theirs = [Lease(host=host, owner=owner, token="", expires=now) for host in here]
        ago = (now - last).total_seconds() if last is not None else None
        loan = Loan([*borrowed.leases, *theirs], ago, Visit(is_own=False))
        try:
            yield loan
        finally:
            await self._give_back(loan)

    async def close(self) -> None:
        """Waits a moment for what is being given back, and closes the store."""
        if self._returns:
            await asyncio.wait(self._returns, timeout=_PATIENCE_SECONDS)
        if self._store is not None:
            self._store.close()

    async def _borrow(self, hosts: Sequence[str], owner: str) -> Borrowed:
        now = self._clock()
        try:
            borrowed = await asyncio.to_thread(self._take, hosts, owner, now)
        except DatelineError as error:
            raise HostTakenError(f"{hosts[0]} cannot be borrowed: {error}") from None
        if borrowed.hold_until is not None:
            raise HostHeldError(
                f"{hosts[0]} wants to be left alone until {borrowed.hold_until.isoformat()}",
                retry_after=(borrowed.hold_until - now).total_seconds(),
            )
        if not borrowed.leases:
            raise HostTakenError(
                f"{hosts[0]} is being asked under another lease; it is free again once that ends"
            )
        return borrowed

    def _take(self, hosts: Sequence[str], owner: str, now: datetime) -> Borrowed:
        return self._opened().borrow(hosts, owner, now, lease_seconds=self._lease_seconds)

    async def _give_back(self, loan: Loan) -> None:
        if not loan.leases:
            return
        # Goes on where the task that borrowed is broken off: the hosts are free at once then.
        future = asyncio.get_running_loop().run_in_executor(None, self._return, loan)
        self._returns.add(future)
        future.add_done_callback(self._returns.discard)
        await asyncio.shield(future)

    def _return(self, loan: Loan) -> None:
        now, hold = self._clock(), loan.visit.hold_seconds
        hold_until = now + timedelta(seconds=hold) if hold is not None else None
        try:
            self._opened().give_back(loan.leases, last_request=now, hold_until=hold_until)
        except TransientError as error:
            _LOG.warning("the lease of %s is left to expire: %s", loan.leases[0].host, error)

    def _opened(self) -> FeedStore:
        if self._store is None:
            self._store = self._open_store()
        return self._store
