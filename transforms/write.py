"""Write: merges sights into the article index; every entry gets its outcome here at the latest."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import apache_beam as beam
from apache_beam.utils.windowed_value import WindowedValue

from schemas.config import Config
from schemas.errors import ConfigError, TerminalError, TransientError
from schemas.poll import Outcome, PollSight
from transforms.clock import utc_now
from transforms.dead_letters import dead_letter
from transforms.feeds.remembering import taken
from transforms.stage_seconds import StageSeconds
from transforms.storage.article_index import ArticleIndex
from transforms.storage.open import open_index
from transforms.storage.write_queue import BatchBounds, WriteQueue
from transforms.storage.writer import SightResult, write_sights

_LOG = logging.getLogger(__name__)
# Sights and characters of a batch. Two batches under way keep the index busy while a third merges.
BATCHES = BatchBounds(max_items=250, max_size=5_000_000, at_once=3)


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
        seen=taken(origin, element.sight.rule_version) if acknowledged else None,
        created=result.change == "created" and acknowledged,
        reason=result.reason,
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
        self._queue: WriteQueue[WindowedValue, Outcome] | None = None

    def setup(self) -> None:
        index = self._index = open_index(self._config)
        seconds = self._seconds = StageSeconds("write")

        def write(values: Sequence[WindowedValue]) -> list[Outcome]:
            with seconds.measured():
                return write_batch(index, self._config, [value.value for value in values])

        self._queue = WriteQueue(
            write,
            key=lambda value: str(value.value.sight.article_id),
            size=lambda value: len(value.value.sight.content.body),
            bounds=BATCHES,
        )

    def start_bundle(self) -> None:
        assert self._queue is not None
        self._queue.begin()

    def process(
        self,
        element: PollSight,
        timestamp: object = beam.DoFn.TimestampParam,
        window: object = beam.DoFn.WindowParam,
    ) -> Iterator[WindowedValue]:
        assert self._queue is not None
        yield from _windowed(self._queue.add(WindowedValue(element, timestamp, (window,))))

    def finish_bundle(self) -> Iterator[WindowedValue]:
        assert self._queue is not None
        yield from _windowed(self._queue.finish())
        self._seconds.report()

    def teardown(self) -> None:
        if self._queue is not None:
            self._queue.close()
        if self._index is not None:
            self._index.close()


def _windowed(ended: Sequence[tuple[WindowedValue, Outcome]]) -> Iterator[WindowedValue]:
    return (value.with_value(outcome) for value, outcome in ended)


def write_batch(
    index: ArticleIndex, config: Config, elements: Sequence[PollSight]
) -> list[Outcome]:
    """Writes sights; gives an outcome for each, in their order, whatever happens."""
    now = utc_now()
    outcomes: dict[int, Outcome] = {}
    kept: list[int] = []
    for position, element in enumerate(elements):
        if is_expired(element, config.index.keep, now):
            outcomes[position] = Outcome(
                poll_id=element.origin.poll_id,
                feed_url=element.origin.feed.url,
                key=element.origin.key,
                kind="expired",
                seen=taken(element.origin, element.sight.rule_version),
            )
        else:
            kept.append(position)
    written = _write_kept(index, config, [elements[position] for position in kept], now)
    outcomes.update(zip(kept, written, strict=True))
    return [outcomes[position] for position in range(len(elements))]


def _write_kept(
    index: ArticleIndex, config: Config, elements: Sequence[PollSight], now: datetime
) -> list[Outcome]:
    """Writes sights; one that cannot be written is found by halves, and costs no other."""
    try:
        results = write_sights(
            index,
            [element.sight for element in elements],
            now=utc_now,
            tries=config.index.tries,
        )
    except (ConfigError, TransientError) as error:  # the index is to blame, and no sight
        results = [SightResult("transient", reason=str(error))] * len(elements)
    except Exception as error:  # nothing that may happen may end the pipeline
        if len(elements) == 1:
            _LOG.exception("writing failed")
            return [dead_letter(elements[0].origin, "write", error, now)]
        middle = len(elements) // 2
        halves = (elements[:middle], elements[middle:])
        return [outcome for half in halves for outcome in _write_kept(index, config, half, now)]
    return [
        outcome_of(element, result, now) for element, result in zip(elements, results, strict=True)
    ]
