"""The documents' table: compare-and-set by row version, changes in order of one sequence."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from schemas.article import Article
from schemas.errors import TransientError
from transforms.elasticsearch_protocol.ids import unfit_id
from transforms.storage.article_index import Stored, Write, WriteResult
from transforms.storage.embedded.database import Database
from transforms.storage.embedded.removal import is_buried

_IDS_PER_QUERY = 500
_ROWS_PER_PAGE = 200


def read_documents(database: Database, ids: Sequence[str]) -> dict[str, Stored]:
    """Reads documents by id; ids that are not there are left out."""
    found = {}
    for start in range(0, len(ids), _IDS_PER_QUERY):
        part = ids[start : start + _IDS_PER_QUERY]
        rows = database.rows(
            f"SELECT id, version, document FROM articles WHERE id IN ({','.join('?' * len(part))})",
            part,
        )
        for article_id, version, document in rows:
            found[article_id] = Stored(_article(article_id, document), (version, 0, ""))
    return found


def write_documents(database: Database, writes: Sequence[Write]) -> list[WriteResult]:
    """Tries each write; those that succeed are on disk when this returns."""
    results: list[WriteResult] = []
    try:
        with database.transaction():
            ((sequence,),) = database.rows("SELECT last FROM sequence")
            for write in writes:
                result = _write(database, write, sequence + 1)
                sequence += result.kind == "written"
                results.append(result)
            database.run("UPDATE sequence SET last = ?", (sequence,))
    except TransientError as error:
        return [WriteResult("transient", str(error)) for _ in writes]
    return results


def _write(database: Database, write: Write, sequence: int) -> WriteResult:
    article_id = write.article.id
    try:
        article_id.encode()
        document = json.dumps(write.article.to_document(), ensure_ascii=False)
        document.encode()
    except (UnicodeEncodeError, ValueError) as error:
        return WriteResult("rejected", f"the document is no valid text: {error}"[:500])
    # As Elasticsearch has it, so that no document fits one backend only.
    if reason := unfit_id(article_id):
        return WriteResult("rejected", reason)
    if write.expected is None:
        if is_buried(database, write.article):
            return WriteResult("deleted", "a tombstone keeps it away")
        changed = database.run(
            "INSERT INTO articles VALUES (?, 1, ?, ?) ON CONFLICT DO NOTHING",
            (article_id, sequence, document),
        )
    else:
        changed = database.run(
            "UPDATE articles SET version = version + 1, sequence = ?, document = ? "
            "WHERE id = ? AND version = ?",
            (sequence, document, article_id, write.expected[0]),
        )
    if not changed:
        return WriteResult("conflict", f"document {article_id} was written by somebody else")
    return WriteResult("written")


def scan_documents(database: Database) -> Iterator[Article]:
    """Gives every document, in order of ids."""
    last = ""
    while rows := database.rows(
        "SELECT id, document FROM articles WHERE id > ? ORDER BY id LIMIT ?",
        (last, _ROWS_PER_PAGE),
    ):
        for article_id, document in rows:
            yield _article(article_id, document)
        last = rows[-1][0]


def changed_documents(
    database: Database, after: int
) -> Iterator[tuple[int, str, dict[str, Any] | None]]:
    """Gives what was written or removed after a sequence number, in order.

    Returns:
        Number, id and stored document, None for one that was removed. From the beginning (0)
        there is nothing that a removal would have to undo, so none is given.
    """
    written = "SELECT sequence, id, document FROM articles WHERE sequence > :after"
    removed = "SELECT sequence, id, NULL FROM removals WHERE sequence > :after"
    both = f"{written} UNION ALL {removed}" if after else written
    values = {"limit": _ROWS_PER_PAGE}
    while rows := database.rows(
        f"{both} ORDER BY sequence LIMIT :limit", {**values, "after": after}
    ):
        for sequence, article_id, document in rows:
            yield sequence, article_id, json.loads(document) if document is not None else None
        after = rows[-1][0]


def last_sequence(database: Database) -> int:
    """Gives the number of the newest write, 0 where there was none."""
    ((last,),) = database.rows("SELECT last FROM sequence")
    return int(last)


def _article(article_id: str, document: str) -> Article:
    return Article.from_document(article_id, json.loads(document))
