"""Documents taken out of their table, and the tombstones that keep some away."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from schemas.article import Article
from transforms.storage.embedded.database import Database, micros
from transforms.storage.tombstones import Tombstone, covering


def remove_documents(database: Database, ids: Sequence[str]) -> int:
    """Takes documents out; the search index learns of it by the sequence, as of a write."""
    removed = 0
    with database.transaction():
        ((sequence,),) = database.rows("SELECT last FROM sequence")
        for article_id in ids:
            if database.run("DELETE FROM articles WHERE id = ?", (article_id,)):
                sequence, removed = sequence + 1, removed + 1
                database.run("INSERT INTO removals VALUES (?, ?)", (sequence, article_id))
        database.run("UPDATE sequence SET last = ?", (sequence,))
    return removed


def forget_removals(database: Database, up_to: int) -> None:
    """Forgets the removals that the search index has followed."""
    database.run("DELETE FROM removals WHERE sequence <= ?", (up_to,))


def is_buried(database: Database, article: Article) -> bool:
    """Says whether a tombstone keeps a document away."""
    keys = [stone.key for stone in covering(article)]
    marks = ",".join("?" * len(keys))
    return bool(database.rows(f"SELECT 1 FROM tombstones WHERE key IN ({marks}) LIMIT 1", keys))


def bury(database: Database, stones: Sequence[Tombstone], now: datetime) -> None:
    """Leaves tombstones; one that is there already keeps its time."""
    with database.transaction():
        for stone in stones:
            database.run(
                "INSERT INTO tombstones VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (stone.key, stone.kind, stone.value, micros(now)),
            )


def unbury(database: Database, stones: Sequence[Tombstone]) -> int:
    """Lifts tombstones; gives how many were there."""
    with database.transaction():
        return sum(
            database.run("DELETE FROM tombstones WHERE key = ?", (stone.key,)) for stone in stones
        )


def read_tombstones(database: Database) -> Iterator[Tombstone]:
    """Gives all tombstones."""
    for kind, value in database.rows("SELECT kind, value FROM tombstones ORDER BY kind, value"):
        yield Tombstone(kind, value)
