"""Dead letters through the same stages as everything else, and what becomes of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.metrics import Metrics

from pipeline.build import ingest_entries
from pipeline.observing import RunObserver
from pipeline.rounds import METRICS_NAMESPACE, in_process_pipeline, run_pipeline
from pipeline.run import LocalRun
from pipeline.stopping import StopRequest
from schemas.config import Config
from schemas.entry import Entry
from schemas.errors import TerminalError
from schemas.failure import Failure
from schemas.feed import Feed
from schemas.poll import Outcome, PollEntry
from transforms.clock import utc_now
from transforms.feeds.identity import content_hash
from transforms.feeds.polling import entry_of_failure
from transforms.storage.open import open_index, open_store
from transforms.storage.protocols import FeedStore


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many dead letters came through, failed again, or could not be written now."""

    came_through: int
    failed_again: int
    put_off: int


def replay(failures: Sequence[Failure], config: Config) -> Replayed:
    """Takes open dead letters through normalize, tag and write again.

    Those whose input is not whole are fetched again with their feeds.

    Args:
        failures: Open dead letters.
        config: Feeds and limits as they are now.
    """
    feeds = {feed.url: feed for feed in config.feeds}
    entries: list[PollEntry] = []
    to_fetch: dict[str, Feed] = {}
    for failure in failures:
        feed = feeds.get(failure.feed_url) or Feed(url=failure.feed_url)
        entry = whole_entry(failure)
        if entry is None:
            to_fetch[feed.url] = feed
        else:
            entries.append(entry_of(failure, entry, feed))
    index, store = open_index(config), open_store(config)
    try:
        index.check()
        index.setup()
        if entries:
            _run_entries(entries, config)
        if to_fetch:
            _fetch_again(list(to_fetch.values()), config, store)
        index.refresh()
        return _count(failures, store)
    finally:
        store.close()
        index.close()


def whole_entry(failure: Failure) -> Entry | None:
    """Gives a dead letter's entry, None where what was kept of it is not the whole."""
    if failure.truncated:
        return None
    try:
        return entry_of_failure(failure.input)
    except TerminalError:
        return None


def entry_of(failure: Failure, entry: Entry, feed: Feed) -> PollEntry:
    """Puts a dead letter back on its way, with the sight time of its first fetch."""
    return PollEntry(
        poll_id=failure.id,
        feed=feed,
        entry=entry,
        key=failure.entry_key,
        hash=content_hash(entry),
        article_id=failure.article_id,
        sight_time=failure.sight_time,
    )


def _run_entries(entries: Iterable[PollEntry], config: Config) -> None:
    pipeline = in_process_pipeline()
    outcomes = ingest_entries(pipeline | "DeadLetters" >> beam.Create(list(entries)), config)
    _ = outcomes | "Settle" >> beam.ParDo(_SettleFn(config))
    run_pipeline(pipeline)


def _fetch_again(feeds: list[Feed], config: Config, store: FeedStore) -> None:
    store.forget_validators([feed.url for feed in feeds])
    part = config.model_copy(update={"feeds": feeds})
    LocalRun(part, StopRequest(), RunObserver(), register=False).once()


def _count(failures: Sequence[Failure], store: FeedStore) -> Replayed:
    still_open = {failure.id: failure for failure in store.failures()}
    left = [still_open[failure.id] for failure in failures if failure.id in still_open]
    counts = {failure.id: failure.count for failure in failures}
    again = sum(failure.count > counts[failure.id] for failure in left)
    return Replayed(len(failures) - len(left), again, len(left) - again)


class _SettleFn(beam.DoFn):
    """Closes the dead letters that came through, counts those that failed again.

    The `poll_id` of the outcomes is the dead letter's id.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._store: FeedStore | None = None

    def setup(self) -> None:
        self._store = open_store(self._config)

    def process(self, outcome: Outcome) -> None:
        assert self._store is not None
        Metrics.counter(METRICS_NAMESPACE, f"replayed_{outcome.kind}").inc()
        if outcome.kind == "transient":
            return
        if outcome.failure is None:
            self._store.close_failure(outcome.poll_id, utc_now())
            return
        self._store.put_failures([outcome.failure])
        if outcome.failure.id != outcome.poll_id:
            # It got further than before and failed at another stage: that is its dead letter now.
            self._store.close_failure(outcome.poll_id, utc_now())

    def teardown(self) -> None:
        if self._store is not None:
            self._store.close()
