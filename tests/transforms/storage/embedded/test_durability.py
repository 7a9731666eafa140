"""An acknowledged write is there after any end; the search index follows from it."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.errors import ConfigError, TransientError
from tests.transforms.storage.embedded.documents import article
from transforms.storage.article_index import SearchRequest, Write
from transforms.storage.embedded import search_index
from transforms.storage.embedded.articles import EmbeddedArticleIndex
from transforms.storage.embedded.database import FILE_NAME
from transforms.storage.embedded.feed_store import EmbeddedFeedStore
from transforms.storage.embedded.search_index import FOLDER_NAME, MARKER_NAME
from transforms.storage.query import parse_query

ROOT = Path(__file__).parents[4]
_WRITER = """
import sys
from pathlib import Path
from tests.transforms.storage.embedded.documents import article
from transforms.storage.embedded.articles import EmbeddedArticleIndex
from transforms.storage.article_index import Write
index = EmbeddedArticleIndex(Path(sys.argv[1]))
index.write([Write(article("refreshed", "early news"))])
index.refresh()
number = 0
while True:
    results = index.write([Write(article(f"late-{number}", "late news"))])
    print(results[0].kind, flush=True)
    number += 1
"""


def total(index: EmbeddedArticleIndex, query: str = "") -> int:
    return index.search(SearchRequest(query=parse_query(query))).total


def filled(folder: Path, count: int = 20) -> EmbeddedArticleIndex:
    index = EmbeddedArticleIndex(folder)
    index.write([Write(article(f"a{number}", "some news today")) for number in range(count)])
    index.refresh()
    return index


def test_acknowledged_writes_survive_a_kill_and_are_found_afterwards(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    acknowledged = [process.stdout.readline() for _ in range(30)]
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate()
    acknowledged += rest.splitlines(keepends=True)
    acknowledged = [line for line in acknowledged if line == "written\n"]

    reader = EmbeddedArticleIndex(tmp_path, read_only=True)
    assert total(reader) == 1, "without an owner, what was last refreshed is found"
    assert len(reader.get([f"late-{n}" for n in range(30)])) == 30
    reader.close()

    index = EmbeddedArticleIndex(tmp_path)
    stored = sum(1 for _ in index.scan())
    # One write may have been on disk and not yet acknowledged.
    assert 30 <= len(acknowledged) <= stored - 1 <= len(acknowledged) + 1
    assert total(index, "late") == stored - 1
    index.close()


def test_a_replaced_document_is_found_by_its_new_words_only(tmp_path: Path) -> None:
    index = filled(tmp_path, 1)
    for title in ("second version", "third version"):
        version = index.get(["a0"])["a0"].version
        index.write([Write(article("a0", title), version)])
    index.refresh()
    assert [total(index, q) for q in ("", "some", "second", "third")] == [1, 0, 0, 1]
    index.close()


def remove_marker(folder: Path) -> None:
    (folder / MARKER_NAME).unlink()


def other_schema(folder: Path) -> None:
    marker = folder / MARKER_NAME
    marker.write_text(marker.read_text().replace('"schema": "', '"schema": "0'))


def ahead_of_the_documents(folder: Path) -> None:
    marker = folder / MARKER_NAME
    marker.write_text(marker.read_text().replace('"sequence": ', '"sequence": 99'))


def file_missing(suffix: str) -> Callable[[Path], None]:
    def remove(folder: Path) -> None:
        found = list(folder.glob(f"*{suffix}"))
        assert found
        for path in found:
            path.unlink()

    return remove


DAMAGES = {
    "folder missing": shutil.rmtree,
    "marker missing": remove_marker,
    "other schema": other_schema,
    "ahead of the documents": ahead_of_the_documents,
    "meta empty": lambda folder: (folder / "meta.json").write_text(""),
    "terms missing": file_missing(".term"),
    "positions missing": file_missing(".pos"),
    "fast values missing": file_missing(".fast"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_search_index_is_built_anew(
    tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    filled(tmp_path).close()
    damage(tmp_path / FOLDER_NAME)
    before = {p: p.read_bytes() for p in (tmp_path / FOLDER_NAME).rglob("*") if p.is_file()}
    if damage is not ahead_of_the_documents:
        reader = EmbeddedArticleIndex(tmp_path, read_only=True)
        assert total(reader, '"some news"') == 20
        reader.close()
        after = {p: p.read_bytes() for p in (tmp_path / FOLDER_NAME).rglob("*") if p.is_file()}
        assert after == before, "a reader changes nothing"
    index = EmbeddedArticleIndex(tmp_path)
    assert total(index, '"some news"') == 20
    index.close()
    assert search_index.indexed_sequence(tmp_path / FOLDER_NAME) == 20


def test_damage_while_it_runs_is_repaired_by_the_next_refresh_or_said(tmp_path: Path) -> None:
    index = filled(tmp_path)
    shutil.rmtree(tmp_path / FOLDER_NAME)
    index.write([Write(article("new", "fresh news"))])
    index.refresh()
    assert (total(index, "news"), total(index, "fresh")) == (21, 1)
    index.close()


def test_a_rebuild_while_it_runs_keeps_everything(tmp_path: Path) -> None:
    index = filled(tmp_path)
    index._access.folder.search_index.rebuild()
    index.write([Write(article("new", "more news"))])
    index.refresh()
    assert total(index, "news") == 21
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_dir()) == [FOLDER_NAME]
    index.close()


def test_an_open_reader_sees_each_refresh_of_the_owner(tmp_path: Path) -> None:
    index = filled(tmp_path)
    reader = EmbeddedArticleIndex(tmp_path, read_only=True)
    assert total(reader) == 20
    for number in range(3):
        index.write([Write(article(f"new{number}"))])
        assert total(reader) == 20 + number
        index.refresh()
        assert total(reader) == 21 + number
    index._access.folder.search_index.rebuild()
    assert total(reader) == 23
    reader.close()
    index.close()


def test_closing_leaves_everything_findable_for_readers(tmp_path: Path) -> None:
    index = EmbeddedArticleIndex(tmp_path)
    index.write([Write(article("one"))])
    index.close()
    reader = EmbeddedArticleIndex(tmp_path, read_only=True)
    assert total(reader) == 1
    reader.close()


def test_a_full_disk_is_transient_and_loses_nothing(tmp_path: Path) -> None:
    index = filled(tmp_path, 3)
    database = index._access.database
    ((pages,),) = database.rows("PRAGMA page_count")
    database.rows(f"PRAGMA max_page_count = {pages + 2}")
    results = index.write([Write(article("big", body="word " * 100_000)), Write(article("b"))])
    assert [result.kind for result in results] == ["transient", "transient"]
    assert "full" in results[0].reason
    database.rows("PRAGMA max_page_count = 1000000")
    assert set(index.get(["a0", "big", "b"])) == {"a0"}
    assert [r.kind for r in index.write([Write(article("big"))])] == ["written"]
    index.close()


def test_a_locked_file_is_transient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.storage.embedded.database.BUSY_SECONDS", 0.05)
    index = filled(tmp_path, 1)
    holder = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(TransientError, match="locked"):
        index.check()
    assert [r.kind for r in index.write([Write(article("b"))])] == ["transient"]
    holder.close()
    index.check()
    index.close()


def test_a_file_of_another_kind_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("no database at all, but long enough to be read as one")
    with pytest.raises(ConfigError, match="no SQLite file"):
        EmbeddedFeedStore(tmp_path)


def test_tables_of_another_version_are_said(tmp_path: Path) -> None:
    filled(tmp_path, 1).close()
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    for read_only in (False, True):
        with pytest.raises(ConfigError, match="version 99"):
            EmbeddedArticleIndex(tmp_path, read_only=read_only)


@pytest.mark.parametrize(
    ("name", "title"),
    [("", "x"), ("é" * 257, "x"), ("half", "\ud83d")],
    ids=["none", "long", "text"],
)
def test_an_impossible_document_is_rejected_alone(tmp_path: Path, name: str, title: str) -> None:
    index = EmbeddedArticleIndex(tmp_path)
    bad = article("ok").model_copy(update={"id": name, "message": title})
    results = index.write([Write(article("a")), Write(bad), Write(article("b"))])
    assert [result.kind for result in results] == ["written", "rejected", "written"]
    index.close()
