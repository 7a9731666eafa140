"""The right to ask an address once, as whoever fetches sees it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from yarl import URL

from schemas.errors import TransientError


@dataclass(slots=True)
class Visit:
    """One request to an address.

    Attributes:
        is_own: The poll's own lease covers the address.
        hold_seconds: How long the host of another lease asks to be left alone, if it does.
    """

    is_own: bool = True
    hold_seconds: float | None = None


Visiting = Callable[[URL], AbstractAsyncContextManager[Visit]]
"""Gives the right to ask an address, for as long as the context is open; may refuse it."""


class HostTakenError(TransientError):
    """Somebody else has the lease of an address's host at the moment."""


class HostHeldError(TransientError):
    """An address's host wants to be left alone, for `retry_after` seconds from now."""


@asynccontextmanager
async def visit_at_once(_url: URL) -> AsyncIterator[Visit]:
    """Asks without waiting for anybody."""
    yield Visit()
