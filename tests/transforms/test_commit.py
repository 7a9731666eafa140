"""The commit stage on the in-process runner: every poll ends once, in its own window."""

from collections.abc import Iterator
from datetime import datetime

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import FixedWindows, TimestampedValue

from schemas.config import Config
from schemas.poll import Committed, Learnt, Poll
from tests.backends import feeds_of, opened
from tests.committing import learnt_by
from transforms import commit
from transforms.clock import utc_now
from transforms.coders import PollPart
from transforms.commit import Commit
from transforms.ended_polls import EndedPoll
from transforms.storage.write_queue import BatchBounds

FEEDS = feeds_of(*(f"https://host{n % 5}.example/{n}" for n in range(40)))


def learnt(poll: Poll, number: int, now: datetime) -> Learnt:
    """What the n-th poll learnt."""
    one = learnt_by(poll, now, etag=f"v{number}")
    return one.model_copy(update={"poll_id": f"poll-{number}"})


def placed(
    committed: Committed,
    timestamp: object = beam.DoFn.TimestampParam,
    window: object = beam.DoFn.WindowParam,
) -> Iterator[tuple[str, str, int, int]]:
    start = int(window.start)  # type: ignore[attr-defined]
    yield committed.poll_id, committed.kind, int(timestamp), start  # type: ignore[call-overload]


def test_every_poll_is_committed_once_in_its_own_window(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds = BatchBounds(max_items=7, max_size=1_000, at_once=3)
    monkeypatch.setattr(commit, "BATCHES", bounds)
    with opened(config) as (_, store):
        now = utc_now()
        store.register(list(FEEDS.values()))
        works = store.claim("me", now, lease_seconds=600, max_hosts=10, feeds=FEEDS)
        polls = [poll for work in works for poll in work.polls]
        ended = [learnt(poll, number, now) for number, poll in enumerate(polls)]
        with beam.Pipeline("FnApiRunner") as pipeline:
            committed = (
                pipeline
                | beam.Create([ended])
                | beam.FlatMap(list).with_output_types(PollPart)
                | beam.Map(lambda one: TimestampedValue(one, int(one.poll_id[5:])))
                | beam.WindowInto(FixedWindows(10))
                | Commit(config)
                | beam.FlatMap(placed)
            )
            wanted = [(f"poll-{n}", "committed", n, n // 10 * 10) for n in range(len(FEEDS))]
            assert_that(committed, equal_to(wanted))
        etags = {state.url: state.etag for state in store.states()}
        assert etags == {one.feed_url: one.state.etag for one in ended}


def test_polls_of_one_feed_that_end_together_are_committed_in_their_order(config: Config) -> None:
    with opened(config) as (_, store):
        now = utc_now()
        store.register(list(FEEDS.values()))
        works = store.claim("me", now, lease_seconds=600, max_hosts=1, feeds=FEEDS)
        first, other = works[0].polls[:2]
        ended = [
            EndedPoll(learnt(poll, number, now))
            for number, poll in enumerate([first, other, first])
        ]
        committed = commit.commit_batch(store, config, ended)
        assert [one.poll_id for one in committed] == ["poll-0", "poll-1", "poll-2"]
        assert [one.kind for one in committed] == ["committed"] * 3
        etags = {state.url: state.etag for state in store.states() if state.etag}
        assert etags == {first.feed.url: "v2", other.feed.url: "v1"}
