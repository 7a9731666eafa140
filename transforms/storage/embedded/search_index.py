"""The tantivy index in its subfolder: brought up to date from SQLite, or built anew."""

import contextlib
import json
import logging
import os
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.errors import TransientError
from transforms.storage.embedded.database import Database
from transforms.storage.embedded.documents import changed_documents, last_sequence
from transforms.storage.embedded.removal import forget_removals
from transforms.storage.embedded.search_schema import ID, schema, schema_hash, search_document

if TYPE_CHECKING:
    import tantivy

logger = logging.getLogger(__name__)

FOLDER_NAME = "search"
# Says how far the index has come; written after each commit, so a crash between the two only
# makes the same documents be put in again.
MARKER_NAME = "dateline.json"
_HEAP_BYTES = 50_000_000
# While it is open, tantivy keeps a note of each file that it ever mapped: 1.5 KB a refresh.
REFRESHES_BEFORE_REOPENING = 250


def indexed_sequence(folder: Path) -> int | None:
    """Gives the sequence number up to which an index holds documents.

    Returns:
        None where there is no index, or one of another schema.
    """
    try:
        marker = json.loads((folder / MARKER_NAME).read_bytes())
        return int(marker["sequence"]) if marker["schema"] == schema_hash() else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def last_commit(folder: Path) -> tuple[int, int] | None:
    """Gives what changes with each refresh, None where there is no index: cheap to ask for."""
    try:
        status = (folder / MARKER_NAME).stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def open_index(folder: Path) -> "tantivy.Index | None":
    """Opens an index as it was last committed; None where it is missing, old or damaged."""
    import tantivy

    if indexed_sequence(folder) is None:
        return None
    try:
        index = tantivy.Index.open(str(folder))
        index.config_reader(reload_policy="manual")
        index.searcher()
    except (ValueError, OSError) as error:
        if os.access(folder, os.W_OK):
            logger.warning("the search index in %s cannot be read: %.200s", folder, error)
        else:
            # Even a reader takes tantivy's lock, which is a file.
            logger.info("%s cannot be written: each search builds its index in memory", folder)
        return None
    return index


def index_in_memory(database: Database) -> "tantivy.Index":
    """Builds the whole index in memory, for a reader that finds none and may not write one."""
    import tantivy

    index = tantivy.Index(schema())
    _catch_up(index, index.writer(_HEAP_BYTES, 1), database, 0)
    return index


def _catch_up(
    index: "tantivy.Index", writer: "tantivy.IndexWriter", database: Database, after: int
) -> int:
    """Puts in what was written after a sequence number; gives the new one."""
    # What is removed leaves no row that would tell how far the sequence has come.
    last = last_sequence(database)
    for sequence, article_id, source in changed_documents(database, after):
        writer.delete_documents_by_term(ID, article_id)
        if source is not None:
            writer.add_document(search_document(article_id, source))
        after = sequence
    writer.commit()
    index.reload()
    return max(after, last)


class OwnedSearchIndex:
    """The index of the process that owns the folder; opened when first used, from any thread."""

    def __init__(self, folder: Path, database: Database) -> None:
        self._folder = folder / FOLDER_NAME
        self._database = database
        self._lock = threading.RLock()
        self._index: tantivy.Index | None = None
        self._writer: tantivy.IndexWriter | None = None
        self._sequence = self._refreshes = 0

    def index(self) -> "tantivy.Index":
        """Gives the index; at first use, up to date with the documents."""
        index = self._index
        if index is not None:
            # A search does not wait for a refresh under way.
            return index
        with self._lock:
            if self._index is None:
                self._index = open_index(self._folder)
                self._sequence = indexed_sequence(self._folder) or 0
                if self._index is None or self._sequence > last_sequence(self._database):
                    self.rebuild()
                else:
                    self.refresh()
            assert self._index is not None
            return self._index

    def refresh(self) -> None:
        """Puts in everything that was written since; damage found on the way is repaired."""
        with self._lock:
            index = self._index or self.index()
            if self._sequence == last_sequence(self._database):
                return
            try:
                self._writer = self._writer or index.writer(_HEAP_BYTES, 1)
                self._sequence = _catch_up(index, self._writer, self._database, self._sequence)
                _write_marker(self._folder, self._sequence)
                forget_removals(self._database, self._sequence)
                self._refreshes += 1
                if self._refreshes % REFRESHES_BEFORE_REOPENING == 0:
                    self._reopen()
            except ValueError as error:
                # tantivy knows no other kind of error: a full disk, or files that are gone.
                self._let_go()
                if indexed_sequence(self._folder) is not None and self._folder.is_dir():
                    raise TransientError(
                        f"{self._folder} cannot be written: {str(error)[:200]}"
                    ) from error
                self.rebuild()

    def rebuild(self) -> None:
        """Builds the index anew from all documents, beside the old one, and puts it in place."""
        import tantivy

        with self._lock:
            logger.info("building the search index in %s", self._folder)
            self._let_go()
            fresh = self._folder.with_name(f"{FOLDER_NAME}.new")
            old = self._folder.with_name(f"{FOLDER_NAME}.old")
            try:
                for leftover in (fresh, old):
                    shutil.rmtree(leftover, ignore_errors=True)
                fresh.mkdir(parents=True)
                index = tantivy.Index(schema(), path=str(fresh))
                writer = index.writer(_HEAP_BYTES, 1)
                sequence = _catch_up(index, writer, self._database, 0)
                writer.wait_merging_threads()
                _write_marker(fresh, sequence)
                if self._folder.exists():
                    self._folder.rename(old)
                fresh.rename(self._folder)
            except (ValueError, OSError) as error:
                raise TransientError(
                    f"{self._folder} cannot be built: {str(error)[:200]}"
                ) from error
            shutil.rmtree(old, ignore_errors=True)
            self._index = open_index(self._folder)
            if self._index is None:
                raise TransientError(f"{self._folder} was built and cannot be read")
            self._sequence = sequence

    def close(self) -> None:
        """Brings the index up to date, for readers, and lets go of it."""
        with self._lock:
            try:
                if indexed_sequence(self._folder) != last_sequence(self._database):
                    self.refresh()
            except TransientError as error:
                logger.warning("left for the next start: %s", error)
            finally:
                self._let_go()

    def _reopen(self) -> None:
        """Opens the index anew; searches under way end on the old one, which frees what it kept."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.wait_merging_threads()
        self._index = open_index(self._folder) or self._index

    def _let_go(self) -> None:
        writer, self._writer, self._index = self._writer, None, None
        if writer is not None:
            with contextlib.suppress(ValueError):
                writer.wait_merging_threads()


def _write_marker(folder: Path, sequence: int) -> None:
    new = folder / f"{MARKER_NAME}.new"
    try:
        with open(new, "w", encoding="utf-8") as file:
            json.dump({"schema": schema_hash(), "sequence": sequence}, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(folder / MARKER_NAME)
    except OSError as error:
        raise TransientError(f"{folder / MARKER_NAME} cannot be written: {error}") from error
