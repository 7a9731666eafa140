"""What a stream does every now and then: joins stories, and deletes what is older than is kept."""

import logging
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.coders import VarIntCoder
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec

from pipeline.regular_sweep import join_stories
from pipeline.retention import RegularRetention
from schemas.config import Config
from schemas.errors import TransientError
from transforms.clock import utc_now
from transforms.storage.article_index import ArticleIndex
from transforms.storage.feed_store import FeedStore
from transforms.storage.open import open_index, open_store
from transforms.stories.sweep import SWEEP_SECONDS

_LOG = logging.getLogger(__name__)
# A slice is a second or so, for which the other work of the same worker waits.
RETENTION_SLICES = 4


class SweepFn(beam.DoFn):
    """Settles stories every now and then, and deletes what is older than `index.keep`.

    Input: (a key, the same for all; a tick). Output: how many documents' stories were settled.

    In one worker; another job's sweeps do no harm. When it was deleted last is known to nobody
    else: a worker that takes over begins with it. The stage's name and state are those of jobs
    that run already.
    """

    PERIOD = ReadModifyWriteStateSpec("period", VarIntCoder())

    def __init__(self, config: Config) -> None:
        self._config = config
        self._index: ArticleIndex | None = None
        self._store: FeedStore | None = None

    def setup(self) -> None:
        """Opens the index and its store."""
        self._index = open_index(self._config)
        self._store = open_store(self._config)
        self._retention = RegularRetention(self._config.index.keep, max_slices=RETENTION_SLICES)

    def process(
        self, keyed: tuple[str, float], last_state: Any = beam.DoFn.StateParam(PERIOD)
    ) -> Iterator[int]:
        """Works where a period has begun."""
        assert self._index is not None
        assert self._store is not None
        period = int(keyed[1] // SWEEP_SECONDS)
        if period <= (last_state.read() or 0):
            return
        last_state.write(period)
        try:
            swept = join_stories(self._index, self._config.stories)
            self._retention.apply(self._index, self._store, utc_now())
        except TransientError as error:
            _LOG.warning("stories are joined, and what is too old is deleted, later: %s", error)
            return
        yield swept.settled

    def teardown(self) -> None:
        """Closes them."""
        if self._store is not None:
            self._store.close()
        if self._index is not None:
            self._index.close()
