"""The write stage on the in-process runner: every sight has one outcome, in its own window."""

from datetime import timedelta

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import FixedWindows, TimestampedValue

from schemas.config import Config
from schemas.entry import Entry
from schemas.feed import Feed
from schemas.poll import Outcome, PollEntry, PollSight
from tests.backends import opened
from tests.transforms.storage.sights import FEEDS, START, sight
from transforms import write
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
        entry=Entry(),
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
