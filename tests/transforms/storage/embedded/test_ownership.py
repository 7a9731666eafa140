"""One process owns the folder; within it, every open is a share in that."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import ConfigError, StoreLockedError
from schemas.feed import Feed
from tests.transforms.storage.embedded.documents import article
from transforms.storage.article_index import SearchRequest, Write
from transforms.storage.embedded.articles import EmbeddedArticleIndex
from transforms.storage.embedded.feed_store import EmbeddedFeedStore

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
FEED = Feed(url="https://a.example/feed")
_OWNER = """
import sys
from pathlib import Path
from transforms.storage.embedded.articles import EmbeddedArticleIndex
index = EmbeddedArticleIndex(Path(sys.argv[1]))
index.setup()
print("owner", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other_owner(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", _OWNER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "owner\n"
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize("kind", [EmbeddedArticleIndex, EmbeddedFeedStore])
def test_a_second_process_is_told_who_owns_the_folder(
    other_owner: subprocess.Popen[str], tmp_path: Path, kind: type
) -> None:
    with pytest.raises(StoreLockedError, match=f"pid {other_owner.pid}"):
        kind(tmp_path)


def test_readers_need_no_ownership(other_owner: subprocess.Popen[str], tmp_path: Path) -> None:
    reader = EmbeddedArticleIndex(tmp_path, read_only=True)
    assert reader.search(SearchRequest()).total == 0
    assert EmbeddedFeedStore(tmp_path, read_only=True).states() == []
    reader.close()


def test_a_killed_owner_leaves_the_folder_free(
    other_owner: subprocess.Popen[str], tmp_path: Path
) -> None:
    other_owner.kill()
    other_owner.communicate()
    index = EmbeddedArticleIndex(tmp_path)
    assert index.get(["x"]) == {}
    index.close()


def test_a_forked_process_is_another_one(tmp_path: Path) -> None:
    index = EmbeddedArticleIndex(tmp_path)
    index.setup()
    child = os.fork()
    if child == 0:
        try:
            EmbeddedArticleIndex(tmp_path)
            os._exit(1)
        except StoreLockedError:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    index.write([Write(article("still-mine"))])
    assert "still-mine" in index.get(["still-mine"])
    index.close()


def test_opens_in_one_process_share_the_folder_until_the_last_is_closed(tmp_path: Path) -> None:
    index, store = EmbeddedArticleIndex(tmp_path), EmbeddedFeedStore(tmp_path)
    index.setup()
    assert store.setup() == []
    index.write([Write(article("one"))])
    index.close()
    index.close()
    second = EmbeddedArticleIndex(tmp_path)
    assert "one" in second.get(["one"])
    store.close()
    assert "one" in second.get(["one"])
    second.close()
    assert subprocess.run(
        [sys.executable, "-c", _OWNER, str(tmp_path)], stdin=subprocess.DEVNULL, capture_output=True
    ).stdout


def test_threads_may_open_write_and_close_at_once(tmp_path: Path) -> None:
    first = EmbeddedArticleIndex(tmp_path)
    first.setup()
    kinds: list[str] = []

    def work(number: int) -> None:
        for turn in range(5):
            index = EmbeddedArticleIndex(tmp_path)
            written = index.write([Write(article(f"{number}-{turn}")), Write(article(f"x{turn}"))])
            kinds.extend(result.kind for result in written)
            index.refresh()
            index.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(kinds) == ["conflict"] * 15 + ["written"] * 25
    assert first.search(SearchRequest()).total == 25
    first.close()


def test_the_owner_drops_all_earlier_leases_at_its_start(tmp_path: Path) -> None:
    store = EmbeddedFeedStore(tmp_path)
    store.register([FEED])
    claim: dict[str, Any] = {"lease_seconds": 60, "max_hosts": 1, "feeds": {FEED.url: FEED}}
    assert store.claim("first", NOW, **claim)
    sharing = EmbeddedFeedStore(tmp_path)
    assert sharing.claim("second", NOW, **claim) == [], "the owner is the same process"
    sharing.close()
    store.close()
    store = EmbeddedFeedStore(tmp_path)
    assert [host.lease for host in store.hosts()] == [None]
    assert store.claim("second", NOW, **claim)
    store.close()


def test_a_folder_without_an_index_cannot_be_read(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    for kind in (EmbeddedArticleIndex, EmbeddedFeedStore):
        with pytest.raises(ConfigError, match="dateline run"):
            kind(missing, read_only=True)
    assert not missing.exists()


def test_opening_and_a_dry_run_make_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    index, store = EmbeddedArticleIndex(folder), EmbeddedFeedStore(folder)
    assert index.setup(dry_run=True)
    assert store.setup(dry_run=True)
    index.close()
    store.close()
    assert not folder.exists()


def test_a_file_in_the_folders_place_is_a_mistake_of_the_configuration(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("x")
    with pytest.raises(ConfigError, match="it is a file"):
        EmbeddedArticleIndex(place).setup()


def test_what_is_read_only_changes_nothing(tmp_path: Path) -> None:
    owner = EmbeddedFeedStore(tmp_path)
    owner.setup()
    with pytest.raises(ConfigError, match="readonly"):
        EmbeddedFeedStore(tmp_path, read_only=True).register([FEED])
    owner.close()
