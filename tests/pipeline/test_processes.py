"""Several processes at once on one Elasticsearch."""

import os
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.pipeline.dateline import ROOT, Dateline
from tests.servers.feed_documents import Item, rss
from tests.servers.feed_server import FeedServer
from transforms.clock import utc_now
from transforms.storage.open import open_store

SHARED = "https://agency.example/report"


@pytest.fixture
def dateline(tmp_path: Path, elasticsearch_url: str, index_prefix: str) -> Dateline:
    return Dateline(tmp_path, {"url": elasticsearch_url, "prefix": index_prefix})


def run_at_once(dateline: Dateline, processes: int) -> list[str]:
    """Runs `dateline run --once` in several processes at the same time; gives what they said."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", "run", "--once"],
            cwd=dateline.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(processes)
    ]
    said = [process.communicate(timeout=120)[1] for process in started]
    assert [process.returncode for process in started] == [0] * processes, said
    return said


def report(title: str, body: str, guid: str, link: str = SHARED) -> Item:
    published = datetime(2026, 3, 1, 9, tzinfo=UTC)
    return Item(guid, link, title, content_html=f"<p>{body}</p>", published=published)


def test_feeds_that_show_one_article_make_one_document_and_one_revision(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    long_text = "The longer text, which the document carries."
    feed_server.put("/a.xml", rss([report("A copy", "Short.", "a")]))
    feed_server.put("/b.xml", rss([report("The report", long_text, "b")]))
    # Two names of one machine are two hosts, so that the processes can share them.
    urls = [feed_server.url("/a.xml"), f"http://localhost:{feed_server.port}/b.xml"]
    dateline.configure(*urls, polling={"round": "500ms", "hosts_per_round": 1})
    run_at_once(dateline, 3)
    (before,) = dateline.articles()
    assert before["news"]["feed"]["name"] == ["Feed 1", "Feed 2"]
    assert (before["news"]["title"], before["news"]["revision"]) == ("The report", 1)

    feed_server.put("/b.xml", rss([report("The report, corrected", long_text, "b")]))
    run_at_once(dateline, 3)
    (after,) = dateline.articles()
    assert (after["news"]["title"], after["news"]["revision"]) == ("The report, corrected", 2)
    assert after["event"]["created"] == before["event"]["created"]


def test_processes_that_share_a_store_lose_and_double_nothing(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    items = [report(f"Report {n}", "Text.", str(n), f"{SHARED}/{n}") for n in range(30)]
    for number in range(3):
        feed_server.put(f"/{number}.xml", rss(items[number * 10 : number * 10 + 15]))
    urls = [feed_server.url("/0.xml"), f"http://localhost:{feed_server.port}/1.xml"]
    dateline.configure(*urls, feed_server.url("/2.xml"), polling={"round": "500ms"})
    run_at_once(dateline, 3)
    articles = dateline.articles()
    assert sorted(article["message"] for article in articles) == sorted(i.title for i in items)
    assert {article["news"]["revision"] for article in articles} == {1}
    assert {state["last_status"] for state in dateline.feed_states()} <= {200, 304}


def test_a_feed_that_is_led_to_a_host_of_another_process_waits_and_has_not_failed(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    feed_server.put("/target", rss([report("News", "Rain.", "a")]))
    target = f"http://localhost:{feed_server.port}/target"
    feed_server.redirect("/feed.xml", target, 302)
    dateline.configure(feed_server.url("/feed.xml"))
    with closing(open_store(dateline.config())) as store:
        store.setup()
        # Another machine's, so that nobody knows whether it lives.
        host = f"localhost:{feed_server.port}"
        loan = store.borrow([host], "elsewhere/1/0", utc_now(), lease_seconds=3_600)
        said = dateline.run_once(status=1)
        assert f"{host} is being asked under another lease" in said
        assert feed_server.requests_to("/target") == []
        (state,) = store.states()
        assert (state.polls, state.consecutive_failures) == (0, 0)
        store.give_back(loan.leases, last_request=None, hold_until=None)
    dateline.run_once()
    assert [one["message"] for one in dateline.articles()] == ["News"]
