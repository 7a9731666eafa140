"""A feed server whose end, half a second of waiting, does not hold the next test up."""

import threading
from collections.abc import Iterator

import pytest

from tests.servers.feed_server import FeedServer


@pytest.fixture
def feed_server() -> Iterator[FeedServer]:
    """Gives a scriptable HTTP server on loopback, a fresh one for each test."""
    server = FeedServer()
    yield server
    threading.Thread(target=server.close, daemon=True).start()
