"""A feed on which the two parsing paths disagree is read by feedparser, and its status says so."""

import json
from xml.etree.ElementTree import Element

import pytest

from pipeline.cli import main
from tests.pipeline.dateline import Dateline
from tests.servers.feed_documents import Item, rss
from tests.servers.feed_server import FeedServer
from transforms.feeds import well_formed
from transforms.feeds.entry_walk import EntryWalk


def test_the_safe_path_is_kept_over_runs_and_shown(
    dateline: Dateline,
    feed_server: FeedServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def wrong_title(walk: EntryWalk, _element: Element, depth: int) -> None:
        walk.store("title", "Wrong", depth)

    monkeypatch.setitem(well_formed._TABLE, "title", wrong_title)

    monkeypatch.setenv("DATELINE_CONFIG", str(dateline.folder / "dateline.yaml"))

    def run(*arguments: str) -> str:
        assert main(arguments) == 0
        return capsys.readouterr().out

    feed_server.put("/feed.xml", rss([Item("1", "https://paper.example/1", "Rain")]))
    dateline.configure(feed_server.url("/feed.xml"), parsing={"compare_share": 1})
    run("run", "--once")
    state = json.loads(run("feeds", "status", "--json"))
    assert (state["safe_path"], state["last_disagreement"]) == ("rss20/1", "title")
    assert "read by feedparser alone: the fast path disagreed with it on title" in run(
        "feeds", "status"
    )

    # From now on no comparison is needed.
    dateline.configure(feed_server.url("/feed.xml"), parsing={"compare_share": 0})
    feed_server.put("/feed.xml", rss([Item("2", "https://paper.example/2", "Wind")]))
    run("run", "--once")
    assert sorted(article["message"] for article in dateline.articles()) == ["Rain", "Wind"]
