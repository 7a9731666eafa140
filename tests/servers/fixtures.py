"""Fixtures of the servers that need no Elasticsearch."""

from collections.abc import Iterator

import pytest

from tests.servers.feed_server import FeedServer, feed_server_on


@pytest.fixture
def feed_server() -> Iterator[FeedServer]:
    """Gives a scriptable HTTP server on loopback, a fresh one for each test."""
    with feed_server_on() as server:
        yield server
