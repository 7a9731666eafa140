"""Turns at hosts: one request at a time to each, a pause between two, so many at once overall."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Door:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    opens: float = 0.0
    users: int = 0


class HostTurns:
    """Gives out turns, in the order they were asked for. Lives in one event loop.

    Args:
        delay: Seconds between the end of one turn and the start of the next at a host.
        slots: Turns at once over all hosts. One that waits for its host takes no slot, so a
            slow host costs the others nothing.
    """

    def __init__(self, delay: float, slots: int) -> None:
        self._delay = delay
        self._slots = asyncio.Semaphore(slots)
        self._doors: dict[str, _Door] = {}
        self._loop = asyncio.get_running_loop()

    def note_request(self, host: str, seconds_ago: float) -> None:
        """Takes up that somebody has asked the host, another process perhaps."""
        opens = self._loop.time() + self._delay - max(seconds_ago, 0.0)
        if opens > self._loop.time():
            door = self._doors.setdefault(host, _Door())
            door.opens = max(door.opens, opens)
            self._forget_later(host, door)

    @asynccontextmanager
    async def turn(self, *hosts: str) -> AsyncIterator[None]:
        """Waits for the turn at a host, which may have several names, and ends it on leaving.

        The names are taken in their order, and a slot after them: nobody waits for somebody who
        waits for them.
        """
        async with AsyncExitStack() as stack:
            for host in sorted(hosts):
                await stack.enter_async_context(self._alone(host))
            await self.pause(*hosts)
            async with self._slots:
                try:
                    yield
                finally:
                    for host in hosts:
                        self._doors[host].opens = self._loop.time() + self._delay

    async def pause(self, *hosts: str) -> None:
        """Waits, within a turn, until the delay after the last request has passed."""
        while (wait := max(self._doors[h].opens for h in hosts) - self._loop.time()) > 0:
            await asyncio.sleep(wait)

    @asynccontextmanager
    async def _alone(self, host: str) -> AsyncIterator[None]:
        door = self._doors.setdefault(host, _Door())
        door.users += 1
        try:
            async with door.lock:
                yield
        finally:
            door.users -= 1
            self._forget_later(host, door)

    def _forget_later(self, host: str, door: _Door) -> None:
        self._loop.call_at(door.opens, self._forget, host, door)

    def _forget(self, host: str, door: _Door) -> None:
        idle = door.users == 0 and door.opens <= self._loop.time()
        if idle and self._doors.get(host) is door:
            del self._doors[host]
