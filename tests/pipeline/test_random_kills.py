"""A few random kills; `python -m benchmarks.kills` is the same with many (docs/benchmarks.md)."""

from tests.pipeline.dateline import Dateline
from tests.pipeline.random_kills import kill_at_random
from tests.servers.publisher import Publisher


def test_processes_killed_at_random_moments_lose_and_double_nothing(dateline: Dateline) -> None:
    publisher = Publisher(keep_seconds=200, pause_seconds=0.3, slowest_seconds=0.3, seed=4)
    try:
        report = kill_at_random(dateline, publisher, kills=8, seed=4)
    finally:
        publisher.close()
    assert report.problems == []
    assert report.amid_polls > 0, "no kill met a poll: the test has shown nothing"
    assert report.edits > 0
