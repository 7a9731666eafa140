"""Normalize: an entry becomes a sight: clean text, UTC dates, canonical link, language."""

from collections.abc import Iterator
from typing import Any, Literal

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput

from schemas.config import Config, LimitsConfig
from schemas.poll import Outcome, PollEntry, PollSight
from transforms.clock import utc_now
from transforms.dead_letters import dead_letter
from transforms.stage_seconds import StageSeconds
from transforms.storage.tokens import segmented
from transforms.text.normalize import WITHOUT_PAGE, normalize

SIGHTS = "sights"
OUTCOMES = "outcomes"


class Normalize(beam.PTransform):
    """Cleans entries.

    Input: `PollEntry`. Outputs by tag: `sights` (`PollSight`), `outcomes` (dead letters).
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        self._config = config

    def expand(self, pcoll: beam.PCollection) -> Any:
        return pcoll | "Normalize" >> beam.ParDo(_NormalizeFn(self._config.limits)).with_outputs(
            OUTCOMES, main=SIGHTS
        )


def normalize_entry(origin: PollEntry, limits: LimitsConfig) -> PollSight:
    """Cleans one entry and prepares its text for search.

    Raises:
        TerminalError: The entry has nothing to store or is over a limit.
    """
    sight = normalize(
        origin.entry,
        feed=origin.feed,
        sight_time=origin.sight_time,
        limits=limits,
        article_id=origin.article_id,
        judged_at=origin.judged_at,
    )
    sight.hash = origin.hash
    if origin.page_put_off:
        sight.rule_version = WITHOUT_PAGE
    content = sight.content
    content.segmented = segmented("\n".join((content.title, content.summary, content.body)))
    return PollSight(origin=origin, sight=sight)


class _NormalizeFn(beam.DoFn):
    def __init__(self, limits: LimitsConfig) -> None:
        self._limits = limits

    def setup(self) -> None:
        self._seconds = StageSeconds("normalize")

    def process(
        self, origin: PollEntry
    ) -> Iterator[PollSight | TaggedOutput[Literal["outcomes"], Outcome]]:
        try:
            with self._seconds.measured():
                sight = normalize_entry(origin, self._limits)
        except Exception as error:  # one bad entry never costs its feed
            yield TaggedOutput(OUTCOMES, dead_letter(origin, "normalize", error, utc_now()))
            return
        yield sight

    def finish_bundle(self) -> None:
        self._seconds.report()
