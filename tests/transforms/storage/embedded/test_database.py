import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.errors import TransientError
from transforms.storage.embedded.database import FILE_NAME, SCHEMA_VERSION, Database

NORMAL, FULL = 1, 2


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path)
    yield database
    database.close()


def waits_for_the_disk(database: Database) -> bool:
    ((level,),) = database.rows("PRAGMA synchronous")
    assert level in (NORMAL, FULL)
    return bool(level == FULL)


def test_a_change_waits_for_the_disk_unless_it_need_not_last(database: Database) -> None:
    with database.transaction():
        assert waits_for_the_disk(database)
    with database.transaction(lasting=False):
        assert not waits_for_the_disk(database)
    assert waits_for_the_disk(database)


def test_a_change_within_one_that_lasts_lasts_too(database: Database) -> None:
    with database.transaction(), database.transaction(lasting=False):
        assert waits_for_the_disk(database)


def test_a_change_that_fails_is_undone_and_the_next_one_lasts(database: Database) -> None:
    with pytest.raises(TransientError), database.transaction(lasting=False):
        failing_change(database)
    assert database.rows("SELECT last FROM sequence") == [(0,)]
    assert waits_for_the_disk(database)


def failing_change(database: Database) -> None:
    database.run("UPDATE sequence SET last = 7")
    database.run("UPDATE no_such_table SET last = 7")


@pytest.mark.parametrize("version", [1, 2])
def test_a_file_of_an_older_version_is_brought_up_to_date_and_readable_before(
    tmp_path: Path, version: int
) -> None:
    Database(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("CREATE TABLE rounds (timestamp INTEGER NOT NULL, summary TEXT)")
        if version == 1:
            connection.executescript("DROP TABLE removals; DROP TABLE tombstones")
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    Database(tmp_path, read_only=True).close()
    database = Database(tmp_path)
    tables = {name for (name,) in database.rows("SELECT name FROM sqlite_schema")}
    assert "tombstones" in tables
    assert "rounds" not in tables
    assert database.rows("PRAGMA user_version") == [(SCHEMA_VERSION,)]
    database.close()
