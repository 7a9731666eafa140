"""What `run --once` leaves alone and why, and what it says of what it rejects."""

from datetime import timedelta
from typing import Any

import pytest

from pipeline.held_back import HeldBack, describe, held_back, without_backoff
from schemas.feed import FeedState
from tests.pipeline.dateline import Dateline
from tests.servers.feed_documents import Item, rss
from tests.servers.feed_server import FeedServer, Response
from tests.transforms.http.polls import NOW

HOUR = timedelta(hours=1)


def state(**values: Any) -> FeedState:
    return FeedState(url="https://paper.example/feed", host="paper.example", **values)


@pytest.mark.parametrize(
    ("states", "hosts", "held"),
    [
        ([state()], {}, None),
        ([state(hold_until=NOW - HOUR)], {"paper.example": NOW - HOUR}, None),
        ([state(hold_until=NOW + HOUR, retired=True)], {}, None),
        ([state(hold_until=NOW + HOUR)] * 2, {}, HeldBack(2, 0, NOW + HOUR)),
        ([state(hold_until=NOW + HOUR, retry_after=NOW + HOUR)], {}, HeldBack(0, 1, NOW + HOUR)),
        ([state(hold_until=NOW + HOUR, retry_after=NOW - HOUR)], {}, HeldBack(1, 0, NOW + HOUR)),
        ([state()], {"paper.example": NOW + HOUR}, HeldBack(0, 1, NOW + HOUR)),
        (
            [state(hold_until=NOW + 2 * HOUR)],
            {"paper.example": NOW + HOUR},
            HeldBack(0, 1, NOW + 2 * HOUR),
        ),
    ],
    ids=["free", "over", "retired", "failures", "wish", "old wish", "host", "host and failures"],
)
def test_who_is_held_back_and_why(
    states: list[FeedState], hosts: dict[str, Any], held: HeldBack | None
) -> None:
    assert held_back(states, hosts, NOW) == held


def test_it_is_said_with_what_ends_it() -> None:
    assert describe(HeldBack(58, 2, NOW)) == (
        "60 feeds held back (58 after failures, 2 by Retry-After), the first until 2026-03-01 "
        "12:00 UTC: `--once` polls them then, `--once --force` those after failures now"
    )
    assert "--force" not in describe(HeldBack(0, 2, NOW))


def test_a_servers_wish_outlives_the_end_of_a_backoff() -> None:
    assert without_backoff(state(hold_until=NOW + HOUR), NOW).hold_until is None
    wished = state(hold_until=NOW + 2 * HOUR, retry_after=NOW + HOUR)
    assert without_backoff(wished, NOW).hold_until == NOW + HOUR


def test_force_ends_our_backoff_and_no_servers_wish(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    feed_server.respond("/ours.xml", Response(404))
    feed_server.respond("/theirs.xml", Response(429, {"Retry-After": "3600"}))
    urls = [feed_server.url("/ours.xml"), f"http://localhost:{feed_server.port}/theirs.xml"]
    dateline.configure(*urls)
    dateline.run_once(status=1)
    feed_server.put("/ours.xml", rss([Item("g1", "https://paper.example/1", "N1")]))
    said = dateline.run_once()
    assert "2 feeds held back (1 after failures, 1 by Retry-After), the first until" in said
    said = dateline("run", "--once", "--force").stderr
    assert "done: 1 feed polled, 1 new article" in said
    assert [request.path for request in feed_server.requests].count("/theirs.xml") == 1


def test_a_feed_that_was_not_asked_has_not_failed(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    feed_server.respond("/429.xml", Response(429, {"Retry-After": "3600"}))
    feed_server.put("/good.xml", rss([Item("g1", "https://paper.example/1", "N1")]))
    dateline.configure(feed_server.url("/429.xml"), feed_server.url("/good.xml"))
    said = dateline.run_once(status=1)
    assert "1 feed polled, 0 new articles, 1 feed failed, 1 feed held back" in said
    assert f"INFO {feed_server.url('/good.xml')}: held back until 20" in said
    status = dateline("feeds", "status").stdout
    assert "new, held back until 20" in status
    assert "answered 429" in status.split("good.xml")[1]


def test_a_dead_letter_is_told_once(dateline: Dateline, feed_server: FeedServer) -> None:
    feed_server.put("/feed.xml", rss([Item("g1", "https://paper.example/1", "T" * 50)]), etag=False)
    dateline.configure(feed_server.url("/feed.xml"), limits={"title_chars": 20})
    said = dateline.run_once(status=1)
    assert "1 dead letter" in said
    assert f"{feed_server.url('/feed.xml')}: a new dead letter: 'g1' (normalize): the title" in said
    assert f"see `dateline replay --list --feed {feed_server.url('/feed.xml')}`" in said
    said = dateline.run_once(status=0)
    assert "1 rejected as before" in said
    assert "a new dead letter" not in said
