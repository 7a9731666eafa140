"""When a feed is due next, and what else its state learns from an answer: one pure function."""

from datetime import datetime, timedelta

from schemas.config import PollingConfig
from schemas.entry import ParsedFeed
from schemas.feed import FeedState
from schemas.poll import FetchResult
from transforms.feeds import intervals, moves

_JITTER = 0.1
# Doubling more often than this is past any ceiling.
_MAX_DOUBLINGS = 40
# A machine that was away for weeks and fails once on its return has not seen the feed fail so long.
_DORMANT_FAILURES = 8
_GONE = 410


def next_state(
    state: FeedState,
    result: FetchResult,
    *,
    now: datetime,
    config: PollingConfig,
    new_entries: int,
    total_entries: int,
    parsed: ParsedFeed | None,
    jitter: float,
    left_over: int = 0,
    silent_until: datetime | None = None,
) -> FeedState:
    """Gives a feed's state after a poll; `state` is left as it is.

    After a success the interval follows what the feed publishes (`adapted_interval`) and is
    lengthened by what its publisher wishes (`publishers_wish`). A failure doubles the shortest
    interval with each in a row, and a feed that has failed for `config.dormant_after` is tried
    every `config.dormant_interval` until it answers. Hours and days to be skipped are left out.
    The next due time lies within `config.interval`, or the feed's own, up to 10 % earlier or later
    but never outside those bounds, unless the feed is dormant or the server asked to be left
    alone for longer. A feed that was not asked, since its host or one that it redirects to wants
    to be left alone, has not failed: it only waits. Entries over the limit make the feed due at
    once, as long as they become fewer.

    Args:
        state: As it was before.
        result: The answer, `error` empty for a success; `hold_host` or `hold_feed` is the
            server's wish, seconds.
        now: The time of the decision, UTC.
        config: The bounds; the feed may have some of its own.
        new_entries: Entries never seen before.
        total_entries: Entries in the document.
        parsed: The document, or None (304, failure).
        jitter: In [0, 1).
        left_over: Entries of the document over the limit that have never failed.
        silent_until: Pushes announce what is new until then, so that a success waits as long, but
            not past the ceiling.
    """
    bounds = config.interval.for_feed(result.poll.feed)
    if bounds is not config.interval:  # hardly any feed has its own
        config = config.model_copy(update={"interval": bounds})
    if _was_held_back(result):
        held = _held_until(result, now) or now
        update = {"next_due": held, "hold_until": held, "retry_after": held}
        return state.model_copy(update=update)
    polled = state.model_copy(
        update={
            "polls": state.polls + 1,
            "last_poll": result.fetched_at,
            "last_status": result.status,
        }
    )
    if result.error:
        return _failed(polled, result, now, config, jitter)
    succeeded = _succeeded(
        polled, result, now, config, new_entries, total_entries, parsed, jitter, silent_until
    )
    return _unfinished(polled, succeeded, left_over, now) if left_over else succeeded


def is_later(state: FeedState, other: FeedState) -> bool:
    """Says whether a state is of a later poll than another of the same feed."""
    if state.last_poll is None:
        return False
    return other.last_poll is None or state.last_poll > other.last_poll


def _was_held_back(result: FetchResult) -> bool:
    asked = result.hold_host is None and result.hold_feed is None
    return bool(result.error) and result.status is None and not asked


def _failed(
    state: FeedState, result: FetchResult, now: datetime, config: PollingConfig, jitter: float
) -> FeedState:
    failures = state.consecutive_failures + 1
    since = state.failing_since or now
    dormant = (
        now - since >= timedelta(seconds=config.dormant_after) and failures >= _DORMANT_FAILURES
    )
    if dormant:
        rarely = max(config.dormant_interval, config.interval.max)
        due = now + timedelta(seconds=_jittered(rarely, jitter))
    else:
        backoff = config.interval.min * 2.0 ** min(failures - 1, _MAX_DOUBLINGS)
        due = now + _spread(backoff, config, jitter)
    held_until = _held_until(result, now)
    due = _unskipped(due, state, now, config, jitter)
    due = max(due, held_until or due)
    # Of the target of the request (RFC 9110, section 15.5.11), which a detour is not.
    gone = result.status == _GONE and not result.detoured
    update: dict[str, object] = {
        "consecutive_failures": failures,
        "failing_since": since,
        "dormant": dormant,
        "last_failure": now,
        "last_error": result.error,
        "last_failed_with": result.error,
        "next_due": due,
        "hold_until": due,
        "retry_after": held_until,
        "retired": state.retired or (gone and not state.address),
    }
    update |= moves.after_failure(state, result.poll.feed, failures, gone=gone)
    return state.model_copy(update=update)


def _succeeded(
    state: FeedState,
    result: FetchResult,
    now: datetime,
    config: PollingConfig,
    new_entries: int,
    total_entries: int,
    parsed: ParsedFeed | None,
    jitter: float,
    silent_until: datetime | None,
) -> FeedState:
    bounds = config.interval
    hinted = state if parsed is None else state.model_copy(update=_hints(parsed))
    mostly_new = intervals.is_mostly_new(state, result, new_entries, total_entries)
    rate = intervals.entries_a_day(state, new_entries, now)
    interval = intervals.adapted_interval(
        state, bounds, new_entries=new_entries, mostly_new=mostly_new, entries_a_day=rate
    )
    wish = intervals.publishers_wish(hinted, result, mostly_new=mostly_new)
    due = now + _spread(max(interval, wish), config, jitter)
    if silent_until is not None:
        due = max(due, min(silent_until, now + _spread(bounds.max, config, jitter)))
    due = _unskipped(due, hinted, now, config, jitter)
    held_until = _held_until(result, now)
    update: dict[str, object] = {
        "consecutive_failures": 0,
        "failing_since": None,
        "dormant": False,
        "last_success": now,
        "last_error": "",
        "interval_seconds": interval,
        "entries_a_day": rate,
        "counting_since": state.counting_since or now,
        "next_due": max(due, held_until or due),
        "hold_until": held_until,
        "retry_after": held_until,
        "retired": False,
        "pending": False,
        "left_over": 0,
    }
    if result.status != 304:
        # As given, empty included: a validator that the server no longer sends is void.
        update |= {"etag": result.etag, "last_modified": result.last_modified}
    elif result.etag or result.last_modified:
        update |= {
            "etag": result.etag or state.etag,
            "last_modified": result.last_modified or state.last_modified,
        }
    update |= moves.after_success(state, result.poll.feed, result, now)
    return hinted.model_copy(update=update)


def _unfinished(state: FeedState, succeeded: FeedState, left_over: int, now: datetime) -> FeedState:
    """Gives the state after a success that left entries over the limit in the feed.

    The feed is fetched again, whole, and at once as long as every such poll leaves fewer than the
    one before, so that a feed that never comes to an end is asked at its usual times.
    """
    update: dict[str, object] = {
        "pending": True,
        "left_over": left_over,
        "etag": "",
        "last_modified": "",
    }
    if not state.pending or left_over < state.left_over:
        update["next_due"] = max(now, succeeded.hold_until or now)
    return succeeded.model_copy(update=update)


def _hints(parsed: ParsedFeed) -> dict[str, object]:
    return {
        "format": parsed.format,
        "title": parsed.title,
        "ttl_seconds": parsed.ttl_minutes * 60 if parsed.ttl_minutes else None,
        "skip_hours": parsed.skip_hours,
        "skip_days": parsed.skip_days,
    }


def _held_until(result: FetchResult, now: datetime) -> datetime | None:
    wish = max(result.hold_host or 0.0, result.hold_feed or 0.0)
    return now + timedelta(seconds=wish) if wish else None


def _unskipped(
    due: datetime, state: FeedState, now: datetime, config: PollingConfig, jitter: float
) -> datetime:
    latest = now + timedelta(seconds=config.interval.max)
    return intervals.outside_skipped(
        due, latest, hours=state.skip_hours, days=state.skip_days, jitter=jitter
    )


def _spread(seconds: float, config: PollingConfig, jitter: float) -> timedelta:
    bounds = config.interval
    bounded = min(max(seconds, bounds.min), bounds.max)
    return timedelta(seconds=min(max(_jittered(bounded, jitter), bounds.min), bounds.max))


def _jittered(seconds: float, jitter: float) -> float:
    return seconds * (1 + _JITTER * (2 * jitter - 1))
