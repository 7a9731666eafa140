"""Feeds that do not keep their GUIDs or their texts: no document doubled, no endless revisions."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from schemas.feed import FeedState
from tests.backends import opened
from tests.pipeline.dateline import ROOT, Dateline
from tests.servers.feed_documents import Item, rss
from tests.servers.feed_server import FeedServer

PATIENCE_SECONDS = 60
Polled = Callable[[Callable[[int], list[Item]], int], tuple[dict[str, int], FeedState]]


@pytest.fixture
def polled(dateline: Dateline, feed_server: FeedServer) -> Polled:
    """Polls a feed that is made anew at each fetch; gives the revisions and the state."""

    def poll(make: Callable[[int], list[Item]], polls: int) -> tuple[dict[str, int], FeedState]:
        fetches = 0
        enough = threading.Event()

        def made() -> bytes:
            nonlocal fetches
            fetches += 1
            if fetches > polls:
                enough.set()
            return rss(make(fetches))

        feed_server.put_made("/feed.xml", made)
        often = {"interval": {"min": "50ms", "max": "50ms"}, "per_host_delay": 0, "round": "50ms"}
        dateline.configure(feed_server.url("/feed.xml"), polling=often)
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", "run"],
            cwd=dateline.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.DEVNULL,
        )
        try:
            assert enough.wait(PATIENCE_SECONDS)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE_SECONDS)
        with opened(dateline.config()) as (index, store):
            index.refresh()
            revisions = {article.id: article.news.revision for article in index.scan()}
            (state,) = store.states()
        return revisions, state

    return poll


def items_of(fetch: int, text: str = "Rain is coming.") -> list[Item]:
    """Gives a feed's items with GUIDs that no other fetch has, three of them without a link."""
    linked = [
        Item(f"{fetch}-{n}", f"https://paper.example/{n}", f"Report {n}", text) for n in range(3)
    ]
    unlinked = [Item(f"{fetch}-b{n}", "", f"Brief {n}", "In brief.") for n in range(3)]
    return linked + unlinked


def test_guids_that_change_at_every_fetch_double_nothing(
    dateline: Dateline, polled: Polled
) -> None:
    revisions, state = polled(items_of, 6)
    assert sorted(revisions.values()) == [1] * 6
    assert len(state.seen) == 6, "the state does not grow"
    assert state.guid_changes == 2
    assert "GUIDs change at every fetch" in dateline("feeds", "status").stdout

    corrected, state = polled(lambda fetch: items_of(-fetch, "Rain has come."), 3)
    assert corrected.keys() == revisions.keys()
    assert sorted(corrected.values()) == [1, 1, 1, 2, 2, 2]
    assert len(state.seen) == 6


def test_an_entry_that_flips_between_two_versions_makes_no_endless_revisions(
    polled: Polled,
) -> None:
    def flipping(fetch: int) -> list[Item]:
        return [Item("1", "https://paper.example/1", "Report", f"Version {fetch % 2}")]

    revisions, state = polled(flipping, 10)
    assert list(revisions.values()) == [4], "each version becomes the current one twice"
    assert len(state.seen) == 1
