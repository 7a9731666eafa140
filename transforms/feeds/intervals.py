"""How long a feed is left alone: what it has published, and what its publisher wishes."""

from collections.abc import Collection
from datetime import datetime, timedelta
from math import exp2

from schemas.config import IntervalConfig
from schemas.feed import Feed, FeedState
from schemas.poll import FetchResult

_SLOWER = 1.5
_FASTER = 2.0
# A feed that shows this share of new entries is about to lose some between two polls.
_MANY_NEW = 0.5
_HALF_LIFE_DAYS = 3.0
# Before a day has passed, a rate is a guess: what came is counted as the whole day's.
_SHORTEST_WINDOW_DAYS = 1.0
_DAY_SECONDS = 86_400.0
_FEED_DELTA = 226


def is_mostly_new(
    state: FeedState, result: FetchResult, new_entries: int, total_entries: int
) -> bool:
    """Says whether so much is new that entries may be lost before the next poll.

    The first poll and a delta (RFC 3229, 226), which hold nothing else, say nothing of it.
    """
    if state.interval_seconds is None or result.status == _FEED_DELTA:
        return False
    return new_entries > 0 and new_entries >= _MANY_NEW * total_entries


def adapted_interval(
    state: FeedState,
    bounds: IntervalConfig,
    *,
    new_entries: int,
    mostly_new: bool,
    entries_a_day: float,
) -> float:
    """Gives the seconds between two polls that suit what the feed publishes.

    Args:
        state: Before the poll; without an interval it starts at the shortest.
        bounds: Shortest and longest interval.
        new_entries: Found in this poll.
        mostly_new: As `is_mostly_new` says.
        entries_a_day: As `entries_a_day` gives it.

    Returns:
        Half of the last interval where most was new, the same where some was, 1.5 times as much
        where nothing was; never more than half of the mean time between two entries.
    """
    interval = state.interval_seconds
    if interval is None:
        return bounds.min
    if mostly_new:
        interval /= _FASTER
    elif new_entries == 0:
        interval *= _SLOWER
    if entries_a_day > 0:
        interval = min(interval, _DAY_SECONDS / entries_a_day / 2)
    return min(max(interval, bounds.min), bounds.max)


def entries_a_day(state: FeedState, new_entries: int, now: datetime) -> float:
    """Gives how many entries the feed brings in a day, those of the last days counting most.

    An exponentially weighted mean of a half-life of three days, corrected for the time that the
    feed has been watched. What stood in the feed at its first poll, and what is left of that
    over the limit, is not counted: it came before.
    """
    if state.counting_since is None or state.last_success is None:
        return 0.0
    passed = _days(state.last_success, now)
    before = (state.entries_a_day or 0.0) * _weight(_days(state.counting_since, state.last_success))
    counted = 0 if state.pending else new_entries
    total = before * exp2(-passed / _HALF_LIFE_DAYS) + counted * _weight_of_a_day()
    return total / _weight(_days(state.counting_since, now))


def publishers_wish(state: FeedState, result: FetchResult, *, mostly_new: bool) -> float:
    """Gives the seconds that the publisher wants between two polls; 0 where nothing is said.

    `ttl` and `sy:updatePeriod`, of the last document that was read, and the freshness of this
    answer (RFC 9111, section 4.2). Where most entries are new, all were guessed too long, and
    entries would be lost. If a cache does give the same answer again, nothing in it is new, and
    what is left of its freshness counts.
    """
    if mostly_new:
        return 0.0
    return max(state.ttl_seconds or 0.0, result.max_age_seconds or 0.0)


def due_under(state: FeedState, feed: Feed, interval: IntervalConfig | None) -> datetime | None:
    """Gives when a feed is due under bounds that may be others than at its last poll.

    Args:
        state: As its last poll left it.
        feed: As configured now.
        interval: `polling.interval` as configured now; None leaves the due time as it is.

    Returns:
        Its due time, but not later than its longest interval after the last success; what a
        failure or its server keeps back is not shortened.
    """
    if (
        interval is None
        or state.next_due is None
        or state.last_success is None
        or state.hold_until is not None
    ):
        return state.next_due
    longest = interval.for_feed(feed).max
    return min(state.next_due, state.last_success + timedelta(seconds=longest))


def outside_skipped(
    due: datetime, latest: datetime, *, hours: Collection[int], days: Collection[int], jitter: float
) -> datetime:
    """Moves a due time out of the hours and days in which the publisher asks to be skipped.

    Args:
        due: UTC.
        latest: The wish is a hint (RSS 2.0): the time is not moved past this one.
        hours: Skipped hours of the day, UTC, 0 to 23.
        days: Skipped days, Monday is 0.
        jitter: In [0, 1): spreads over the first ten minutes of the hour that is not skipped.
    """
    if due.hour not in hours and due.weekday() not in days:
        return due
    moved = due.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=10 * jitter)
    # A week of hours holds every pair of hour and day.
    for _ in range(7 * 24):
        moved += timedelta(hours=1)
        if moved.hour not in hours and moved.weekday() not in days:
            return max(due, min(moved, latest))
    return due


def _days(start: datetime, end: datetime) -> float:
    return max((end - start).total_seconds(), 0.0) / _DAY_SECONDS


def _weight_of_a_day() -> float:
    return 1 - exp2(-1 / _HALF_LIFE_DAYS)


def _weight(days: float) -> float:
    return 1 - exp2(-max(days, _SHORTEST_WINDOW_DAYS) / _HALF_LIFE_DAYS)
