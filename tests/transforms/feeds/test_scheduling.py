"""When a feed is due next, and what its state learns."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.config import IntervalConfig, PollingConfig
from schemas.entry import ParsedFeed
from schemas.feed import Feed, FeedInterval, FeedState
from schemas.poll import FetchResult
from tests.transforms.http.polls import NOW, poll_of
from transforms.feeds.intervals import due_under
from transforms.feeds.scheduling import next_state

URL = "https://paper.example/feed"
CONFIG = PollingConfig(interval=IntervalConfig(min=300, max=7200))


def after(
    state: FeedState | None = None,
    new: int = 0,
    total: int = 10,
    ttl: float | None = None,
    jitter: float = 0.5,
    silent_until: datetime | None = None,
    left_over: int = 0,
    config: PollingConfig = CONFIG,
    own: FeedInterval | None = None,
    **answer: Any,
) -> FeedState:
    poll = poll_of(URL).model_copy(update={"feed": Feed(url=URL, interval=own)})
    result = FetchResult(poll=poll, fetched_at=NOW, **{"status": 200, **answer})
    parsed = ParsedFeed(title="Paper", ttl_minutes=ttl) if result.status == 200 else None
    return next_state(
        state or FeedState(url=URL, host="paper.example"),
        result,
        now=NOW,
        config=config,
        new_entries=new,
        total_entries=total,
        parsed=parsed,
        jitter=jitter,
        left_over=left_over,
        silent_until=silent_until,
    )


def known(**values: Any) -> FeedState:
    return FeedState(url=URL, host="paper.example", interval_seconds=1000, **values)


def wait(state: FeedState) -> float:
    assert state.next_due is not None
    return (state.next_due - NOW).total_seconds()


@pytest.mark.parametrize(
    ("own", "answer", "seconds"),
    [
        (FeedInterval(min=60, max=120), {}, 120),
        (FeedInterval(max=60), {}, 60),
        (FeedInterval(min=9000), {}, 9000),
        (FeedInterval(min=60), {"status": 500, "error": "HTTP 500"}, 60),
        (FeedInterval(max=900), {}, 900),
    ],
    ids=["both", "below the floor", "above the ceiling", "backoff", "ceiling"],
)
def test_a_feed_may_have_bounds_of_its_own(
    own: FeedInterval, answer: dict[str, Any], seconds: float
) -> None:
    assert wait(after(known(), own=own, **answer)) == seconds


@given(
    jitter=st.floats(0, 1, exclude_max=True),
    status=st.sampled_from((200, 304, 500)),
    hours=st.lists(st.integers(0, 23)),
    left_over=st.integers(0, 2),
    hold=st.sampled_from((None, 10.0, 99_999.0)),
)
def test_bounds_that_have_not_changed_leave_every_due_time(
    jitter: float, status: int, hours: list[int], left_over: int, hold: float | None
) -> None:
    error = "500" if status == 500 else ""
    state = after(
        known(skip_hours=hours),
        jitter=jitter,
        left_over=left_over,
        status=status,
        error=error,
        hold_host=hold,
    )
    assert due_under(state, Feed(url=URL), CONFIG.interval) == state.next_due


@pytest.mark.parametrize(
    ("own", "answer", "seconds"),
    [
        (None, {}, 600),
        (FeedInterval(min=900, max=1200), {}, 1200),
        (FeedInterval(max=300), {}, 300),
        (None, {"hold_host": 99_999.0}, 99_999),
        (None, {"status": 500, "error": "500"}, 300),
    ],
    ids=["lowered", "the feed's own", "the feed's lower", "its server's wish", "backoff"],
)
def test_a_lowered_ceiling_shortens_a_wait_that_nobody_asked_for(
    own: FeedInterval | None, answer: dict[str, Any], seconds: float
) -> None:
    due = due_under(
        after(known(), **answer), Feed(url=URL, interval=own), IntervalConfig(min=60, max=600)
    )
    assert due == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("new", "seconds"), [(0, 1500), (1, 1000), (5, 500)], ids=["none", "some", "half"]
)
def test_the_interval_follows_what_is_new(new: int, seconds: float) -> None:
    state = after(known(), new=new)
    assert (state.interval_seconds, wait(state)) == (seconds, seconds)


def test_a_feed_whose_hub_announces_what_is_new_is_asked_rarely() -> None:
    assert wait(after(known(), new=1, silent_until=NOW + timedelta(seconds=6000))) == 6000
    assert wait(after(known(), new=1, silent_until=NOW + timedelta(days=8))) == 7200
    failed = after(known(), status=500, error="500", silent_until=NOW + timedelta(days=8))
    assert wait(failed) == 300


def test_a_feed_is_due_at_once_only_while_it_leaves_fewer_and_fewer_entries() -> None:
    waits, state = [], known(etag='"old"')
    for left_over in (3, 2, 2, 4, 1, 0):
        state = after(state, new=1, left_over=left_over, etag='"new"')
        waits.append(wait(state))
        assert (state.pending, state.left_over) == (left_over > 0, left_over)
        assert state.etag == ("" if left_over else '"new"'), "fetched again, whole"
    assert waits == [0, 0, 1000, 1000, 0, 1000]
    silent = after(known(), left_over=1, silent_until=NOW + timedelta(days=8))
    assert wait(silent) == 0
    failed = after(after(known(), left_over=3), status=500, error="500")
    assert (failed.pending, failed.left_over, wait(failed)) == (True, 3, 300)


def test_the_publishers_wishes_lengthen_the_wait() -> None:
    assert wait(after(known(), new=1, ttl=30)) == 1800
    assert wait(after(known(), new=1, max_age_seconds=3000)) == 3000
    assert wait(after(known(), new=1, max_age_seconds=1e9)) == 7200


def test_a_documents_wishes_hold_for_the_answers_without_a_document() -> None:
    parsed = after(known(), new=1, ttl=30)
    assert wait(after(parsed, new=0, status=304)) == 1800
    skipping = known(skip_hours=list(range(12, 24)))
    assert wait(after(skipping, new=1, status=304)) > 7200 - 1


def test_what_is_mostly_new_is_asked_again_before_its_ttl() -> None:
    assert wait(after(known(), new=9, ttl=30, max_age_seconds=3000)) == 500


# NOW is a Sunday, noon.
@pytest.mark.parametrize(
    "answer",
    [
        {"new": 1, "status": 304},
        {"new": 1, "status": 304, "silent_until": NOW + timedelta(seconds=1200)},
        {"status": 500, "error": "500"},
    ],
    ids=["success", "announced_by_its_hub", "failure"],
)
def test_nothing_is_asked_in_skipped_hours_and_days_but_at_the_ceiling(
    answer: dict[str, Any],
) -> None:
    hour = after(known(skip_hours=[12]), jitter=0.0, **answer)
    assert wait(hour) == 3600
    days = after(known(skip_days=[6]), jitter=0.0, **answer)
    assert wait(days) == CONFIG.interval.max
    if answer.get("error"):
        assert hour.hold_until == hour.next_due


@pytest.mark.parametrize(
    ("jitter", "seconds"), [(0.0, 900), (0.5, 1000), (0.999, 1099.8)], ids=["soon", "mid", "late"]
)
def test_the_wait_is_spread_by_a_tenth(jitter: float, seconds: float) -> None:
    assert wait(after(known(), new=1, jitter=jitter)) == pytest.approx(seconds)


def test_failures_double_the_wait_and_a_success_ends_it() -> None:
    state, waits = known(), []
    for _ in range(7):
        state = after(state, status=500, error="broken")
        waits.append(wait(state))
    assert waits == [300, 600, 1200, 2400, 4800, 7200, 7200]
    assert (state.consecutive_failures, state.last_error) == (7, "broken")
    healed = after(state, new=1)
    assert (healed.consecutive_failures, healed.last_error, healed.hold_until) == (0, "", None)


def test_a_feed_that_fails_for_long_is_dormant_until_it_answers() -> None:
    state = known(consecutive_failures=20, failing_since=NOW - timedelta(days=15), last_failure=NOW)
    dormant = after(state, status=500, error="broken")
    assert (dormant.dormant, wait(dormant)) == (True, 7 * 86_400)
    assert dormant.failing_since == state.failing_since
    config = CONFIG.model_copy(update={"dormant_interval": 60.0})
    never_sooner = after(state, status=500, error="broken", config=config)
    assert wait(never_sooner) == CONFIG.interval.max
    awake = after(dormant, new=1)
    assert (awake.dormant, awake.failing_since, wait(awake)) == (False, None, 1000)


@pytest.mark.parametrize(
    ("failures", "days"), [(1, 30), (20, 13)], ids=["few_failures", "not_long_enough"]
)
def test_a_feed_is_not_dormant_before(failures: int, days: int) -> None:
    since = NOW - timedelta(days=days)
    state = known(consecutive_failures=failures, failing_since=since)
    failed = after(state, status=500, error="broken")
    assert not failed.dormant
    assert wait(failed) <= 7200


def test_a_wish_for_one_feed_holds_it_back_too() -> None:
    assert wait(after(known(), status=429, error="later", hold_feed=80_000)) == 80_000


def test_retry_after_goes_beyond_the_longest_interval() -> None:
    state = after(known(), status=429, error="later", hold_host=80_000)
    assert wait(state) == 80_000
    assert state.hold_until == state.retry_after == NOW + timedelta(seconds=80_000)
    broken = after(known(), status=500, error="broken")
    assert (broken.hold_until, broken.retry_after) == (NOW + timedelta(seconds=300), None)


@pytest.mark.parametrize("held", ["hold_host", "hold_feed"])
def test_a_feed_that_was_held_back_has_not_failed(held: str) -> None:
    before = known(consecutive_failures=0, etag='"a"')
    held_back: dict[str, Any] = {held: 60}
    state = after(before, status=None, error="held back", **held_back)
    assert (state.consecutive_failures, state.last_error, wait(state)) == (0, "", 60)
    assert state.etag == '"a"'


def test_gone_retires_a_feed_until_it_answers_again() -> None:
    gone = after(known(), status=410, error="gone")
    assert gone.retired
    assert not after(gone).retired


def test_what_a_temporary_redirect_leads_to_may_be_gone_and_the_feed_not() -> None:
    gone: dict[str, Any] = {"status": 410, "error": "gone", "detoured": True}
    assert not after(known(), **gone).retired
    address = "https://new.example/feed"
    assert after(known(address=address), **gone).address == address


def test_validators_are_those_of_the_last_answer() -> None:
    state = after(known(etag='"old"'), etag='"new"', last_modified="yesterday")
    assert (state.etag, state.last_modified) == ('"new"', "yesterday")
    assert after(state, status=304).etag == '"new"'
    assert after(state, etag="").etag == ""
    assert after(state, status=500, error="x").etag == '"new"'


@given(
    st.floats(0, 0.999),
    st.integers(0, 100),
    st.integers(0, 10_000),
    st.none() | st.floats(1, 1e7),
    st.none() | st.floats(0, 1e6),
    st.lists(st.integers(0, 23), max_size=24, unique=True),
    st.sampled_from(["", "broken"]),
)
def test_the_wait_stays_within_the_bounds_and_the_state_untouched(
    jitter: float,
    new: int,
    failures: int,
    age: float | None,
    rate: float | None,
    hours: list[int],
    error: str,
) -> None:
    before = known(
        consecutive_failures=failures,
        entries_a_day=rate,
        counting_since=NOW - timedelta(days=9),
        last_success=NOW - timedelta(days=2),
        skip_hours=hours,
    )
    copy = before.model_copy(deep=True)
    state = after(before, new=new, jitter=jitter, max_age_seconds=age, error=error)
    assert 300 <= wait(state) <= 7200
    assert before == copy
