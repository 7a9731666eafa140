"""The index and the store of a run, open and ready for its rounds."""

import logging
from typing import Self

from pipeline.owner import free_leases_of_dead_owners
from schemas.config import Config
from transforms.http.shared_pool import shared_pool
from transforms.storage.article_index import ArticleIndex
from transforms.storage.feed_store import FeedStore
from transforms.storage.open import open_index, open_store
from transforms.tagging.shared import shared_tagger

_LOG = logging.getLogger(__name__)


class OpenedStorage:
    """The index and the store, open for as long as the run lasts."""

    def __init__(self, config: Config) -> None:
        self.index: ArticleIndex = open_index(config)
        try:
            self.store: FeedStore = open_store(config)
        except BaseException:
            self.index.close()
            raise

    def prepare(self, config: Config, register: bool) -> None:
        """Sets up what is missing, makes the feeds known, frees what killed processes held."""
        # A mistake in a file that the configuration names is told here, not inside a worker.
        shared_tagger(config.tagger)
        shared_pool(config)
        for change in (*self.index.setup(), *self.store.setup()):
            _LOG.info("%s", change)
        if register:
            self.store.register(config.feeds, config.polling.interval)
        for host in free_leases_of_dead_owners(self.store):
            _LOG.info("%s is free again: the process that held it is no more", host)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()
        self.index.close()
