from collections.abc import Iterator

import pytest

from schemas.config import Config, IndexConfig
from transforms.storage.elasticsearch.article_index import ElasticsearchArticleIndex
from transforms.storage.elasticsearch.feed_store import ElasticsearchFeedStore


@pytest.fixture
def config(elasticsearch_url: str, index_prefix: str) -> Config:
    return Config(index=IndexConfig(url=elasticsearch_url, prefix=index_prefix))


@pytest.fixture
def index(config: Config) -> Iterator[ElasticsearchArticleIndex]:
    opened = ElasticsearchArticleIndex(config)
    opened.setup()
    yield opened
    opened.close()


@pytest.fixture
def store(config: Config) -> Iterator[ElasticsearchFeedStore]:
    opened = ElasticsearchFeedStore(config)
    opened.setup()
    yield opened
    opened.close()
