"""Dead letters: put once, counted when seen again, closed by a later success."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from schemas.failure import Failure
from transforms.storage.embedded.database import Database, micros

_ROWS_PER_PAGE = 100


def put_failures(database: Database, failures: Iterable[Failure]) -> set[str]:
    """Stores dead letters; a known one keeps its first times, is counted and opened again.

    Gives the ids of those that were not open before.
    """
    opened = set()
    with database.transaction():
        for failure in failures:
            rows = database.rows("SELECT failure FROM failures WHERE id = ?", (failure.id,))
            if rows:
                known = Failure.model_validate_json(rows[0][0])
                if known.closed is not None:
                    opened.add(failure.id)
                failure = failure.model_copy(
                    update={
                        "first_seen": known.first_seen,
                        "last_seen": max(known.last_seen, failure.last_seen),
                        "sight_time": known.sight_time,
                        "count": known.count + failure.count,
                        "closed": None,
                    }
                )
            else:
                opened.add(failure.id)
            _put(database, failure)
    return opened


def _put(database: Database, failure: Failure) -> None:
    database.run(
        "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?, ?)",
        (
            failure.id,
            failure.feed_url,
            failure.entry_key,
            micros(failure.first_seen),
            micros(failure.closed),
            failure.model_dump_json(),
        ),
    )


def read_failures(database: Database, *, open_only: bool) -> Iterator[Failure]:
    """Gives dead letters, oldest first."""
    after: tuple[int, str] = (-(2**62), "")
    condition = "closed IS NULL AND " if open_only else ""
    while rows := database.rows(
        "SELECT first_seen, id, failure FROM failures "
        f"WHERE {condition}(first_seen, id) > (?, ?) ORDER BY first_seen, id LIMIT ?",
        (*after, _ROWS_PER_PAGE),
    ):
        for _, _, failure in rows:
            yield Failure.model_validate_json(failure)
        after = rows[-1][:2]


def close_failure(database: Database, failure_id: str, now: datetime) -> None:
    """Closes a dead letter; one that is closed already, or unknown, stays as it is."""
    with database.transaction():
        _close(
            database,
            database.rows(
                "SELECT failure FROM failures WHERE id = ? AND closed IS NULL", (failure_id,)
            ),
            now,
        )


def close_entries(database: Database, feed_url: str, keys: Iterable[str], now: datetime) -> None:
    """Closes the open dead letters of a feed's entries, whatever stage they failed in."""
    of_feed = database.rows(
        "SELECT entry_key, failure FROM failures WHERE feed_url = ? AND closed IS NULL",
        (feed_url,),
    )
    if of_feed:
        succeeded = set(keys)
        _close(database, [row[1:] for row in of_feed if row[0] in succeeded], now)


def expire_failures(database: Database, before: datetime, *, dry_run: bool) -> int:
    """Deletes dead letters last seen before a time; gives how many."""
    old = [
        failure.id
        for failure in read_failures(database, open_only=False)
        if failure.last_seen < before
    ]
    if not dry_run:
        with database.transaction():
            for failure_id in old:
                database.run("DELETE FROM failures WHERE id = ?", (failure_id,))
    return len(old)


def _close(database: Database, rows: Iterable[tuple[str]], now: datetime) -> None:
    for (failure,) in rows:
        known = Failure.model_validate_json(failure)
        _put(database, known.model_copy(update={"closed": now}))
