"""The jobs of a Flink cluster, played by a server; `make test-flink` cancels one on a real one."""

import json

import pytest

from pipeline.flink_jobs import (
    cancel_on_cluster,
    end_on_cluster,
    is_cluster,
    jobs_under_way,
    replace_on_cluster,
)
from pipeline.stopping import StopRequest
from schemas.errors import TransientError
from tests.servers.feed_server import FeedServer, Response


def overview(*jobs: tuple[str, str, str]) -> Response:
    """Gives a JobManager's answer of jobs: id, name, state."""
    listed = [{"jid": jid, "name": name, "state": state} for jid, name, state in jobs]
    return Response(body=json.dumps({"jobs": listed}).encode())


@pytest.mark.parametrize(
    ("master", "known"),
    [("", False), ("[auto]", False), ("[local]", False), ("flink:8081", True)],
)
def test_a_cluster_is_told_from_what_beam_starts_itself(master: str, known: bool) -> None:
    assert is_cluster(master) is known


def test_no_job_of_another_name_or_that_has_ended_is_cancelled(feed_server: FeedServer) -> None:
    jobs = overview(("1", "ours", "FAILED"), ("2", "another", "RUNNING"))
    feed_server.respond("/jobs/overview", jobs)
    # The server would refuse to cancel anything.
    assert not cancel_on_cluster(feed_server.base_url, "ours")


def test_a_cancellation_that_is_refused_is_an_error(feed_server: FeedServer) -> None:
    feed_server.respond("/jobs/overview", overview(("1", "ours", "RUNNING")))
    with pytest.raises(OSError, match="501"):
        cancel_on_cluster(feed_server.base_url, "ours")


def test_a_job_manager_that_does_not_answer_is_an_error() -> None:
    with pytest.raises(OSError, match="refused"):
        cancel_on_cluster("127.0.0.1:1", "ours")


def test_a_new_job_is_not_started_where_the_cluster_cannot_be_asked_for_the_old_one() -> None:
    with pytest.raises(TransientError, match=r"--flink_master must be the JobManager's REST"):
        replace_on_cluster("127.0.0.1:1", "ours")


def test_a_job_is_under_way_until_it_has_ended(feed_server: FeedServer) -> None:
    jobs = overview(
        ("1", "ours", "CANCELED"), ("2", "ours", "CANCELLING"), ("3", "other", "RUNNING")
    )
    feed_server.respond("/jobs/overview", jobs)
    assert jobs_under_way(feed_server.base_url, "ours") == {"2": "CANCELLING"}


def test_the_end_of_a_job_that_is_being_cancelled_is_waited_for(feed_server: FeedServer) -> None:
    cancelling, ended = (overview(("1", "ours", state)) for state in ("CANCELLING", "CANCELED"))
    # The JobManager may be away for a moment.
    feed_server.respond("/jobs/overview", cancelling, Response(status=503), ended)
    assert end_on_cluster(feed_server.base_url, "ours", StopRequest())
    assert len(feed_server.requests_to("/jobs/overview")) == 3


def test_a_job_that_does_not_end_is_an_error(feed_server: FeedServer) -> None:
    feed_server.respond("/jobs/overview", overview(("1", "ours", "CANCELLING")))
    with pytest.raises(TransientError, match="has not ended job ours within 0 s"):
        end_on_cluster(feed_server.base_url, "ours", StopRequest(), seconds=0)


def test_who_stops_the_driver_does_not_wait_for_the_jobs_end(feed_server: FeedServer) -> None:
    feed_server.respond("/jobs/overview", overview(("1", "ours", "CANCELLING")))
    stop = StopRequest()
    stop.ask(15)
    assert not end_on_cluster(feed_server.base_url, "ours", stop)
