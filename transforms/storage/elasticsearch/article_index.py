"""The article index on an Elasticsearch: one index behind an alias, written by compare-and-set."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic_core import to_json

from schemas.article import Article
from schemas.config import Config
from schemas.errors import ConfigError, TransientError
from schemas.mapping import BARE_WORD_FIELDS, article_mapping
from transforms.storage.article_index import (
    Hit,
    SearchRequest,
    SearchResult,
    Stored,
    Write,
    WriteResult,
)
from transforms.storage.elasticsearch import tombstones
from transforms.storage.elasticsearch.availability import check_writable
from transforms.storage.elasticsearch.bulk import Operation, lone_surrogate, write_bulk
from transforms.storage.elasticsearch.client import Client
from transforms.storage.elasticsearch.compare_and_set import raise_unless_taken
from transforms.storage.elasticsearch.facets import (
    VALUES_PER_SHARD,
    facet_aggregations,
    read_facets,
)
from transforms.storage.elasticsearch.languages import (
    STEMMED,
    mapped_languages,
    stemmed_mapping,
    stemmed_text,
    told_languages,
    with_mapped,
)
from transforms.storage.elasticsearch.names import Names
from transforms.storage.elasticsearch.reading import read_all, read_documents
from transforms.storage.elasticsearch.reindexing import Reindexed, reindex
from transforms.storage.elasticsearch.retention import delete_slice
from transforms.storage.elasticsearch.search_query import search_query, search_sort
from transforms.storage.elasticsearch.templates import (
    DEFAULT_FIELD,
    REPLICAS,
    SHARDS,
    Setup,
    with_fingerprint,
)
from transforms.storage.highlight import highlights
from transforms.storage.query import Query
from transforms.storage.tombstones import Tombstone

# The index's own limit (`index.max_result_window`): deeper pages cost all nodes memory.
MAX_RESULT_WINDOW = 10_000


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
        names = self._names
        known = mapped_languages(self._client, names.articles) if self._by_language else None
        mapping, settings, analyzers = self._definition(known)
        setup = Setup(self._client, dry_run)
        mappings_name = f"{names.articles}-mappings"
        settings_name = f"{names.articles}-settings"
        setup.component_template(mappings_name, {"mappings": mapping})
        setup.component_template(settings_name, {"settings": settings})
        setup.index_template(
            names.articles, [f"{names.articles}-*"], [mappings_name, settings_name], {}
        )
        setup.index(names.first_articles, mapping, settings, alias=names.articles)
        if self._by_language:
            setup.lines += told_languages(analyzers, known)
        of_one_shard = {SHARDS: 1, REPLICAS: self._config.replicas}
        # Only an older index is read: the shard of one made just now may not have started.
        if (
            not dry_run
            and setup.is_older(names.tombstones, tombstones.MAPPING)
            and tombstones.mark_older(self._client, names.tombstones)
        ):
            setup.lines.append(f"index {names.tombstones}: marked, since it holds tombstones")
        setup.index(names.tombstones, tombstones.MAPPING, of_one_shard)
        return setup.lines

    def _definition(
        self, mapped: Mapping[str, str] | None
    ) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
        """Gives mapping and settings of the articles' index, and its analyzers by language.

        Args:
            mapped: The analyzers that the index has, by language; None for a new index.
        """
        analyzers: dict[str, str] = {}
        mapping = article_mapping()
        mapping["properties"]["event"]["properties"]["id"] = {"type": "keyword"}
        bare_word_fields = list(BARE_WORD_FIELDS)
        if self._by_language:
            analyzers = with_mapped(self._client, mapped or {})
            mapping["_source"] = {"excludes": [STEMMED]}
            mapping["properties"]["news"]["properties"]["stemmed"] = stemmed_mapping(analyzers)
            bare_word_fields.append(f"{STEMMED}.*")
        settings = {
            SHARDS: self._config.shards,
            REPLICAS: self._config.replicas,
            DEFAULT_FIELD: bare_word_fields,
        }
        return mapping, settings, analyzers

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
        """Tries each write once, each on its own.

        Tombstones are read before documents are created, to spare the writes, and again after:
        whoever left one in between may have looked for documents before these were there.
        """
        results: dict[int, WriteResult] = {}
        created = [write.article for write in writes if write.expected is None]
        try:
            buried = self._buried(created)
        except TransientError as error:
            return [WriteResult("transient", str(error)) for _ in writes]
        positions: list[int] = []
        operations: list[Operation] = []
        for position, write in enumerate(writes):
            if write.expected is None and write.article.id in buried:
                results[position] = WriteResult("deleted", "a tombstone keeps it away")
                continue
            document = self._document(write.article)
            try:
                body = to_json(document)
            except ValueError as error:
                problem = lone_surrogate(document) or f"the document is not JSON: {error}"
                results[position] = WriteResult("rejected", problem)
                continue
            positions.append(position)
            operations.append(
                Operation(
                    "create" if write.expected is None else "index",
                    write.article.id,
                    body,
                    write.expected,
                )
            )
        answers = write_bulk(self._client, self._names.articles, operations, require_alias=True)
        results.update(zip(positions, answers, strict=True))
        try:
            self._take_back(writes, results)
        except TransientError as error:
            for position, write in enumerate(writes):
                if write.expected is None and results[position].kind == "written":
                    results[position] = WriteResult("transient", str(error))
        return [results[position] for position in range(len(writes))]

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
        mapping, settings, _ = self._definition(None)
        return reindex(
            self._client,
            self._names.articles,
            body={"mappings": with_fingerprint(mapping), "settings": settings},
            document=lambda key, source: self._document(Article.from_document(key, source)),
            report=report,
        )

    def _buried(self, articles: Sequence[Article]) -> set[str]:
        if not articles:
            return set()
        return tombstones.buried(self._client, self._names.tombstones, articles)

    def _take_back(self, writes: Sequence[Write], results: dict[int, WriteResult]) -> None:
        """Deletes what was created while somebody left a tombstone for it."""
        created = {
            position: write.article
            for position, write in enumerate(writes)
            if write.expected is None and results[position].kind == "written"
        }
        buried = self._buried(list(created.values()))
        self.delete(sorted(buried))
        for position, article in created.items():
            if article.id in buried:
                results[position] = WriteResult("deleted", "a tombstone keeps it away")

    def delete(self, ids: Sequence[str]) -> int:
        """Deletes articles; gives how many were there."""
        alias = self._names.articles
        known = read_documents(self._client, alias, ids, includes=["@timestamp"])
        operations = [Operation("delete", article_id, {}) for article_id in known]
        results = write_bulk(self._client, alias, operations, require_alias=True)
        raise_unless_taken(results, self._client, alias)
        return len(known)

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
            ConfigError: The page lies beyond MAX_RESULT_WINDOW.
        """
        if request.offset + request.size > MAX_RESULT_WINDOW:
            raise ConfigError(
                f"a page must end within the first {MAX_RESULT_WINDOW} hits, not at "
                f"{request.offset + request.size}: narrow the search by time or a filter"
            )
        query = search_query(request, by_language=self._by_language)
        alias = self._names.articles
        with self._client.translated(f"searching {alias}"):
            answer = self._client.api.search(
                index=alias,
                query=query,
                sort=search_sort(request),
                from_=request.offset,
                size=request.size,
                track_total_hits=True,
                # Scores count words over all shards, not within each: one order for all hits.
                search_type="dfs_query_then_fetch",
                aggs=facet_aggregations(request.facets, request.facet_size, VALUES_PER_SHARD)
                or None,
            )
        _raise_on_failed_shards(answer.body, self._client.url)
        hits = [_hit(hit, request) for hit in answer["hits"]["hits"]]
        facets = read_facets(
            self._client, alias, query, answer.get("aggregations", {}), request.facet_size
        )
        return SearchResult(answer["hits"]["total"]["value"], hits, facets)

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


def _hit(hit: Mapping[str, Any], request: SearchRequest) -> Hit:
    article = Article.from_document(hit["_id"], hit["_source"])
    marked = highlights(article, request.query) if isinstance(request.query, Query) else {}
    return Hit(article=article, score=hit["_score"] or 0.0, highlights=marked)


def _raise_on_failed_shards(answer: Mapping[str, Any], url: str) -> None:
    """Hits of some shards only are no answer: totals and facets would be wrong."""
    failed = answer["_shards"]["failed"]
    if failed or answer.get("timed_out"):
        raise TransientError(f"Elasticsearch at {url}: {failed} shards did not answer the search")
