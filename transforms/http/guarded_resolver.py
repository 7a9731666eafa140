"""Resolves names to addresses that the guard permits; the connector connects to no other."""

import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from transforms.http.address_guard import AddressGuard


class GuardedResolver(AbstractResolver):
    """The system's resolver behind the address guard.

    The connection is made to the very address that was checked, so a name that resolves
    differently a moment later (DNS rebinding) gains nothing.
    """

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard
        self._system = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Gives the permitted ones of a name's addresses.

        Raises:
            OSError: The name has no address.
            TerminalError: It has only addresses that must not be fetched.
        """
        found = await self._system.resolve(host, port, family)
        permitted = [one for one in found if self._guard.permits(one["host"])]
        if found and not permitted:
            self._guard.check_address(found[0]["host"], host)
        return permitted

    async def close(self) -> None:
        """Lets go of the system's resolver."""
        await self._system.close()
