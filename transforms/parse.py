"""Parse: an answer becomes entries, and what the poll learnt (committed once they are safe)."""

import logging
import random
from collections.abc import Callable, Iterator
from typing import Any, Literal

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.pvalue import TaggedOutput

from schemas.config import Config
from schemas.poll import FetchResult, Learnt, PollEntry
from transforms.clock import utc_now
from transforms.feeds.checked_parsing import Reading
from transforms.feeds.polling import ParsedPoll, read_poll
from transforms.stage_seconds import StageSeconds

_LOG = logging.getLogger(__name__)
_SHOWN_DIFFERENCES = 5

ENTRIES = "entries"
LEARNT = "learnt"


class Parse(beam.PTransform):
    """Parses feed documents.

    Input: `FetchResult`. Outputs by tag: `entries` (`PollEntry`, new or changed ones), `learnt`
    (`Learnt`, one for each poll, with the keys of the entries that it knows already: as elements
    of their own they would be most of what a round carries).
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        self._config = config

    def expand(self, pcoll: beam.PCollection) -> Any:
        return pcoll | "Parse" >> beam.ParDo(_ParseFn(self._config)).with_outputs(
            LEARNT, main=ENTRIES
        )


class _ParseFn(beam.DoFn):
    def __init__(self, config: Config, draw: Callable[[], float] = random.random) -> None:
        self._config = config
        self._draw = draw

    def setup(self) -> None:
        self._seconds = StageSeconds("parse")

    def process(
        self, result: FetchResult
    ) -> Iterator[PollEntry | TaggedOutput[Literal["learnt"], Learnt]]:
        with self._seconds.measured():
            poll: ParsedPoll = read_poll(result, self._config, utc_now(), self._draw())
        _report(result.poll.feed.url, poll.reading)
        yield from poll.entries
        yield TaggedOutput(LEARNT, poll.learnt)

    def finish_bundle(self) -> None:
        self._seconds.report()


def _report(feed_url: str, reading: Reading | None) -> None:
    """Counts the polls that were parsed on both paths, and says where the paths disagreed."""
    if reading is None or not reading.compared:
        return
    Metrics.counter("dateline", "parsed_on_both_paths").inc()
    if not reading.differences:
        return
    Metrics.counter("dateline", "path_disagreements").inc()
    _LOG.warning(
        "%s: the fast path and feedparser disagree%s: %s",
        feed_url,
        ", feedparser reads it from now on" if reading.learnt.get("safe_path") else "",
        "; ".join(
            f"{'feed' if one.position is None else f'entry {one.position}'} {one.field}: "
            f"{one.fast} against {one.safe}"
            for one in reading.differences[:_SHOWN_DIFFERENCES]
        ),
    )
