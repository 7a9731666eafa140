"""The SQLite file that is the truth: its tables, its transactions, its errors."""

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from schemas.errors import ConfigError, TransientError

FILE_NAME = "dateline.sqlite3"
# Raised with every change of the tables.
SCHEMA_VERSION = 3
# Only readers of other processes can hold the file, for moments.
BUSY_SECONDS = 10.0

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TABLES = """
CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    sequence INTEGER NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;
CREATE TABLE sequence (last INTEGER NOT NULL) STRICT;
INSERT INTO sequence VALUES (0);
CREATE TABLE feeds (
    url TEXT PRIMARY KEY,
    host TEXT NOT NULL,
    next_due INTEGER,
    hold_until INTEGER,
    last_poll INTEGER,
    pending INTEGER NOT NULL,
    idle INTEGER NOT NULL,
    state TEXT NOT NULL
) STRICT;
CREATE INDEX feeds_by_host ON feeds (host);
CREATE TABLE hosts (
    host TEXT PRIMARY KEY,
    last_request INTEGER,
    hold_until INTEGER,
    lease TEXT,
    token TEXT,
    expires INTEGER
) STRICT;
CREATE TABLE failures (
    id TEXT PRIMARY KEY,
    feed_url TEXT NOT NULL,
    entry_key TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    closed INTEGER,
    failure TEXT NOT NULL
) STRICT;
CREATE INDEX failures_by_entry ON failures (feed_url, entry_key) WHERE closed IS NULL;
"""
_TABLES_OF_REMOVAL = """
CREATE TABLE removals (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL) STRICT;
CREATE TABLE tombstones (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    deleted INTEGER NOT NULL
) STRICT;
"""
# What brings a file to a later version, where it is opened for writing; 0 is a new one.
_CHANGES = {
    0: (3, _TABLES + _TABLES_OF_REMOVAL),
    1: (2, _TABLES_OF_REMOVAL),
    2: (3, "DROP TABLE rounds"),
}


def micros(time: datetime | None) -> int | None:
    """Gives a time as microseconds since 1970, exactly; None stays None."""
    return None if time is None else (time - EPOCH) // timedelta(microseconds=1)


def from_micros(value: int | None) -> datetime | None:
    """Gives back what `micros` made, in UTC."""
    return None if value is None else EPOCH + timedelta(microseconds=value)


@contextlib.contextmanager
def errors_translated(path: Path) -> Iterator[None]:
    """Turns SQLite's errors into Dateline's: a lock or a full disk passes, damage does not."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY:
            raise ConfigError(f"{path} cannot be written: {error}") from error
        raise TransientError(f"{path}: {error}") from error
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise
        raise ConfigError(f"{path} is no SQLite file or is damaged: {error}") from error


class Database:
    """One connection, usable from any thread, one at a time.

    Args:
        folder: The index's folder.
        read_only: Opens an existing file for reading; nothing is made or changed.

    Raises:
        ConfigError: The file is missing (read only), no SQLite file, or of another version.
        TransientError: The file cannot be opened now.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self.path = folder / FILE_NAME
        self._lock = threading.RLock()
        if read_only and not self.path.is_file():
            raise ConfigError(f"there is no index in {folder}: `dateline run` makes one")
        uri = f"{self.path.resolve().as_uri()}?mode={'ro' if read_only else 'rwc'}"
        left_clean = not folder.joinpath(f"{FILE_NAME}-wal").exists()
        if read_only and left_clean and not os.access(folder, os.W_OK):
            # Even a reader makes files beside one in WAL mode, unless it is told that nobody
            # writes: true where the last owner has left and this user cannot be one.
            uri += "&immutable=1"
        with errors_translated(self.path):
            self._connection = sqlite3.connect(
                uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                self._prepare(read_only)
            except BaseException:
                self._connection.close()
                raise

    def _prepare(self, read_only: bool) -> None:
        connection = self._connection
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            # An acknowledgement must outlive a power cut.
            connection.execute("PRAGMA synchronous = FULL")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version in _CHANGES and not read_only:
            with self.transaction():
                while version != SCHEMA_VERSION:
                    version, statements = _CHANGES[version]
                    for statement in statements.split(";\n"):
                        connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        elif version != SCHEMA_VERSION and not (read_only and version in (1, 2)):
            raise ConfigError(
                f"{self.path} has the tables of version {version}, this Dateline reads version "
                f"{SCHEMA_VERSION}: use the Dateline that wrote it, `dateline export` there and "
                "`dateline ingest` here"
            )

    @contextlib.contextmanager
    def transaction(self, *, lasting: bool = True) -> Iterator[None]:
        """Makes what the block does one change; nests.

        Args:
            lasting: The change outlives a power cut when the block is left, which costs a wait
                for the disk. Else it outlives the process's death; a power cut may undo it and
                what came after it, nothing before it, since both are one log. A block within
                another is as lasting as that one.
        """
        with self._lock, errors_translated(self.path):
            if self._connection.in_transaction:
                yield
                return
            if not lasting:
                self._connection.execute("PRAGMA synchronous = NORMAL")
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield
                    self._connection.execute("COMMIT")
                except BaseException:
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
                    raise
            finally:
                if not lasting:
                    self._connection.execute("PRAGMA synchronous = FULL")

    def rows(
        self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()
    ) -> list[tuple[Any, ...]]:
        """Reads all rows of a query."""
        with self._lock, errors_translated(self.path):
            return self._connection.execute(sql, values).fetchall()

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Runs a statement; gives the number of rows that it changed."""
        with self._lock, errors_translated(self.path):
            return self._connection.execute(sql, values).rowcount

    def check_writable(self) -> None:
        """Raises TransientError, or ConfigError, unless a change can be committed now."""
        with self.transaction():
            self.run("UPDATE sequence SET last = last")

    def close(self) -> None:
        """Closes the connection."""
        with self._lock:
            self._connection.close()
