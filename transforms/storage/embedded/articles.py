"""The article index in a folder: SQLite keeps the documents, tantivy finds them."""

import logging
import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.article import Article
from transforms.storage.article_index import SearchRequest, SearchResult, Stored, Write, WriteResult
from transforms.storage.embedded import removal
from transforms.storage.embedded.access import FolderAccess
from transforms.storage.embedded.documents import read_documents, scan_documents, write_documents
from transforms.storage.embedded.search_index import (
    FOLDER_NAME,
    index_in_memory,
    last_commit,
    open_index,
)
from transforms.storage.embedded.searching import search
from transforms.storage.tombstones import Tombstone

if TYPE_CHECKING:
    import tantivy

logger = logging.getLogger(__name__)


class EmbeddedArticleIndex:
    """Keeps the protocol `ArticleIndex`; see there for what the methods promise.

    Args:
        path: The folder. One process at a time may write to it; opens within it share it.
        read_only: Reads what the owner refreshed last, beside it or without one, changing nothing.

    Raises:
        ConfigError: Read only, and there is no index; or the folder cannot be used.
        StoreLockedError: Another process owns it.
    """

    def __init__(self, path: Path, read_only: bool = False) -> None:
        self._path = path
        self._access = FolderAccess(path, read_only)
        self._lock = threading.Lock()
        self._read_index: tantivy.Index | None = None
        self._read_commit: tuple[int, int] | None = None

    def setup(self, dry_run: bool = False) -> list[str]:
        """Makes the folder and its tables where they are missing."""
        return self._access.setup(dry_run, f"embedded article index in {self._path}")

    def check(self) -> None:
        """Raises TransientError, saying why, unless documents can be written now."""
        self._access.database.check_writable()

    def get(self, ids: Sequence[str]) -> dict[str, Stored]:
        """Reads documents by id, in real time."""
        return read_documents(self._access.database, ids) if ids else {}

    def write(self, writes: Sequence[Write]) -> list[WriteResult]:
        """Tries each write once, each on its own; what is written is on disk."""
        return write_documents(self._access.database, writes) if writes else []

    def delete(self, ids: Sequence[str]) -> int:
        """Deletes documents; gives how many were there."""
        return removal.remove_documents(self._access.database, ids)

    def delete_before(self, before: datetime, at_most: int) -> int:
        """Deletes some documents older than a time; 0 at the end."""
        self.refresh()
        found = self.search(SearchRequest(until=before, size=at_most))
        return self.delete([hit.article.id for hit in found.hits])

    def bury(self, stones: Sequence[Tombstone], now: datetime) -> None:
        """Leaves tombstones."""
        removal.bury(self._access.database, stones, now)

    def unbury(self, stones: Sequence[Tombstone]) -> int:
        """Lifts tombstones; gives how many were there."""
        return removal.unbury(self._access.database, stones)

    def tombstones(self) -> Iterator[Tombstone]:
        """Gives all tombstones."""
        return removal.read_tombstones(self._access.database)

    def search(self, request: SearchRequest) -> SearchResult:
        """Searches what has been refreshed."""
        try:
            return search(self._index(), self._access.database, request)
        except ValueError as error:
            # tantivy's only error; some damage shows itself only when a word is looked up.
            logger.warning("the search index in %s is damaged: %.200s", self._path, error)
            self._replace_index()
            return search(self._index(), self._access.database, request)

    def refresh(self) -> None:
        """Makes everything written so far searchable; a reader can only wait for its owner."""
        if not self._access.read_only:
            self._access.folder.search_index.refresh()

    def scan(self) -> Iterator[Article]:
        """Gives every document, in order of ids."""
        return scan_documents(self._access.database)

    def close(self) -> None:
        """Lets go of the files; the last one in the process lets the folder go."""
        self._read_index = None
        self._access.close()

    def _replace_index(self) -> None:
        if not self._access.read_only:
            self._access.folder.search_index.rebuild()
            return
        with self._lock:
            self._read_index = index_in_memory(self._access.database)

    def _index(self) -> "tantivy.Index":
        if not self._access.read_only:
            return self._access.folder.search_index.index()
        with self._lock:
            committed = last_commit(self._path / FOLDER_NAME)
            if self._read_index is None or committed != self._read_commit:
                self._read_commit = committed
                self._read_index = open_index(self._path / FOLDER_NAME)
            if self._read_index is None:
                # The next process that owns the folder makes one that lasts.
                self._read_index = index_in_memory(self._access.database)
            return self._read_index
