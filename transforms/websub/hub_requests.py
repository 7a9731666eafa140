"""Sends subscription requests to hubs (W3C WebSub, section 5.1), beside whatever else is done.

The answer decides nothing: a request counts as failed until the hub verifies it. It is logged.
A hub's host gets one request at a time, a second after the last, and none while its Retry-After
(RFC 9110, section 10.2.3) holds.
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
from transforms.clock import utc_now
from transforms.http.client import FeedClient, tls_context
from transforms.http.conditional import retry_after
from transforms.http.failures import describe_failure
from transforms.http.turns import HostTurns
from transforms.lease_unit import lease_unit

_LOG = logging.getLogger(__name__)
_AT_ONCE = 4
_DELAY_SECONDS = 1.0
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
        self._turns: HostTurns | None = None
        self._held: dict[str, float] = {}
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
        topic, host = form["hub.topic"], lease_unit(hub)
        if self._turns is None:  # made in its loop
            self._turns = HostTurns(_DELAY_SECONDS, _AT_ONCE)
        try:
            async with self._turns.turn(host):
                held = self._held.get(host, 0.0) - self._loop.time()
                if held > 0:
                    refusal = f"it asked to be left alone for another {held:.0f} s"
                else:
                    async with asyncio.timeout(_SECONDS):
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
                        target = hub.join(URL(response.headers["Location"]))
                        if (hub.scheme, target.scheme) == ("https", "http"):
                            # The feed's secret is in the form (section 5.1 wants HTTPS for it).
                            raise TerminalError("it redirects from https to http")
                        hub = target
                        continue
                    if response.status // 100 == 2:
                        return ""
                    wait = retry_after(response.headers, utc_now())
                    if wait is not None:
                        self._hold(lease_unit(str(hub)), wait)
                    reason = await response.content.read(_MAX_REASON_BYTES)
                    return f"it answered {response.status}: {reason.decode('utf-8', 'replace')!r}"
            raise TerminalError(f"more than {_MAX_REDIRECTS} redirects")
        finally:
            await client.close()

    def _hold(self, host: str, seconds: float) -> None:
        now = self._loop.time()
        self._held = {held: until for held, until in self._held.items() if until > now}
        self._held[host] = now + seconds


_shared: dict[int, HubRequests] = {}
_shared_lock = threading.Lock()


def shared_hub_requests() -> HubRequests:
    """Gives the process's sender, started when first asked for; it ends with the process."""
    process = os.getpid()  # threads do not survive a fork
    with _shared_lock:
        if process not in _shared:
            _shared[process] = HubRequests()
        return _shared[process]
