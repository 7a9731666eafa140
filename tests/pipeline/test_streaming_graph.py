import pickle
import re

import pytest

from pipeline.streaming import tick_seconds
from schemas.config import Config
from schemas.feed import Feed
from tests.pipeline.streaming_graph import GOLDEN, described_graph
from transforms.due import CarriedFeeds


def test_the_graph_is_the_one_that_running_jobs_know() -> None:
    """A running job is updated, or resumed from a savepoint, by the names and coders in here.

    Where a change is meant: `python -m tests.pipeline.streaming_graph` writes the file anew, and
    the next release's notes say that jobs are to be stopped without a savepoint.
    """
    assert described_graph() == GOLDEN.read_text(encoding="utf-8")


def test_no_model_is_pickled_where_it_must_cross_to_another_worker() -> None:
    graph = described_graph().splitlines()
    crossing = [line for line in graph if "GroupByKey" in line or " state " in line]
    produced = [graph[graph.index(line) + 1] for line in crossing if line.startswith("stage")]
    coders = " ".join(crossing + produced)
    assert "ModelCoder(FetchOrder)" in coders
    assert "state outcomes: bag_spec of ModelCoder(Outcome)" in coders
    assert "Pickle" not in coders


def test_feeds_travel_packed_and_come_out_as_they_were() -> None:
    feeds = [Feed(url=f"https://paper.example/{n}", name="Straße", tags=["a"]) for n in range(50)]
    carried = pickle.loads(pickle.dumps(CarriedFeeds(feeds)))
    assert list(carried.by_url.values()) == feeds


@pytest.mark.parametrize(("round_", "seconds"), [("200ms", 1), ("1s", 1), ("1500ms", 2)])
def test_ticks_come_at_whole_seconds(round_: str, seconds: float) -> None:
    config = Config.model_validate({"polling": {"round": round_}})
    assert tick_seconds(config) == seconds


def test_on_flink_only_the_source_is_another_one() -> None:
    def without_ticks(graph: str) -> list[str]:
        stages = re.split(r"^(?=stage |requires )", graph, flags=re.M)
        return [s for s in stages if not s.startswith(("stage Ticks/", "requires "))]

    graph = described_graph(on_flink=True)
    assert without_ticks(graph) == without_ticks(described_graph())
    assert "stage Ticks/Impulse: flink:transform:streaming_impulse:v1" in graph
    assert "splittable" not in graph
