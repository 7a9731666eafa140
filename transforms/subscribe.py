"""Subscribe: after a poll, asks the feed's hub for a subscription or its renewal (W3C WebSub)."""

import logging
import os
from collections.abc import Iterator

import apache_beam as beam

from schemas.config import Config
from schemas.errors import TransientError
from schemas.feed import FeedState
from schemas.poll import Committed
from transforms.clock import utc_now
from transforms.storage.feed_store import FeedStore
from transforms.storage.open import open_store
from transforms.websub.hub_requests import HubRequests, shared_hub_requests
from transforms.websub.signature import callback_token, feed_secret, read_secret
from transforms.websub.subscription import LEASE_SECONDS, after_poll, is_wanted, requested

_LOG = logging.getLogger(__name__)


class Subscribe(beam.PTransform):
    """Keeps the feeds' subscriptions.

    Input: `Committed`. Output: `Committed` of the polls whose feed's hub was asked. A worker reads
    the secret from its environment.
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        self._config = config

    def expand(self, pcoll: beam.PCollection) -> beam.PCollection:
        return pcoll | "Ask" >> beam.ParDo(_SubscribeFn(self._config)).with_output_types(Committed)


class _SubscribeFn(beam.DoFn):
    def __init__(self, config: Config) -> None:
        self._config = config
        self._store: FeedStore | None = None

    def setup(self) -> None:
        self._store = open_store(self._config)
        self._hubs: HubRequests = shared_hub_requests()
        self._secret = read_secret(os.environ)

    def process(self, committed: Committed) -> Iterator[Committed]:
        if committed.hub_news is None or committed.kind not in ("committed", "not_modified"):
            return
        try:
            asked = self._keep(committed)
        except TransientError as error:
            _LOG.warning("%s: its subscription waits: %s", committed.feed_url, error)
            return
        if asked:
            yield committed

    def _keep(self, committed: Committed) -> bool:
        """Brings the stored subscription up to date; says whether the hub was asked."""
        assert self._store is not None
        news, url, now = committed.hub_news, committed.feed_url, utc_now()
        assert news is not None
        callback = self._config.websub.callback_url
        expected = after_poll(news.known, news, callback, now)
        if expected == news.known and (expected is None or not is_wanted(expected, now)):
            return False
        asks = False

        def change(state: FeedState) -> FeedState:
            nonlocal asks
            known = after_poll(state.subscription, news, callback, now)
            asks = known is not None and is_wanted(known, now) and self._hubs.has_room
            if known is not None and asks:
                known = requested(known, now)
            return state.model_copy(update={"subscription": known})

        state = self._store.change_feed(url, change)
        if not asks or state is None or state.subscription is None:
            return False
        self._hubs.send(
            state.subscription.hub,
            {
                "hub.mode": "subscribe",
                "hub.topic": state.subscription.topic,
                "hub.callback": f"{callback}/{callback_token(self._secret, url)}",
                "hub.secret": feed_secret(self._secret, url),
                "hub.lease_seconds": str(LEASE_SECONDS),
            },
            self._config.http,
        )
        return True

    def teardown(self) -> None:
        if self._store is not None:
            self._store.close()
