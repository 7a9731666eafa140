"""Chooses the backend by `index.url`; nothing else in Dateline asks which one it is."""

from pathlib import Path

from schemas.config import Config
from transforms.storage.article_index import ArticleIndex
from transforms.storage.feed_store import FeedStore

_EMBEDDED = "embedded:"


def embedded_path(config: Config) -> Path | None:
    """Gives the folder of an embedded index, None for an Elasticsearch."""
    url = config.index.url
    return Path(url.removeprefix(_EMBEDDED)) if url.startswith(_EMBEDDED) else None


def place_of(config: Config) -> str:
    """Gives what tells one index from another: the folder in full, or the address, and prefix."""
    folder = embedded_path(config)
    where = config.index.url.rstrip("/") if folder is None else str(folder.resolve())
    return f"{where}\n{config.index.prefix}"


def open_index(config: Config, *, read_only: bool = False) -> ArticleIndex:
    """Opens the article index.

    Args:
        config: Its `index.url` chooses the backend.
        read_only: For searching only: an embedded index is then not locked.
    """
    path = embedded_path(config)
    if path is not None:
        from transforms.storage.embedded.articles import EmbeddedArticleIndex

        return EmbeddedArticleIndex(path, read_only=read_only)
    from transforms.storage.elasticsearch.article_index import ElasticsearchArticleIndex

    return ElasticsearchArticleIndex(config)


def open_store(config: Config, *, read_only: bool = False) -> FeedStore:
    """Opens the feed store, which lives beside the article index."""
    path = embedded_path(config)
    if path is not None:
        from transforms.storage.embedded.feed_store import EmbeddedFeedStore

        return EmbeddedFeedStore(path, read_only=read_only)
    from transforms.storage.elasticsearch.feed_store import ElasticsearchFeedStore

    return ElasticsearchFeedStore(config)
