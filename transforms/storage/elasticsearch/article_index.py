"""The article index on an Elasticsearch: one index behind an alias, written by compare-and-set."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from schemas.article import Article
from schemas.config import Config
from transforms.storage.article_index import (
    SearchRequest,
    SearchResult,
    Stored,
    Write,
    WriteResult,
)
from transforms.storage.elasticsearch import tombstones
from transforms.storage.elasticsearch.article_setup import define_articles, set_up_articles
from transforms.storage.elasticsearch.article_writing import delete_articles, write_articles
from transforms.storage.elasticsearch.availability import check_writable
from transforms.storage.elasticsearch.client import Client
from transforms.storage.elasticsearch.languages import stemmed_text
from transforms.storage.elasticsearch.names import Names
from transforms.storage.elasticsearch.reading import read_all, read_documents
from transforms.storage.elasticsearch.reindexing import Reindexed, reindex
from transforms.storage.elasticsearch.retention import delete_slice
from transforms.storage.elasticsearch.searching import search_articles
from transforms.storage.elasticsearch.templates import with_fingerprint
from transforms.storage.tombstones import Tombstone


class ElasticsearchArticleIndex:
    """Keeps the protocol `ArticleIndex`; see there for what the methods promise."""

    def __init__(self, config: Config) -> None:
        """Opens the client; nothing is sent yet.

        Raises:
            ConfigError: The credentials in the environment contradict each other.
        """
        self._config = config.index
        self._by_language = config.index.analysis == "language"
        self._names = Names(config.index.prefix)
        self._client = Client(config.index)

    def setup(self, dry_run: bool = False) -> list[str]:
        """Creates or updates templates, index and alias."""
        return set_up_articles(self._client, self._config, self._names, dry_run)

    def check(self) -> None:
        """Raises TransientError, saying why, unless articles can be written now."""
        check_writable(self._client, self._names.articles)

    def get(self, ids: Sequence[str]) -> dict[str, Stored]:
        """Reads articles by id, in real time."""
        found = read_documents(self._client, self._names.articles, ids, at_once=250)
        return {
            article_id: Stored(Article.from_document(article_id, document.source), document.version)
            for article_id, document in found.items()
        }

    def write(self, writes: Sequence[Write]) -> list[WriteResult]:
        """Tries each write once, each on its own."""
        return write_articles(self._client, self._names, writes, self._document)

    def _document(self, article: Article) -> dict[str, Any]:
        document: dict[str, Any] = article.to_document()
        document["event"]["id"] = article.id
        if self._by_language:
            document["news"]["stemmed"] = stemmed_text(article)
        return document

    def reindex(self, report: Callable[[Reindexed], None]) -> Reindexed:
        """Copies all articles into a new index with today's mapping and settings, and goes over.

        Writers go on meanwhile; see `transforms.storage.elasticsearch.reindexing`.

        Raises:
            TransientError: It could not be finished; the old index goes on, the next call too.
        """
        wanted = define_articles(self._client, self._config)
        return reindex(
            self._client,
            self._names.articles,
            body={"mappings": with_fingerprint(wanted.mapping), "settings": wanted.settings},
            document=lambda key, source: self._document(Article.from_document(key, source)),
            report=report,
        )

    def delete(self, ids: Sequence[str]) -> int:
        """Deletes articles; gives how many were there."""
        return delete_articles(self._client, self._names.articles, ids)

    def delete_before(self, before: datetime, at_most: int) -> int:
        """Deletes some articles older than a time; 0 at the end."""
        alias = self._names.articles
        return delete_slice(self._client, alias, "@timestamp", before.isoformat(), at_most)

    def bury(self, stones: Sequence[Tombstone], now: datetime) -> None:
        """Leaves tombstones."""
        tombstones.bury(self._client, self._names.tombstones, stones, now)

    def unbury(self, stones: Sequence[Tombstone]) -> int:
        """Lifts tombstones; gives how many were there."""
        return tombstones.unbury(self._client, self._names.tombstones, stones)

    def tombstones(self) -> Iterator[Tombstone]:
        """Gives all tombstones."""
        return tombstones.read_tombstones(self._client, self._names.tombstones)

    def search(self, request: SearchRequest) -> SearchResult:
        """Searches what has been refreshed.

        Raises:
            ConfigError: The page lies beyond `searching.MAX_RESULT_WINDOW`.
        """
        return search_articles(
            self._client, self._names.articles, request, by_language=self._by_language
        )

    def refresh(self) -> None:
        """Makes everything written so far searchable."""
        with self._client.translated(f"refreshing {self._names.articles}"):
            self._client.api.indices.refresh(index=self._names.articles)

    def scan(self) -> Iterator[Article]:
        """Gives every article, in no particular order."""
        for hit in read_all(self._client, self._names.articles, self._config.tries):
            yield Article.from_document(hit.id, dict(hit.source))

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()
