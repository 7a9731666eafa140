"""The start of a stream, before its job is submitted."""

import logging
from datetime import UTC, datetime

import pytest

from pipeline.stopping import StopRequest
from pipeline.streaming_job import StreamingJob
from schemas.config import Config, IndexConfig
from schemas.feed import Feed
from transforms.owner_name import owner_name
from transforms.storage.open import open_store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_stream_says_which_hosts_are_free_again(
    elasticsearch_url: str, index_prefix: str, caplog: pytest.LogCaptureFixture
) -> None:
    config = Config(
        index=IndexConfig(url=elasticsearch_url, prefix=index_prefix),
        feeds=[Feed(url="https://a.example/feed")],
    )
    host, pid, _ = owner_name().split("/")
    store = open_store(config)
    store.setup()
    store.register(config.feeds)
    feeds = {feed.url: feed for feed in config.feeds}
    dead = f"{host}/{pid}/00000000-1"
    assert store.claim(dead, NOW, lease_seconds=1e6, max_hosts=1, feeds=feeds)
    store.close()
    caplog.set_level(logging.INFO, "pipeline")
    with StreamingJob(config, [], StopRequest(), in_process=True)._prepared() as opened:
        assert [one.lease for one in opened.store.hosts()] == [None]
    assert "a.example is free again: the process that held it is no more" in caplog.text
