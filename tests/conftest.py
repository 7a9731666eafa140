"""Fixtures that all tests share: a real Elasticsearch, and names of a test's own in it."""

import os
import uuid
from collections.abc import Iterator

import pytest

from tests.servers.elasticsearch_indices import delete_indices
from tests.servers.elasticsearch_server import Server, open_server

pytest_plugins = ["tests.servers.fixtures", "tests.backends"]
_FIXTURES = {"elasticsearch_url", "elasticsearch_server", "elasticsearch_with_languages"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests that use one of the fixtures, so that `-m "not elasticsearch"` is quick.

    A test that asks for them by `request.getfixturevalue` must bear the marker itself.
    """
    for item in items:
        if _FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.elasticsearch)


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """URL of an Elasticsearch: ELASTICSEARCH_URL, or one started for this session."""
    given = os.environ.get("ELASTICSEARCH_URL")
    if given:
        yield given.rstrip("/")
        return
    server = open_server()
    yield server.url
    server.close()


@pytest.fixture(scope="session")
def _own_elasticsearch() -> Iterator[Server]:
    # Small, so that a test can go beyond it; Dateline's own requests are at most half as large.
    server = open_server(settings={"http.max_content_length": "20mb"})
    yield server
    server.close()


@pytest.fixture(scope="session")
def elasticsearch_with_languages() -> Iterator[str]:
    """URL of a server of our own that has language analyzers."""
    server = open_server(with_languages=True)
    yield server.url
    server.close()


@pytest.fixture
def elasticsearch_server(_own_elasticsearch: Server) -> Server:
    """A second server that the test may `kill()` and `start()`; it runs when the test begins."""
    _own_elasticsearch.start()
    return _own_elasticsearch


@pytest.fixture
def index_prefix(request: pytest.FixtureRequest) -> Iterator[str]:
    """A prefix for index names, of this test's own; what bears it is deleted afterwards."""
    prefix = f"test-{uuid.uuid4().hex[:12]}-"
    yield prefix
    if "elasticsearch_url" in request.fixturenames:
        delete_indices(request.getfixturevalue("elasticsearch_url"), prefix)
    if "elasticsearch_server" in request.fixturenames:
        server: Server = request.getfixturevalue("_own_elasticsearch")
        server.start()
        delete_indices(server.url, prefix)
