"""Commit: counts a poll's outcomes and commits what it learnt once every entry is safe."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.transforms.userstate import BagStateSpec, ReadModifyWriteStateSpec
from apache_beam.utils.windowed_value import WindowedValue

from schemas.config import Config
from schemas.poll import Committed, Learnt, Outcome, PollPiece
from transforms.clock import utc_now
from transforms.coders import ModelCoder, PollPart
from transforms.ended_polls import EndedPoll, commit_polls
from transforms.lag import lag_counters
from transforms.stage_seconds import StageSeconds
from transforms.storage.feed_store import FeedStore
from transforms.storage.open import open_store
from transforms.storage.write_queue import BatchBounds, WriteQueue

_LOG = logging.getLogger(__name__)
# A poll that could not be written is due again after this; while the index is away altogether
# nothing is claimed anyway.
PUT_OFF_SECONDS = 30.0
# Polls committed with the same requests. A feed's state holds up to 2000 seen entries, some 200 kB.
POLLS_AT_ONCE = 50
# Of one poll's new dead letters, so many are written to the log.
DEAD_LETTERS_TOLD = 3
# While the store works on two batches, the stages before this one go on.
BATCHES = BatchBounds(max_items=POLLS_AT_ONCE, max_size=POLLS_AT_ONCE, at_once=2)


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
        self._queue: WriteQueue[WindowedValue, Committed] | None = None

    def setup(self) -> None:
        store = self._store = open_store(self._config)
        seconds = self._seconds = StageSeconds("commit")

        def commit(values: Sequence[WindowedValue]) -> list[Committed]:
            with seconds.measured():
                return commit_batch(store, self._config, [value.value for value in values])

        # By host: two commits at once of one lease would only meet in a conflict.
        self._queue = WriteQueue(
            commit,
            key=lambda value: str(value.value.learnt.lease.host),
            size=lambda _: 1,
            bounds=BATCHES,
        )

    def start_bundle(self) -> None:
        assert self._queue is not None
        self._queue.begin()

    def process(
        self,
        element: tuple[str, PollPiece],
        timestamp: object = beam.DoFn.TimestampParam,
        window: object = beam.DoFn.WindowParam,
        learnt_state: object = beam.DoFn.StateParam(LEARNT),
        outcome_state: object = beam.DoFn.StateParam(OUTCOMES),
    ) -> Iterator[WindowedValue]:
        assert self._queue is not None
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
        ended = EndedPoll(learnt, [*learnt.unreadable, *outcomes])
        yield from self._committed(self._queue.add(WindowedValue(ended, timestamp, (window,))))

    def finish_bundle(self) -> Iterator[WindowedValue]:
        assert self._queue is not None
        yield from self._committed(self._queue.finish())
        self._seconds.report()

    def _committed(
        self, ended: Sequence[tuple[WindowedValue, Committed]]
    ) -> Iterator[WindowedValue]:
        for value, committed in ended:
            _count(committed)
            yield value.with_value(committed)

    def teardown(self) -> None:
        if self._queue is not None:
            self._queue.close()
        if self._store is not None:
            self._store.close()


def commit_batch(store: FeedStore, config: Config, ended: Sequence[EndedPoll]) -> list[Committed]:
    """Commits polls in their order, several of one feed one after another."""
    committed: list[Committed] = []
    together: dict[str, EndedPoll] = {}

    def commit() -> None:
        committed.extend(
            commit_polls(
                store,
                list(together.values()),
                now=utc_now(),
                max_entries=config.limits.seen_entries,
                backoff_seconds=min(PUT_OFF_SECONDS, config.polling.interval.min),
            )
        )
        together.clear()

    for one in ended:
        if one.learnt.feed_url in together:
            commit()
        together[one.learnt.feed_url] = one
    commit()
    return committed


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
    counters["new_dead_letters"] = len(committed.new_dead_letters)
    if committed.lag_seconds is not None:
        counters.update(lag_counters(committed.lag_seconds))
    return counters


def _count(committed: Committed) -> None:
    for name, count in counters_of(committed).items():
        Metrics.counter("dateline", name).inc(count)
    if committed.kind in ("failed", "transient", "lease_lost"):
        _LOG.warning("%s", _with_feed(committed))
    elif committed.kind == "held_back":
        _LOG.info("%s", _with_feed(committed))
    _tell_new_dead_letters(committed)


def _tell_new_dead_letters(committed: Committed) -> None:
    """Says once what was rejected and why; at later polls it is only counted."""
    told = committed.new_dead_letters[:DEAD_LETTERS_TOLD]
    for letter in told:
        _LOG.warning("%s: a new dead letter: %s", committed.feed_url, letter)
    if told:
        more = len(committed.new_dead_letters) - len(told)
        also = f"{more} more; " if more else ""
        _LOG.warning("%ssee `dateline replay --list --feed %s`", also, committed.feed_url)
