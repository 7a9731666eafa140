"""The queues of a pool of fetches, without one: whoever serves them is the test."""

from collections.abc import Callable

from schemas.poll import FetchResult, Poll
from tests.transforms.http.polls import NOW, lease_of, work_of
from transforms.http.host_queues import HostQueues

A, B = "http://127.0.0.1/a", "http://127.0.0.1/b"


def answer(poll: Poll, hold_host: float | None = None) -> FetchResult:
    return FetchResult(poll=poll, fetched_at=NOW, hold_host=hold_host)


def test_a_queued_poll_of_the_same_feed_is_replaced() -> None:
    queues = HostQueues()
    queues.put(work_of(A, B, token="t1"))
    host = queues.put(work_of(A, token="t2"))
    assert queues.pending() == 2
    first, second = queues.next_poll(host), queues.next_poll(host)
    assert first is not None
    assert second is not None
    assert [(one.feed.url, one.lease.token) for one in (first, second)] == [(B, "t1"), (A, "t2")]
    assert queues.next_poll(host) is None


def test_an_answer_to_a_dropped_poll_is_let_be() -> None:
    queues = HostQueues()
    host = queues.put(work_of(A))
    stopped: list[str] = []
    queues.serve(host, lambda: lambda: stopped.append(A))
    poll = queues.next_poll(host)
    assert poll is not None
    queues.drop(lease_of("127.0.0.1"))
    queues.answered(host, poll, answer(poll))
    assert (stopped, queues.pending(), queues.collect(0)) == ([A], 0, [])


def test_what_is_being_asked_can_be_left_to_its_answer() -> None:
    queues = HostQueues()
    host = queues.put(work_of(A, B))
    poll = queues.next_poll(host)
    assert poll is not None
    host.asking = True
    assert [one.feed.url for one in queues.abandon(keep_asking=True)] == [B]
    queues.answered(host, poll, answer(poll))
    assert [one.poll.feed.url for one in queues.collect(0)] == [A]
    assert queues.leases() == []


def test_whoever_serves_a_host_is_started_once_and_again_after_the_end() -> None:
    queues = HostQueues()
    started: list[int] = []

    def start() -> Callable[[], object]:
        started.append(len(started))
        return lambda: None

    host = queues.put(work_of(A))
    queues.serve(host, start)
    queues.serve(host, start)
    assert started == [0]
    poll = queues.next_poll(host)
    assert poll is not None
    queues.break_off(answer)
    assert [one.poll.feed.url for one in queues.collect(0)] == [A]
    queues.serve(queues.put(work_of(B)), start)
    assert started == [0, 1]
