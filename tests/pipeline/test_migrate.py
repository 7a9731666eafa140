"""Moving to another index: nothing is lost, doubled or corrected by it, whichever way."""

from pathlib import Path

import pytest

from tests.pipeline.dateline import Dateline
from tests.servers.feed_documents import Item, rss
from tests.servers.feed_server import FeedServer


def items(*numbers: int, text: str = "") -> list[Item]:
    return [
        Item(f"g{n}", f"https://paper.example/{n}", f"N{n}", summary=f"Text {n}. {text}")
        for n in numbers
    ]


@pytest.mark.elasticsearch
@pytest.mark.parametrize("way", ["to_elasticsearch", "to_embedded"])
def test_a_move_loses_doubles_and_corrects_nothing(
    way: str,
    tmp_path: Path,
    elasticsearch_url: str,
    index_prefix: str,
    feed_server: FeedServer,
) -> None:
    urls = ["embedded:./index", elasticsearch_url]
    old, new = urls if way == "to_elasticsearch" else urls[::-1]
    dateline = Dateline(tmp_path, {"url": old, "prefix": index_prefix})
    bad = Item("bad", "", "")
    feed_server.put("/feed.xml", rss([*items(1, 2, 3), bad]))
    dateline.configure(feed_server.url("/feed.xml"))
    dateline.run_once(status=1)
    feed_server.put("/feed.xml", rss([*items(1, text="Corrected."), *items(2, 3), bad]))
    dateline.run_once()
    dateline("delete", dateline.search("title:N3")["hits"][0]["id"], "--yes")
    before = {one["message"]: one for one in dateline.articles()}
    (state,) = dateline.feed_states()
    assert (
        "2 documents (0 were there), 1 tombstone, 1 feed and 1 dead letter"
        in dateline("feeds", "migrate", new).stdout
    )
    assert (
        "0 documents (2 were there), 1 tombstone, 0 feeds and 0 dead letters"
        in dateline("feeds", "migrate", new).stdout
    )
    dateline.index["url"] = new
    dateline.configure(feed_server.url("/feed.xml"))
    assert {one["message"]: one for one in dateline.articles()} == before
    (moved,) = dateline.feed_states()
    assert moved == state
    assert len(dateline.dead_letters()) == 1
    said = dateline.run_once(status=None)
    assert "0 new articles" in said
    feed_server.put("/feed.xml", rss([*items(4), *items(1, text="Corrected."), *items(2, 3)]))
    dateline.run_once()
    after = {one["message"]: one for one in dateline.articles()}
    assert set(after) == {"N1", "N2", "N4"}, "what was taken down stays away"
    assert {name: one["news"]["revision"] for name, one in after.items()} == {
        "N1": 2,
        "N2": 1,
        "N4": 1,
    }


def test_a_move_needs_another_index(tmp_path: Path) -> None:
    dateline = Dateline(tmp_path, {"url": "embedded:./index"})
    dateline.configure("https://paper.example/feed.xml")
    same = dateline("feeds", "migrate", "embedded:./index", status=2)
    wrong = dateline("feeds", "migrate", "ftp://x", status=2)
    assert "embedded:PATH" in wrong.stderr
    assert same.stderr
