"""The graph: one function puts the stages together, whoever drives it."""

from collections.abc import Callable

import apache_beam as beam

from schemas.config import Config
from transforms.coders import PollPart
from transforms.commit import Commit
from transforms.due import ClaimOrder, ReadDue
from transforms.fetch import Fetch
from transforms.normalize import Normalize
from transforms.parse import Parse
from transforms.subscribe import Subscribe
from transforms.tag import Tag
from transforms.write import Write

Spread = Callable[[beam.PCollection], beam.PCollection]


def build(
    ticks: beam.PCollection, config: Config, order: ClaimOrder, *, spread: Spread | None = None
) -> beam.PCollection:
    """Builds the whole way from ticks to commits: one `Committed` for each poll that ended.

    Args:
        ticks: Each element makes one claim of due hosts; its value does not matter.
        config: The configuration, already validated.
        order: Who claims, and what.
        spread: Takes claimed work (`HostWork`) to the workers of a stream, with what keeps each of
            them going (None, as `Fetch` takes it); without it, work is fetched where it is claimed.
    """
    work = ticks | "ReadDue" >> ReadDue(config, order)
    if spread is not None:
        work = spread(work)
    fetched = work | "Fetch" >> Fetch(config, waits=spread is None)
    parsed = fetched | "Parse" >> Parse(config)
    outcomes = ingest_entries(parsed.entries, config)
    ended = (parsed.learnt, outcomes) | "WithLearnt" >> beam.Flatten().with_output_types(PollPart)
    committed = ended | "Commit" >> Commit(config)
    if config.websub.callback_url:
        _ = committed | "Subscribe" >> Subscribe(config)
    return committed


def ingest_entries(entries: beam.PCollection, config: Config) -> beam.PCollection:
    """Takes entries (`PollEntry`) to their outcomes (`Outcome`): normalize, tag, write."""
    normalized = entries | "Normalize" >> Normalize(config)
    tagged = normalized.sights | "Tag" >> Tag(config)
    written = tagged.sights | "Write" >> Write(config)
    return (normalized.outcomes, tagged.outcomes, written) | "EntryOutcomes" >> beam.Flatten()
