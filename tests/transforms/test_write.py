"""The write stage on the in-process runner: every sight has one outcome, in its own window."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import FixedWindows, TimestampedValue

from schemas.config import Config
from schemas.entry import Entry
from schemas.errors import ConfigError
from schemas.feed import Feed
from schemas.poll import Outcome, PollEntry, PollSight
from tests.backends import opened
from tests.servers.elasticsearch_indices import request
from tests.transforms.storage.memory_index import MemoryIndex
from tests.transforms.storage.sights import FEEDS, START, sight
from transforms import write
from transforms.storage.article_index import Stored
from transforms.storage.embedded import database
from transforms.storage.write_queue import BatchBounds
from transforms.write import Write

DOCUMENTS = 40


def element(number: int) -> PollSight:
    """The n-th sight: of one of 40 documents, shown by one of three feeds at its own second."""
    feed = FEEDS[number // DOCUMENTS]
    article_id = f"article-{number % DOCUMENTS}"
    one = sight(feed, number, f"v{number}", article_id=article_id, title=f"Title {number}")
    origin = PollEntry(
        poll_id="poll",
        feed=Feed(url=feed),
        entry=Entry(title=one.content.title),
        key=str(number),
        hash=one.hash,
        article_id=article_id,
        sight_time=one.time,
    )
    return PollSight(origin=origin, sight=one)


def placed(
    outcome: Outcome,
    timestamp: object = beam.DoFn.TimestampParam,
    window: object = beam.DoFn.WindowParam,
) -> tuple[str, str, int, int]:
    start = int(window.start)  # type: ignore[attr-defined]
    return outcome.key, outcome.kind, int(timestamp), start  # type: ignore[call-overload]


def test_every_sight_has_its_outcome_in_its_own_window(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "BATCHES", BatchBounds(max_items=7, max_size=10_000, at_once=3))
    numbers = range(3 * DOCUMENTS)
    with opened(config) as (index, _):
        with beam.Pipeline("FnApiRunner") as pipeline:
            outcomes = (
                pipeline
                | beam.Create([[element(number) for number in numbers]])
                | beam.FlatMap(list)
                | beam.Map(lambda one: TimestampedValue(one, int(one.origin.key)))
                | beam.WindowInto(FixedWindows(10))
                | Write(config)
                | "Place" >> beam.Map(placed)
                | "Together" >> beam.WindowInto(beam.window.GlobalWindows())
            )
            expected = [(str(n), "written", n, n // 10 * 10) for n in numbers]
            assert_that(outcomes, equal_to(expected))
        stored = index.get([f"article-{number}" for number in range(DOCUMENTS)])
        assert len(stored) == DOCUMENTS
        # All three feeds' sights of each document, though they came in different batches.
        assert all(one.article.news.feed.url == list(FEEDS) for one in stored.values())


def test_what_is_older_than_kept_is_expired_and_not_written(config: Config) -> None:
    config.index.keep = timedelta(days=1).total_seconds()
    old = element(3)
    old.sight.published = START - timedelta(days=4_000)
    with opened(config) as (index, _):
        (outcome,) = write.write_batch(index, config, [old])
        assert (outcome.kind, outcome.key) == ("expired", "3")
        assert index.get(["article-3"]) == {}


def file_of(config: Config) -> Path:
    return Path(config.index.url.removeprefix("embedded:")) / database.FILE_NAME


def spoil(config: Config, article_id: str) -> None:
    """Makes a stored document one that no version of Dateline can have written."""
    if config.index.url.startswith("embedded:"):
        with closing(sqlite3.connect(file_of(config))) as connection, connection:
            connection.execute(
                "UPDATE articles SET document = json_remove(document, '$.event') WHERE id = ?",
                (article_id,),
            )
    else:
        path = f"{config.index.prefix}news-articles/_doc/{article_id}"
        document = request(config.index.url, "GET", path)["_source"]
        request(config.index.url, "PUT", path, {**document, "event": None})


def told(outcome: Outcome) -> tuple[str, str, str]:
    return outcome.key, outcome.kind, outcome.failure.stage if outcome.failure is not None else ""


def run_stage(config: Config, numbers: Sequence[int], expected: list[tuple[str, str, str]]) -> None:
    """Takes sights through the stage and compares their outcomes."""
    with beam.Pipeline("FnApiRunner") as pipeline:
        elements = pipeline | beam.Create([element(number) for number in numbers])
        assert_that(elements | Write(config) | beam.Map(told), equal_to(expected))


def test_a_document_that_cannot_be_read_costs_its_own_sights_alone(config: Config) -> None:
    numbers = range(DOCUMENTS, DOCUMENTS + 10)
    bad = DOCUMENTS + 3
    with opened(config) as (index, _):
        write.write_batch(index, config, [element(3), element(4)])
        spoil(config, "article-3")
        good = [(str(number), "written", "") for number in numbers if number != bad]
        run_stage(config, numbers, [*good, (str(bad), "dead_letter", "write")])
        (outcome,) = write.write_batch(index, config, [element(bad)])
        assert outcome.failure is not None
        assert outcome.failure.input == {"title": "Title 43"}, "it can be replayed"
        assert "a defect of Dateline" in outcome.failure.error


@contextmanager
def blocked(config: Config) -> Iterator[None]:
    """Keeps an index from taking anything for the length of a block."""
    if config.index.url.startswith("embedded:"):
        with closing(sqlite3.connect(file_of(config), isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
    else:
        settings = f"{config.index.prefix}news-articles/_settings"
        request(config.index.url, "PUT", settings, {"index.blocks.write": True})
        yield
        request(config.index.url, "PUT", settings, {"index.blocks.write": False})


def test_what_the_index_does_not_take_now_is_no_dead_letter(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.0)
    config.index.tries = 1
    with opened(config) as (index, _):
        write.write_batch(index, config, [element(3)])
        with blocked(config):
            expected = [("3", "unchanged", ""), ("4", "transient", ""), ("5", "transient", "")]
            run_stage(config, [3, 4, 5], expected)
        run_stage(config, [4, 5], [("4", "written", ""), ("5", "written", "")])


def test_an_index_that_lets_nobody_in_makes_no_dead_letters() -> None:
    class Closed(MemoryIndex):
        def get(self, ids: Sequence[str]) -> dict[str, Stored]:
            raise ConfigError("not logged in")

    outcomes = write.write_batch(Closed(), Config(), [element(3), element(4)])  # type: ignore[arg-type]
    assert [(one.kind, one.reason) for one in outcomes] == [("transient", "not logged in")] * 2
