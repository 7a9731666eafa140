"""The address that hubs call: answers their verifications, and makes pushed feeds due at once.

What a push brings is not read but for its signature: the feed is polled instead, so that nothing
depends on a push that is lost, late or forged (W3C WebSub, sections 5.3, 7 and 8).
"""

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from aiohttp import web

from pipeline.metrics import PROCESS_METRICS
from schemas.config import Config
from schemas.errors import ConfigError, TransientError
from schemas.feed import FeedState
from transforms.clock import utc_now
from transforms.storage.open import open_store
from transforms.websub.signature import SignatureCheck, callback_token, feed_secret, read_secret
from transforms.websub.subscription import Verdict, after_push, verified

_LOG = logging.getLogger(__name__)
# A push that takes longer is cut off; the hub tries again.
_BODY_SECONDS = 30.0
_CLOSE_SECONDS = 2.0


class HubCallback:
    """Serves the address that hubs call, in a thread of its own.

    Args:
        config: `websub` says where; its feeds are those that are known.
        on_push: Is called after each push that has made a feed due, from the server's thread.
    """

    def __init__(self, config: Config, on_push: Callable[[], None] = lambda: None) -> None:
        self._config = config
        self._on_push = on_push
        self._secret = read_secret(os.environ)
        self._feeds: Mapping[str, str] = {}
        # One after another, so that the store needs no more than one of us at a time.
        self._storing = ThreadPoolExecutor(1, thread_name_prefix="dateline-pushes")
        self._store = open_store(config)
        self._runner: web.AppRunner | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="dateline-websub", daemon=True
        )
        self.take_up(config)

    def take_up(self, config: Config) -> None:
        """Knows this configuration's feeds, and its bound on what is pushed, from now on."""
        self._max_bytes = config.http.max_bytes
        self._feeds = {callback_token(self._secret, feed.url): feed.url for feed in config.feeds}

    def start(self) -> None:
        """Begins to listen.

        Raises:
            ConfigError: The port cannot be listened on.
        """
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        except OSError as error:
            self.stop()
            where = f"{self._config.websub.host}:{self._config.websub.port}"
            raise ConfigError(
                f"websub.port: {where} cannot be listened on ({error}): give a port that is free"
            ) from None

    def stop(self) -> None:
        """Ends it; what is being answered gets a moment."""
        if self._runner is not None:
            asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._storing.shutdown()
        self._store.close()

    # What follows runs in the server's thread.

    async def _listen(self) -> None:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._verify)
        app.router.add_post("/{path:.*}", self._push)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_CLOSE_SECONDS)
        await self._runner.setup()
        where = self._config.websub
        await web.TCPSite(self._runner, where.host, where.port).start()

    def _feed_of(self, request: web.Request) -> str | None:
        # What stands before the token is the proxy's affair.
        return self._feeds.get(request.match_info["path"].rpartition("/")[2])

    async def _verify(self, request: web.Request) -> web.Response:
        url = self._feed_of(request)
        if url is None:
            return web.Response(status=404, text="no such subscription\n")
        query = request.query
        verdict: Verdict | None = None

        def change(state: FeedState) -> FeedState:
            nonlocal verdict
            verdict = verified(
                state.subscription,
                utc_now(),
                mode=query.get("hub.mode", ""),
                topic=query.get("hub.topic", ""),
                challenge=query.get("hub.challenge", ""),
                lease_seconds=_whole_number(query.get("hub.lease_seconds", "")),
            )
            return state.model_copy(update={"subscription": verdict.subscription})

        if not await self._change(url, change):
            return web.Response(status=503, text="try again later\n")
        if verdict is None:
            return web.Response(status=404, text="no such subscription\n")
        if verdict.status == 200:
            _LOG.info("%s: hub says %s", url, query.get("hub.mode"))
        return web.Response(status=verdict.status, text=verdict.body)

    async def _push(self, request: web.Request) -> web.Response:
        url = self._feed_of(request)
        if url is None:
            PROCESS_METRICS.add({"pushes_unknown": 1})
            return web.Response(status=410, text="no such subscription\n")
        check = SignatureCheck(
            request.headers.get("X-Hub-Signature"), feed_secret(self._secret, url)
        )
        if not await self._read(request, check):
            return web.Response(status=413, text="longer than http.max_bytes, or too slow\n")
        if not check.holds():
            # Ignored, and the answer does not say so (section 8).
            PROCESS_METRICS.add({"pushes_unsigned": 1})
            _LOG.warning("%s: a push without its hub's signature is ignored", url)
            return web.Response(status=202)
        if not await self._change(url, lambda state: after_push(state, utc_now())):
            return web.Response(status=503, text="try again later\n")
        PROCESS_METRICS.add({"pushes_due": 1})
        self._on_push()
        return web.Response(status=202)

    async def _read(self, request: web.Request, check: SignatureCheck) -> bool:
        left = self._max_bytes
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                async for piece in request.content.iter_any():
                    left -= len(piece)
                    if left < 0:
                        return False
                    check.feed(piece)
        except TimeoutError:
            return False
        return True

    async def _change(self, url: str, change: Callable[[FeedState], FeedState]) -> bool:
        """Changes a feed's state; False where the index is away, and the hub is to try again."""
        try:
            await self._loop.run_in_executor(
                self._storing, lambda: self._store.change_feed(url, change)
            )
        except TransientError as error:
            _LOG.warning("%s: what its hub says is taken later: %s", url, error)
            return False
        return True


@contextmanager
def serving_hubs(
    config: Config, on_push: Callable[[], None] = lambda: None
) -> Iterator[Callable[[Config], None]]:
    """Serves the address that hubs call, where one is configured.

    Gives what is to be told of each changed configuration.

    Raises:
        ConfigError: The secret is missing, or the port cannot be listened on.
    """
    if not config.websub.callback_url:
        yield lambda _: None
        return
    callback = HubCallback(config, on_push)
    callback.start()
    try:
        yield callback.take_up
    finally:
        callback.stop()


def _whole_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
