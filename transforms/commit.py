"""Commit: counts a poll's outcomes and commits what it learnt once every entry is safe."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.transforms.userstate import BagStateSpec, ReadModifyWriteStateSpec
from apache_beam.utils.windowed_value import WindowedValue

from schemas.config import Config
from schemas.errors import LeaseLostError, TransientError
from schemas.feed import SeenEntry
from schemas.poll import Committed, Learnt, Outcome, PollPiece
from transforms.clock import utc_now
from transforms.coders import ModelCoder, PollPart
from transforms.lag import lag_counters
from transforms.stage_seconds import StageSeconds
from transforms.storage.open import open_store
from transforms.storage.protocols import FeedStore

_LOG = logging.getLogger(__name__)
# A poll that could not be written is due again after this; while the index is away altogether
# nothing is claimed anyway.
PUT_OFF_SECONDS = 30.0


class Commit(beam.PTransform):
    """Commits polls.

    Input: `Learnt` and `Outcome`, flattened. Output: `Committed`, one for each poll, as soon as
    its last outcome is there; no window is waited for.
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        self._config = config

    def expand(self, pcoll: beam.PCollection) -> beam.PCollection:
        return (
            pcoll
            | "Gather"
            >> beam.ParDo(_GatherFn())
            .with_input_types(PollPart)
            .with_output_types(tuple[str, PollPiece])
            | "Commit" >> beam.ParDo(_CommitFn(self._config)).with_output_types(Committed)
        )


def remembered(
    learnt: Learnt, outcomes: Sequence[Outcome], max_entries: int
) -> dict[str, SeenEntry]:
    """Gives the entries that the feed's state is to remember after a poll.

    What the feed shows now comes last and is never dropped; of what it showed before, as much as
    fits, the oldest dropped first. Dead letters are not remembered, so that they are tried again.
    """
    now_shown = {outcome.key: outcome.seen for outcome in outcomes if outcome.seen is not None}
    failed = {outcome.key for outcome in outcomes if outcome.kind == "dead_letter"}
    before = {
        key: entry
        for key, entry in learnt.state.seen.items()
        if key not in now_shown and key not in failed
    }
    room = max(0, max_entries - len(now_shown))
    kept = list(before.items())[-room:] if room else []
    return {**dict(kept), **now_shown}


def commit_poll(
    store: FeedStore,
    learnt: Learnt,
    outcomes: Sequence[Outcome],
    *,
    now: datetime,
    max_entries: int,
    backoff_seconds: float,
) -> Committed:
    """Commits one poll whose outcomes are all there, or puts it off where one was transient."""
    counts: dict[str, int] = {}
    for outcome in outcomes:
        counts[outcome.kind] = counts.get(outcome.kind, 0) + 1
    answer = Committed(
        poll_id=learnt.poll_id,
        feed_url=learnt.feed_url,
        host=learnt.lease.host,
        kind="committed",
        counts=counts,
        dead_letters=dict(Counter(o.failure.stage for o in outcomes if o.failure is not None)),
        created=sum(outcome.created for outcome in outcomes),
        lag_seconds=learnt.lag_seconds,
        error=learnt.state.last_error if learnt.failed else "",
        hub_news=learnt.hub_news,
    )
    try:
        if counts.get("transient"):
            reason = next(o.reason for o in outcomes if o.kind == "transient")
            store.release(
                learnt.lease,
                now,
                feeds={learnt.feed_url: now + timedelta(seconds=backoff_seconds)},
            )
            return answer.model_copy(update={"kind": "transient", "error": reason})
        failures = [outcome.failure for outcome in outcomes if outcome.failure is not None]
        if failures:
            store.put_failures(failures)
        state = learnt.state
        state.entries_written += counts.get("written", 0)
        succeeded = [o.key for o in outcomes if o.kind in ("written", "unchanged")]
        seen = remembered(learnt, outcomes, max_entries)
        store.commit(learnt, seen, failures, succeeded, now)
    except LeaseLostError as error:
        return answer.model_copy(update={"kind": "lease_lost", "error": str(error)})
    except TransientError as error:
        return answer.model_copy(update={"kind": "transient", "error": str(error)})
    if learnt.failed:
        return answer.model_copy(update={"kind": "failed"})
    return answer.model_copy(update={"kind": "not_modified"}) if learnt.not_modified else answer


class _GatherFn(beam.DoFn):
    """Brings together what a bundle holds of each poll: one element to shuffle, not dozens."""

    def __init__(self) -> None:
        self._pieces: dict[tuple[str, object], tuple[PollPiece, object]] = {}

    def start_bundle(self) -> None:
        self._pieces = {}

    def process(
        self,
        item: Learnt | Outcome,
        timestamp: object = beam.DoFn.TimestampParam,
        window: object = beam.DoFn.WindowParam,
    ) -> None:
        piece, _ = self._pieces.setdefault((item.poll_id, window), (PollPiece(), timestamp))
        if isinstance(item, Learnt):
            piece.learnt = item
        else:
            piece.outcomes.append(item)

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for (poll_id, window), (piece, timestamp) in self._pieces.items():
            yield WindowedValue((poll_id, piece), timestamp, [window])
        self._pieces = {}


class _CommitFn(beam.DoFn):
    LEARNT = ReadModifyWriteStateSpec("learnt", ModelCoder(Learnt))
    OUTCOMES = BagStateSpec("outcomes", ModelCoder(Outcome))

    def __init__(self, config: Config) -> None:
        self._config = config
        self._store: FeedStore | None = None

    def setup(self) -> None:
        self._store = open_store(self._config)
        self._seconds = StageSeconds("commit")

    def process(
        self,
        element: tuple[str, PollPiece],
        learnt_state: object = beam.DoFn.StateParam(LEARNT),
        outcome_state: object = beam.DoFn.StateParam(OUTCOMES),
    ) -> Iterator[Committed]:
        assert self._store is not None
        _, piece = element
        learnt, outcomes = piece.learnt, piece.outcomes
        if learnt is None or len(outcomes) < learnt.expected:
            # The rest has come in another bundle, or is still to come.
            if learnt is not None:
                learnt_state.write(learnt)  # type: ignore[attr-defined]
            for outcome in outcomes:
                outcome_state.add(outcome)  # type: ignore[attr-defined]
            learnt = learnt_state.read()  # type: ignore[attr-defined]
            if learnt is None:
                return
            outcomes = list(outcome_state.read())  # type: ignore[attr-defined]
            if len(outcomes) < learnt.expected:
                return
            learnt_state.clear()  # type: ignore[attr-defined]
            outcome_state.clear()  # type: ignore[attr-defined]
        with self._seconds.measured():
            committed = commit_poll(
                self._store,
                learnt,
                outcomes,
                now=utc_now(),
                max_entries=self._config.limits.seen_entries,
                backoff_seconds=min(PUT_OFF_SECONDS, self._config.polling.interval.min),
            )
        _count(committed)
        yield committed

    def finish_bundle(self) -> None:
        self._seconds.report()

    def teardown(self) -> None:
        if self._store is not None:
            self._store.close()


def _with_feed(committed: Committed) -> str:
    """Gives the error's text, with the feed's address where it does not name it itself."""
    if committed.error.startswith(committed.feed_url):
        return committed.error
    return f"{committed.feed_url}: {committed.error}"


def counters_of(committed: Committed) -> Counter[str]:
    """Gives a poll's part in the counters of its round or stream."""
    counters = Counter({f"polls_{committed.kind}": 1, "articles_created": committed.created})
    counters.update({f"outcomes_{kind}": count for kind, count in committed.counts.items()})
    counters.update({f"dead_letters_{s}": count for s, count in committed.dead_letters.items()})
    if committed.lag_seconds is not None:
        counters.update(lag_counters(committed.lag_seconds))
    return counters


def _count(committed: Committed) -> None:
    for name, count in counters_of(committed).items():
        Metrics.counter("dateline", name).inc(count)
    if committed.kind in ("failed", "transient", "lease_lost"):
        _LOG.warning("%s", _with_feed(committed))
