"""How long a feed is left alone, by what it publishes and what its publisher wishes."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.config import IntervalConfig
from schemas.feed import FeedState
from schemas.poll import FetchResult
from tests.transforms.http.polls import NOW, poll_of
from transforms.feeds.intervals import (
    adapted_interval,
    entries_a_day,
    is_mostly_new,
    outside_skipped,
    publishers_wish,
)

URL = "https://paper.example/feed"
DAY = timedelta(days=1)


def known(**values: Any) -> FeedState:
    return FeedState(url=URL, host="paper.example", **{"interval_seconds": 1000.0, **values})


def answer(**values: Any) -> FetchResult:
    return FetchResult(poll=poll_of(URL), fetched_at=NOW, **{"status": 200, **values})


def watched(polls: list[tuple[timedelta, int]]) -> FeedState:
    """Gives the state after polls, each so long after the last one and with so many entries."""
    state, now = known(counting_since=NOW, last_success=NOW, entries_a_day=0.0), NOW
    for pause, new in polls:
        now += pause
        rate = entries_a_day(state, new, now)
        state = state.model_copy(update={"entries_a_day": rate, "last_success": now})
    return state


@pytest.mark.parametrize("every", [timedelta(minutes=5), timedelta(hours=6), 2 * DAY], ids=str)
def test_a_steady_feed_has_its_own_rate(every: timedelta) -> None:
    state = watched([(every, 3)] * max(20, int(20 * DAY / every)))
    assert state.entries_a_day == pytest.approx(3 * DAY / every, rel=0.3)


def test_what_was_published_long_ago_counts_little() -> None:
    busy = watched([(DAY, 100)] * 10)
    silent = watched([(DAY, 100)] * 10 + [(DAY, 0)] * 9)
    assert busy.entries_a_day == pytest.approx(100, rel=0.15)
    assert silent.entries_a_day == pytest.approx(100 / 8, rel=0.15)


def test_the_entries_that_a_feed_begins_with_are_no_rate() -> None:
    assert entries_a_day(known(), 50, NOW) == 0.0
    backlog = known(counting_since=NOW, last_success=NOW, entries_a_day=0.0, pending=True)
    assert entries_a_day(backlog, 50, NOW + DAY) == 0.0


@given(
    st.lists(
        st.tuples(st.timedeltas(timedelta(0), 30 * DAY), st.integers(0, 1000)),
        min_size=1,
        max_size=30,
    )
)
def test_a_rate_is_never_negative_nor_more_than_all_in_a_day(
    polls: list[tuple[timedelta, int]],
) -> None:
    rate = watched(polls).entries_a_day
    assert rate is not None
    assert 0 <= rate <= sum(new for _, new in polls) * 1.0001


def test_a_feed_of_known_rate_is_asked_twice_between_two_entries() -> None:
    bounds = IntervalConfig(min=60, max=86_400)
    often = adapted_interval(
        known(interval_seconds=80_000.0),
        bounds,
        new_entries=0,
        mostly_new=False,
        entries_a_day=24.0,
    )
    assert often == 1800
    # As rarely as ever where nothing is known.
    assert (
        adapted_interval(known(), bounds, new_entries=0, mostly_new=False, entries_a_day=0.0)
        == 1500
    )


def test_a_delta_and_a_first_poll_are_not_mostly_new() -> None:
    assert is_mostly_new(known(), answer(), 5, 10)
    assert not is_mostly_new(known(), answer(), 4, 10)
    assert not is_mostly_new(known(), answer(), 0, 0)
    assert not is_mostly_new(known(), answer(status=226), 3, 3)
    assert not is_mostly_new(known(interval_seconds=None), answer(), 10, 10)


def test_ttl_and_max_age_yield_where_most_is_new() -> None:
    state = known(ttl_seconds=3600.0)
    assert publishers_wish(state, answer(), mostly_new=False) == 3600
    assert publishers_wish(state, answer(max_age_seconds=7200), mostly_new=False) == 7200
    assert publishers_wish(state, answer(max_age_seconds=7200), mostly_new=True) == 0


# 1 March 2026, noon, is a Sunday.
@pytest.mark.parametrize(
    ("hours", "days", "hour"),
    [
        ([], [], timedelta(0)),
        ([11, 13], [5], timedelta(0)),
        ([12], [], timedelta(hours=1)),
        ([12, 13, 14], [], timedelta(hours=3)),
        ([], [6], timedelta(hours=12)),
        ([0, 1], [6], timedelta(hours=14)),
    ],
    ids=["none", "others", "this_hour", "three_hours", "sundays", "sundays_and_nights"],
)
def test_a_due_time_leaves_skipped_hours(
    hours: list[int], days: list[int], hour: timedelta
) -> None:
    due = NOW.replace(minute=0)
    assert outside_skipped(due, due + 7 * DAY, hours=hours, days=days, jitter=0.0) == due + hour


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
    st.timedeltas(timedelta(0), 8 * DAY),
    st.sets(st.integers(0, 23)),
    st.sets(st.integers(0, 6)),
    st.floats(0, 0.999),
)
def test_skipping_never_hastens_nor_passes_the_latest_time(
    due: datetime, room: timedelta, hours: set[int], days: set[int], jitter: float
) -> None:
    latest = due + room
    moved = outside_skipped(due, latest, hours=hours, days=days, jitter=jitter)
    assert due <= moved <= latest
    if moved not in (due, latest):
        assert moved.hour not in hours
        assert moved.weekday() not in days
