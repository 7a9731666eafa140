"""Write: merges sights into the article index; every entry gets its outcome here at the latest."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.utils.windowed_value import WindowedValue

from schemas.config import Config
from schemas.errors import TerminalError, TransientError
from schemas.feed import SeenEntry
from schemas.poll import Outcome, PollSight
from transforms.clock import utc_now
from transforms.dead_letters import dead_letter
from transforms.storage.open import open_index
from transforms.storage.protocols import ArticleIndex
from transforms.storage.writer import SightResult, write_sights

_LOG = logging.getLogger(__name__)
BATCH_SIGHTS = 200
BATCH_CHARS = 5_000_000


class Write(beam.PTransform):
    """Writes sights with compare-and-set.

    Input: `PollSight`. Output: `Outcome`, one for each, in the sight's window.
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        self._config = config

    def expand(self, pcoll: beam.PCollection) -> beam.PCollection:
        return pcoll | "Write" >> beam.ParDo(_WriteFn(self._config)).with_output_types(Outcome)


def outcome_of(element: PollSight, result: SightResult, now: datetime) -> Outcome:
    """Says what a write's result means for the entry behind it."""
    origin = element.origin
    if result.kind == "rejected":
        error = TerminalError(f"the index refused the document: {result.reason}")
        return dead_letter(origin, "write", error, now)
    acknowledged = result.kind != "transient"
    return Outcome(
        poll_id=origin.poll_id,
        feed_url=origin.feed.url,
        key=origin.key,
        kind=result.kind,
        seen=seen_entry(element) if acknowledged else None,
        created=result.change == "created" and acknowledged,
        reason=result.reason,
    )


def seen_entry(element: PollSight) -> SeenEntry:
    """Gives what the feed's state is to remember of the entry."""
    return SeenEntry(
        article_id=element.origin.article_id,
        hash=element.origin.hash,
        rule_version=element.sight.rule_version,
    )


def is_expired(element: PollSight, keep_seconds: float | None, now: datetime) -> bool:
    """Says whether an entry is older than what is kept."""
    published = element.sight.published
    if keep_seconds is None or published is None:
        return False
    return published < now - timedelta(seconds=keep_seconds)


class _WriteFn(beam.DoFn):
    def __init__(self, config: Config) -> None:
        self._config = config
        self._index: ArticleIndex | None = None
        self._batch: list[WindowedValue] = []
        self._batch_chars = 0

    def setup(self) -> None:
        self._index = open_index(self._config)

    def start_bundle(self) -> None:
        self._batch, self._batch_chars = [], 0

    def process(
        self,
        element: PollSight,
        timestamp: object = beam.DoFn.TimestampParam,
        window: object = beam.DoFn.WindowParam,
    ) -> Iterator[WindowedValue]:
        self._batch.append(WindowedValue(element, timestamp, [window]))
        self._batch_chars += len(element.sight.content.body)
        if len(self._batch) >= BATCH_SIGHTS or self._batch_chars >= BATCH_CHARS:
            for outcome in self._flush():
                yield outcome.value

    def finish_bundle(self) -> Iterator[WindowedValue]:
        yield from self._flush()

    def _flush(self) -> list[WindowedValue]:
        batch, self._batch, self._batch_chars = self._batch, [], 0
        if not batch:
            return []
        outcomes = self._write([value.value for value in batch])
        return [value.with_value(outcome) for value, outcome in zip(batch, outcomes, strict=True)]

    def _write(self, elements: Sequence[PollSight]) -> list[Outcome]:
        assert self._index is not None
        now = utc_now()
        keep = self._config.index.keep
        outcomes: dict[int, Outcome] = {}
        written: list[int] = []
        for position, element in enumerate(elements):
            if is_expired(element, keep, now):
                outcomes[position] = Outcome(
                    poll_id=element.origin.poll_id,
                    feed_url=element.origin.feed.url,
                    key=element.origin.key,
                    kind="expired",
                    seen=seen_entry(element),
                )
            else:
                written.append(position)
        try:
            results = write_sights(
                self._index,
                [elements[position].sight for position in written],
                now=utc_now,
                tries=self._config.index.tries,
            )
        except Exception as error:  # nothing that may happen may end the pipeline
            if not isinstance(error, TransientError):
                _LOG.exception("writing failed")
            results = [SightResult("transient", reason=str(error))] * len(written)
        for position, result in zip(written, results, strict=True):
            outcomes[position] = outcome_of(elements[position], result, now)
        for outcome in outcomes.values():
            Metrics.counter("dateline", f"entries_{outcome.kind}").inc()
        return [outcomes[position] for position in range(len(elements))]

    def teardown(self) -> None:
        if self._index is not None:
            self._index.close()
