"""Nothing is lost and nothing doubled, whatever is killed, refused or away."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.pipeline.dateline import Dateline
from tests.servers.elasticsearch_indices import request
from tests.servers.elasticsearch_server import Server
from tests.servers.feed_documents import Item, rss
from tests.servers.feed_server import FeedServer

POINTS = ("between-fetch-and-write", "between-write-and-commit", "before-commit")


def items(count: int) -> list[Item]:
    return [
        Item(
            guid=f"guid-{number}",
            link=f"https://paper.example/{number}",
            title=f"Report number {number}",
            content_html=f"<p>The council met for the {number}th time.</p>",
            published=datetime(2026, 3, 1, 10, number, tzinfo=UTC),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_run_loses_nothing_and_doubles_nothing(
    dateline: Dateline, feed_server: FeedServer, point: str
) -> None:
    feed_server.put("/feed.xml", rss(items(5)))
    dateline.configure(feed_server.url("/feed.xml"))
    dateline.run_once(status=-9, kill_at=point)
    dateline.run_once()
    articles = dateline.articles()
    assert sorted(article["message"] for article in articles) == [
        f"Report number {number}" for number in range(5)
    ]
    assert {article["news"]["revision"] for article in articles} == {1}
    assert dateline.dead_letters() == []


def test_while_the_index_is_down_nothing_is_committed_or_given_up(
    tmp_path: Path,
    feed_server: FeedServer,
    elasticsearch_server: Server,
    index_prefix: str,
) -> None:
    index = {"url": elasticsearch_server.url, "prefix": index_prefix, "tries": 2}
    dateline = Dateline(tmp_path, index)
    feed_server.put("/feed.xml", rss(items(2)))
    dateline.configure(feed_server.url("/feed.xml"))
    dateline.run_once()
    feed_server.put("/feed.xml", rss(items(5)))

    elasticsearch_server.kill()
    said = dateline.run_once(status=1)
    assert "cannot be used" in said

    elasticsearch_server.start()
    dateline.run_once()
    assert len(dateline.articles()) == 5
    assert dateline.dead_letters() == []


def test_an_index_that_goes_down_in_mid_run_costs_nothing(
    tmp_path: Path,
    feed_server: FeedServer,
    elasticsearch_server: Server,
    index_prefix: str,
) -> None:
    index = {"url": elasticsearch_server.url, "prefix": index_prefix, "tries": 2}
    dateline = Dateline(tmp_path, index)

    def kill_then_answer() -> bytes:
        elasticsearch_server.kill()
        return rss(items(5))

    feed_server.put_made("/feed.xml", kill_then_answer)
    dateline.configure(feed_server.url("/feed.xml"))
    dateline.run_once(status=1)

    feed_server.put("/feed.xml", rss(items(5)))
    elasticsearch_server.start()
    dateline.run_once()
    assert len(dateline.articles()) == 5
    assert {article["news"]["revision"] for article in dateline.articles()} == {1}
    assert dateline.dead_letters() == []


def test_a_blocked_index_costs_nothing_and_the_next_run_writes_all(
    tmp_path: Path, feed_server: FeedServer, elasticsearch_url: str, index_prefix: str
) -> None:
    dateline = Dateline(tmp_path, {"url": elasticsearch_url, "prefix": index_prefix, "tries": 1})
    settings = f"{index_prefix}news-articles-000001/_settings"

    def block_then_answer() -> bytes:
        request(elasticsearch_url, "PUT", settings, {"index.blocks.write": True})
        return rss(items(5))

    feed_server.put_made("/feed.xml", block_then_answer)
    dateline.configure(feed_server.url("/feed.xml"))
    dateline.run_once(status=1)
    assert dateline.dead_letters() == []
    assert [state["last_poll"] for state in dateline.feed_states()] == [None]

    feed_server.put("/feed.xml", rss(items(5)))
    request(elasticsearch_url, "PUT", settings, {"index.blocks.write": False})
    dateline.run_once()
    assert len(dateline.articles()) == 5


def test_every_entry_of_a_bad_feed_has_an_outcome_and_replay_takes_it_again(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    bad = items(50)
    bad[10].link = ""
    bad[20].published = "the day before yesterday, or so"
    bad[30].title = "Endless " * 400_000
    feed_server.put("/feed.xml", rss(bad))
    dateline.configure(feed_server.url("/feed.xml"))
    said = dateline.run_once(status=1)
    assert "1 dead letter" in said
    assert dateline.search()["total"] == 49

    (letter,) = dateline.dead_letters()
    assert (letter["stage"], letter["truncated"]) == ("normalize", True)
    assert "limits.title_chars" in letter["error"]
    (undated,) = dateline.articles("number 20")
    assert undated["news"]["published_source"] == "first_seen"
    (unlinked,) = dateline.articles('"report number 10"')
    assert unlinked["url"]["full"] == ""

    dateline("replay", status=1)
    assert [letter["count"] for letter in dateline.dead_letters()] == [2]

    bad[30].title = "Report number 30"
    feed_server.put("/feed.xml", rss(bad))
    dateline("replay")
    assert dateline.dead_letters() == []
    assert dateline.search()["total"] == 50


def test_a_whole_dead_letter_is_replayed_from_what_was_kept(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    entries = items(3)
    entries[1].title = "A title over its limit " * 20
    feed_server.put("/feed.xml", rss(entries))
    dateline.configure(feed_server.url("/feed.xml"), limits={"title_chars": 100})
    dateline.run_once(status=1)
    feed_server.remove("/feed.xml")
    dateline.configure(feed_server.url("/feed.xml"), limits={"title_chars": 1000})
    (letter,) = dateline.dead_letters()
    dateline("replay")
    assert dateline.dead_letters() == []
    (article,) = dateline.articles('"over its limit"')
    assert article["event"]["created"] == letter["sight_time"], "the time of the first fetch"


def test_a_feed_of_more_dead_letters_than_its_limit_comes_to_an_end(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    entries = items(7)
    for entry in entries[:6]:
        entry.title = f"{entry.guid}: a title over its limit " * 20
    feed_server.put("/feed.xml", rss(entries))
    dateline.configure(feed_server.url("/feed.xml"), limits={"entries": 5, "title_chars": 100})
    dateline.run_once(status=1)
    assert [article["message"] for article in dateline.articles()] == ["Report number 6"]
    assert len(dateline.dead_letters()) == 6
    assert len(feed_server.requests_to("/feed.xml")) == 2
    dateline.run_once()
    assert [request.status for request in feed_server.requests][-1] == 304


def test_a_second_process_is_refused_the_embedded_index(
    tmp_path: Path, feed_server: FeedServer
) -> None:
    dateline = Dateline(tmp_path, {"url": "embedded:./index"})
    dateline.configure(feed_server.url("/feed.xml"))
    program = (
        "import sys; from pathlib import Path; from schemas.config import Config\n"
        "from transforms.storage.open import open_store\n"
        "store = open_store(Config.model_validate({'index': {'url': 'embedded:./index'}}))\n"
        "store.setup()\n"
        "print('open', flush=True); sys.stdin.read()"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == "open\n"
    said = dateline.run_once(status=2)
    assert str(owner.pid) in said
    owner.communicate("")
    feed_server.put("/feed.xml", rss(items(1)))
    dateline.run_once()
