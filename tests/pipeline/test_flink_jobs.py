"""The jobs of a Flink cluster, played by a server; `make test-flink` cancels one on a real one."""

import json

import pytest

from pipeline.flink_jobs import cancel_on_cluster, is_cluster, replace_on_cluster
from schemas.errors import TransientError
from tests.servers.feed_server import FeedServer, Response


@pytest.mark.parametrize(
    ("master", "known"),
    [("", False), ("[auto]", False), ("[local]", False), ("flink:8081", True)],
)
def test_a_cluster_is_told_from_what_beam_starts_itself(master: str, known: bool) -> None:
    assert is_cluster(master) is known


def test_no_job_of_another_name_or_that_has_ended_is_cancelled(feed_server: FeedServer) -> None:
    jobs = [
        {"jid": "1", "name": "ours", "state": "FAILED"},
        {"jid": "2", "name": "another", "state": "RUNNING"},
    ]
    feed_server.respond("/jobs/overview", Response(body=json.dumps({"jobs": jobs}).encode()))
    # The server would refuse to cancel anything.
    assert not cancel_on_cluster(feed_server.base_url, "ours")


def test_a_cancellation_that_is_refused_is_an_error(feed_server: FeedServer) -> None:
    jobs = [{"jid": "1", "name": "ours", "state": "RUNNING"}]
    feed_server.respond("/jobs/overview", Response(body=json.dumps({"jobs": jobs}).encode()))
    with pytest.raises(OSError, match="501"):
        cancel_on_cluster(feed_server.base_url, "ours")


def test_a_job_manager_that_does_not_answer_is_an_error() -> None:
    with pytest.raises(OSError, match="refused"):
        cancel_on_cluster("127.0.0.1:1", "ours")


def test_a_new_job_is_not_started_where_the_cluster_cannot_be_asked_for_the_old_one() -> None:
    with pytest.raises(TransientError, match=r"--flink_master must be the JobManager's REST"):
        replace_on_cluster("127.0.0.1:1", "ours")
