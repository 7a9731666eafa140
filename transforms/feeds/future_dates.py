"""Feeds whose newest entries are always dated in the future: a wrong clock or time zone."""

from collections.abc import Iterable
from datetime import datetime

from schemas.feed import FeedState

# Clocks differ by minutes; zones by at least a quarter of an hour.
MIN_AHEAD_SECONDS = 900.0
FUTURE_AFTER_POLLS = 3
"""Polls in a row with new entries, all of them ahead, from which on it is no announcement."""


def future_after(
    state: FeedState, new_dates: Iterable[datetime], now: datetime
) -> dict[str, object]:
    """Gives what a poll changes in a state's count of polls with dates in the future.

    A poll without new, dated entries says nothing.

    Args:
        state: Before the poll.
        new_dates: When its new entries were published, as the feed says, UTC.
        now: The time of the poll, UTC.

    Returns:
        `future_polls` and `future_seconds`, how far the newest entry was ahead at the least over
        those polls.
    """
    newest = max(new_dates, default=None)
    if newest is None:
        return {}
    ahead = (newest - now).total_seconds()
    if ahead < MIN_AHEAD_SECONDS:
        return {"future_polls": 0, "future_seconds": 0.0}
    least = min(ahead, state.future_seconds) if state.future_polls else ahead
    return {"future_polls": state.future_polls + 1, "future_seconds": least}
