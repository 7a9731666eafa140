"""A run without end deletes what has become older than `index.keep`, on both indexes."""

import signal
from datetime import timedelta

import pytest

from pipeline.observing import EndedRound, RunObserver
from pipeline.run import LocalRun
from pipeline.stopping import StopRequest
from schemas.config import Config
from tests.backends import opened
from tests.servers.articles import article
from transforms.clock import utc_now
from transforms.storage.protocols import Write


@pytest.mark.parametrize(
    ("keep", "left"),
    [(None, {"old", "young"}), (timedelta(days=30).total_seconds(), {"young"})],
    ids=["keep-all", "keep-30d"],
)
def test_a_run_deletes_what_is_older_than_is_kept(
    config: Config, keep: float | None, left: set[str]
) -> None:
    config.index.keep = keep
    now = utc_now()
    stop = StopRequest()

    class StopAfterARound(RunObserver):
        def on_round(self, ended: EndedRound) -> None:
            if not stop:
                stop.ask(signal.SIGTERM)

    with opened(config) as (index, _):
        old, young = now - timedelta(days=31), now - timedelta(days=29)
        index.write([Write(article("old", time=old)), Write(article("young", time=young))])
        LocalRun(config, stop, StopAfterARound()).forever()
        assert set(index.get(["old", "young"])) == left
