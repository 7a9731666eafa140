"""`dateline reindex`, and polling after it."""

from datetime import UTC, datetime
from pathlib import Path

from tests.pipeline.dateline import Dateline
from tests.servers.elasticsearch_indices import request
from tests.servers.feed_documents import Item, rss
from tests.servers.feed_server import FeedServer


def items(count: int) -> list[Item]:
    return [
        Item(
            guid=f"guid-{number}",
            link=f"https://paper.example/{number}",
            title=f"Report number {number}",
            published=datetime(2026, 3, 1, 10, number, tzinfo=UTC),
        )
        for number in range(count)
    ]


def test_polling_goes_on_after_a_reindex_with_the_old_index_still_there(
    tmp_path: Path, feed_server: FeedServer, elasticsearch_url: str, index_prefix: str
) -> None:
    dateline = Dateline(tmp_path, {"url": elasticsearch_url, "prefix": index_prefix})
    feed_server.put("/feed.xml", rss(items(2)))
    dateline.configure(feed_server.url("/feed.xml"))
    dateline.run_once()
    old = dateline("reindex").stdout.strip()
    settings = request(elasticsearch_url, "GET", f"{old}/_settings")[old]["settings"]
    assert settings["index"]["blocks"] == {"write": "true"}
    feed_server.put("/feed.xml", rss(items(5)))
    dateline.run_once()
    assert len(dateline.articles()) == 5
