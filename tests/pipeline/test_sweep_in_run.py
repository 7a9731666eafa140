"""A run that always waits for some feed joins stories all the same, on both indexes."""

import signal
from datetime import UTC, datetime

import pytest

from pipeline import regular_sweep
from pipeline.observing import EndedRound, RunObserver
from pipeline.run import LocalRun
from pipeline.stopping import StopRequest
from schemas.config import Config
from schemas.feed import Feed
from tests.backends import opened
from tests.servers.feed_documents import Item, rss
from tests.servers.feed_server import FeedServer
from transforms.storage.article_index import SearchRequest


def test_stories_are_settled_while_a_feed_is_under_way(
    config: Config, feed_server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regular_sweep, "SWEEP_SECONDS", 0.0)
    report = Item("g1", "https://paper.example/1", "N1", published=datetime(2026, 3, 1, tzinfo=UTC))
    feed_server.put("/quick.xml", rss([report]))
    feed_server.put_blocked("/slow.xml", rss([]))
    slow = f"http://localhost:{feed_server.port}/slow.xml"  # another host, so that none waits
    config.feeds = [Feed(url=feed_server.url("/quick.xml")), Feed(url=slow)]
    config.http.allow_networks = ["127.0.0.0/8", "::1/128"]
    config.polling.round = 1.0
    stop = StopRequest()

    with opened(config) as (index, _):

        class StopWhenSettled(RunObserver):
            answered: tuple[str, ...] = ()

            def on_round(self, ended: EndedRound) -> None:
                settled = index.search(SearchRequest(filters=(("news.story.state", "settled"),)))
                if settled.hits and not stop:
                    self.answered = tuple(request.path for request in feed_server.requests)
                    stop.ask(signal.SIGTERM)

        observer = StopWhenSettled()
        LocalRun(config, stop, observer).forever()
        assert observer.answered == ("/quick.xml",), "and not the one that is under way"
