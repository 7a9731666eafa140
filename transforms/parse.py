"""Parse: an answer becomes entries, and what the poll learnt (committed once they are safe)."""

import random
from collections.abc import Callable, Iterator
from typing import Any, Literal

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput

from schemas.config import Config
from schemas.poll import FetchResult, Learnt, Outcome, PollEntry
from transforms.clock import utc_now
from transforms.feeds.polling import ParsedPoll, read_poll

ENTRIES = "entries"
LEARNT = "learnt"
OUTCOMES = "outcomes"


class Parse(beam.PTransform):
    """Parses feed documents.

    Input: `FetchResult`. Outputs by tag: `entries` (`PollEntry`, new or changed ones), `learnt`
    (`Learnt`, one for each poll), `outcomes` (`Outcome` of entries that go no further).
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        self._config = config

    def expand(self, pcoll: beam.PCollection) -> Any:
        return pcoll | "Parse" >> beam.ParDo(_ParseFn(self._config)).with_outputs(
            LEARNT, OUTCOMES, main=ENTRIES
        )


class _ParseFn(beam.DoFn):
    def __init__(self, config: Config, draw: Callable[[], float] = random.random) -> None:
        self._config = config
        self._draw = draw

    def process(
        self, result: FetchResult
    ) -> Iterator[
        PollEntry
        | TaggedOutput[Literal["learnt"], Learnt]
        | TaggedOutput[Literal["outcomes"], Outcome]
    ]:
        poll: ParsedPoll = read_poll(result, self._config, utc_now(), self._draw())
        yield from poll.entries
        for outcome in poll.outcomes:
            yield TaggedOutput(OUTCOMES, outcome)
        yield TaggedOutput(LEARNT, poll.learnt)
