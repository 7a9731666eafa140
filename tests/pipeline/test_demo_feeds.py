import re
import urllib.error
import urllib.request
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.configuration import load_config
from pipeline.demo.server import CONTENT_TYPES, DemoServer, documents
from schemas.entry import ParsedFeed
from transforms.feeds.parsing import parse_feed

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DOCUMENTS = documents(NOW)
CONFIG = Path(__file__).parents[2] / "configs" / "demo.yaml"
LANGUAGES = {"ar", "de", "en", "es", "fr", "hi", "ja", "pt", "ru", "sw", "th", "zh"}


def parsed(name: str) -> ParsedFeed:
    url = f"http://127.0.0.1/{name}"
    return parse_feed(DOCUMENTS[name], url=url, content_type=CONTENT_TYPES[Path(name).suffix])


def date_of(text: str) -> datetime:
    formats = ("%a, %d %b %Y %H:%M:%S GMT", "%Y-%m-%dT%H:%M:%S%z")
    moment = datetime.strptime(text, formats[0 if text.endswith("GMT") else 1])
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_each_document_parses_with_entries_dated_in_the_last_days(name: str) -> None:
    feed = parsed(name)
    assert feed.entries
    assert feed.errors == []
    for entry in feed.entries:
        assert entry.title
        assert entry.link.startswith("https://")
        assert NOW - timedelta(days=3) < date_of(entry.published or entry.updated) < NOW


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_no_marker_is_left_in_a_document(name: str) -> None:
    assert b"{{" not in DOCUMENTS[name]


def test_there_are_a_few_dozen_items_in_four_formats() -> None:
    feeds = [parsed(name) for name in DOCUMENTS]
    assert 30 <= sum(len(feed.entries) for feed in feeds) <= 40
    assert {re.sub(r"\d+$", "", feed.format) for feed in feeds} == {"rss", "atom", "json"}
    assert {Path(name).suffix for name in DOCUMENTS} == set(CONTENT_TYPES)


def test_all_languages_are_there() -> None:
    spoken = {
        (entry.language or feed.language).split("-")[0]
        for feed in map(parsed, DOCUMENTS)
        for entry in feed.entries
    }
    assert spoken == LANGUAGES


def test_one_item_is_shown_by_two_feeds() -> None:
    links = Counter(
        entry.link.split("?")[0] for name in DOCUMENTS for entry in parsed(name).entries
    )
    shared = [link for link, times in links.items() if times > 1]
    assert shared == ["https://highlands-wire.example/weather/early-rain"]
    assert links[shared[0]] == 2


def test_the_configuration_names_just_the_documents_there_are() -> None:
    config = load_config(CONFIG, environ={"DATELINE_DEMO_URL": "http://127.0.0.1:1"})
    assert sorted(feed.url.rpartition("/")[2] for feed in config.feeds) == sorted(DOCUMENTS)
    assert {feed.language for feed in config.feeds} == LANGUAGES


def test_the_server_serves_a_document_and_then_304() -> None:
    with DemoServer(NOW) as server:
        url = f"{server.url}/kanto-daily.atom"
        with urllib.request.urlopen(url) as answer:
            assert answer.read() == DOCUMENTS["kanto-daily.atom"]
            assert answer.headers["Content-Type"] == "application/atom+xml"
            etag = answer.headers["ETag"]
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(urllib.request.Request(url, headers={"If-None-Match": etag}))
        assert refused.value.code == 304


@pytest.mark.parametrize("path", ["/", "/none.rss", "/../server.py", "/%2e%2e/server.py"])
def test_the_server_serves_nothing_but_the_feeds(path: str) -> None:
    with DemoServer(NOW) as server:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(server.url + path)
        assert refused.value.code == 404
