"""Both backends for tests that must hold on each: fixtures that are run once with either."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from schemas.config import Config
from schemas.feed import Feed
from transforms.storage.article_index import ArticleIndex
from transforms.storage.feed_store import FeedStore
from transforms.storage.open import open_index, open_store

BACKENDS = [
    "embedded",
    pytest.param("elasticsearch", marks=pytest.mark.elasticsearch),
]


@pytest.fixture(params=BACKENDS)
def config(request: pytest.FixtureRequest, tmp_path: Path) -> Config:
    """Gives a configuration of an empty index of either backend."""
    if request.param == "embedded":
        return Config.model_validate({"index": {"url": f"embedded:{tmp_path / 'index'}"}})
    url = request.getfixturevalue("elasticsearch_url")
    prefix = request.getfixturevalue("index_prefix")
    return Config.model_validate({"index": {"url": url, "prefix": prefix, "tries": 2}})


@contextmanager
def opened(config: Config) -> Iterator[tuple[ArticleIndex, FeedStore]]:
    """Opens and sets up an index and its store for the length of a block."""
    index = open_index(config)
    try:
        store = open_store(config)
        try:
            index.setup()
            store.setup()
            yield index, store
        finally:
            store.close()
    finally:
        index.close()


@pytest.fixture
def index(config: Config) -> Iterator[ArticleIndex]:
    """Gives an empty article index."""
    with opened(config) as (article_index, _):
        yield article_index


@pytest.fixture
def store(config: Config) -> Iterator[FeedStore]:
    """Gives an empty feed store."""
    with opened(config) as (_, feed_store):
        yield feed_store


def feeds_of(*urls: str) -> dict[str, Feed]:
    """Gives feeds by address."""
    return {url: Feed(url=url) for url in urls}
