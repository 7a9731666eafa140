"""What the rest of Dateline asks of an article index: to keep and to search the documents.

Its methods raise `TransientError` when the other side cannot be reached or is overloaded, never
anything of a client library.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from schemas.article import Article
from transforms.storage.query import Query
from transforms.storage.tombstones import Tombstone

Version = tuple[int, int, str]
"""What a compare-and-set write must present. Elasticsearch: (seq_no, primary_term, the index behind
the alias, since numbers are one index's own). Embedded: (row version, 0, "")."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored article and its version."""

    article: Article
    version: Version


@dataclass(frozen=True, slots=True)
class Write:
    """One write: `expected` None creates (and conflicts if the id exists), else replaces that."""

    article: Article
    expected: Version | None = None


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What became of one write, in the order of the writes.

    `conflict`: somebody else wrote in between, read again and merge. `rejected`: terminal, the
    document itself is refused. `transient`: not taken now (overload, block, no connection).
    `deleted`: a tombstone keeps the new document away.
    """

    kind: Literal["written", "conflict", "rejected", "transient", "deleted"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search, its text already parsed (`transforms.storage.query`).

    Attributes:
        query: The parsed query; None matches everything.
        filters: (field path, value): all must hold; values of one field are alternatives.
        since: Only articles with a `@timestamp` at or after this.
        without: Ids of articles that are not looked for.
        facets: Paths of keyword fields to count values of.
        sort: `relevance` where the query has words; without any, all fit alike: newest first.
    """

    query: Any = None
    filters: tuple[tuple[str, str], ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    without: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    facet_size: int = 10
    size: int = 10
    offset: int = 0
    sort: Literal["relevance", "newest"] = "relevance"

    @property
    def by_score(self) -> bool:
        """Says whether hits are ordered by how well they fit, not by date."""
        has_words = isinstance(self.query, Query) and self.query.has_words
        return self.sort == "relevance" and has_words


@dataclass(frozen=True, slots=True)
class Hit:
    """One found article; `highlights` maps field paths to fragments with `<em>` marks."""

    article: Article
    score: float
    highlights: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits in order, the exact total, and facet counts (count descending, then value)."""

    total: int
    hits: list[Hit]
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)


class ArticleIndex(Protocol):
    """Keeps and searches the documents."""

    def setup(self, dry_run: bool = False) -> list[str]:
        """Creates or updates what is missing; idempotent; says what it changed, a line each."""

    def check(self) -> None:
        """Raises TransientError, saying why, unless documents can be written now."""

    def get(self, ids: Sequence[str]) -> dict[str, Stored]:
        """Reads documents by id in real time: an acknowledged write is always seen."""

    def write(self, writes: Sequence[Write]) -> list[WriteResult]:
        """Tries each write once, each on its own: one refusal costs no other.

        A document that a tombstone covers is never created, whatever happens at the same time.
        """

    def delete(self, ids: Sequence[str]) -> int:
        """Deletes documents; gives how many were there."""

    def delete_before(self, before: datetime, at_most: int) -> int:
        """Deletes some documents with a `@timestamp` before a time; gives how many, 0 at the end.

        What was not refreshed yet is included.
        """

    def bury(self, stones: Sequence[Tombstone], now: datetime) -> None:
        """Leaves tombstones: from now on no document that they cover is created."""

    def unbury(self, stones: Sequence[Tombstone]) -> int:
        """Lifts tombstones; gives how many were there."""

    def tombstones(self) -> Iterator[Tombstone]:
        """Gives all tombstones."""

    def search(self, request: SearchRequest) -> SearchResult:
        """Searches what has been refreshed."""

    def refresh(self) -> None:
        """Makes everything written so far searchable."""

    def scan(self) -> Iterator[Article]:
        """Gives every document, in no particular order."""

    def close(self) -> None:
        """Lets go of connections and files."""
