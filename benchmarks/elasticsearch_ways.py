"""The ways of writing that `benchmarks.elasticsearch_io` compares, and what they write.

A module of its own, since Beam would pickle all of a main module, the documents with it.
"""

import http.client
import json
import random
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

import apache_beam as beam

from schemas.article import Content, FeedReference, Link, Sight
from schemas.config import Config
from schemas.entry import Entry
from schemas.feed import Feed
from schemas.poll import PollEntry, PollSight
from tests.servers.elasticsearch_indices import delete_indices, request
from transforms.elasticsearchio import Connection, WriteToElasticsearch
from transforms.storage.merge import merge
from transforms.storage.open import open_index
from transforms.write import Write

RAW_DOCUMENTS_PER_REQUEST = 1_000
BODY_WORDS = 40
WAYS = ("raw", "sink", "stage", "nothing")
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEED = Feed(url="https://paper.example/feed", name="Paper", country="GB", language="en")


@dataclass(frozen=True)
class Work:
    """What is written, in the form that each way begins with."""

    sights: list[PollSight]
    documents: list[dict[str, Any]]
    bodies: list[bytes]


@dataclass(frozen=True)
class Spent:
    """What one run took: seconds on the clock, and of this process's CPU."""

    seconds: float
    cpu: float


# The runner's workers are threads of this process: so nothing is pickled that is not measured.
WORK: list[Work] = []


def make_work(count: int) -> Work:
    rng = random.Random(7)
    letters = "etaoinshrdlucmfwypvbgk"
    words = ["".join(rng.choices(letters, k=rng.randint(2, 11))) for _ in range(20_000)]
    sights = [make_sight(number, rng, words) for number in range(count)]
    documents = []
    lines = []
    for sight in sights:
        document = merge(None, sight.sight).article.to_document()
        document["event"]["id"] = sight.sight.article_id
        documents.append(document)
        header = {"create": {"_id": sight.sight.article_id}}
        lines.append(f"{json.dumps(header)}\n{json.dumps(document)}\n".encode())
    bodies = [
        b"".join(lines[start : start + RAW_DOCUMENTS_PER_REQUEST])
        for start in range(0, count, RAW_DOCUMENTS_PER_REQUEST)
    ]
    return Work(sights, documents, bodies)


def make_sight(number: int, rng: random.Random, words: Sequence[str]) -> PollSight:
    title = " ".join(rng.choices(words, k=9))
    body = " ".join(rng.choices(words, k=BODY_WORDS))
    url = f"https://paper.example/{number}"
    article_id = f"{rng.getrandbits(128):032x}"
    time_ = START + timedelta(seconds=number)
    sight = Sight(
        article_id=article_id,
        feed=FeedReference(url=FEED.url, name=FEED.name, country="GB", language="en"),
        time=time_,
        hash=f"{rng.getrandbits(128):032x}",
        published=time_,
        link=Link(full=url, original=url, domain="paper.example"),
        content=Content(
            title=title,
            summary=body[:200],
            body=body,
            language="en",
            authors=["A. Reporter"],
            categories=["world"],
            word_count=BODY_WORDS,
        ),
    )
    origin = PollEntry(
        poll_id="poll",
        feed=FEED,
        entry=Entry(),
        key=url,
        hash=sight.hash,
        article_id=article_id,
        sight_time=time_,
    )
    return PollSight(origin=origin, sight=sight)


class Nothing(beam.DoFn):
    """A sink that does nothing."""

    def process(self, element: Any) -> None:
        """Drops the element."""


class Elements(beam.DoFn):
    """Gives what a way begins with; a class, since Beam pickles a lambda's globals with it."""

    def __init__(self, name: Literal["sights", "documents"]) -> None:
        self._name = name

    def process(self, element: None) -> Iterator[Any]:
        """Gives all elements, one by one."""
        yield from getattr(WORK[0], self._name)


def document_id(document: dict[str, Any]) -> str:
    return str(document["event"]["id"])


def run_pipeline(elements: Literal["sights", "documents"], sink: Any) -> None:
    pipeline = beam.Pipeline("FnApiRunner")
    pipeline | beam.Create([None]) | beam.ParDo(Elements(elements)) | "Sink" >> sink
    pipeline.run().wait_until_finish()


class Ways:
    """The four ways, each into an index of its own with the articles' mapping."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.prefix = f"benchmark-{uuid.uuid4().hex[:8]}-"
        self.config = Config.model_validate({"index": {"url": url, "prefix": self.prefix}})
        self.alias = f"{self.prefix}news-articles"

    @contextmanager
    def empty_index(self) -> Iterator[None]:
        index = open_index(self.config)
        index.setup()
        index.close()
        try:
            yield
        finally:
            delete_indices(self.url, self.prefix)

    def measure(self, way: str, expected: int) -> Spent:
        run: Callable[[], None] = getattr(self, way)
        with self.empty_index():
            began, cpu = time.perf_counter(), time.process_time()
            run()
            spent = Spent(time.perf_counter() - began, time.process_time() - cpu)
            request(self.url, "POST", f"{self.alias}/_refresh")
            count = request(self.url, "GET", f"{self.alias}/_count")["count"]
        if count != (0 if way == "nothing" else expected):
            raise SystemExit(f"{way} left {count} documents of {expected}")
        return spent

    def raw(self) -> None:
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        for body in WORK[0].bodies:
            headers = {"Content-Type": "application/x-ndjson"}
            connection.request("POST", f"/{self.alias}/_bulk", body, headers)
            answer = json.loads(connection.getresponse().read())
            if answer["errors"]:
                raise SystemExit("the server refused a document")
        connection.close()

    def sink(self) -> None:
        sink = WriteToElasticsearch(
            Connection(self.url),
            index=self.alias,
            action="create",
            id=document_id,
        )
        run_pipeline("documents", sink)

    def stage(self) -> None:
        run_pipeline("sights", Write(self.config))

    def nothing(self) -> None:
        run_pipeline("documents", beam.ParDo(Nothing()))
