"""When a feed moves for good, and when it comes back."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.feed import Feed, FeedState
from schemas.poll import FetchResult
from tests.transforms.http.polls import NOW, poll_of
from transforms.feeds.moves import after_failure, after_success

OLD, NEW = "https://old.example/feed", "https://new.example/feed"
FEED = Feed(url=OLD)
HOUR = timedelta(hours=1)


def polled(hours: list[float], target: str = NEW, feed: Feed = FEED, **state: Any) -> FeedState:
    """Gives the state after polls that were led to the target, so many hours after the first."""
    now = FeedState(url=OLD, host="old.example", **state)
    for hour in hours:
        result = FetchResult(poll=poll_of(OLD), fetched_at=NOW, status=200, moved_to=target)
        now = now.model_copy(update=after_success(now, feed, result, NOW + hour * HOUR))
    return now


@pytest.mark.parametrize(
    ("hours", "moves"),
    [([0], False), ([0, 1, 2, 3], False), ([0, 30], False), ([0, 1, 24], True)],
    ids=["once", "often_in_an_hour", "twice_in_a_day", "thrice_in_a_day"],
)
def test_a_feed_moves_after_three_permanent_redirects_over_a_day(
    hours: list[float], moves: bool
) -> None:
    state = polled(hours)
    assert (state.address, state.host) == ((NEW, "new.example") if moves else ("", "old.example"))


def test_a_poll_that_is_led_nowhere_begins_the_count_again() -> None:
    halfway = polled([0, 1])
    answered = FetchResult(poll=poll_of(OLD), fetched_at=NOW, status=304)
    settled = halfway.model_copy(update=after_success(halfway, FEED, answered, NOW + 2 * HOUR))
    assert (settled.moved_to, settled.moved_polls, settled.moved_since) == ("", 0, None)
    elsewhere = FetchResult(
        poll=poll_of(OLD), fetched_at=NOW, status=200, moved_to="https://third.example/"
    )
    assert after_success(halfway, FEED, elsewhere, NOW + 30 * HOUR)["moved_polls"] == 1


@pytest.mark.parametrize(
    "target",
    ["http://new.example/feed", "https://user:word@new.example/feed"],
    ids=["without_tls", "with_a_password"],
)
def test_a_feed_moves_to_no_worse_address(target: str) -> None:
    state = polled([0, 1, 24, 48], target)
    assert (state.address, state.moved_polls) == ("", 0)


def test_the_lease_of_a_moved_feed_is_of_its_scope() -> None:
    state = polled([0, 1, 24], "https://rss.new.example/feed", Feed(url=OLD, hold="domain"))
    assert state.host == "new.example"


def test_a_feed_that_has_moved_back_is_asked_as_configured() -> None:
    assert polled([0, 1, 24], OLD, address=NEW).address == ""


@pytest.mark.parametrize(
    ("failures", "gone", "returns"),
    [(1, False, False), (2, False, False), (3, False, True), (1, True, True)],
    ids=["one", "two", "three", "gone"],
)
def test_a_feed_that_fails_where_it_moved_to_comes_back(
    failures: int, gone: bool, returns: bool
) -> None:
    state = FeedState(url=OLD, host="new.example", address=NEW, etag='"1"')
    back = state.model_copy(update=after_failure(state, FEED, failures, gone=gone))
    wanted = ("", "old.example", "") if returns else (NEW, "new.example", '"1"')
    assert (back.address, back.host, back.etag) == wanted


def test_a_feed_that_never_moved_has_nowhere_to_come_back_from() -> None:
    state = FeedState(url=OLD, host="old.example", etag='"1"')
    assert state.model_copy(update=after_failure(state, FEED, 9, gone=True)) == state


@pytest.mark.parametrize("address", ["", OLD], ids=["as_configured", "moved"])
def test_a_failure_ends_a_row_of_redirected_polls(address: str) -> None:
    halfway = polled([0, 1], address=address)
    assert halfway.moved_polls == 2
    failed = halfway.model_copy(update=after_failure(halfway, FEED, 1, gone=False))
    assert (failed.moved_to, failed.moved_polls, failed.moved_since) == ("", 0, None)
