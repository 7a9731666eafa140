"""Runs without end delete what has become older than `index.keep`, on both indexes."""

import signal
from datetime import timedelta

import apache_beam as beam
import pytest

from pipeline.observing import EndedRound, RunObserver
from pipeline.retention import RETENTION_EVERY, RegularRetention
from pipeline.rounds import in_process_pipeline, run_pipeline
from pipeline.run import LocalRun
from pipeline.stopping import StopRequest
from pipeline.streaming_sweep import SweepFn
from schemas.config import Config
from tests.backends import opened
from tests.servers.articles import article
from transforms.clock import utc_now
from transforms.storage.article_index import ArticleIndex, Write

keep_and_left = pytest.mark.parametrize(
    ("keep", "left"),
    [(None, {"old", "young"}), (timedelta(days=30).total_seconds(), {"young"})],
    ids=["keep-all", "keep-30d"],
)


def put_old_and_young(index: ArticleIndex) -> None:
    now = utc_now()
    old, young = now - timedelta(days=31), now - timedelta(days=29)
    index.write([Write(article("old", time=old)), Write(article("young", time=young))])


@keep_and_left
def test_a_run_deletes_what_is_older_than_is_kept(
    config: Config, keep: float | None, left: set[str]
) -> None:
    config.index.keep = keep
    stop = StopRequest()

    class StopAfterARound(RunObserver):
        def on_round(self, ended: EndedRound) -> None:
            if not stop:
                stop.ask(signal.SIGTERM)

    with opened(config) as (index, _):
        put_old_and_young(index)
        LocalRun(config, stop, StopAfterARound()).forever()
        assert set(index.get(["old", "young"])) == left


@keep_and_left
def test_a_stream_deletes_it_where_it_joins_stories(
    config: Config, keep: float | None, left: set[str]
) -> None:
    config.index.keep = keep
    with opened(config) as (index, _):
        put_old_and_young(index)
        pipeline = in_process_pipeline()
        _ = pipeline | beam.Create([("stories", 1_000_000.0)]) | beam.ParDo(SweepFn(config))
        run_pipeline(pipeline)
        assert set(index.get(["old", "young"])) == left


def test_it_is_done_in_parts_until_nothing_is_left_and_then_after_hours(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.retention.DOCUMENTS_PER_SLICE", 2)
    now = utc_now()
    retention = RegularRetention(timedelta(days=30).total_seconds())

    with opened(config) as (index, store):

        def left_of(count: int, at: timedelta) -> int:
            retention.apply(index, store, now + at)
            return len(index.get([f"old-{number}" for number in range(count)]))

        old = now - timedelta(days=31)
        index.write([Write(article(f"old-{number}", time=old)) for number in range(3)])
        seconds = [timedelta(seconds=number) for number in range(3)]
        assert [left_of(3, at) for at in seconds] == [1, 0, 0]
        index.write([Write(article("old-3", time=old))])
        index.refresh()
        assert left_of(4, RETENTION_EVERY) == 1
        assert left_of(4, RETENTION_EVERY + seconds[2]) == 0
