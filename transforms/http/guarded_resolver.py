"""Resolves names to addresses that the guard permits; the connector connects to no other."""

import asyncio
import socket
import threading
from contextlib import suppress
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from transforms.http.address_guard import AddressGuard

MAX_LOOKUPS = 256
"""More than the fetches that are commonly under way, since the system gives a name up only after
half a minute, when its fetch has long ended."""

LOOKUP_SECONDS = 15.0
"""Enough for the first name server to be dead (5 s by default) and for one more to need long."""

_NUMERIC = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV


class GuardedResolver(AbstractResolver):
    """The system's resolver behind the address guard.

    The connection is made to the very address that was checked, so a name that resolves
    differently a moment later (DNS rebinding) gains nothing.

    Each lookup has a thread to itself, which is not waited for at the end of the process: name
    servers that do not answer hold up nothing else.

    Args:
        guard: Says which addresses may be connected to.
        seconds: How long a name is waited for.
        most: Lookups at once, those included that are no longer waited for.
    """

    def __init__(
        self, guard: AddressGuard, seconds: float = LOOKUP_SECONDS, most: int = MAX_LOOKUPS
    ) -> None:
        self._guard = guard
        self._seconds = seconds
        self._free = asyncio.Semaphore(most)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Gives the permitted ones of a name's addresses.

        Raises:
            OSError: The name has no address, or no name server says so in time.
            TerminalError: It has only addresses that must not be fetched.
        """
        answer = await self._start(host, port, family)
        try:
            async with asyncio.timeout(self._seconds):
                infos = await answer
        except TimeoutError:
            raise OSError(f"no name server answered within {self._seconds:g} s") from None
        found = [_result(host, info) for info in infos]
        permitted = [one for one in found if self._guard.permits(one["host"])]
        if found and not permitted:
            self._guard.check_address(found[0]["host"], host)
        return permitted

    async def close(self) -> None:
        """Does nothing: what is still being looked up ends by itself."""

    async def _start(self, host: str, port: int, family: int) -> asyncio.Future[list[Any]]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[Any]] = loop.create_future()

        def end(infos: list[Any], error: Exception | None) -> None:
            self._free.release()
            if answer.done():
                return  # nobody waits any more
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(infos)

        def look_up() -> None:
            infos: list[Any] = []
            error = None
            try:
                infos = socket.getaddrinfo(
                    host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
                )
            except Exception as raised:
                error = raised
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(end, infos, error)

        await self._free.acquire()
        try:
            threading.Thread(target=look_up, name="dateline-name", daemon=True).start()
        except RuntimeError:  # the system gives no more threads
            self._free.release()
            raise
        return answer


def _result(host: str, info: tuple[Any, ...]) -> ResolveResult:
    family, _, protocol, _, address = info
    # A link-local address is one only together with its interface.
    zone = f"%{address[3]}" if family == socket.AF_INET6 and address[3] else ""
    return ResolveResult(
        hostname=host,
        host=f"{address[0].partition('%')[0]}{zone}",
        port=address[1],
        family=family,
        proto=protocol,
        flags=_NUMERIC,
    )
