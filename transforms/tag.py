"""Tag: finds the people, organisations, places and regions that a sight's text speaks of."""

from collections.abc import Iterator
from typing import Any, Literal

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput

from schemas.config import Config, TaggerConfig
from schemas.poll import Outcome, PollSight
from transforms.clock import utc_now
from transforms.dead_letters import dead_letter
from transforms.memory import collect_rarely, tune_allocator
from transforms.stage_seconds import StageSeconds
from transforms.tagging.content import tag_sight
from transforms.tagging.shared import shared_tagger
from transforms.tagging.tagger import Tagger

SIGHTS = "sights"
OUTCOMES = "outcomes"


class Tag(beam.PTransform):
    """Tags texts.

    Input: `PollSight`. Outputs by tag: `sights` (`PollSight` with entities and regions),
    `outcomes` (dead letters).
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        self._config = config

    def expand(self, pcoll: beam.PCollection) -> Any:
        return pcoll | "Tag" >> beam.ParDo(_TagFn(self._config.tagger)).with_outputs(
            OUTCOMES, main=SIGHTS
        )


class _TagFn(beam.DoFn):
    def __init__(self, config: TaggerConfig) -> None:
        self._config = config
        self._tagger: Tagger | None = None

    def setup(self) -> None:
        self._tagger = shared_tagger(self._config)
        collect_rarely()
        tune_allocator()
        self._seconds = StageSeconds("tag")

    def process(
        self, element: PollSight
    ) -> Iterator[PollSight | TaggedOutput[Literal["outcomes"], Outcome]]:
        assert self._tagger is not None
        try:
            with self._seconds.measured():
                tagged = tag_sight(self._tagger, element.sight)
        except Exception as error:  # one bad entry never costs its feed
            yield TaggedOutput(OUTCOMES, dead_letter(element.origin, "tag", error, utc_now()))
            return
        yield element.model_copy(update={"sight": tagged})

    def finish_bundle(self) -> None:
        self._seconds.report()
