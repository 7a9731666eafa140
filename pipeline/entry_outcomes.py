"""Takes entries through the stages on the in-process runner and hands back what became of each."""

import uuid
from collections.abc import Sequence
from weakref import WeakValueDictionary

import apache_beam as beam

from pipeline.build import ingest_entries
from pipeline.rounds import in_process_pipeline, run_pipeline
from schemas.config import Config
from schemas.poll import Outcome, PollEntry
from transforms.tagging.shared import shared_tagger


def outcomes_of(entries: Sequence[PollEntry], config: Config) -> list[Outcome]:
    """Takes entries through normalize, tag and write.

    Args:
        entries: They belong to no poll: their `poll_id` is not looked at.
        config: Where to, and the limits.

    Returns:
        An outcome for each entry, in their order; its `poll_id` is the entry's place.
    """
    if not entries:
        return []
    shared_tagger(config.tagger)  # a mistake in its files is told here, not inside a worker
    numbered = [
        entry.model_copy(update={"poll_id": str(place)}) for place, entry in enumerate(entries)
    ]
    gathered = _Gathered()
    pipeline = in_process_pipeline()
    outcomes = ingest_entries(pipeline | "Entries" >> beam.Create(numbered), config)
    _ = outcomes | "Gather" >> beam.ParDo(_GatherFn(gathered))
    run_pipeline(pipeline)
    return [gathered.by_place[str(place)] for place in range(len(entries))]


class _Gathered:
    """Outcomes of a run within this process, reached from its stages by name."""

    def __init__(self) -> None:
        self.by_place: dict[str, Outcome] = {}
        self._name = uuid.uuid4().hex
        _under_way[self._name] = self

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return _gathered, (self._name,)


_under_way: WeakValueDictionary[str, _Gathered] = WeakValueDictionary()


def _gathered(name: str) -> _Gathered:
    return _under_way[name]


class _GatherFn(beam.DoFn):
    def __init__(self, into: _Gathered) -> None:
        self._into = into

    def process(self, outcome: Outcome) -> None:
        self._into.by_place[outcome.poll_id] = outcome
