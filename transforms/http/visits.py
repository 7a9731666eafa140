"""Who may ask an address: a poll whose lease covers its host, or one that takes it along.

Where a redirect or an entry's page leads to another host than the feed's, that host may have a
lease too, of another poll in this process or of another process.
"""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AbstractContextManager, asynccontextmanager

from yarl import URL

from schemas.poll import Poll
from transforms.http.host_loans import HostLoans
from transforms.http.turns import HostTurns
from transforms.http.visit import Visit
from transforms.lease_unit import is_covered, units_of

Guesting = Callable[[Sequence[str]], AbstractContextManager[Collection[str]]]
"""Says which of some hosts this process has leases on, and keeps these while the context is open.
"""


class Visits:
    """Gives polls the right to ask, one request at a time to a host, within one event loop.

    Nobody waits here for the end of a lease: whoever has one and waited for another's would stand
    still where that one did the same. A host that is not free is refused.

    Args:
        turns: Gives turns at hosts.
        guesting: Tells the hosts that have polls of their own in this process.
        loans: Borrows all other hosts that a poll's own lease does not cover; None asks them
            without a lease.
    """

    def __init__(self, turns: HostTurns, guesting: Guesting, loans: HostLoans | None) -> None:
        self._turns = turns
        self._guesting = guesting
        self._loans = loans

    @asynccontextmanager
    async def visit(self, poll: Poll, url: URL) -> AsyncIterator[Visit]:
        """Gives a poll the right to ask an address, while the context is open.

        Raises:
            HostTakenError: Another process has the lease of its host, or a poll that is ending.
            HostHeldError: Its host wants to be left alone.
        """
        if is_covered(str(url), poll):
            async with self._turns.turn(poll.lease.host):
                yield Visit()
            return
        units = units_of(str(url))
        async with self._turns.turn(*units):
            if self._loans is None:
                yield Visit(is_own=False)
                return
            with self._guesting(units) as here:
                # Its own feeds are asked under no more than the lease of their host either.
                missing = [] if units[0] in here else [unit for unit in units if unit not in here]
                noted = [unit for unit in here if unit != poll.lease.host]
                async with self._loans.borrowed(missing, noted, poll.lease.owner) as loan:
                    if loan.seconds_ago is not None:
                        for unit in units:
                            self._turns.note_request(unit, loan.seconds_ago)
                        await self._turns.pause(*units)
                    yield loan.visit
