"""A newsroom that plays the same script, step by step, to whatever drives Dateline."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.pipeline.dateline import Dateline
from tests.pipeline.streaming_runs import polled_to_the_end
from tests.servers.feed_documents import Item, atom, json_feed, rss
from tests.servers.feed_server import FeedServer
from transforms.storage.open import open_index, open_store

# What may differ between two ways of running: when something was seen and written.
NOT_COMPARED = {"event": {"created", "ingested"}}
NOT_COMPARED_OF_A_SOURCE = ("first_sight", "last_sight")
PATHS = ("/agency.xml", "/paper.atom", "/local.json")
PATIENCE_SECONDS = 120
_DAY = datetime(2026, 3, 1, 9, tzinfo=UTC)


def _report(number: int, title: str, text: str, **more: Any) -> Item:
    return Item(
        guid=f"report-{number}",
        link=f"https://agency.example/reports/{number}?utm_source=rss",
        title=title,
        content_html=f"<p>{text}</p>",
        published=_DAY + timedelta(minutes=number),
        **more,
    )


_FLOOD = (
    "Heavy rain has closed three bridges near Passau in Germany. The mayor, Jürgen Dupper, said"
)
_REPORTS = [
    _report(1, "Bridges closed after rain", f"{_FLOOD} that schools stay open.", author="A. Reed"),
    _report(2, "Kenya exports more tea", "Kenya sold a tenth more tea to Pakistan and Egypt."),
    _report(3, "北京地铁新线开通", "北京市今天开通了一条新的地铁线路。", categories=("交通",)),
    _report(4, "No text", ""),
    _report(5, "x" * 6_000, "A title over the limit is a dead letter."),
]
_COPY = Item(
    guid="local-77",
    link="https://local.example/77",
    title="Bridges closed after rain",
    content_html=f"<p>{_FLOOD} that schools stay open.</p>",
    published=_DAY + timedelta(hours=2),
)
_CORRECTED = _report(
    2, "Kenya exports more tea", "Kenya sold an eighth more tea to Pakistan, Egypt and Sudan."
)
_NEXT = [_report(n, f"Short report {n}", f"Number {n} of many.") for n in range(10, 40)]

Step = Sequence[tuple[str, bytes, str]]
SCRIPT: Sequence[Step] = (
    # Three formats, languages, an empty text, a dead letter.
    (
        ("/agency.xml", rss(_REPORTS, title="Agency"), "application/rss+xml"),
        ("/paper.atom", atom(_REPORTS[1:3], title="Paper"), "application/atom+xml"),
        ("/local.json", json_feed([], title="Local"), "application/feed+json"),
    ),
    # A copy under another link, and more entries.
    (
        ("/local.json", json_feed([_COPY], title="Local"), "application/feed+json"),
        ("/agency.xml", rss([*_NEXT, *_REPORTS], title="Agency"), "application/rss+xml"),
    ),
    # A correction in one of two feeds that show the report; old entries leave.
    (("/paper.atom", atom([_CORRECTED], title="Paper"), "application/atom+xml"),),
    (
        (
            "/agency.xml",
            rss([_NEXT[0], _CORRECTED, _REPORTS[0]], title="Agency"),
            "application/rss+xml",
        ),
    ),
)


@dataclass
class Played:
    """What is in the store after a performance.

    Attributes:
        documents: By id, without what is not compared.
        dead_letters: Their ids.
    """

    documents: dict[str, dict[str, Any]]
    dead_letters: set[str]


def urls(server: FeedServer) -> list[str]:
    """Gives the feeds' addresses; two of them are of one host."""
    return [
        server.url(PATHS[0]),
        server.url(PATHS[1]),
        f"http://localhost:{server.port}{PATHS[2]}",
    ]


def play(server: FeedServer, take: Callable[[], None]) -> None:
    """Plays the script from its start.

    Args:
        server: Serves the feeds.
        take: Is called after each step, and returns when it has been polled to its end.
    """
    for step in SCRIPT:
        for path, body, content_type in step:
            server.put(path, body, content_type=content_type)
        take()


def each_polled_to_the_end(server: FeedServer) -> Callable[[], bool]:
    """Gives the condition that a step has been taken by a stream."""
    return polled_to_the_end((server, path) for path in PATHS)


def installation(folder: Path, way: str, url: str, prefix: str, server: FeedServer) -> Dateline:
    """Gives an installation of its own for one way of running, on the same feeds."""
    (folder / way).mkdir()
    dateline = Dateline(folder / way, {"url": url, "prefix": f"{prefix}{way}-"})
    polling = {"per_host_delay": 0, "round": "500ms", "interval": {"min": "1s", "max": "1s"}}
    dateline.configure(*urls(server), polling=polling)
    return dateline


def played_in_rounds(dateline: Dateline, server: FeedServer) -> Played:
    """Plays the script to DirectRunner rounds, one run for each step."""

    def take() -> None:
        dateline.run_once(status=None)

    play(server, take)
    return read(dateline)


def read(dateline: Dateline) -> Played:
    """Reads what is there, once all stories are settled."""
    index = open_index(dateline.config(), read_only=True)
    store = open_store(dateline.config(), read_only=True)
    end = time.monotonic() + PATIENCE_SECONDS
    try:
        while True:
            index.refresh()
            articles = list(index.scan())
            if all(article.news.story.state == "settled" for article in articles):
                break
            assert time.monotonic() < end, "the stories are not settled"
            time.sleep(0.2)
        documents = {}
        for article in articles:
            document = article.model_dump(mode="json", by_alias=True, exclude=NOT_COMPARED)
            for source in document["news"]["sources"]:
                for name in NOT_COMPARED_OF_A_SOURCE:
                    del source[name]
            assert article.id not in documents
            documents[article.id] = document
        return Played(documents, {failure.id for failure in store.failures()})
    finally:
        store.close()
        index.close()


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """Names the fields in which two performances differ, with both values."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted({*one, *other})
        return [
            difference
            for key in keys
            for difference in differences(one.get(key), other.get(key), f"{path}/{key}")
        ]
    return [] if one == other else [f"{path}: {one!r} and {other!r}"]
