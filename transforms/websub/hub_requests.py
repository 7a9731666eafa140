"""Sends subscription requests to hubs (W3C WebSub, section 5.1), beside whatever else is done.

The answer decides nothing: a request counts as failed until the hub verifies it. It is logged.
"""

import asyncio
import logging
import os
import threading
from collections.abc import Mapping
from functools import lru_cache

from yarl import URL

from schemas.config import HttpConfig
from schemas.errors import TerminalError
from transforms.http.client import FeedClient, tls_context
from transforms.http.failures import describe_failure

_LOG = logging.getLogger(__name__)
_AT_ONCE = 4
# More than these wait for a hub that hangs: the next polls of their feeds bring them again.
_MOST_WAITING = 1_000
_SECONDS = 15.0
_MAX_REDIRECTS = 3
_REDIRECTS = (307, 308)
_MAX_REASON_BYTES = 300


class HubRequests:
    """Sends requests from a thread of its own. Thread-safe."""

    def __init__(self) -> None:
        self._tls = lru_cache(maxsize=1)(tls_context)
        self._lock = threading.Lock()
        self._waiting = 0
        self._loop = asyncio.new_event_loop()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        threading.Thread(target=self._loop.run_forever, name="dateline-hubs", daemon=True).start()

    @property
    def has_room(self) -> bool:
        """Says whether another request can be sent soon."""
        with self._lock:
            return self._waiting < _MOST_WAITING

    def send(self, hub: str, form: Mapping[str, str], config: HttpConfig) -> None:
        """Sends a request in a while.

        Args:
            hub: Where to.
            form: The body.
            config: Networks allowed, user agent, certificates.
        """
        with self._lock:
            self._waiting += 1
        asyncio.run_coroutine_threadsafe(self._send(hub, dict(form), config), self._loop)

    async def _send(self, hub: str, form: dict[str, str], config: HttpConfig) -> None:
        topic = form["hub.topic"]
        try:
            async with self._turns, asyncio.timeout(_SECONDS):
                refusal = await self._ask(URL(hub), form, config)
        except TimeoutError:
            refusal = f"no answer within {_SECONDS:g} s"
        except Exception as error:  # whatever a hub does, its feed is polled as usual
            refusal = describe_failure(error, hub)
        finally:
            with self._lock:
                self._waiting -= 1
        if refusal:
            _LOG.info("hub %s takes no subscription to %s: %s", hub, topic, refusal)
        else:
            _LOG.info("hub %s was asked for a subscription to %s", hub, topic)

    async def _ask(self, hub: URL, form: dict[str, str], config: HttpConfig) -> str:
        """Gives what the hub has against it, or nothing."""
        client = FeedClient(config, context=self._tls(config.ca_file))
        headers = {"User-Agent": config.user_agent}
        try:
            for _ in range(_MAX_REDIRECTS + 1):
                async with client.post(hub, headers, form) as response:
                    if response.status in _REDIRECTS and response.headers.get("Location"):
                        hub = hub.join(URL(response.headers["Location"]))
                        continue
                    if response.status // 100 == 2:
                        return ""
                    reason = await response.content.read(_MAX_REASON_BYTES)
                    return f"it answered {response.status}: {reason.decode('utf-8', 'replace')!r}"
            raise TerminalError(f"more than {_MAX_REDIRECTS} redirects")
        finally:
            await client.close()


_shared: dict[int, HubRequests] = {}
_shared_lock = threading.Lock()


def shared_hub_requests() -> HubRequests:
    """Gives the process's sender, started when first asked for; it ends with the process."""
    process = os.getpid()  # threads do not survive a fork
    with _shared_lock:
        if process not in _shared:
            _shared[process] = HubRequests()
        return _shared[process]
