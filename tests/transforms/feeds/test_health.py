"""A feed's health in one word, and its dates from the future."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.feed import FeedState
from tests.transforms.http.polls import NOW
from transforms.feeds.future_dates import FUTURE_AFTER_POLLS, future_after
from transforms.feeds.health import health

HOUR = timedelta(hours=1)


def state(**values: Any) -> FeedState:
    return FeedState(url="https://paper.example/feed", host="paper.example", **values)


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({}, "new"),
        ({"last_success": NOW}, "ok"),
        ({"last_success": NOW, "consecutive_failures": 1}, "failing"),
        ({"consecutive_failures": 9}, "failing"),
        ({"consecutive_failures": 9, "dormant": True}, "dormant"),
        ({"consecutive_failures": 9, "dormant": True, "retired": True}, "retired"),
        ({"last_success": NOW, "retired": True, "removed": True}, "removed"),
    ],
    ids=["new", "ok", "failing", "never_well", "dormant", "retired", "removed"],
)
def test_health(values: dict[str, Any], word: str) -> None:
    assert health(state(**values)) == word


def test_a_feed_that_is_always_hours_ahead_is_noticed() -> None:
    now, feed = NOW, state()
    for ahead in (2.0, 1.5, 3.0):
        now += HOUR
        dates = [now - 5 * HOUR, now + ahead * HOUR]
        feed = feed.model_copy(update=future_after(feed, dates, now))
    assert feed.future_polls == FUTURE_AFTER_POLLS
    assert feed.future_seconds == 1.5 * 3600
    assert future_after(feed, [], now) == {}, "a poll without new entries says nothing"
    healed = feed.model_copy(update=future_after(feed, [now], now))
    assert (healed.future_polls, healed.future_seconds) == (0, 0.0)


def test_a_clock_that_is_minutes_ahead_is_no_wrong_zone() -> None:
    assert future_after(state(), [NOW + timedelta(minutes=10)], NOW)["future_polls"] == 0
